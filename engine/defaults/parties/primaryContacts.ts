import { spelledCode } from '../../model/upperCase';
import type { SyncError } from '../../model/errors';
import type { RuleContext, WriteValues, WrittenPair } from '../../mapping/rules';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import { fingerprint } from '../../mapping/normalize';
import type { BySide, Side } from '../../model/side';
import type { FieldName, FieldValue, LookupValue, SystemRecord } from '../../model/record';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import type { Coupling, FieldBaseline, OwnWrite } from '../../model/coupling';
import type { WriteOperation } from '../../ports/write';

/** How often a record that somebody else is editing is read and tried again. */
const TRIES = 3;

/** A contact that was created, with the customer or vendor it belongs to and that one's account. */
interface Candidate {
	sourceId: string;
	number: string;
	crmId: string;
	name: string;
	party: Coupling;
}

/**
 * A contact that was created, on either side, becomes the primary contact of its customer or vendor and of the account
 * where neither has one; where one of them names this very contact already, the other one follows. Both sides are written alike, so that the next
 * run of customers and vendors finds them equal and has nothing to carry.
 */
export async function fillPrimaryContacts(context: RuleContext, pairs: readonly WrittenPair[]): Promise<ReadonlyMap<string, SyncError>> {
	const errors = new Map<string, SyncError>();
	const inserted = pairs.filter((pair) => pair.inserted);
	if (inserted.length === 0) return errors;
	for (const name of ['CUSTOMER', 'VENDOR']) {
		const mapping = context.mappings.get(name);
		if (!mapping?.enabled) continue;
		let open = await candidatesOf(context, name, inserted);
		for (let attempt = 1; open.length > 0 && attempt <= TRIES; attempt++) open = await fill(context, mapping, open, errors);
	}
	return errors;
}

async function candidatesOf({ session, direction }: RuleContext, name: string, pairs: readonly WrittenPair[]): Promise<Candidate[]> {
	const accountOf = ({ source, target }: WrittenPair): string =>
		String((direction === 'toCrm' ? target : source).values['parentcustomerid'] ?? '').toLowerCase();
	const accounts = [...new Set(pairs.map(accountOf))].filter((id) => id !== '');
	const couplings = await session.store.couplingsOf(name, 'crm', accounts);
	return pairs.flatMap((pair) => {
		const party = couplings.get(accountOf(pair));
		const [bc, crm] = direction === 'toCrm' ? [pair.source, pair.target] : [pair.target, pair.source];
		return party ? [{ sourceId: pair.source.id, number: bc.number.trim(), crmId: crm.id, name: bc.name, party }] : [];
	});
}

/** Answers those whose records were changed by somebody else meanwhile. */
async function fill(
	{ session }: RuleContext,
	mapping: TableMapping,
	candidates: readonly Candidate[],
	errors: Map<string, SyncError>,
): Promise<Candidate[]> {
	const lookup = mapping.fields.find(({ crmField, enabled }) => enabled && crmField === 'primarycontactid');
	const nameField = mapping.fields.find(({ crmField, enabled }) => enabled && crmField === 'address1_primarycontactname');
	if (!lookup?.bcField) return [];
	const fields = [lookup, ...(nameField?.bcField ? [nameField] : [])];
	const parties = await session.businessCentral.readByIds(
		mapping.bc,
		candidates.map(({ party }) => party.bcId),
		fields.map(({ bcField }) => bcField!),
	);
	const accounts = await session.crm.readByIds(
		mapping.crm,
		candidates.map(({ party }) => party.crmId),
		fields.map(({ crmField }) => crmField!),
	);
	const writes = { businessCentral: [] as Planned[], crm: [] as Planned[] };
	const notes: Note[] = [];
	for (const [key, group] of byParty(candidates)) {
		const [bc, crm] = [parties.get(group[0]!.party.bcId), accounts.get(key)];
		// Where the page with the primary contact is not published there is nothing to fill.
		if (!bc || !crm || bc.values[lookup.bcField] === undefined) continue;
		const chosen = choose(group, textOf(bc, lookup.bcField), textOf(crm, lookup.crmField!));
		if (!chosen) continue;
		// A name that one side holds already is the other run's business.
		const named = textOf(bc, lookup.bcField) !== '' && textOf(crm, lookup.crmField!) !== '';
		const blank = fields.filter(
			({ bcField, crmField, kind }) => kind === 'lookup' || (!named && textOf(bc, bcField!) + textOf(crm, crmField!) === ''),
		);
		const planned = { businessCentral: plan(mapping, 'fromCrm', bc, chosen, blank), crm: plan(mapping, 'toCrm', crm, chosen, blank) };
		writes.businessCentral.push(...planned.businessCentral);
		writes.crm.push(...planned.crm);
		notes.push({ party: chosen.party, fields: blank, before: { businessCentral: bc, crm }, planned });
	}
	// Said before it is done: whatever happens then, what is written is nobody's edit.
	if (notes.length === 0) return [];
	await session.store.commit({ ownWrites: notes.map((note) => ownWriteOf(mapping, note, () => true)) });
	const again: Candidate[] = [];
	const written = new Set<Planned>();
	for (const side of ['businessCentral', 'crm'] as const) {
		const { system, table } = { system: session[side], table: tableOn(mapping, side) };
		const outcomes = await system.write(
			table,
			writes[side].map(({ operation }) => operation),
		);
		outcomes.forEach((outcome, index) => {
			const planned = writes[side][index]!;
			const { candidate } = planned;
			if (outcome.status === 'written') written.add(planned);
			if (outcome.status === 'stale' || outcome.status === 'unknown') again.push(candidate);
			else if (outcome.status === 'failed') errors.set(candidate.sourceId, outcome.error);
		});
	}
	const partly = notes.filter(({ planned }) => [...planned.businessCentral, ...planned.crm].some((each) => !written.has(each)));
	if (partly.length > 0)
		await session.store.commit({ ownWrites: partly.map((note) => ownWriteOf(mapping, note, (planned) => written.has(planned))) });
	return [...new Set(again)];
}

