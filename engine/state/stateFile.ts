import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import { SyncError } from '../model/errors';
import type { StateRow, StateTable } from '../ports/stateTransfer';
import { STATE_TABLES } from '../store/transfer/stateTransfer';

/** What the file begins with; it names no secret. */
export const header = z.object({
	format: z.literal('n8n-nodes-dynamics365-sync state'),
	version: z.number().int(),
	/** Newest change of the store's shape that the rows know. */
	shape: z.string(),
	connection: z.object({ id: z.string() }),
	store: z.object({ id: z.string(), kind: z.enum(['embedded', 'postgres']), place: z.string() }),
	/** ISO, UTC. */
	exportedAt: z.string(),
	log: z.boolean(),
});

export type StateHeader = z.infer<typeof header>;
export const FORMAT = 'n8n-nodes-dynamics365-sync state';
export const FORMAT_VERSION = 1;

/** What it ends with: rows by table, and the SHA-256 of all row lines. A file without this line was cut off. */
const ending = z.object({ end: z.object({ rows: z.record(z.string(), z.number().int()), sha256: z.string() }) });
const rowLine = z.object({ table: z.string(), row: z.record(z.string(), z.union([z.string(), z.number(), z.null()])) });

export type StateEnd = z.infer<typeof ending>['end'];

/** One line of the file, without its end. The columns stand in the table's own order, so that equal rows are equal lines. */
export const lineOf = (table: StateTable, row: StateRow): string =>
	JSON.stringify({ table: table.name, row: Object.fromEntries(table.columns.map((name) => [name, row[name] ?? null])) });

/** Counts rows and sums up their lines, in the order in which they come. */
export class StateSum {
	readonly rows: Record<string, number> = {};
	private readonly hash = createHash('sha256');

	add(table: StateTable, line: string): void {
		this.rows[table.name] = (this.rows[table.name] ?? 0) + 1;
		this.hash.update(line).update('\n');
	}

	end(): StateEnd {
		return { rows: { ...this.rows }, sha256: this.hash.digest('hex') };
	}
}

const byName = new Map(STATE_TABLES.map((table): [string, StateTable] => [table.name, table]));

/** A row, or the end of the file. @throws SyncError `STATE_DAMAGED` */
export function readLine(line: string): { table: StateTable; row: StateRow } | StateEnd {
	const value = parsed(line);
	const end = ending.safeParse(value);
	if (end.success) return end.data.end;
	const found = rowLine.safeParse(value);
	const table = found.success ? byName.get(found.data.table) : undefined;
	if (!found.success || !table) throw damaged('a line of it is no row of a state');
	const unknown = Object.keys(found.data.row).find((name) => !table.columns.includes(name));
	if (unknown !== undefined) throw damaged(`the table ${table.name} has no column "${unknown}"`);
	return { table, row: found.data.row };
}

/** @throws SyncError `STATE_DAMAGED`, `STATE_NEWER` */
export function readHeader(line: string, shape: string): StateHeader {
	const found = header.safeParse(parsed(line));
	if (!found.success) throw damaged('it does not begin as an export of a state does');
	const { version, shape: theirs } = found.data;
	if (version <= FORMAT_VERSION && theirs <= shape) return found.data;
	throw new SyncError({
		code: 'STATE_NEWER',
		errorClass: 'setup',
		system: 'store',
		message: `The exported state was written by a newer version of this package (it knows "${theirs}").`,
		hint: 'Update n8n-nodes-dynamics365-sync here, and import again.',
	});
}

function parsed(line: string): unknown {
	try {
		return JSON.parse(line) as unknown;
	} catch {
		throw damaged('a line of it cannot be read');
	}
}

export const damaged = (why: string, cause?: unknown): SyncError =>
	new SyncError({
		code: 'STATE_DAMAGED',
		errorClass: 'setup',
		system: 'store',
		message: `The file is no whole export of a state: ${why}. Nothing was imported.`,
		hint: 'Give the file as Read Sync Log → Export State made it; if it was cut off or changed on its way, export once more.',
		...(cause === undefined ? {} : { cause }),
	});
