import type { Coupling, OwnWrite } from '../../model/coupling';
import type { FieldMapping } from '../../model/fieldMapping';
import type { SystemRecord, TableSource } from '../../model/record';
import { canonical, fingerprint } from '../../mapping/normalize';
import type { MappingRules, RuleContext, WrittenPair } from '../../mapping/rules';
import { spelledCode } from '../../model/upperCase';
import { markIn } from '../../mapping/baseline';
import { companyContactsOf, companyNumberOf, type PartyMapping } from './companyContacts';
import { ADDRESS, SINGLE } from './inherited';
import { marksOf } from './ownMarks';

const PERSONS: TableSource = { name: 'contacts', numberField: 'number', nameField: 'displayName' };

/** A customer or vendor that was changed in Business Central, and the keys of the fields that were. */
interface Changed {
	pair: WrittenPair;
	keys: readonly string[];
}

/**
 * A customer or vendor that a run changed in Business Central gives the persons of its company what they had in common with it. That is no edit of
 * theirs: it goes to CRM as what Business Central made of the account's change, an edit in CRM wins over it, and it is told.
 */
export const personsFollow: NonNullable<MappingRules['afterWrite']> = async (context, pairs) => {
	const { direction, session, mappings } = context;
	const contacts = mappings.get('CONTACT');
	const changed = pairs.flatMap((pair): Changed[] => {
		const keys = (pair.changed ?? []).filter((key) => ADDRESS.includes(key) || SINGLE.includes(key));
		return keys.length > 0 ? [{ pair, keys }] : [];
	});
	if (direction !== 'fromCrm' || !contacts || changed.length === 0 || (await session.store.countCouplings('CONTACT')) === 0)
		return new Map();
	const byCompany = await byCompanyNumber(context, changed);
	const fields = contacts.fields.filter(({ key, enabled, bcField }) => enabled && bcField && !bcField.includes('/') && isInherited(key));
	const persons = await session.businessCentral.readByValues(
		PERSONS,
		'companyNumber',
		[...byCompany.keys()],
		['type', 'companyNumber', ...fields.map(({ bcField }) => bcField!)],
	);
	const couplings = await session.store.couplingsOf(
		contacts.name,
		'businessCentral',
		persons.map(({ id }) => id),
	);
	const byNumber = new Map(persons.map((person) => [spelledCode(person.number), person]));
	const writes: OwnWrite[] = [];
	for (const person of persons) {
		const coupling = couplings.get(person.id);
		const owner = byCompany.get(companyNumberOf(person));
		if (!coupling?.baseline || !owner) continue;
		const company = byNumber.get(companyNumberOf(person));
		const follows = inherited(context, fields, { person, coupling, company }, owner);
		if (follows.length === 0) continue;
		tell(context, person, owner.pair, follows);
		writes.push({ mapping: contacts.name, bcId: coupling.bcId, crmId: coupling.crmId, marks: marksOf(follows, person, coupling) });
	}
	if (writes.length > 0 && !session.preview) await session.store.commit({ ownWrites: writes });
	return new Map();
};

const isInherited = (key: string): boolean => ADDRESS.includes(key) || SINGLE.includes(key);

async function byCompanyNumber({ session, mapping }: RuleContext, changed: readonly Changed[]): Promise<Map<string, Changed>> {
	const parties = changed.map(({ pair }) => ({ mapping: mapping.name as PartyMapping, id: pair.target.id }));
	const companies = await companyContactsOf(session, parties);
	return new Map(
		changed.flatMap((each): Array<[string, Changed]> => {
			const company = companies.get(each.pair.target.id);
			return company ? [[spelledCode(company.number), each]] : [];
		}),
	);
}

/**
 * Fields that Business Central has given the person. In a preview those that it would give it: what the person has in common with the company contact,
 * which stands there as it was.
 */
function inherited(
	{ session, mapping }: RuleContext,
	fields: readonly FieldMapping[],
	{ person, coupling, company }: { person: SystemRecord; coupling: Coupling; company: SystemRecord | undefined },
	{ pair, keys }: Changed,
): FieldMapping[] {
	const valueOf = (record: SystemRecord, field: FieldMapping, name: string | null = field.bcField): string =>
		canonical(field, 'businessCentral', (name === null ? null : record.values[name]) ?? null);
	const changed = fields.filter(({ key }) => keys.includes(key));
	if (session.preview) {
		const common = (field: FieldMapping): boolean => company !== undefined && valueOf(company, field) === valueOf(person, field);
		const whole = fields.filter(({ key }) => ADDRESS.includes(key)).every(common);
		return changed.filter((field) => (ADDRESS.includes(field.key) ? whole : common(field)));
	}
	if (person.version === coupling.bcVersion) return [];
	return changed.filter((field) => {
		const base = coupling.baseline?.[field.key];
		const now = person.values[field.bcField!] ?? null;
		const ofParty = mapping.fields.find(({ key }) => key === field.key)?.bcField ?? null;
		const moved = base !== undefined && fingerprint(field, 'businessCentral', now) !== markIn(base[0]);
		return moved && valueOf(pair.target, field, ofParty) === valueOf(person, field);
	});
}

function tell({ recorder, session }: RuleContext, person: SystemRecord, { target }: WrittenPair, fields: readonly FieldMapping[]): void {
	const title = ({ number, name, id }: SystemRecord): string => [number, name].filter(Boolean).join(' ') || id;
	const [gives, gets] = session.preview ? ['may give', 'would get'] : ['gave', 'gets'];
	recorder?.warn(
		`Business Central ${gives} ${title(person)} what changed at its company ${title(target)}: ${fields.map(({ caption }) => caption).join(', ')}. CRM ${gets} it with the next run of CONTACT.`,
		{
			code: 'INHERITED',
			hint: 'Nothing to do. Marketing Setup in Business Central says what persons inherit from their company; what people enter for them in CRM goes before it.',
			mapping: 'CONTACT',
			businessCentral: { id: person.id, number: person.number, name: person.name, url: null },
		},
	);
}
