import { synchronizeMapping } from '../../engine';
import { agree, type EditableField, FIELDS, keyOf, type Row, type Side, SIDES, tokenOf } from './fields';
import type { Edit, Ledger } from './ledger';
import type { Story } from './story';
import { keysOf } from './witness';
import type { Coupling } from '../../engine/model/coupling';
import type { Failure } from '../../engine/model/failure';
import type { LogEntry } from '../../engine/model/logEntry';

type CoupledPair = Coupling & { failure: Failure | null };

interface Outcome {
	story: Story;
	/** By key. */
	rows: Map<string, { side: Side; row: Row }>;
	couplings: CoupledPair[];
	log: LogEntry[];
}

/** What must hold after the faults stopped and a few runs went through. The model knows only what users did and the rules of the mapping. */
export async function findViolations(story: Story): Promise<string[]> {
	return [...(await standingViolations(story)), ...(await furtherRunWrites(story))];
}

/** The part of it that is looked at without a further run. */
export async function standingViolations(story: Story): Promise<string[]> {
	const { people } = story;
	const rows = new Map(SIDES.flatMap((side) => people.rows(side).map((row) => [keyOf(side, row), { side, row }] as const)));
	const { current, names } = story.stores;
	const log: LogEntry[] = [];
	for (const name of names) {
		story.stores.current = name;
		log.push(...(await story.use(async ({ store }) => (await store.log({ limit: 10_000 })).rows)));
	}
	story.stores.current = current;
	const outcome = { story, rows, log, ...(await story.use(couplingsOf)) };
	return [
		...duplicates(outcome),
		...outcome.couplings.flatMap((coupling) => brokenPair(outcome, coupling)),
		...withoutPartner(outcome),
		...[...rows.keys()].flatMap((key) => lostEdits(outcome, key)),
		...deletedWithPartner(outcome),
		...touchedOutsiders(story),
	];
}

async function couplingsOf({ store }: Parameters<Parameters<Story['use']>[0]>[0]): Promise<{ couplings: CoupledPair[] }> {
	const { rows: couplings } = await store.findCouplings({ mapping: 'CUSTOMER', limit: 10_000 });
	return { couplings };
}

/** No record has two partners, and none was created twice. */
function duplicates({ story, rows, couplings, log }: Outcome): string[] {
	const { ledger } = story.people;
	const found: string[] = [];
	if (new Set(couplings.map(({ bcId }) => bcId)).size !== couplings.length) found.push('a customer is coupled twice');
	if (new Set(couplings.map(({ crmId }) => crmId)).size !== couplings.length) found.push('an account is coupled twice');
	const reported = partnerless(log);
	for (const side of SIDES) {
		const counts = new Map<string, number>();
		for (const [key, { side: of }] of rows)
			if (of === side && !reported.has(key)) counts.set(ledger.family(key), (counts.get(ledger.family(key)) ?? 0) + 1);
		// A record whose account was merged or given away gets no other one by itself.
		for (const key of ledger.outsiders.keys()) {
			const family = ledger.family(key);
			if (key.startsWith(side) && counts.has(family) && family !== 'outside') counts.set(family, counts.get(family)! + 1);
		}
		for (const [family, count] of counts) {
			if (count > ledger.allowed(family))
				found.push(`${family}: ${count} records in ${side}, at most ${ledger.allowed(family)} can be meant`);
		}
	}
	return found;
}

/** What an open insert made for a record that people meanwhile coupled otherwise: it gets no partner, and people are asked what to do with it. */
const partnerless = (log: readonly LogEntry[]): Set<string> =>
	new Set(
		log
			.filter(({ code }) => code === 'ROW_CAME_BACK' || code === 'INSERT_PARTNERLESS')
			.flatMap(({ businessCentral, crm }) => [
				...(businessCentral ? [`businessCentral ${businessCentral.id}`] : []),
				...(crm ? [`crm ${crm.id}`] : []),
			]),
	);

