import { type TableMapping, tableOn } from '../../model/tableMapping';
import { compareSide, searchDeleted } from '../comparison/compareSide';
import type { ComparisonRun } from '../comparison/comparisonRun';
import type { DeletedPartners } from '../comparison/deletedPartners';
import { takeUpFailures } from './takeUpFailures';
import type { MassChangeGuard } from '../guard/massChangeGuard';
import { dueOf, readingOf } from '../pass/due';
import { runPass } from '../pass/pass';
import { Reading } from '../reading/reading';
import type { PassContext } from '../contract/passContext';
import type { Pass } from '../pass/passState';
import type { RunRequest } from '../contract/runRequest';
import { otherSide, type Side, SIDES } from '../../model/side';
import type { SystemRecord } from '../../model/record';
import { type PassDirection, sourceSide, targetSide } from '../../model/direction';
import type { DeletedPartner } from '../../model/deletion';
import type { PassRange } from '../contract/passRange';
import { idOn } from '../../model/coupling';
import type { Loss } from '../../model/massChange';
import { lossOf } from '../guard/lossOf';

export interface AssessedRun extends ComparisonRun {
	request: RunRequest;
	list: DeletedPartners;
	/** In the order they will run. */
	directions: readonly PassDirection[];
	guard: MassChangeGuard;
	/** What a pass of the run works with, to look at its changes. */
	look(direction: PassDirection): Promise<PassContext>;
	/** A pass as the run will make it, but in memory alone, under the given guard. */
	rehearse(direction: PassDirection, guard: MassChangeGuard): Promise<Pass>;
	rangeOf(context: PassContext): Promise<PassRange>;
	/** Changes of the first direction that were read already. */
	alreadyRead?: Reading;
}

const PART = 1000;

/**
 * What comes before the first write of a run: versions are compared where it is time for it, and what the run would delete, uncouple or overwrite is
 * counted with what runs of the day did, as exactly as needed to know that it is not too much. Answers changes of the first direction that were read for it.
 * @throws SyncError `MASS_CHANGE` (setup)
 */
export async function assessRun(run: AssessedRun): Promise<Reading | undefined> {
	const { session, mapping, request, directions, guard } = run;
	const deletion = request.deletion ?? mapping.deletion;
	await guard.begin(request.selected === undefined);
	let searched = false;
	if (!request.selected) {
		for (const side of SIDES) searched = (await compareSide(run, side, request.findDeleted ?? 'mapping')) || searched;
		if (deletion !== 'none' && request.findDeleted !== 'off') await takeUpFailures(run, directions);
	}
	if (guard.manner !== 'strict') return undefined;
	let doomed = request.selected ? 0 : await countDoomed(run);

	const destroys = deletion === 'removeCoupling' || deletion === 'deleteOther';
	const overwrites =
		Boolean(request.overwrite) || directions.some((direction) => mayOverwrite(mapping, request.conflict ?? mapping.conflict, direction));
	if (!destroys && !overwrites) return undefined;
	const { minimum } = guard.limits;
	if ((await session.store.couplingPairs(mapping.name, '', minimum)).length < minimum) return undefined;
	if (request.selected) {
		if (!(await guard.allows(request.selected.ids.length))) await rehearse(run);
		return undefined;
	}
	const first = await run.look(directions[0]!);
	const { changed, reading } = await peek(run, first, await run.rangeOf(first));
	const { failed, skipped } = await session.store.countFailures(mapping.name);
	const requeued = await session.store.countRequeued(mapping.name);
	const retried = requeued.reduce((sum, { records }) => sum + records, failed + skipped);
	if (changed && (await guard.allows(changed.size + retried + doomed))) return reading;
	if (destroys && !searched && request.findDeleted !== 'off') {
		for (const side of sidesSearched(mapping, directions)) await searchDeleted(run, side);
		doomed = await countDoomed(run);
	}
	if (overwrites && !(await guard.allows((await changedOnBoth(run, first, changed)) + retried + doomed))) await rehearse(run);
	return reading;
}

/** Sides whose deletions this run acts on: those it writes to, and in a one-way mapping also the one it reads from. */
export const sidesSearched = (mapping: TableMapping, directions: readonly PassDirection[]): Side[] => [
	...new Set(
		directions.flatMap((direction) =>
			mapping.direction === 'bidirectional' ? [targetSide(direction)] : [targetSide(direction), sourceSide(direction)],
		),
	),
];

/** A value of the target can lose: by the strategy, or because the field travels this way only. */
function mayOverwrite(mapping: TableMapping, conflict: TableMapping['conflict'], direction: PassDirection): boolean {
	if (conflict === 'newest' || conflict === (direction === 'toCrm' ? 'send' : 'get')) return true;
	return mapping.fields.some(
		(field) => field.enabled && field.direction === direction && !field.insertOnly && field.bcField && field.crmField,
	);
}

