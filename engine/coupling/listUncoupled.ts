import { findMapping, loadMappings } from '../defaults/catalog';
import { companyRowOf } from '../mapping/companyIdentity';
import { sideFilter } from '../mapping/filter';
import { changesInside } from '../mapping/filters/reading';
import { directionFrom } from '../model/direction';
import type { SystemRecord } from '../model/record';
import type { Side } from '../model/side';
import { filterOn, type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { serves } from '../sync/run/directions';
import { closedAmong, ownerColumns } from './pair';
import type { CouplingView } from './types';

/** A record in the filter of a mapping that has no partner. */
export interface UncoupledView {
	mapping: string;
	businessCentral: CouplingView['businessCentral'];
	crm: CouplingView['crm'];
	state: 'notCoupled';
	/** What can be done about it: the mapping may create nothing in the other system. */
	actions: Array<'couple' | 'createAndCouple'>;
}

export interface UncoupledQuery {
	/** Default: all enabled mappings. */
	mapping?: string | undefined;
	/** Default: both, Business Central first. */
	side?: Side | undefined;
	/** Part of a number or name. */
	text?: string | undefined;
	limit: number;
}

const PAGE_SIZE = 1000;

/**
 * Records of both systems, inside the filters, that are not coupled; rows of another company and merged ones are left out. Reads the tables page by page
 * and stops at the limit, so what is coupled is read, too. `more`: there may be others.
 */
export async function listUncoupled(session: SyncSession, query: UncoupledQuery): Promise<{ rows: UncoupledView[]; more: boolean }> {
	const all = await loadMappings(session);
	const mappings = query.mapping === undefined ? all.filter(({ enabled }) => enabled !== false) : [findMapping(all, query.mapping)];
	const rows: UncoupledView[] = [];
	const text = query.text?.trim().toLowerCase() ?? '';
	for (const mapping of mappings) {
		for (const side of query.side === undefined ? (['businessCentral', 'crm'] as const) : [query.side]) {
			for await (const page of uncoupledPages(session, mapping, side)) {
				const fitting = text === '' ? page : page.filter(({ number, name }) => `${number} ${name}`.toLowerCase().includes(text));
				for (const record of fitting) {
					if (rows.length === query.limit) return { rows, more: true };
					rows.push(viewOf(session, mapping, side, record));
				}
			}
		}
	}
	return { rows, more: false };
}

/** Records of one side that are not coupled, page by page; pages may be empty. */
export async function* uncoupledPages(session: SyncSession, mapping: TableMapping, side: Side): AsyncGenerator<SystemRecord[]> {
	const table = tableOn(mapping, side);
	const company = await companyRowOf(session, mapping);
	const fields = side === 'crm' ? await ownerColumns(session, mapping) : [];
	const filter = sideFilter(filterOn(mapping, side), side, company, table);
	for await (const page of changesInside(session[side], { table, fields, since: null, pageSize: PAGE_SIZE }, filter)) {
		const coupled = await session.store.couplingsOf(
			mapping.name,
			side,
			page.map(({ id }) => id),
		);
		const open = page.filter(({ id }) => !coupled.has(id));
		const closed = side === 'crm' ? await closedAmong(session, mapping, open) : new Map<string, unknown>();
		yield open.filter(({ id }) => !closed.has(id));
	}
}

function viewOf(session: SyncSession, mapping: TableMapping, side: Side, { id, number, name }: SystemRecord): UncoupledView {
	const url = session[side].link(tableOn(mapping, side), id, number || undefined, name);
	return {
		mapping: mapping.name,
		businessCentral: side === 'crm' ? null : { id, number, name, url, exists: true },
		crm: side === 'crm' ? { id, name, url, exists: true } : null,
		state: 'notCoupled',
		actions: serves(mapping, directionFrom(side)) ? ['couple', 'createAndCouple'] : ['couple'],
	};
}
