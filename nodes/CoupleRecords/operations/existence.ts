import type { CouplingView, Side, SyncSession } from '../../../engine';
import { mappingSummary } from '../../shared/recordReference';

/** Looks in both systems whether the records of the couplings still exist (those that do not have no link); one batched read per mapping and system. */
export async function withExistence<V extends CouplingView>(session: SyncSession, views: readonly V[]): Promise<V[]> {
	const existing = new Set<string>();
	for (const name of new Set(views.map(({ mapping }) => mapping))) {
		const { bc, crm } = await mappingSummary(session, name);
		const of = views.filter(({ mapping }) => mapping === name);
		for (const [side, table] of [['businessCentral', bc] as const, ['crm', crm] as const]) {
			const ids = of.flatMap((view) => view[side]?.id ?? []);
			for (const id of (await session[side].readByIds(table, ids, [])).keys()) existing.add(key(side, name, id));
		}
	}
	const seen = <R extends { id: string; url: string | null }>(side: Side, mapping: string, record: R): R & { exists: boolean } => {
		const exists = existing.has(key(side, mapping, record.id));
		return { ...record, exists, url: exists ? record.url : null };
	};
	return views.map((view) => ({
		...view,
		businessCentral: view.businessCentral && seen('businessCentral', view.mapping, view.businessCentral),
		crm: view.crm && seen('crm', view.mapping, view.crm),
	}));
}

const key = (side: Side, mapping: string, id: string): string => `${side}|${mapping}|${id.toLowerCase()}`;
