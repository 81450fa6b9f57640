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
import type { Addresses } from './address';
import type { FeedClient } from './changeFeed/client';
import { FeedRefused, feedReadOnly } from './changeFeed/errors';
import { unavailableIn } from './changeFeed/offer';
import { allRows, rowsWithIds } from './changeFeed/rows';
import { Codes } from './codesById';
import { type CompanionPlace, companionFields } from './fields';
import { fieldValue } from './records';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';

/** Keys in one filter. The gateway refuses query strings over about 8,099 characters, so parts stay well below. */
export const KEY_CHUNK = { conditions: 100, characters: 6_000 };

/**
 * Additional pages that show more fields of the same table: published ones, read and written through ODataV4 and joined by number, or those of the
 * extension, joined by id. A page that is not there costs a warning and its fields, not the run.
 */
export class Companions {
	/** Services that are not there. */
	readonly absent = new Set<string>();
	private readonly codes: Codes;

	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		readonly addresses: Addresses,
		private readonly batchSize: number,
		private readonly tell: {
			warnings: string[];
			log: Log;
			client: FeedClient;
			forget(): void;
			/** Whether the fields, or some of them, are read from another place from now on. */
			elsewhere(table: TableSource, fields: readonly FieldName[]): Promise<boolean>;
		},
	) {
		this.codes = new Codes(connection, addresses);
	}

	/**
	 * Adds the companion fields asked for. Where there is no row for a record, its fields stay absent. A place that is gone makes another one looked for, once.
	 */
	async complete(
		table: TableSource,
		records: readonly SystemRecord[],
		fields: readonly FieldName[],
		again = true,
	): Promise<SystemRecord[]> {
		const wanted = companionFields(this.addresses, table, fields).filter(
			({ place }) => place.kind !== 'published' || !this.absent.has(place.service),
		);
		if (wanted.length === 0 || records.length === 0) return [...records];
		const found = await Promise.all(
			wanted.map(async ({ place, properties }) => {
				const keys = records.map((record) => joinValue(table, place, record));
				return { place, properties, rows: await this.rowsByKey(place, properties, keys) };
			}),
		);
		if (found.some(({ rows }) => rows === null)) {
			if (again && (await this.tell.elsewhere(table, fields))) return await this.complete(table, records, fields, false);
			for (const { place, rows } of found) if (rows === null) this.gone(place);
		}
		return records.map((record) => {
			const values: Record<FieldName, FieldValue> = { ...record.values };
			for (const { place, properties, rows } of found) {
				const row = rows?.get(normalKey(joinValue(table, place, record)));
				if (!row) continue;
				for (const property of properties) {
					if (row[property] !== undefined) values[`${place.service}/${property}`] = fieldValue(row[property]);
				}
			}
			return { ...record, values };
		});
	}

	/** Rows by their normalized key; null when the page is not there. All filters of up to `batchSize` parts go in one request. */
	async rowsByKey(place: CompanionPlace, properties: readonly string[], keys: readonly string[]): Promise<Map<string, Row> | null> {
		const given = keys.filter((key) => key !== '');
		const rows = await this.rowsWhere(place, place.rowKey, given, properties);
		return rows === null ? null : new Map(rows.map((row) => [normalKey(String(row[place.rowKey] ?? '')), row]));
	}

	/** Rows whose `property` is one of `values`; null when the page is not there. */
	async rowsWhere(
		place: CompanionPlace,
		property: string,
		values: readonly FieldValue[],
		properties: readonly string[],
	): Promise<Row[] | null> {
		if (place.kind === 'published' && this.absent.has(place.service)) return null;
		if (values.length === 0) return [];
		if (place.feed) return await this.feedRows(place, property, values);
		const { path, service } = place;
		const code = place.codes[property];
		if (code) values = await Promise.all(values.map((value) => this.codes.idOf(value, code)));
		const type = values.every((value) => typeof value === 'number') ? 'number' : values.every(isGuid) ? 'guid' : 'text';
		const select = selected(place, properties);
		const parts = anyOf(code ? code.property : property, values, type, 'businessCentral', KEY_CHUNK).map((filter): BatchPart => ({
			method: 'GET',
			url: `${path}${queryString({ $filter: place.textThere(filter), $select: select })}`,
			headers: {},
		}));
		const answers = await this.read(parts, place);
		if (answers === null) return null;
		const rows: Row[] = [];
		for (const answer of answers) {
			const context = this.connection.context(true, service);
			if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
			if (answer.status === 404) return null;
			if (answer.status !== 200) throw serviceError(answer, context);
			const page = readPage(answer.body);
			if (page === null) throw unreadableError(answer, context);
			rows.push(...page.rows);
			if (page.nextLink !== null) rows.push(...(await this.connection.all(page.nextLink, { table: service })));
		}
		return await this.codes.shown(
			rows.map((row) => place.here(row)),
			place.codes,
		);
	}

	/** Rows of the change feed; null when it does not serve the table any more. */
	private async feedRows({ feed, standardName }: CompanionPlace, property: string, values: readonly FieldValue[]): Promise<Row[] | null> {
		const unavailable = unavailableIn(this.addresses.feed, standardName);
		try {
			if (property === 'id') return await rowsWithIds(this.tell.client, feed!, values.map(String), unavailable);
			const wanted = new Set(values.map((value) => normalKey(String(value ?? ''))));
			const rows: Row[] = [];
			for await (const part of allRows(this.tell.client, feed!, unavailable))
				rows.push(...part.filter((row) => wanted.has(normalKey(String(row[property] ?? '')))));
			return rows;
		} catch (error) {
			if (error instanceof FeedRefused || (error instanceof SyncError && error.httpStatus === 404)) return null;
			throw error;
		}
	}

	/** Sends guarded changes of companion rows; by position. The answers hold the properties wanted, by their names there. */
	async write(
		place: CompanionPlace,
		changes: ReadonlyArray<{ key: string; version: string; values: Record<string, FieldValue> }>,
		wanted: readonly string[],
	): Promise<Array<PartAnswer | NoAnswer>> {
		if (place.feed) throw feedReadOnly(place.service);
		const query = queryString({ $select: selected(place, wanted) });
		const valueThere = async (property: string, value: FieldValue): Promise<FieldValue> => {
			const code = place.codes[property];
			return code ? await this.codes.idOf(value, code) : place.valueThere(property, value);
		};
		const parts = await Promise.all(
			changes.map(async (change): Promise<BatchPart> => ({
				method: 'PATCH',
				url: `${place.path}${keySegment(change.key)}${query}`,
				headers: { 'If-Match': change.version },
				body: Object.fromEntries(
					await Promise.all(
						Object.entries(change.values).map(async ([property, value]) => [place.there(property), await valueThere(property, value)]),
					),
				) as Record<string, FieldValue>,
			})),
		);
		return await this.runner.run(parts, this.call(place, false));
	}

	/** Null when ODataV4, or the API of the extension, is not there as a whole. */
	private async read(parts: BatchPart[], place: CompanionPlace): Promise<Array<PartAnswer | NoAnswer> | null> {
		try {
			return await this.runner.run(parts, this.call(place, true));
		} catch (error) {
			if (error instanceof SyncError && (error.httpStatus === 404 || error.httpStatus === 405)) return null;
			throw error;
		}
	}

	private call({ root, service }: CompanionPlace, reading: boolean): BatchCall {
		return {
			url: `${root}/$batch`,
			table: service,
			repeatable: true,
			reading,
			sizer: spread(this.batchSize, reading ? LEAST_READS : LEAST_PARTS),
		};
	}

	/** A page of the extension that was there within the day: the next run looks again, and asks the published page if it has to. */
	gone({ service, kind }: CompanionPlace): null {
		return this.markAbsent(service, kind === 'extension' || kind === 'changeFeed');
	}

	/** Remembers for the session that the page is not published, and warns once. */
	markAbsent(service: string, ofExtension = false): null {
		if (this.absent.has(service)) return null;
		this.absent.add(service);
		// What metadata was seen to hold is out of date: the next run looks before it asks.
		this.tell.forget();
		const warning = ofExtension
			? `Business Central no longer shows what the page "${service}" shows, so its fields are left out of this run. The next one asks what Business Central offers now.`
			: `The page "${service}" is not published as a web service in Business Central, so its fields are left out. Publish it on the page Web Services, or disable these fields.`;
		this.tell.warnings.push(warning);
		this.tell.log('warn', warning);
		return null;
	}
}

/** Codes are compared without regard to case and outer blanks. */
export const normalKey = (key: string): string => spelledCode(key);

const selected = ({ rowKey, there }: CompanionPlace, properties: readonly string[]): string =>
	[...new Set([rowKey, ...properties].map((name) => there(name)))].join(',');

/** The value that joins a record to its companion. */
export function joinValue(table: TableSource, { primaryKey }: Pick<CompanionPlace, 'primaryKey'>, record: SystemRecord): string {
	if (primaryKey === table.numberField) return record.number;
	if (primaryKey === 'id') return record.id;
	const value = record.values[primaryKey];
	return value === undefined || value === null ? '' : String(value);
}
