import { loadMappings } from '../defaults/catalog';
import { compositeId } from '../model/compositeId';
import { pageOf } from '../model/recordIdentity';
import { tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { Side } from '../model/side';
import type { FieldName, FieldValue, TableSource } from '../model/record';

/** Words that stand for what a service gives when a record is created: an id, a number of a number series, a value of a choice. */
export class Placeholders {
	private readonly given = new Map<string, number>();
	private names: Promise<Map<string, string>> | undefined;

	constructor(
		private readonly session: SyncSession,
		private readonly side: Side,
	) {}

	/** `new record of CUSTOMER`; the second one says so. */
	record(table: TableSource): Promise<string> {
		return this.next('record', table);
	}

	choice(table: TableSource): Promise<string> {
		return this.next('choice', table);
	}

	private async next(kind: string, table: TableSource): Promise<string> {
		this.names ??= this.namesOfTables();
		const text = `new ${kind} of ${(await this.names).get(table.name) ?? table.name}`;
		const count = (this.given.get(text) ?? 0) + 1;
		this.given.set(text, count);
		return count === 1 ? text : `${text} (${count})`;
	}

	/** People know a table by the mapping that synchronizes it. */
	private async namesOfTables(): Promise<Map<string, string>> {
		const mappings = await loadMappings(this.session);
		return new Map([...mappings].reverse().map((mapping) => [tableOn(mapping, this.side).name, mapping.name]));
	}
}

const PLACEHOLDER = /new (record|choice) of /i;

/** Whether a text holds such words: no service knows anything of them. */
export const holdsPlaceholder = (text: string): boolean => PLACEHOLDER.test(text);

/**
 * Rows that pages show have a key, which names a new one where it is known: for good, or for as long as nobody but the overlay has it and gave it a
 * SystemId.
 */
export function idByKey(table: TableSource, values: Readonly<Record<FieldName, FieldValue>>): string | null {
	const pages = pageOf(table);
	if (!pages) return null;
	const keys = pages.keys.flatMap((key) => values[key] ?? []);
	return keys.length < pages.keys.length ? null : compositeId(keys);
}
