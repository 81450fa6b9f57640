import type { Coupling, Failure, LogEntry } from '../../engine/store/store';
import type { World } from '../kit/world';
import { FIELDS, MARK, type Edit, type People } from './people';
import type { Rules } from './story';

type Row = Record<string, unknown>;

/** What must hold after the faults stopped and a few runs went through. The model knows only what users did and the rules of the mapping. */
export async function findViolations(world: World, people: People, rules: Rules): Promise<string[]> {
	const found: string[] = [];
	const { couplings, log } = await state(world);
	const customers = byMark(people.customers(), MARK.bc);
	const accounts = byMark(people.accounts(), MARK.crm);

	for (const [mark, rows] of customers) if (rows.length > 1) found.push(`${mark}: ${rows.length} customers`);
	for (const [mark, rows] of accounts) if (rows.length > 1) found.push(`${mark}: ${rows.length} accounts`);
	if (new Set(couplings.map((each) => each.bcId)).size !== couplings.length) found.push('a customer is coupled twice');
	if (new Set(couplings.map((each) => each.crmId)).size !== couplings.length) found.push('an account is coupled twice');

	for (const { mark } of people.edits) {
		if (!customers.has(mark) && !accounts.has(mark) && !people.deleted.has(mark))
			found.push(`${mark}: was deleted on both sides by nobody`);
	}
	found.push(...unnoticedDeletions(people, rules, couplings));

	for (const mark of new Set([...customers.keys(), ...accounts.keys()])) {
		const customer = customers.get(mark)?.[0];
		const account = accounts.get(mark)?.[0];
		if (!customer || !account) {
			if (!people.deleted.has(mark)) found.push(`${mark}: has no ${customer ? 'account' : 'customer'}`);
			continue;
		}
		const coupling = couplings.find((each) => each.bcId === String(customer['id']).toLowerCase());
		if (coupling?.crmId !== String(account['accountid']).toLowerCase()) {
			if (!people.deleted.has(mark)) found.push(`${mark}: customer and account are not coupled to each other`);
			continue;
		}
		found.push(...compareFields(people, rules, mark, customer, account, coupling.failure, log));
	}
	found.push(...(await furtherRunWrites(world, rules)));
	return found;
}

/**
 * Every deletion is noticed although nobody touched the other record: no coupling is left with a record that is gone, unless it was reported —
 * because the mapping has no strategy, or because the deletion met an edit and nobody says who wins.
 */
function unnoticedDeletions(people: People, rules: Rules, couplings: ReadonlyArray<Coupling & { failure: Failure | null }>): string[] {
	const customers = new Set(people.customers().map((row) => String(row['id']).toLowerCase()));
	const accounts = new Set(people.accounts().map((row) => String(row['accountid']).toLowerCase()));
	const may = (code: string | undefined): boolean =>
		(code === 'PARTNER_DELETED' && rules.deletion === 'none') ||
		(code === 'DELETION_CONFLICT' && rules.deletion === 'deleteOther' && (rules.conflict === 'none' || rules.conflict === 'newest'));
	return couplings.flatMap(({ bcId, crmId, bcNumber, failure }) => {
		if (customers.has(bcId) && accounts.has(crmId)) return [];
		if (!customers.has(bcId) && !accounts.has(crmId)) return [`${bcNumber}: is coupled although both records are gone`];
		return may(failure?.errorCode) ? [] : [`${bcNumber}: one record is gone, and nobody says so (${failure?.errorCode ?? 'no failure'})`];
	});
}

function compareFields(
	people: People,
	rules: Rules,
	mark: string,
	customer: Row,
	account: Row,
	failure: Failure | null,
	log: readonly LogEntry[],
): string[] {
	const found: string[] = [];
	const disputed = failure?.errorCode === 'CONFLICT';
	for (const field of FIELDS) {
		const bc = people.value('businessCentral', customer, field);
		const crm = people.value('crm', account, field);
		const edits = people.edits.filter((edit) => edit.mark === mark && edit.field === field);
		const last = edits.at(-1);
		if (disputed && rules.conflict === 'none') {
			// Nothing of a disputed record is written; each side keeps what its own people entered last, or what was delivered to it since.
			if (bc !== crm && !edits.some((edit) => edit.value === bc) && bc !== '')
				found.push(`${mark} ${field.caption}: "${bc}" in Business Central comes from nobody`);
			continue;
		}
		if (bc !== crm)
			found.push(`${mark} ${field.caption}: "${bc}" in Business Central, "${crm}" in CRM${failure ? ` (${failure.errorCode})` : ''}`);
		// Who deletes a record takes the edits along that were not delivered yet.
		else if (last && bc !== last.value && !people.deleted.has(mark) && !isLogged(log, last))
			found.push(`${mark} ${field.caption}: the edit "${last.value}" in ${last.side} is lost, "${bc}" stands`);
	}
	return found;
}

/** The value that lost a conflict must be named in the log. */
const isLogged = (log: readonly LogEntry[], edit: Edit): boolean =>
	log.some(
		(entry) =>
			(entry.kind === 'overwritten' || entry.code === 'CONFLICT') &&
			entry.fields.some((field) => field.name === edit.field.caption && field[edit.side] === edit.value),
	);

async function furtherRunWrites(world: World, rules: Rules): Promise<string[]> {
	const count = (): number => world.sandbox.log.requests.reduce((sum, request) => sum + request.writes, 0);
	const before = count();
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true, conflict: rules.conflict, deletion: rules.deletion, findDeleted: 'now' });
	return count() === before ? [] : [`a further run without edits wrote ${count() - before} rows`];
}

async function state(world: World): Promise<{ couplings: Array<Coupling & { failure: Failure | null }>; log: LogEntry[] }> {
	const session = await world.open();
	const { rows: couplings } = await session.store.findCouplings({ mapping: 'CUSTOMER', limit: 10_000 });
	const { rows: log } = await session.store.log({ limit: 10_000 });
	await session.store.close();
	return { couplings, log };
}

function byMark(rows: readonly Row[], field: string): Map<string, Row[]> {
	const map = new Map<string, Row[]>();
	for (const row of rows) {
		const mark = String(row[field] ?? '');
		map.set(mark, [...(map.get(mark) ?? []), row]);
	}
	return map;
}
