import type { SystemRecord, TableSource } from '../model/record';

/** What is kept of a record that was read: enough to tell later that it is the one a change was decided on. */
export type SeenRow = Pick<SystemRecord, 'version' | 'modifiedAt' | 'createdAt' | 'number' | 'name' | 'values'>;

/** Records remembered at a time; several times a page with its partners. */
const MOST = 5_000;

/** The records read last, so that a change of one of them needs no further look at the service. */
export class SeenRows {
	private readonly rows = new Map<string, SeenRow>();

	add(table: TableSource, records: Iterable<SystemRecord>): void {
		for (const { id, version, modifiedAt, createdAt, number, name, values: read } of records) {
			const key = keyOf(table, id);
			const known = this.rows.get(key);
			const values = known?.version === version ? { ...known.values, ...read } : read;
			this.rows.delete(key);
			this.rows.set(key, { version, modifiedAt, number, name, values, ...(createdAt === undefined ? {} : { createdAt }) });
		}
		for (const oldest of this.rows.keys()) {
			if (this.rows.size <= MOST) break;
			this.rows.delete(oldest);
		}
	}

	get(table: TableSource, id: string): SeenRow | undefined {
		return this.rows.get(keyOf(table, id));
	}
}

const keyOf = ({ name }: TableSource, id: string): string => `${name} ${id}`;
