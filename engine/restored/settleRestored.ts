import { type Coupling, idOn } from '../model/coupling';
import { directionFrom } from '../model/direction';
import { otherSide, type Side, SIDES, SYSTEM_NAMES } from '../model/side';
import { type TableMapping, tableOn } from '../model/tableMapping';
import { findMapping, loadMappings } from '../defaults/catalog';
import type { JobResult } from '../jobs/jobResult';
import { runJob } from '../jobs/runJob';
import { sessionFor } from '../overlay/previewOf';
import { uncouple } from '../coupling/uncouple';
import type { SyncSession } from '../ports/session';
import type { RunRequest } from '../sync/contract/runRequest';
import { serves } from '../sync/run/directions';
import { synchronizeMapping } from '../sync/run/synchronize';
import { deletedByHand, firstAgain, forgotten } from './couplingsAgain';
import { survey, type Survey, type Touched } from './survey';

/** What a person decides about a system that was put back to an earlier state. */
export type RestoredWay = 'sendAgain' | 'accept' | 'notRestored';

export interface SettleRequest {
	mapping: string;
	way: RestoredWay;
	preview: boolean;
	/** Upper limits of what is returned. */
	returnChanges?: number;
	returnFailures?: number;
}

const PART = 500;

/**
 * Settles what a restore has left behind, for one mapping; the first job tells what was found, the others what was done.
 *
 * `sendAgain`: the side that was put back gets the other side's values for what went back, and what it lost is created again. `accept`: its values
 * stay and travel to the other side as edits; couples of which it lost a record end, the other record stays. `notRestored`: nothing went back, what
 * looks like it are edits and deletions like any other. Records that were written again after they went back are compared as at a first
 * synchronization: where the two differ, the update-conflict strategy decides, and without one a person. So are records that went back on both sides.
 */
export async function settleRestored(given: SyncSession, request: SettleRequest): Promise<JobResult[]> {
	const session = sessionFor(given, request.preview);
	const { way } = request;
	const mapping = findMapping(await loadMappings(session), request.mapping);
	let found: Survey = { touched: [], sides: [] };
	const first = await runJob(session, { mapping, ...jobOptions(request) }, async (job) => {
		found = await survey(session, mapping, job.checkpoint);
		return inWords(found);
	});
	const jobs = [first];
	if (first.job.status !== 'finished') return jobs;
	// Where the service stood in its notes before it was put back says nothing of what it notes now.
	await session.store.commit({ changeToken: { mapping: mapping.name, side: 'crm', link: null } });
	await compareSoon(session, mapping);
	const add = (results: readonly JobResult[]): void => void jobs.push(...results);
	for (const side of found.sides) {
		const lost = found.touched.filter(({ gone }) => gone.includes(side) && gone.length === 1).map(({ coupling }) => coupling);
		// What is missing comes first: as long as anything else stands back, nobody takes it for deleted.
		if (way === 'sendAgain') add(await createAgain(session, mapping, request, side, lost));
		if (way === 'accept' && lost.length > 0)
			add(await uncouple(session, { mapping: mapping.name, side, ids: lost.map((each) => idOn(each, side)) }));
	}
	// Both records of a couple were created since: nothing is left of it.
	const ended = found.touched.filter(({ gone }) => gone.length === 2).map(({ coupling }) => coupling.bcId);
	if (way !== 'notRestored' && ended.length > 0)
		add(await uncouple(session, { mapping: mapping.name, side: 'businessCentral', ids: ended }));
	const missing = found.touched.filter(({ gone }) => gone.length > 0);
	if (way === 'notRestored' && missing.length > 0) add([await rewrite(session, mapping, request, missing, deletedByHand)]);
	const back = found.touched.filter(({ putBack, gone }) => putBack.length > 0 && gone.length === 0);
	if (way === 'sendAgain') add(await sendAgain(session, mapping, request, back));
	else add(await accept(session, mapping, request, back));
	return jobs;
}