/** Deletions already found. They are checked again before they stop a run: a backup may have brought the records back. */
async function countDoomed(run: AssessedRun): Promise<number> {
	const { session, mapping, request, guard, list, directions } = run;
	const deletion = request.deletion ?? mapping.deletion;
	const action: Loss = deletion === 'deleteOther' ? 'delete' : 'uncouple';
	if ((deletion !== 'deleteOther' && deletion !== 'removeCoupling') || request.findDeleted === 'off') return 0;
	const sides = sidesSearched(mapping, directions).filter((side) => deletion === 'removeCoupling' || writes(mapping, otherSide(side)));
	const count = async (verify: boolean): Promise<Map<string, DeletedPartner>> => {
		const pairs = new Map<string, DeletedPartner>();
		for (const side of sides) {
			for await (const part of list.parts(side, PART)) {
				for (const pair of verify ? await stillMissing(run, side, part) : part) {
					// Neither record is left: nothing is lost with their coupling.
					if (pairs.has(pair.bcId)) pairs.delete(pair.bcId);
					else pairs.set(pair.bcId, pair);
				}
			}
		}
		return pairs;
	};
	const found = (await count(false)).size;
	if (await guard.allows(found)) return found;
	const doomed = await count(true);
	const couplings = await session.store.couplingsOf(mapping.name, 'businessCentral', [...doomed.keys()]);
	await guard.spend([...couplings.values()].map((coupling) => lossOf(coupling, action)));
	return doomed.size;
}

const writes = (mapping: TableMapping, side: Side): boolean =>
	mapping.direction === 'bidirectional' || targetSide(mapping.direction) === side;

async function stillMissing({ session, mapping, list }: AssessedRun, side: Side, part: DeletedPartner[]): Promise<DeletedPartner[]> {
	const idOf = (pair: DeletedPartner): string => idOn(pair, side);
	const back = await session[side].existing(tableOn(mapping, side), part.map(idOf));
	await list.remove(part.filter((pair) => back.has(idOf(pair))));
	return part.filter((pair) => !back.has(idOf(pair)));
}

/** BC ids of coupled records that changed on one side; null when there is more than one page of changes. The pages are read once. */
async function peek(
	{ session, mapping, alreadyRead }: AssessedRun,
	context: PassContext,
	range: PassRange,
): Promise<{ changed: Set<string> | null; reading: Reading }> {
	const reading = alreadyRead ?? readingOf(context, await dueOf(context, range));
	const [first = [], second] = await reading.peek(2);
	return { changed: second ? null : await changedAmong(session.store, mapping.name, context.source.side, first), reading };
}

/** At most how many records changed in both systems: only there a value can be replaced that somebody entered. */
async function changedOnBoth({ session, mapping }: AssessedRun, first: PassContext, changed: Set<string> | null): Promise<number> {
	const { table, system, side } = first.target;
	const mark = await session.store.watermarkOf(mapping.name, side);
	const token = await session.store.changeToken(mapping.name, side);
	const link = token?.state === 'current' ? token.link : null;
	const query = { table, fields: [], filter: null, since: null, pageSize: 5 * PART };
	const terms = { query, mark, overlapMs: mapping.overlapMs[side], shownFrom: null, listed: true, link };
	const reading = new Reading(system, session.clock, terms);
	const [page = [], more] = await reading.peek(2);
	if (more) return Number.POSITIVE_INFINITY;
	const there = await changedAmong(session.store, mapping.name, side, page);
	return changed ? [...there].filter((bcId) => changed.has(bcId)).length : there.size;
}

async function changedAmong(
	store: AssessedRun['session']['store'],
	mapping: string,
	side: Side,
	records: readonly SystemRecord[],
): Promise<Set<string>> {
	const couplings = await store.couplingsOf(
		mapping,
		side,
		records.map((record) => record.id),
	);
	const changed = records.flatMap(({ id, version }) => {
		const coupling = couplings.get(id);
		const known = side === 'crm' ? coupling?.crmVersion : coupling?.bcVersion;
		return coupling && known !== version ? [coupling.bcId] : [];
	});
	return new Set(changed);
}

/** The whole run in memory, counting. */
async function rehearse(run: AssessedRun): Promise<void> {
	const watch = run.guard.watching();
	for (const direction of run.directions) {
		const pass = await run.rehearse(direction, watch);
		await runPass(pass, await run.rangeOf(pass.context));
	}
	await watch.check();
}
