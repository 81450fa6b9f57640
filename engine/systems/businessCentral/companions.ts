import { spelledCode } from '../../model/upperCase';
import { SyncError } from '../../model/errors';
import type { Log } from '../../ports/session';
import type { BatchPart, PartAnswer } from '../odata/batch';
import type { BatchCall, BatchRunner } from '../odata/batchRunner';
import { LEAST_PARTS, LEAST_READS, spread } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { readPage, type Row } from '../odata/envelope';
import { noAnswerError, serviceError, unreadableError } from '../odata/errors';
import { isGuid } from '../../model/guid';
import { anyOf, keySegment, queryString } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import { type Addresses, pageAddress } from './address';
import { companionFields } from './fields';
import { fieldValue } from './records';
import type { CompanionSource, FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';

/** Keys in one filter. The gateway refuses query strings over about 8,099 characters, so parts stay well below. */
export const KEY_CHUNK = { conditions: 100, characters: 6_000 };

/**
 * Additional pages that show more fields of the same table. They are read and written through ODataV4, joined by number. A page that is
 * not published costs a warning and its fields, not the run.
 */
export class Companions {
	/** Services that are not there. */
	readonly absent = new Set<string>();

	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly addresses: Addresses,
		private readonly batchSize: number,
		private readonly tell: { warnings: string[]; log: Log; forget(): void },
	) {}

	/** Adds the companion fields asked for. Where there is no row for a record, its fields stay absent. */
	async complete(table: TableSource, records: readonly SystemRecord[], fields: readonly FieldName[]): Promise<SystemRecord[]> {
		const wanted = companionFields(table, fields).filter(({ companion }) => !this.absent.has(companion.service));
		if (wanted.length === 0 || records.length === 0) return [...records];
		const found = await Promise.all(
			wanted.map(async ({ companion, properties }) => ({
				companion,
				properties,
				rows: await this.rowsByKey(
					companion,
					properties,
					records.map((record) => joinValue(table, companion, record)),
				),
			})),
		);
		return records.map((record) => {
			const values: Record<FieldName, FieldValue> = { ...record.values };
			for (const { companion, properties, rows } of found) {
				const row = rows?.get(normalKey(joinValue(table, companion, record)));
				if (!row) continue;
				for (const property of properties) {
					if (row[property] !== undefined) values[`${companion.service}/${property}`] = fieldValue(row[property]);
				}
			}
			return { ...record, values };
		});
	}

	/** Rows by their normalized key; null when the page is not published. All filters of up to `batchSize` parts go in one request. */
	async rowsByKey(companion: CompanionSource, properties: readonly string[], keys: readonly string[]): Promise<Map<string, Row> | null> {
		const given = keys.filter((key) => key !== '');
		const rows = await this.rowsWhere(companion, companion.companionKey, given, properties);
		return rows === null ? null : new Map(rows.map((row) => [normalKey(String(row[companion.companionKey] ?? '')), row]));
	}

	/** Rows whose `property` is one of `values`; null when the page is not published. */
	async rowsWhere(
		companion: CompanionSource,
		property: string,
		values: readonly FieldValue[],
		properties: readonly string[],
	): Promise<Row[] | null> {
		if (this.absent.has(companion.service)) return null;
		if (values.length === 0) return [];
		const { path } = pageAddress(this.addresses, companion.service);
		const type = values.every((value) => typeof value === 'number') ? 'number' : values.every(isGuid) ? 'guid' : 'text';
		const select = [...new Set([companion.companionKey, ...properties])].join(',');
		const parts = anyOf(property, values, type, 'businessCentral', KEY_CHUNK).map((filter): BatchPart => ({
			method: 'GET',
			url: `${path}${queryString({ $filter: filter, $select: select })}`,
			headers: {},
		}));
		const answers = await this.read(parts, companion.service);
		if (answers === null) return this.markAbsent(companion.service);
		const rows: Row[] = [];
		for (const answer of answers) {
			const context = this.connection.context(true, companion.service);
			if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
			if (answer.status === 404) return this.markAbsent(companion.service);
			if (answer.status !== 200) throw serviceError(answer, context);
			const page = readPage(answer.body);
			if (page === null) throw unreadableError(answer, context);
			rows.push(...page.rows);
			if (page.nextLink !== null) rows.push(...(await this.connection.all(page.nextLink, { table: companion.service })));
		}
		return rows;
	}

	/** Sends guarded changes of companion rows; by position. The answers hold the properties wanted. */
	async write(
		companion: CompanionSource,
		changes: ReadonlyArray<{ key: string; version: string; values: Record<string, FieldValue> }>,
		wanted: readonly string[],
	): Promise<Array<PartAnswer | NoAnswer>> {
		const { path } = pageAddress(this.addresses, companion.service);
		const query = queryString({ $select: [...new Set([companion.companionKey, ...wanted])].join(',') });
		const parts = changes.map((change): BatchPart => ({
			method: 'PATCH',
			url: `${path}${keySegment(change.key)}${query}`,
			headers: { 'If-Match': change.version },
			body: change.values,
		}));
		return await this.runner.run(parts, this.call(companion.service, false));
	}

	/** Null when ODataV4 as a whole is not there. */
	private async read(parts: BatchPart[], service: string): Promise<Array<PartAnswer | NoAnswer> | null> {
		try {
			return await this.runner.run(parts, this.call(service, true));
		} catch (error) {
			if (error instanceof SyncError && (error.httpStatus === 404 || error.httpStatus === 405)) return null;
			throw error;
		}
	}

	private call(table: string, reading: boolean): BatchCall {
		return {
			url: `${this.addresses.odataRoot}/$batch`,
			table,
			repeatable: true,
			reading,
			sizer: spread(this.batchSize, reading ? LEAST_READS : LEAST_PARTS),
		};
	}

	/** Remembers for the session that the page is not published, and warns once. */
	markAbsent(service: string): null {
		if (this.absent.has(service)) return null;
		this.absent.add(service);
		// What metadata was seen to hold is out of date: the next run looks before it asks.
		this.tell.forget();
		const warning = `The page "${service}" is not published as a web service in Business Central, so its fields are left out. Publish it on the page Web Services, or disable these fields.`;
		this.tell.warnings.push(warning);
		this.tell.log('warn', warning);
		return null;
	}
}

/** Codes are compared without regard to case and outer blanks. */
export const normalKey = (key: string): string => spelledCode(key);

/** The value that joins a record to its companion. */
export function joinValue(table: TableSource, companion: CompanionSource, record: SystemRecord): string {
	if (companion.primaryKey === table.numberField) return record.number;
	if (companion.primaryKey === 'id') return record.id;
	const value = record.values[companion.primaryKey];
	return value === undefined || value === null ? '' : String(value);
}
