import type { TableSource } from './record';

/**
 * How a mapping knows the records of a Business Central table that pages show: `key`, by the values of the page's key; `systemId`, by the SystemId
 * that the extension shows. Couplings, failures and all else that is kept of the mapping name records so.
 */
export type RecordIdentity = 'key' | 'systemId';

/** A record of such a table under both names. */
export interface KnownKey {
	/** SystemId, lower case. */
	id: string;
	/** `compositeId` of its key values, as they were when it was read last. */
	key: string;
}

/** All records of a mapping get other ids at once. */
export interface IdentityMove {
	mapping: string;
	/** Under which the keys of the table are noted (`keyTableOf`); null: whatever table they were noted of. */
	table: string | null;
	to: RecordIdentity;
}

/** The pages of a table, however its records are known; undefined for tables that have ids of their own. */
export const pageOf = ({ page, extension }: Pick<TableSource, 'page' | 'extension'>) => page ?? extension;

/** The table with its records known in the given way; one that no page shows stays as it is. */
export function identifiedBy(table: TableSource, identity: RecordIdentity): TableSource {
	const pages = pageOf(table);
	if (!pages) return table;
	const { page: _page, extension: _extension, ...rest } = table;
	return identity === 'key' ? { ...rest, page: pages } : { ...rest, extension: pages };
}

export const identityOf = ({ bc }: { bc: TableSource }): RecordIdentity => (bc.extension ? 'systemId' : 'key');

/** What the keys of a table are noted under: the same whatever an administrator called the page. */
export const keyTableOf = (table: TableSource): string => pageOf(table)?.standardName ?? table.name;

/** Whether the number of a record is all of what tells it from others. */
export function numberIsKey(table: TableSource): boolean {
	const pages = pageOf(table);
	return table.numberField !== null && (pages === undefined || (pages.keys.length === 1 && pages.keys[0] === table.numberField));
}
