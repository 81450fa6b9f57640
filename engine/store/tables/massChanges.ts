import { chunksOf, lastByKey } from '../../model/chunks';
import { DAY_MS, type DayOfChanges, type MassChange, type MassChangeAction, NO_CHANGES } from '../../model/massChange';
import type { Scope } from '../scope';

const TITLES = 5;

const ofMapping = ({ db, connectionKey }: Scope, mapping: string) =>
	db.selectFrom('mass_change').where('connection_key', '=', connectionKey).where('mapping', '=', mapping);

/** A time of the future, which a host clock that was ahead has left behind, counts as now. */
export async function massChangesOfDay(scope: Scope, mapping: string, now: number): Promise<DayOfChanges> {
	const rows = await ofMapping(scope, mapping)
		.select((eb) => [
			'action',
			eb.fn.countAll<number | string>().as('all'),
			eb.fn
				.countAll<number | string>()
				.filterWhere('at_ms', '>', now - DAY_MS)
				.as('counted'),
			eb.fn.countAll<number | string>().filterWhere('at_ms', '>', now).as('ahead'),
		])
		.groupBy('action')
		.execute();
	const counts = { ...NO_CHANGES };
	for (const { action, counted } of rows) counts[action as MassChangeAction] = Number(counted);
	const untidy = rows.some(({ all, counted, ahead }) => Number(all) > Number(counted) || Number(ahead) > 0);
	const titles =
		rows.length === 0
			? []
			: await ofMapping(scope, mapping)
					.select('title')
					.where('at_ms', '>', now - DAY_MS)
					.where('action', '!=', 'create')
					.orderBy('title')
					.limit(TITLES)
					.execute();
	return { counts, titles: titles.map(({ title }) => title), untidy };
}

/** Those of the records that count already, as what. */
export async function massChangesAmong(
	scope: Scope,
	mapping: string,
	recordIds: readonly string[],
	now: number,
): Promise<Array<Pick<MassChange, 'recordId' | 'action'>>> {
	const found: Array<Pick<MassChange, 'recordId' | 'action'>> = [];
	for (const chunk of chunksOf([...new Set(recordIds)])) {
		const rows = await ofMapping(scope, mapping)
			.select(['record_id', 'action'])
			.where('at_ms', '>', now - DAY_MS)
			.where('record_id', 'in', chunk)
			.execute();
		found.push(...rows.map((row) => ({ recordId: row.record_id, action: row.action as MassChangeAction })));
	}
	return found;
}

/** Counted from now on for a day, each record once as a loss: as what was done last. What has become too old goes. */
export async function putMassChanges(scope: Scope, changes: readonly MassChange[], now: number): Promise<void> {
	const { db, connectionKey } = scope;
	await removeMassChanges(
		scope,
		changes.filter(({ action }) => action !== 'create'),
	);
	for (const chunk of chunksOf(lastByKey(changes, keyOf))) {
		await db
			.insertInto('mass_change')
			.values(
				chunk.map(({ mapping, recordId, action, title }) => ({
					...{ connection_key: connectionKey, mapping, record_id: recordId, action, title, at_ms: now },
				})),
			)
			.onConflict((oc) => oc.columns(['connection_key', 'mapping', 'record_id', 'action']).doUpdateSet({ at_ms: now }))
			.execute();
	}
	for (const mapping of new Set(changes.map((each) => each.mapping))) await tidyMassChanges(scope, mapping, now);
}

/** Of a loss, whatever kind of loss the record counts as. */
export async function removeMassChanges(
	{ db, connectionKey }: Scope,
	changes: ReadonlyArray<Pick<MassChange, 'mapping' | 'recordId' | 'action'>>,
): Promise<void> {
	for (const kind of ['create', 'loss'] as const) {
		const concerned = changes.filter(({ action }) => (action === 'create') === (kind === 'create'));
		for (const mapping of new Set(concerned.map((each) => each.mapping))) {
			const ids = concerned.filter((each) => each.mapping === mapping).map(({ recordId }) => recordId);
			for (const chunk of chunksOf(ids)) {
				await db
					.deleteFrom('mass_change')
					.where('connection_key', '=', connectionKey)
					.where('mapping', '=', mapping)
					.where('record_id', 'in', chunk)
					.where('action', kind === 'create' ? '=' : '!=', 'create')
					.execute();
			}
		}
	}
}

/** What is older than a day goes; what is of the future is of now. */
export async function tidyMassChanges({ db, connectionKey }: Scope, mapping: string, now: number): Promise<void> {
	await db
		.deleteFrom('mass_change')
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('at_ms', '<=', now - DAY_MS)
		.execute();
	await db
		.updateTable('mass_change')
		.set({ at_ms: now })
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('at_ms', '>', now)
		.execute();
}

export async function forgetMassChanges({ db, connectionKey }: Scope, mapping: string): Promise<void> {
	await db.deleteFrom('mass_change').where('connection_key', '=', connectionKey).where('mapping', '=', mapping).execute();
}

const keyOf = ({ mapping, recordId, action }: MassChange): string =>
	[mapping, action === 'create' ? 'create' : 'loss', recordId].join('\n');
