import { rulesOf } from '../defaults/catalog';
import type { JobResult } from '../jobs/jobResult';
import type { Dependents } from '../mapping/rules';
import { type Coupling, idOn } from '../model/coupling';
import { directionFrom, type PassDirection } from '../model/direction';
import { otherSide, type Side, SIDES } from '../model/side';
import { type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { requeueDependents } from '../sync/record/dependents';
import { partedByHand } from '../sync/record/tombstones';
import { serves } from '../sync/run/directions';
import { synchronizeMapping } from '../sync/run/synchronize';
import { recordsForgotten } from './initialSync';
import { referencesTo } from './referencesTo';

/** A couple that takes the place of others. */
export interface NewPartner {
	mapping: TableMapping;
	mappings: readonly TableMapping[];
	coupling: Coupling;
	/** The couples that ended for it. */
	gone: readonly Coupling[];
}

/**
 * What is part of a record that got another partner and cannot move along, as units of a group and prices of a list: each is coupled with what belongs
 * to the new partner, or created there. What the former one has stays there; how much of it is coupled with nothing any more, is told in words.
 */
export async function partsFollow(session: SyncSession, partner: NewPartner): Promise<{ jobs: JobResult[]; left: string[] }> {
	const { mapping, mappings, coupling, gone } = partner;
	const { dependents } = rulesOf(mapping.name);
	if (!dependents || gone.length === 0) return { jobs: [], left: [] };
	const known = new Map(mappings.map((each) => [each.name, each]));
	const parts: Record<Side, readonly Dependents[]> = { businessCentral: [], crm: [] };
	for (const side of SIDES) parts[side] = (await dependents({ session, mappings: known, side }, [coupling])).filter((each) => isPart(known, gone, coupling, each)); // prettier-ignore
	const ended: Coupling[] = [];
	for (const side of SIDES)
		for (const { mapping: name, ids } of parts[side]) ended.push(...(await session.store.couplingsOf(name, side, ids)).values());
	const once = [...new Map(ended.map((each) => [`${each.mapping} ${each.bcId}`, each])).values()];
	if (once.length > 0) {
		const now = new Date(session.clock.now()).toISOString();
		await session.store.commit({ uncouple: once, tombstones: partedByHand(once, [], now), ...recordsForgotten(once) });
	}
	const jobs: JobResult[] = [];
	for (const { mapping: name, ids } of parts.businessCentral) {
		if (!known.get(name)?.enabled || !serves(known.get(name)!, 'toCrm')) continue;
		jobs.push(...(await runSelected(session, name, 'businessCentral', ids, true)));
	}
	return { jobs, left: await leftAmong(session, once) };
}

async function leftAmong(session: SyncSession, ended: readonly Coupling[]): Promise<string[]> {
	const words: string[] = [];
	for (const mapping of new Set(ended.map((each) => each.mapping))) {
		const rows = ended.filter((each) => each.mapping === mapping).map(({ crmId }) => crmId);
		const coupled = await session.store.couplingsOf(mapping, 'crm', rows);
		const left = rows.filter((row) => !coupled.has(row)).length;
		if (left > 0) words.push(`${mapping}: ${left} CRM ${left === 1 ? 'record stays as it is and is' : 'records stay as they are and are'} not coupled any more.`); // prettier-ignore
	}
	return words;
}

/** They cannot move, or their mapping does not go the way that they would have to. */
function isPart(
	known: ReadonlyMap<string, TableMapping>,
	gone: readonly Coupling[],
	coupling: Coupling,
	{ mapping, anew }: Dependents,
): boolean {
	const own = known.get(mapping);
	if (!own?.enabled) return false;
	return (anew ?? false) || waysOf(gone, coupling).some((direction) => !serves(own, direction));
}

/**
 * What names a record that got another partner names the new one: the contacts of a customer move to its account, and whatever else looks up to it.
 * They are looked at by the next run of their mappings, or at once.
 */
export async function referencesFollow(
	session: SyncSession,
	partner: NewPartner,
	atOnce: boolean,
): Promise<{ jobs: JobResult[]; waiting: number }> {
	const { mapping, mappings, coupling, gone } = partner;
	const known = new Map(mappings.map((each) => [each.name, each]));
	const jobs: JobResult[] = [];
	let waiting = 0;
	for (const direction of waysOf(gone, coupling)) {
		const side: Side = direction === 'toCrm' ? 'businessCentral' : 'crm';
		const former = gone.find((each) => idOn(each, side) === idOn(coupling, side))!;
		const own = (await rulesOf(mapping.name).dependents?.({ session, mappings: known, side }, [coupling])) ?? [];
		const moving = own.filter(({ anew, mapping: name }) => !anew && known.has(name) && serves(known.get(name)!, direction));
		const others = await referencesTo(session, { mapping, mappings, former, side }, moving);
		for (const each of [...moving, ...others]) {
			const requeued = await requeueDependents({ session, mappings: known }, each, direction);
			if (requeued.length === 0) continue;
			await session.store.commit({ requeued });
			const there = await withPartner(session, known.get(each.mapping)!, side, requeued.map(({ sourceId }) => sourceId)); // prettier-ignore
			if (atOnce && there.length > 0) jobs.push(...(await runSelected(session, each.mapping, side, there, false)));
			else waiting += there.length;
		}
	}
	return { jobs, waiting };
}

/** The record that is the same in both couples says it: what hangs on it follows to its new partner. */
const waysOf = (gone: readonly Coupling[], coupling: Coupling): PassDirection[] =>
	SIDES.filter((side) => gone.some((each) => idOn(each, side) === idOn(coupling, side))).map(directionFrom);

async function withPartner(session: SyncSession, mapping: TableMapping, side: Side, ids: readonly string[]): Promise<string[]> {
	const other = otherSide(side);
	const couplings = [...(await session.store.couplingsOf(mapping.name, side, ids)).values()];
	const there = await session[other].existing(
		tableOn(mapping, other),
		couplings.map((each) => idOn(each, other)),
	);
	return couplings.filter((each) => there.has(idOn(each, other))).map((each) => idOn(each, side));
}

const runSelected = async (
	session: SyncSession,
	mapping: string,
	side: Side,
	ids: readonly string[],
	create: boolean,
): Promise<JobResult[]> =>
	ids.length === 0
		? []
		: await synchronizeMapping(session, {
				mapping,
				nothingCoupled: 'allowed',
				direction: directionFrom(side),
				selected: { side, ids, outsideFilter: true },
				followsUp: true,
				...(create ? { createUncoupled: true, consented: ['create', 'replace'] as const } : { consented: ['replace'] as const }),
				returnChanges: ids.length,
				returnFailures: ids.length,
			});
