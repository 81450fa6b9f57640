import { requireDirection } from '../sync/run/directions';
import { uncoupledPages } from './listUncoupled';
import { findMapping, loadMappings } from '../defaults/catalog';
import { companyRowOf } from '../mapping/companyIdentity';
import { sideFilter } from '../mapping/filter';
import { idsInside } from '../mapping/filters/reading';
import { type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { nothingToDo } from '../jobs/withoutJob';
import { sessionFor } from '../overlay/previewOf';
import { synchronizeMapping } from '../sync/run/synchronize';
import { otherSide, type Side } from '../model/side';
import { directionFrom, type PassDirection } from '../model/direction';
import { type Coupling, idOn } from '../model/coupling';
import type { JobResult } from '../jobs/jobResult';

export interface CreateAndCoupleRequest {
	mapping: string;
	/** Where the records are; their partners are created on the other side. */
	side: Side;
	ids: readonly string[];
	preview?: boolean;
}

const NAMES_SHOWN = 5;

/** Changed and failed records that leave a job; the rest is counted. */
const MOST_RETURNED = 1000;

/**
 * Creates partners for the given records and couples them, one job for all. Records that are coupled already, or that the
 * filter of the mapping does not select, are left out, counted as skipped and named in the message; a coupling whose partner is gone gives way to
 * the new one. When nothing is left to create there is no job in the log.
 */
export async function createAndCouple(given: SyncSession, request: CreateAndCoupleRequest): Promise<JobResult> {
	const session = sessionFor(given, request.preview);
	const mapping = findMapping(await loadMappings(session), request.mapping);
	const direction: PassDirection = directionFrom(request.side);
	requireDirection(mapping, direction, 'Choose records of the other system, or change the direction of the table mapping.');
	const ids = [...new Set(request.ids.map((id) => id.toLowerCase()))];
	const coupled = await aliveCouplings(session, mapping, request.side, ids);
	const uncoupled = ids.filter((id) => !coupled.has(id));
	const inside = await insideFilter(session, mapping, request.side, uncoupled);
	const outside = uncoupled.filter((id) => !inside.has(id));
	const open = uncoupled.filter((id) => inside.has(id));

	const notes = [
		...note(
			coupled.size,
			'coupled already and left as they are',
			[...coupled.values()].map((each) => ownName(each, request.side)),
		),
		...note(outside.length, `outside the filter of ${mapping.name}, or do not exist (any more)`, outside),
	];
	const result =
		open.length > 0
			? await create(session, mapping, direction, open, request)
			: nothingToDo(session, mapping, { direction }, 'Nothing to create.');
	if (notes.length === 0) return result;
	const job = {
		...result.job,
		skipped: result.job.skipped + coupled.size + outside.length,
		message: [result.job.message, ...notes].join(' '),
	};
	if (open.length > 0 && job.status !== 'alreadyRunning') await session.store.commit({ job });
	return { ...result, job };
}

/**
 * Creates partners for all records of one side that are not coupled, one job for all. Nothing is matched before: records whose partner is there already get a
 * second one, unless they are recognized while they are created. Nothing to create is a finished job that is not in the log.
 * @throws SyncError `DIRECTION` (setup) when the mapping creates nothing in the other system
 */
export async function createAndCoupleAll(given: SyncSession, request: Omit<CreateAndCoupleRequest, 'ids'>): Promise<JobResult> {
	const session = sessionFor(given, request.preview);
	const mapping = findMapping(await loadMappings(session), request.mapping);
	const direction = directionFrom(request.side);
	requireDirection(mapping, direction, 'Choose records of the other system, or change the direction of the table mapping.');
	const ids: string[] = [];
	for await (const page of uncoupledPages(session, mapping, request.side)) ids.push(...page.map(({ id }) => id));
	if (ids.length === 0) return nothingToDo(session, mapping, { direction }, 'Every record is coupled: nothing to create.');
	return await create(session, mapping, direction, ids, request);
}

async function create(
	session: SyncSession,
	mapping: TableMapping,
	direction: PassDirection,
	ids: readonly string[],
	request: Pick<CreateAndCoupleRequest, 'side'>,
): Promise<JobResult> {
	const [result] = await synchronizeMapping(session, {
		mapping: mapping.name,
		nothingCoupled: 'allowed',
		direction,
		selected: { side: request.side, ids, outsideFilter: true },
		createUncoupled: true,
		consented: ['create'],
		// What is left here and coupled has lost its partner.
		deletion: 'restore',
		returnChanges: Math.min(ids.length, MOST_RETURNED),
		returnFailures: MOST_RETURNED,
	});
	return result!;
}

/** Couplings of the records whose partner still exists. */
async function aliveCouplings(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	ids: readonly string[],
): Promise<Map<string, Coupling>> {
	const couplings = await session.store.couplingsOf(mapping.name, side, ids);
	const partner = otherSide(side);
	const partnerId = (coupling: Coupling): string => idOn(coupling, partner);
	const table = tableOn(mapping, partner);
	const alive = await session[partner].existing(table, [...couplings.values()].map(partnerId));
	return new Map([...couplings].filter(([, coupling]) => alive.has(partnerId(coupling))));
}

/** Those that the filter selects: no partner is created for records outside it. */
async function insideFilter(session: SyncSession, mapping: TableMapping, side: Side, ids: readonly string[]): Promise<Set<string>> {
	if (ids.length === 0) return new Set();
	const company = await companyRowOf(session, mapping);
	const [table, filter] = side === 'crm' ? [mapping.crm, mapping.crmFilter] : [mapping.bc, mapping.bcFilter];
	return new Set((await idsInside(session[side], table, ids, [], sideFilter(filter, side, company, table))).keys());
}

const ownName = (coupling: Coupling, side: Side): string =>
	(side === 'crm' ? coupling.crmName : `${coupling.bcNumber} ${coupling.bcName}`.trim()) || idOn(coupling, side);

function note(count: number, what: string, names: readonly string[]): string[] {
	if (count === 0) return [];
	const more = count > NAMES_SHOWN ? ' …' : '';
	return [`Left out: ${count} ${what} (${names.slice(0, NAMES_SHOWN).join(', ')}${more}).`];
}