/**
 * The next run compares versions: what was written while a clock or a state stood back bears stamps from before the watermark, and nobody would read it
 * until the interval of the mapping is over.
 */
async function compareSoon({ store }: SyncSession, { name }: TableMapping): Promise<void> {
	for (const side of SIDES) {
		const comparison = await store.comparison(name, side);
		if (comparison) await store.commit({ comparison: { ...comparison, mapping: name, side, checkedAt: null } });
	}
}

const jobOptions = ({ returnChanges = 0, returnFailures = 1000 }: SettleRequest) => ({
	type: 'coupling' as const,
	returnChanges,
	returnFailures,
});

/** Records that the restore took away, from those that are left. What cannot be created does not stay coupled with nothing. */
async function createAgain(
	session: SyncSession,
	mapping: TableMapping,
	request: SettleRequest,
	side: Side,
	lost: readonly Coupling[],
): Promise<JobResult[]> {
	if (lost.length === 0) return [];
	const from = otherSide(side);
	const selected = { side: from, ids: lost.map((coupling) => idOn(coupling, from)), outsideFilter: true };
	const results = serves(mapping, directionFrom(from))
		? await synchronizeMapping(session, {
				...common(mapping, request),
				direction: directionFrom(from),
				selected,
				deletion: 'restore',
				restored: 'settling',
			})
		: [];
	if (results.some(({ job }) => job.status !== 'finished')) return results;
	const now = await session.store.couplingsOf(mapping.name, from, selected.ids);
	const partnerNow = (coupling: Coupling): string | undefined => {
		const current = now.get(idOn(coupling, from));
		return current && idOn(current, side);
	};
	const left = lost.filter((coupling) => partnerNow(coupling) === idOn(coupling, side));
	const still = new Set(left.map((coupling) => idOn(coupling, side)));
	const there = still.size > 0 ? await session[side].existing(tableOn(mapping, side), [...still]) : still;
	const ids = [...still].filter((id) => !there.has(id));
	return ids.length === 0 ? results : [...results, ...(await uncouple(session, { mapping: mapping.name, side, ids }))];
}

/** The couples begin again; the side that was not put back wins, and the log tells what is replaced. */
async function sendAgain(
	session: SyncSession,
	mapping: TableMapping,
	request: SettleRequest,
	back: readonly Touched[],
): Promise<JobResult[]> {
	const results = [
		await rewrite(session, mapping, request, back, (each) => firstAgain(each, clear(each) ? otherSide(each.putBack[0]!) : null)),
	];
	for (const side of ['businessCentral', 'crm'] as const) {
		const from = otherSide(side);
		const ids = back.filter((each) => clear(each) && each.putBack[0] === side).map(({ coupling }) => idOn(coupling, from));
		if (ids.length === 0) continue;
		const selected = { side: from, ids, outsideFilter: true };
		results.push(
			...(await synchronizeMapping(session, {
				...common(mapping, request),
				direction: directionFrom(from),
				selected,
				restored: 'settling',
			})),
		);
	}
	const unclear = back.filter((each) => !clear(each)).map(({ coupling }) => coupling.bcId);
	if (unclear.length > 0) results.push(...(await compared(session, mapping, request, unclear)));
	return results;
}

/** Restored values travel as edits; versions and stamps of what cannot be delivered are no longer held against it. */
async function accept(session: SyncSession, mapping: TableMapping, request: SettleRequest, back: readonly Touched[]): Promise<JobResult[]> {
	const results: JobResult[] = [];
	for (const side of ['businessCentral', 'crm'] as const) {
		const ids = back.filter(({ putBack }) => putBack.length === 1 && putBack[0] === side).map(({ coupling }) => idOn(coupling, side));
		if (ids.length === 0 || !serves(mapping, directionFrom(side))) continue;
		const selected = { side, ids, outsideFilter: true };
		results.push(
			...(await synchronizeMapping(session, { ...common(mapping, request), direction: directionFrom(side), selected, restored: 'asEdit' })),
		);
	}
	results.push(
		await rewrite(session, mapping, request, back, (each) => (each.putBack.length > 1 ? firstAgain(each, null) : forgotten(each))),
	);
	const both = back.filter(({ putBack }) => putBack.length > 1).map(({ coupling }) => coupling.bcId);
	if (both.length > 0) results.push(...(await compared(session, mapping, request, both)));
	return results;
}

