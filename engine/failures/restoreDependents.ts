import { rulesOf } from '../defaults/catalog';
import type { JobResult } from '../jobs/jobResult';
import type { Dependents } from '../mapping/rules';
import { type Coupling, idOn } from '../model/coupling';
import { directionFrom } from '../model/direction';
import { otherSide, type Side, SYSTEM_NAMES } from '../model/side';
import { type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { serves } from '../sync/run/directions';
import { synchronizeMapping } from '../sync/run/synchronize';

export interface RestoredRecords {
	mapping: TableMapping;
	mappings: readonly TableMapping[];
	/** Where the records are that are left. */
	side: Side;
	couplings: readonly Coupling[];
}

/**
 * What went with deleted records, as the contacts of an account go and the prices of a product, is created again as well, and what is there still
 * takes its place at the new ones. `before`: what has to be there first. Answers the jobs, and what cannot come back, in words.
 */
export async function restoreDependents(
	session: SyncSession,
	{ mapping, mappings, side, couplings }: RestoredRecords,
	before: boolean,
): Promise<{ jobs: JobResult[]; left: string[] }> {
	const { dependents } = rulesOf(mapping.name);
	const jobs: JobResult[] = [];
	const left: string[] = [];
	if (!dependents || couplings.length === 0) return { jobs, left };
	const known = new Map(mappings.map((each) => [each.name, each]));
	for (const each of await dependents({ session, mappings: known, side }, couplings)) {
		const own = known.get(each.mapping);
		if (!own?.enabled || (each.first ?? false) !== before) continue;
		const { gone, there } = await coupledAmong(session, own, side, each);
		if (gone.length > 0 && !serves(own, directionFrom(side))) {
			left.push(`${gone.length} ${gone.length === 1 ? 'record' : 'records'} of ${own.name}, which is not synchronized to ${SYSTEM_NAMES[otherSide(side)]}`); // prettier-ignore
			continue;
		}
		const ids = before ? gone : [...gone, ...(each.fields.length > 0 ? there : [])];
		if (ids.length === 0 || !serves(own, directionFrom(side))) continue;
		const done = await synchronizeMapping(session, {
			mapping: own.name,
			nothingCoupled: 'allowed',
			direction: directionFrom(side),
			selected: { side, ids, outsideFilter: true },
			deletion: 'restore',
			consented: ['create'],
			returnChanges: ids.length,
			returnFailures: ids.length,
			// The records themselves are there again by then, and cannot be restored once more.
			followsUp: !before,
		});
		jobs.push(...done);
		if (done.some(({ busy }) => busy))
			left.push(`${ids.length} ${ids.length === 1 ? 'record' : 'records'} of ${own.name}, which another run is busy with: restore them with that table mapping when it has ended`); // prettier-ignore
	}
	return { jobs, left };
}

/** Coupled records among them: those whose partner is gone, and those whose partner is there. */
async function coupledAmong(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	{ ids }: Dependents,
): Promise<{ gone: string[]; there: string[] }> {
	const other = otherSide(side);
	const couplings = [...(await session.store.couplingsOf(mapping.name, side, ids)).values()];
	const partners = couplings.map((each) => idOn(each, other));
	const existing = partners.length === 0 ? new Set<string>() : await session[other].existing(tableOn(mapping, other), partners);
	const isThere = (each: Coupling): boolean => existing.has(idOn(each, other));
	return {
		gone: couplings.filter((each) => !isThere(each)).map((each) => idOn(each, side)),
		there: couplings.filter(isThere).map((each) => idOn(each, side)),
	};
}
