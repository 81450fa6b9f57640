import { SyncError } from '../../model/errors';
import { COMMON_LOOKUPS, KNOWN_TABLES } from './knownTables';
import type { Metadata, Relationship } from './metadata';
import type { FieldName, LookupValue } from '../../model/record';

/**
 * Columns of Microsoft's own tables look like `name` or `address1_city`; a prefix such as `new_` is a customization, unknown until asked
 * for.
 */
const isCustom = (column: string): boolean => /^[a-z][a-z0-9]*_/.test(column) && !/^address\d_/.test(column);

/**
 * How a table is addressed: its entity set, its id column, which columns are lookups and how they are bound. Well-known tables are answered
 * from documentation; only what is not documented is asked of the environment, once in a while.
 */
export class TableModel {
	private readonly creation = new Map<string, Promise<boolean>>();

	constructor(private readonly metadata: Metadata) {}

	async entitySet(table: string): Promise<string> {
		return KNOWN_TABLES[table]?.set ?? (await this.metadata.table(table)).entitySet;
	}

	async primaryId(table: string): Promise<string> {
		return KNOWN_TABLES[table]?.id ?? (await this.metadata.table(table)).primaryId;
	}

	/** Whether rows tell when they were created: not in some virtual tables. */
	async tellsCreation(table: string): Promise<boolean> {
		if (KNOWN_TABLES[table]) return true;
		const known = this.creation.get(table) ?? this.metadata.missing(table, ['createdon'], false).then((missing) => missing.length === 0);
		this.creation.set(table, known);
		return await known.catch((error: unknown) => {
			this.creation.delete(table);
			throw error;
		});
	}

	/** Those of the columns that are lookups. */
	async lookupsAmong(table: string, columns: readonly FieldName[]): Promise<Set<FieldName>> {
		const known = KNOWN_TABLES[table];
		const documented = new Set([
			...COMMON_LOOKUPS,
			...(known?.lookups ?? []),
			...Object.keys(known?.typed ?? {}),
			...(known?.unnamed ?? []),
		]);
		const found = new Set(columns.filter((column) => documented.has(column)));
		const open = columns.filter((column) => !found.has(column) && (!known || isCustom(column)) && column !== known?.id);
		if (open.length > 0) {
			const referencing = new Set((await this.metadata.relationships(table)).map((relationship) => relationship.column));
			for (const column of open) if (referencing.has(column)) found.add(column);
		}
		return found;
	}

	/** Navigation property that sets a lookup to a row of `target`; with null, one that clears it. */
	async navigation(table: string, column: FieldName, target: string | null): Promise<string> {
		const known = KNOWN_TABLES[table];
		const typed = known?.typed?.[column];
		const documented = typed ? (target === null ? Object.values(typed)[0] : typed[target]) : undefined;
		if (documented) return documented;
		if (!typed && (COMMON_LOOKUPS.includes(column) || known?.lookups?.includes(column))) return column;
		const candidates = (await this.metadata.relationships(table)).filter((relationship) => relationship.column === column);
		const fitting = target === null ? candidates[0] : (candidates.find((each) => each.target === target) ?? onlyOne(candidates));
		if (!fitting) throw noRelationship(table, column, target);
		return fitting.navigation;
	}

	/** Value of an `@odata.bind` annotation. */
	async bindPath(value: LookupValue): Promise<string> {
		return `/${await this.entitySet(value.table)}(${value.id.toLowerCase()})`;
	}
}

/** Lookups to owners have one navigation property for users and teams; its declared target is `owner`. */
const onlyOne = (relationships: readonly Relationship[]): Relationship | undefined =>
	new Set(relationships.map((each) => each.navigation)).size === 1 ? relationships[0] : undefined;

function noRelationship(table: string, column: string, target: string | null): SyncError {
	return new SyncError({
		code: 'CRM_LOOKUP_UNKNOWN',
		errorClass: 'setup',
		system: 'crm',
		table,
		field: column,
		message: `The column ${column} of ${table} is no lookup${target === null ? '' : ` to ${target}`} in this environment.`,
		hint: 'Correct the field in the table mapping, or install the solution that brings the column.',
	});
}