/** It is known which values are old: one side went back, and nobody wrote there since. */
const clear = ({ putBack, redone }: Touched): boolean => putBack.length === 1 && redone.length === 0;

/** Where nobody can tell what is old: each field is compared, in one direction after the other until the couple agrees. */
async function compared(
	session: SyncSession,
	mapping: TableMapping,
	request: SettleRequest,
	bcIds: readonly string[],
): Promise<JobResult[]> {
	const results: JobResult[] = [];
	for (const side of ['businessCentral', 'crm'] as const) {
		const direction = directionFrom(side);
		if (!serves(mapping, direction)) continue;
		const couplings = await session.store.couplingsOf(mapping.name, 'businessCentral', bcIds);
		// A conflict that the first direction told of is told once.
		const isOpen = ({ initial, baseline }: Coupling): boolean => initial !== null && (results.length === 0 || baseline !== null);
		const ids = [...couplings.values()].filter(isOpen).map((coupling) => idOn(coupling, side));
		if (ids.length === 0) continue;
		const selected = { side, ids, outsideFilter: true };
		results.push(...(await synchronizeMapping(session, { ...common(mapping, request), direction, selected, restored: 'settling' })));
		if (results.some(({ job }) => job.status !== 'finished')) break;
	}
	return results;
}

const common = (mapping: TableMapping, { returnChanges = 0, returnFailures = 1000 }: SettleRequest): RunRequest => ({
	mapping: mapping.name,
	createUncoupled: false,
	allowMassChanges: true,
	nothingCoupled: 'allowed',
	deletion: 'none',
	returnChanges,
	returnFailures,
});

/** Changes couplings as the store knows them by now, in parts; those that were settled meanwhile stay as they are. */
async function rewrite(
	session: SyncSession,
	mapping: TableMapping,
	request: SettleRequest,
	touched: readonly Touched[],
	change: (each: Touched) => (coupling: Coupling) => Coupling | null,
): Promise<JobResult> {
	return await runJob(session, { mapping, ...jobOptions(request), keepWhen: () => false }, async (job) => {
		for (let start = 0; start < touched.length; start += PART) {
			await job.checkpoint();
			const part = touched.slice(start, start + PART);
			const now = await session.store.couplingsOf(
				mapping.name,
				'businessCentral',
				part.map(({ coupling }) => coupling.bcId),
			);
			const changed = part.flatMap((each) => {
				const coupling = now.get(each.coupling.bcId);
				return coupling && coupling.crmId === each.coupling.crmId ? (change(each)(coupling) ?? []) : [];
			});
			if (changed.length > 0) await job.commit({ couplings: changed });
		}
		return `${touched.length} couples begin again.`;
	});
}

function inWords({ touched, sides }: Survey): string {
	if (sides.length === 0) return 'Nothing was put back to an earlier state: every record that was seen stands, or was written since.';
	return sides
		.map((side) => {
			const count = (of: (each: Touched) => readonly Side[]): number => touched.filter((each) => of(each).includes(side)).length;
			const [back, redone, gone] = [count((each) => each.putBack), count((each) => each.redone), count((each) => each.gone)];
			return `${SYSTEM_NAMES[side]}: ${back} put back to an earlier state${redone > 0 ? ` (${redone} of them written again since)` : ''}, ${gone} gone.`;
		})
		.join(' ');
}
