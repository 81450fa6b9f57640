import type { SandboxResponse } from '../../core/http';
import type { Call } from '../call';
import { invalidArgument, rowMissing, segmentMissing } from '../errors';
import type { Body } from '../payload';
import type { Platform } from '../platform';
import { readReference } from '../payload';
import type { Row } from '../values';

/** An unbound action. */
export type Handler = (platform: Platform, call: Call, body: Body) => SandboxResponse;
/** An action bound to a row. */
export type BoundHandler = (platform: Platform, call: Call, id: string, body: Body) => SandboxResponse;

/** The row an `Edm.Guid` parameter names. */
export function sourceRow(platform: Platform, table: string, id: unknown): { id: string; row: Row } {
	if (typeof id !== 'string') throw invalidArgument(`The id of the ${table} is missing.`);
	const row = platform.db.row(table, id.toLowerCase());
	if (!row) throw rowMissing(table, id);
	return { id: id.toLowerCase(), row };
}

export interface NamedRow {
	table: string;
	id: string;
	row: Row;
}

/** The row a parameter of type `crmbaseentity` stands for: `@odata.type` and the primary id, or `@odata.id`. */
export function entityParameter(platform: Platform, call: Call, body: Body, name: string): NamedRow {
	const value = body[name];
	if (typeof value !== 'object' || value === null) throw invalidArgument(`The required parameter '${name}' is missing.`);
	const given = value as Body;
	const address = given['@odata.id'];
	if (typeof address === 'string') {
		const { table, id } = readReference(platform, call, address);
		return named(platform, table.logicalName, id);
	}
	const type = /([^.#]+)$/.exec(String(given['@odata.type'] ?? ''))?.[1] ?? '';
	const table = platform.model.tables.get(type);
	if (!table) throw type === '' ? invalidArgument(`The parameter '${name}' needs '@odata.type'.`) : segmentMissing(type);
	const id = given[table.primaryId];
	if (typeof id !== 'string') throw invalidArgument(`The parameter '${name}' needs '${table.primaryId}'.`);
	return named(platform, type, id.toLowerCase());
}

function named(platform: Platform, table: string, id: string): NamedRow {
	const row = platform.db.row(table, id);
	if (!row) throw rowMissing(table, id);
	return { table, id, row };
}