/** A coupling stands between two living records that agree, unless it says why not. */
function brokenPair(outcome: Outcome, coupling: CoupledPair): string[] {
	const { story, rows } = outcome;
	const { deletion, conflict, direction } = story.rules;
	const [customer, account] = keysOf(coupling).map((key) => rows.get(key));
	const { failure } = coupling;
	// Its account was merged, or given to another company: what stands in it is nobody's business here.
	if (keysOf(coupling).some((key) => story.people.ledger.outsiders.has(key))) return [];
	if (!customer && !account) return [`${coupling.bcNumber}: is coupled although both records are gone`];
	if (!customer || !account) {
		const code = failure?.errorCode;
		const reported =
			(code === 'PARTNER_DELETED' && deletion === 'none') ||
			(code === 'DELETION_CONFLICT' && deletion === 'deleteOther' && (conflict === 'none' || conflict === 'newest')) ||
			(code === 'DELETION_NOT_SERVED' && direction !== 'bidirectional');
		return reported ? [] : [`${coupling.bcNumber}: one record is gone, and nobody says so (${code ?? 'no failure'})`];
	}
	return FIELDS.flatMap((field) => disagreement(outcome, coupling, field, customer.row, account.row));
}

function disagreement({ story }: Outcome, coupling: CoupledPair, field: EditableField, customer: Row, account: Row): string[] {
	const { people, rules } = story;
	const bc = people.tables.value('businessCentral', customer, field);
	const crm = people.tables.value('crm', account, field);
	if (agree(field, bc, crm)) return [];
	const { failure } = coupling;
	// Nothing of a disputed record is written; the conflict is in the log.
	if (failure?.errorCode === 'CONFLICT' && rules.conflict === 'none') return undisputed({ story, coupling });
	const said = `${coupling.bcNumber} ${field.caption}: "${bc}" in Business Central, "${crm}" in CRM${failure ? ` (${failure.errorCode})` : ''}`;
	if (rules.direction === 'bidirectional') return [said];
	// The other way is closed: what was entered there after the last delivery stands there until the source changes again.
	const [source, target] = rules.direction === 'toCrm' ? ([bc, crm] as const) : ([crm, bc] as const);
	const [customerKey, accountKey] = keysOf(coupling);
	const [sourceKey, targetKey] = rules.direction === 'toCrm' ? [customerKey, accountKey] : [accountKey, customerKey];
	const last = people.ledger.last(sourceKey, field);
	const there = people.ledger.last(targetKey, field);
	const entered = there?.value === tokenOf(target) && there.order > (last?.order ?? 0);
	return entered && (last === undefined || last.value === tokenOf(source)) ? [] : [said];
}

/** Without faults a conflict has two sides: in some field, neither of the edits was made by somebody who saw the other one. */
function undisputed({ story, coupling }: { story: Story; coupling: CoupledPair }): string[] {
	const { ledger } = story.people;
	const [customer, account] = keysOf(coupling);
	if (story.disturbed || ledger.allowed(ledger.family(customer)) > 1) return [];
	const disputed = FIELDS.some((field) => {
		const [bc, crm] = [ledger.last(customer, field), ledger.last(account, field)];
		return bc && crm && !ledger.replaced(bc, crm.value) && !ledger.replaced(crm, bc.value);
	});
	return disputed ? [] : [`${coupling.bcNumber} ${coupling.bcName}: is called a conflict and is none`];
}

/** Where runs create partners, no record is left without one. */
function withoutPartner({ story, rows, couplings, log }: Outcome): string[] {
	const { rules, people } = story;
	if (!rules.creates) return [];
	const coupled = new Set(couplings.flatMap(keysOf));
	// Which of several equal records a lost insert made, only people can tell: they are asked to.
	const asked = new Set(
		log.flatMap(({ code, crm }) => (code === 'INSERT_AMBIGUOUS' && crm ? [people.ledger.family(`crm ${crm.id}`)] : [])),
	);
	// What an interrupted insert made for a record that people coupled otherwise meanwhile is theirs to judge, too.
	for (const { code, businessCentral, crm } of log) {
		if (code !== 'INSERT_PARTNERLESS') continue;
		if (businessCentral) asked.add(people.ledger.family(`businessCentral ${businessCentral.id}`));
		if (crm) asked.add(people.ledger.family(`crm ${crm.id}`));
	}
	// A lost insert whose source was deleted is coupled and uncoupled within one run: nobody sees the couple.
	const orphans = new Set(
		rules.deletion === 'removeCoupling' ? [...people.ledger.gone.keys()].map((key) => people.ledger.family(key)) : [],
	);
	return [...rows].flatMap(([key, { side }]) => {
		if (orphans.has(people.ledger.family(key))) return [];
		if (coupled.has(key) || story.witness.parted.has(key) || asked.has(people.ledger.family(key))) return [];
		if (rules.direction === 'toCrm' ? side === 'crm' : rules.direction === 'fromCrm' && side === 'businessCentral') return [];
		return [`${key} (${people.ledger.marks.get(key)}): has no partner`];
	});
}

