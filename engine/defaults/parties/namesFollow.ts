import type { OwnWrite } from '../../model/coupling';
import { spelledCode } from '../../model/upperCase';
import { canonical, fingerprint } from '../../mapping/normalize';
import type { RuleContext, WrittenPair } from '../../mapping/rules';
import { markIn } from '../../mapping/baseline';
import { marksOf } from './ownMarks';

/** Parts of a person's name, by the keys of their fields. */
const NAMES: ReadonlySet<string> = new Set(['fullname', 'firstname', 'middlename', 'lastname']);

/**
 * A person that a run gave another name in Business Central: the customer or vendor whose primary contact it is gets that name as its *Contact* there
 * (table Contact, ProcessPersonNameChange). That is no edit of theirs: it goes to CRM as what Business Central made of it, an edit in CRM goes before it,
 * and it is told.
 */
export async function namesFollow(context: RuleContext, pairs: readonly WrittenPair[]): Promise<void> {
	const renamed = new Map(
		pairs.flatMap(({ target, changed = [] }) =>
			changed.some((key) => NAMES.has(key)) ? [[spelledCode(target.number), target] as const] : [],
		),
	);
	renamed.delete('');
	if (context.direction !== 'fromCrm' || renamed.size === 0) return;
	for (const name of ['CUSTOMER', 'VENDOR']) await partiesFollow(context, name, renamed);
}

async function partiesFollow(
	{ session, mappings, recorder }: RuleContext,
	name: string,
	renamed: ReadonlyMap<string, WrittenPair['target']>,
): Promise<void> {
	const mapping = mappings.get(name);
	const enabled = mapping?.fields.filter((field) => field.enabled && field.bcField !== null) ?? [];
	const lookup = enabled.find(({ key }) => key === 'primarycontactid');
	const contact = enabled.find(({ key }) => key === 'address1_primarycontactname');
	if (!mapping || !lookup || !contact || (await session.store.countCouplings(name)) === 0) return;
	const fields = [lookup.bcField!, contact.bcField!];
	const parties = await session.businessCentral.readByValues(mapping.bc, lookup.bcField!, [...renamed.keys()], fields);
	const couplings = await session.store.couplingsOf(
		name,
		'businessCentral',
		parties.map(({ id }) => id),
	);
	const writes: OwnWrite[] = [];
	for (const party of parties) {
		const [coupling, value] = [couplings.get(party.id), party.values[contact.bcField!]];
		const person = renamed.get(spelledCode(party.values[lookup.bcField!]));
		const base = coupling?.baseline?.[contact.key];
		if (!person || !coupling || !base || value === undefined) continue;
		const copied = canonical(contact, 'businessCentral', value) === canonical(contact, 'businessCentral', person.name);
		const moved = copied && fingerprint(contact, 'businessCentral', value) !== markIn(base[0]);
		// A preview cannot see what Business Central does: the name is still the old one there.
		if (session.preview ? copied : !moved) continue;
		const title = [party.number, party.name].filter(Boolean).join(' ');
		recorder?.warn(
			`Business Central ${session.preview ? 'may write' : 'wrote'} the new name of ${[person.number, person.name].filter(Boolean).join(' ')} into ${contact.caption} of ${title}. CRM ${session.preview ? 'would get' : 'gets'} it with the next run of ${name}.`,
			{
				code: 'INHERITED',
				hint: 'Nothing to do. What people enter in CRM goes before it.',
				mapping: name,
				businessCentral: { id: party.id, number: party.number, name: party.name, url: null },
			},
		);
		writes.push({ mapping: name, bcId: coupling.bcId, crmId: coupling.crmId, marks: marksOf([contact], party, coupling) });
	}
	if (writes.length > 0 && !session.preview) await session.store.commit({ ownWrites: writes });
}