interface Planned {
	candidate: Candidate;
	operation: UpdateOperation;
}

type UpdateOperation = Extract<WriteOperation, { kind: 'update' }>;

/** What is written to the records of a couple, and what they held before. */
interface Note {
	party: Coupling;
	fields: readonly FieldMapping[];
	before: BySide<SystemRecord>;
	planned: BySide<readonly Planned[]>;
}

/** The fields as both sides hold them, with what `holds` says is written. */
function ownWriteOf({ name }: TableMapping, { party, fields, before, planned }: Note, holds: (planned: Planned) => boolean): OwnWrite {
	const markOn = (side: Side, field: FieldMapping): string => {
		const column = fieldOn(field, side)!;
		const values = planned[side].filter(holds).map(({ operation }) => operation.values[column]);
		return fingerprint(field, side, plainOf(values.find((value) => value !== undefined) ?? before[side].values[column] ?? null));
	};
	const marks = Object.fromEntries(
		fields.map((field): [string, FieldBaseline] => [field.key, [markOn('businessCentral', field), markOn('crm', field)]]),
	);
	return { mapping: name, bcId: party.bcId, crmId: party.crmId, marks };
}

const plainOf = (value: WriteValues[FieldName]): FieldValue => (value !== null && typeof value === 'object' ? value.id : value);

/** By account, in the order in which they were created. */
function byParty(candidates: readonly Candidate[]): Map<string, Candidate[]> {
	const groups = new Map<string, Candidate[]>();
	for (const candidate of candidates) groups.set(candidate.party.crmId, [...(groups.get(candidate.party.crmId) ?? []), candidate]);
	return groups;
}

/** The contact that one side names, or both do, or the first one where neither names any. */
function choose(group: readonly Candidate[], number: string, crmId: string): Candidate | undefined {
	if (number === '' && crmId === '') return group[0];
	if (crmId === '') return group.find((each) => spelledCode(each.number) === spelledCode(number));
	// Where both name it, an interrupted run has written it, or a person: the sides agree in any case.
	return group.find((each) => each.crmId === crmId.toLowerCase() && (number === '' || spelledCode(each.number) === spelledCode(number)));
}

/** Only what is blank is filled, and only in the directions that the mapping and its fields go. */
function plan(
	mapping: TableMapping,
	direction: 'toCrm' | 'fromCrm',
	record: SystemRecord,
	candidate: Candidate,
	fields: readonly FieldMapping[],
): Planned[] {
	if (mapping.direction !== 'bidirectional' && mapping.direction !== direction) return [];
	const toCrm = direction === 'toCrm';
	const values: WriteValues = {};
	for (const field of fields) {
		const name = (toCrm ? field.crmField : field.bcField)!;
		if ((field.direction !== 'bidirectional' && field.direction !== direction) || textOf(record, name) !== '') continue;
		values[name] = field.kind === 'lookup' ? (toCrm ? contactRow(candidate) : candidate.number) : candidate.name;
	}
	if (Object.keys(values).length === 0) return [];
	const { id, version, number } = record;
	return [{ candidate, operation: { kind: 'update', id, version, number: toCrm ? '' : number, values } }];
}

const contactRow = ({ crmId }: Candidate): LookupValue => ({ table: 'contact', id: crmId });

const textOf = (record: SystemRecord, field: FieldName): string => String(record.values[field] ?? '').trim();