/** What people entered last in a record stands in it, or something entered later does, or the log names it. */
function lostEdits({ story, rows, log }: Outcome, key: string): string[] {
	const { people } = story;
	const deleted = people.ledger.gone.get(key)?.order ?? 0;
	const { side, row } = rows.get(key)!;
	return FIELDS.flatMap((field) => {
		const last = people.ledger.last(key, field);
		const value = tokenOf(people.tables.value(side, row, field));
		// Who deletes a record takes its edits along, even if it is there again.
		if (!last || last.value === value || last.order < deleted) return [];
		if (isLogged(log, last)) {
			// A mapping of one direction takes back what was entered on the other side as soon as the record changes.
			const undone = !story.disturbed && story.rules.direction === 'bidirectional' && people.ledger.replaced(last, value);
			return undone ? [`${key} ${field.caption}: the edit "${last.value}" gave way to "${value}", which it had replaced`] : [];
		}
		const origin = people.ledger.origin(key, field, value);
		if (origin && origin.order > last.order) return [];
		if (gaveWay(people.ledger, log, last)) return [];
		return [`${key} (${people.ledger.marks.get(key)}) ${field.caption}: the edit "${last.value}" is lost, "${value}" stands`];
	});
}

/** Something entered later stood there before it, in its turn, was replaced, which the log says: after a record moved to another partner, for instance. */
const gaveWay = (ledger: Ledger, log: readonly LogEntry[], last: Edit): boolean =>
	ledger.edits.some(
		(later) =>
			later.order > last.order &&
			later.field === last.field &&
			ledger.family(later.key) === ledger.family(last.key) &&
			ledger.had.get(`${last.key} ${last.field.caption}`)?.has(later.value) === true &&
			isLogged(log, { ...later, side: last.side }),
	);

/** A record that followed its deleted partner takes nothing along that was not delivered before, or is not named in the log. */
function deletedWithPartner({ story, log }: Outcome): string[] {
	const { ledger } = story.people;
	const found: string[] = [];
	for (const [key, { by }] of ledger.gone) {
		if (by === 'people' || ledger.mayDelete.has(key)) continue;
		for (const field of FIELDS) {
			const last = ledger.last(key, field);
			if (!last || last.order < (ledger.erased.get(key) ?? 0)) continue;
			if (ledger.seen.get(last.value)?.size === 2 || isLogged(log, last)) continue;
			found.push(`${key} (${ledger.marks.get(key)}) ${field.caption}: was deleted with the edit "${last.value}", which nobody knows of`);
		}
	}
	return found;
}

/** The value that lost a conflict must be named in the log. */
const isLogged = (log: readonly LogEntry[], edit: Edit): boolean =>
	log.some(
		(entry) =>
			(entry.kind === 'overwritten' || entry.code === 'CONFLICT' || entry.code === 'DELETION_CONFLICT') &&
			entry.fields.some((field) => field.name === edit.field.caption && tokenOf(field[edit.side]) === edit.value),
	);

function touchedOutsiders({ people }: Story): string[] {
	const { ledger, tables } = people;
	return SIDES.flatMap((side) => {
		const now = new Map(tables.rows(side).map((row) => [keyOf(side, row), JSON.stringify(row)]));
		return [...ledger.outsiders].flatMap(([key, before]) =>
			!key.startsWith(side) || now.get(key) === before ? [] : [`${key}: is outside the filters and was touched`],
		);
	});
}

async function furtherRunWrites(story: Story): Promise<string[]> {
	const before = story.writes();
	await story.use((session) => synchronizeMapping(session, { mapping: 'CUSTOMER', findDeleted: 'now' }));
	story.figures.runs++;
	return story.writes() === before ? [] : [`a further run without edits wrote ${story.writes() - before} rows`];
}
