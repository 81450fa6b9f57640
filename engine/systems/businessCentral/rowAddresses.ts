import { upperCase } from '../../model/upperCase';
import type { SyncError } from '../../model/errors';
import { keySegment } from '../odata/literals';
import { pageKeyDiffers, pageReadOnly, pageRename } from './pageErrors';
import { keyLiterals, type PageKey, pageKeySegment } from './pageKeys';
import { wireValue } from './records';
import type { FieldName, TableSource } from '../../model/record';
import type { RecordOperation } from '../../ports/write';

/** How rows of a primary table are addressed when they are written. */
export interface RowAddresses {
	/** Key segment, `(…)`; null when no row can have this id. */
	segment(id: string): string | null;
	/** Fields of an update that are not sent, because the address holds them. */
	held: readonly FieldName[];
	/** Why an update cannot be sent; null when it can. */
	refusal(operation: Extract<RecordOperation, { kind: 'update' }>): SyncError | null;
}

/** Rows of an entity set have one id that never changes. */
export const byRowId: RowAddresses = { segment: keySegment, held: [], refusal: () => null };

/**
 * Rows of a page are addressed by its key, and known by it: an update may repeat the key, not change it.
 * `whole`: the properties that address a row there, as far as metadata tells.
 * @throws SyncError (setup) when rows of the table cannot be addressed
 */
export function byPageKey(table: TableSource, keys: readonly PageKey[], whole: readonly string[]): RowAddresses {
	if (table.page?.also?.length) throw pageReadOnly(table);
	const names = keys.map(({ name }) => name);
	if (whole.length > 0 && [...whole].sort().join() !== [...names].sort().join()) throw pageKeyDiffers(table, whole);
	return {
		segment: (id) => pageKeySegment(keys, id),
		held: names,
		refusal: ({ id, values }) => {
			const current = keyLiterals(keys, id);
			for (const [index, { name }] of keys.entries()) {
				const value = values[name];
				if (value === undefined || current === null) continue;
				const text = String(wireValue(name, value) ?? '').trim();
				if (literalText(text) !== literalText(current[index]!)) return pageRename(table, id, name, text);
			}
			return null;
		},
	};
}

/**
 * Rows of the extension are addressed by their SystemId and known by the key of the page they stand for, which an update may repeat, not change: another
 * key would be another record to the mapping. `systemIds`: those that are there.
 */
export function bySystemId(table: TableSource, keys: readonly PageKey[], systemIds: ReadonlyMap<string, string>): RowAddresses {
	const { held, refusal } = byPageKey(table, keys, []);
	return {
		held,
		refusal,
		segment(id) {
			const systemId = systemIds.get(id);
			return systemId === undefined ? null : keySegment(systemId);
		},
	};
}

/**
 * Rows that are known by their SystemId, of a table with a key that people give: an update may repeat it, not change it. `keys`: of the rows that are
 * there and whose key is to be written, as `compositeId`.
 */
export function byRowIdWithKey(table: TableSource, keys: readonly PageKey[], keysOfRows: ReadonlyMap<string, string>): RowAddresses {
	const { held, refusal } = byPageKey(table, keys, []);
	return {
		segment: keySegment,
		held,
		refusal(operation) {
			const key = keysOfRows.get(operation.id);
			return key === undefined ? null : (refusal({ ...operation, id: key })?.with({ recordId: operation.id }) ?? null);
		},
	};
}

/** Rows whose key is among what is written. */
export const rekeyed = (keys: readonly PageKey[], operations: readonly RecordOperation[]): string[] =>
	operations.flatMap((operation) =>
		operation.kind === 'update' && keys.some(({ name }) => name in operation.values) ? [operation.id] : [],
	);

/** Codes are compared without regard to case; a literal's quotes do not count. */
const literalText = (text: string): string => upperCase(text.replace(/^'([\s\S]*)'$/, '$1').replaceAll("''", "'"));
