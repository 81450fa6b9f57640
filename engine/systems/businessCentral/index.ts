import { SyncError } from '../../model/errors';
import { BatchRunner } from '../odata/batchRunner';
import { jsonBatchFormat } from '../odata/batchFormats';
import { confirmedGone } from '../odata/confirmedGone';
import { Connection } from '../odata/connection';
import { readPage, readRow, type Row } from '../odata/envelope';
import { limiterFor } from '../odata/limiter';
import { isGuid } from '../../model/guid';
import { allOf, type LiteralType, queryString } from '../odata/literals';
import type {
	ChangeQuery,
	DeletedAlong,
	RecordQuestion,
	RecordSystem,
	SearchPage,
	VersionPage,
	VersionQuery,
} from '../../ports/recordSystem';
import { type Addresses, anyAddress, apiAddress } from './address';
import { FeedClient } from './changeFeed/client';
import { FeedReader } from './changeFeed/feedReader';
import { feedTableOf } from './changeFeed/serves';
import { companionFields } from './fields';
import { Companions } from './companions';
import { checkFields } from './fieldCheck';
import { webClientLink } from './link';
import { deletedAlong } from './deletedAlong';
import { readEach } from './eachFilter';
import { describeTable, forgetDocumentsOf, forgetPages, listTables, pageKeys } from './metadata';
import type { BusinessCentralOptions } from './options';
import { pageError, pageFailure, pageNotPublished } from './pageErrors';
import { guessedKey, type PageKey } from './pageKeys';
import { primarySet, type PrimarySet, primarySets } from './primary';
import { KeysSeen } from './keysSeen';
import { Reader } from './reader';
import { valuesOf } from './records';
import { byPageKey, byRowId, byRowIdWithKey, bySystemId, rekeyed } from './rowAddresses';
import { refusedReads } from './refusedReads';
import { search } from './search';
import { Offers } from './offers';
import { Operations } from './operations';
import { OtherSurface } from './otherSurface';
import { BusinessCentralSubscriptions } from './subscriptions';
import { surfacesOf } from './surfaces';
import { hasNewest, readNewest } from './newest';
import { readVersions } from './versions';
import { Writer } from './writer';
import type { SignedIn } from '../../model/access';
import { type KnownKey, pageOf } from '../../model/recordIdentity';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';
import type { NewestAnswer, NewestQuestion } from '../../ports/newest';
import type { AbsentColumn, Surface, TableListing, TableShape } from '../../model/shape';
import type { WriteOperation, WriteOutcome } from '../../ports/write';

export type { BusinessCentralLimits, BusinessCentralOptions, BusinessCentralWebClient } from './options';
export { clearBusinessCentralMetadata } from './offers';

export interface Company {
	id: string;
	name: string;
	displayName: string;
}

export interface CompanyInformation {
	/** ISO code of the local currency. */
	currencyCode: string;
	displayName: string;
}

/** Business Central behind the common interface, and what only it has. */
export interface BusinessCentralSystem extends RecordSystem {
	readonly side: 'businessCentral';
	companies(): Promise<Company[]>;
	/** Read once per session. */
	companyInformation(): Promise<CompanyInformation>;
	/** Rows of a small table, e.g. `currencyExchangeRates`, or of a page (`ODataV4/PriceListLineReview`); `filter` and `orderBy` are OData text. */
	readAll(
		entitySet: string,
		fields: readonly FieldName[],
		filter?: string | null,
		orderBy?: string | null,
	): Promise<Array<Record<string, FieldValue>>>;
	/** `number`: the web client finds the record by it, some by number and name; without it there is no address. */
	link(table: TableSource, id: string, number?: string, name?: string): string | null;
}

/**
 * 5 requests at a time and 6,000 in five minutes per user, 100 operations in a batch ("Operational limits for Business Central online").
 */
const LIMITS = { concurrent: 5, per5Minutes: 6_000, batchSize: 100 };
const FIVE_MINUTES_MS = 300_000;
/** The service gives a request up after 8 minutes, its gateway after 10. */
const BATCH_TIMEOUT_MS = 600_000;
const READ_TIMEOUT_MS = 480_000;

/** Opens no connection yet; the first call does. */
export function createBusinessCentral(options: BusinessCentralOptions): BusinessCentralSystem {
	return new BusinessCentral(options);
}

class BusinessCentral implements BusinessCentralSystem {
	readonly side = 'businessCentral';
	readonly warnings: string[] = [];
	readonly subscriptions: BusinessCentralSubscriptions;
	private readonly connection: Connection;
	private readonly addresses: Addresses;
	private readonly companions: Companions;
	private readonly offers: Offers;
	private readonly otherSurface: OtherSurface;
	private readonly keysSeen = new KeysSeen();
	private readonly pageReader: Reader;
	private readonly feedReader: FeedReader;
	private readonly operations: Operations;
	private readonly runner: BatchRunner;
	private readonly batchSize: number;
	private information: Promise<CompanyInformation> | null = null;

	constructor(private readonly options: BusinessCentralOptions) {
		const { transport, authenticator, clock, signal, ending, pulse, log, random = Math.random } = options;
		const limits = { ...LIMITS, ...options.limits };
		const batchSize = Math.max(1, Math.min(limits.batchSize, LIMITS.batchSize));
		const limiter = limiterFor(options.budgetKey, {
			clock,
			concurrent: limits.concurrent,
			requestsPerWindow: limits.per5Minutes,
			windowMs: FIVE_MINUTES_MS,
		});
		this.addresses = { apiRoot: trimmed(options.apiRoot), odataRoot: trimmed(options.odataRoot), companyId: options.companyId };
		this.connection = new Connection({
			system: this.side,
			systemName: 'Business Central',
			root: this.addresses.apiRoot,
			tenant: options.tenant ?? null,
			headers: { Accept: 'application/json', 'Accept-Language': 'en-US' },
			transport,
			authenticator,
			limiter,
			clock,
			signal,
			ending,
			pulse,
			log,
			random,
			readTimeoutMs: READ_TIMEOUT_MS,
		});
		const lanes = () => Math.min(limits.concurrent, limiter.concurrency);
		const runner = new BatchRunner({
			connection: this.connection,
			format: jsonBatchFormat,
			clock,
			signal,
			ending,
			pulse,
			random,
			lanes,
			timeoutMs: BATCH_TIMEOUT_MS,
		});
		this.runner = runner;
		this.batchSize = batchSize;
		const client = new FeedClient(this.connection, this.addresses);
		this.offers = new Offers(this.connection, this.addresses, client, { clock, log, memory: options.surfaceMemory ?? (() => null) });
		this.otherSurface = new OtherSurface(this.connection, this.addresses, clock, this.offers);
		this.feedReader = new FeedReader(client, this.addresses);
		this.companions = new Companions(this.connection, runner, this.addresses, batchSize, {
			warnings: this.warnings,
			log,
			client,
			forget: () => forgetPages(this.connection, this.addresses),
			elsewhere: (table, fields) => this.otherSurface.ofFields(table, fields),
		});
		this.pageReader = new Reader(this.connection, runner, this.addresses, batchSize, {
			keysOf: async (table) => (await this.pageKeys(table)).keys,
			seen: this.keysSeen,
		});
		const writer = new Writer({
			connection: this.connection,
			runner,
			addresses: this.addresses,
			companions: this.companions,
			batchSize,
			seen: this.keysSeen,
			readOwn: (table, ids, fields) => this.pageReader.byIds(table, ids, fields),
			rowAddresses: async (table, operations) => {
				if (!pageOf(table)) return byRowId;
				const { keys, whole } = await this.pageKeys(table);
				if (table.extension) return byRowIdWithKey(table, keys, await this.pageReader.keysOfRows(table, rekeyed(keys, operations)));
				if (!primarySet(this.addresses, table).extension) return byPageKey(table, keys, whole);
				const ids = operations.flatMap((operation) => (operation.kind === 'insert' ? [] : [operation.id]));
				return bySystemId(table, keys, await this.pageReader.systemIds(table, ids));
			},
		});
		this.operations = new Operations(this.connection, runner, writer, this.addresses, batchSize);
		this.subscriptions = new BusinessCentralSubscriptions(this.connection, this.addresses, (table) => this.look(table, []));
	}

	get counts() {
		return this.connection.counts;
	}

	serviceNow(): number | null {
		return this.connection.serviceNow();
	}

	tables(): Promise<TableListing[]> {
		return listTables(this.connection, this.addresses, this.options.clock);
	}

	async describe(table: TableSource): Promise<TableShape> {
		await this.look(table, ['/']);
		return await describeTable(this.connection, this.addresses, this.options.clock, table, (service) =>
			this.companions.markAbsent(service),
		);
	}

	deletedAlong({ name }: TableSource): Promise<readonly DeletedAlong[]> {
		return Promise.resolve(deletedAlong(name));
	}

	async absentColumns(table: TableSource, fields: readonly FieldName[], afresh = false): Promise<AbsentColumn[]> {
		const { connection, addresses, offers } = this;
		await this.look(table, fields);
		return await checkFields({ connection, addresses, offers, clock: this.options.clock }, table, fields, afresh);
	}

	surfaces(table: TableSource, fields: readonly FieldName[]): Surface[] {
		return surfacesOf(this.addresses, table, fields);
	}

	get absentPages(): ReadonlySet<string> {
		return this.companions.absent;
	}

	async *readChanges(query: ChangeQuery): AsyncGenerator<SystemRecord[]> {
		const { table, fields } = query;
		await this.look(table, []);
		// What was read before is read once more at another place, whose versions are others: equal records are found equal.
		yield* this.otherSurface.pages(table, fields, () => this.readerOf(table).changes(query));
	}

	/** The place that rows of a table are read from now. */
	private readerOf(table: TableSource): Reader | FeedReader {
		return feedTableOf(this.addresses, table) ? this.feedReader : this.pageReader;
	}

	async complete(table: TableSource, records: readonly SystemRecord[], fields: readonly FieldName[]): Promise<SystemRecord[]> {
		if (records.length > 0) await this.look(table, fields);
		return await this.companions.complete(table, records, fields);
	}

	/** Before rows or fields are asked for: which surfaces there are decides where they are read and written. */
	private look(table: TableSource, fields: readonly FieldName[]): Promise<void> {
		return this.offers.look(table, fields);
	}

	async readByIds(
		table: TableSource,
		ids: readonly string[],
		fields: readonly FieldName[],
		filter: string | null = null,
	): Promise<Map<string, SystemRecord>> {
		await this.look(table, []);
		const records = await this.otherSurface.once(table, fields, () =>
			this.readerOf(table).byIds(table, possible(table, ids), fields, filter),
		);
		const completed = await this.complete(table, [...records.values()], fields);
		return new Map(completed.map((record) => [record.id, record]));
	}

	async readByValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		filter: string | null = null,
	): Promise<SystemRecord[]> {
		if (values.length === 0) return [];
		await this.look(table, [field]);
		const records = field.includes('/')
			? await this.byCompanionValues(table, field, values, fields, filter)
			: await this.otherSurface.once(table, fields, () => this.byOwnValues(table, field, values, fields, filter));
		return this.complete(table, records, fields);
	}

	async readByQuestions(table: TableSource, questions: readonly RecordQuestion[], fields: readonly FieldName[]): Promise<SystemRecord[][]> {
		await this.look(table, []);
		const howOf = (field: FieldName) => this.howOf(table, field);
		const found = await this.otherSurface.once(table, fields, () => this.readerOf(table).byQuestions(table, questions, fields, howOf));
		// Companions are read once for all: a record may be the answer to several questions.
		const records = new Map(found.flat().map((record) => [record.id, record]));
		const complete = new Map((await this.complete(table, [...records.values()], fields)).map((record) => [record.id, record]));
		return found.map((each) => each.map(({ id }) => complete.get(id)!));
	}

	/** Business Central has no word for a row that exists but is hidden by a security filter: such rows count as gone. */
	async existing(table: TableSource, ids: readonly string[], filter: string | null = null): Promise<Set<string>> {
		await this.look(table, []);
		return await this.otherSurface.once(table, [], () => this.readerOf(table).idsAmong(table, possible(table, ids), filter));
	}

	async readVersions(query: VersionQuery): Promise<VersionPage> {
		const { table, fields } = query;
		const page = await this.otherSurface.once(table, fields, () => readVersions(this.connection, this.addresses, query));
		this.keysSeen.see(table, page.records);
		return page;
	}

	async idsOfKeys(table: TableSource, keys: readonly string[]): Promise<Map<string, string>> {
		if (keys.length === 0) return new Map();
		await this.look(table, []);
		return await this.otherSurface.once(table, [], () => this.pageReader.systemIds(table, keys));
	}

	takeKeys(): Map<string, KnownKey[]> {
		return this.keysSeen.take();
	}

	async hasNewest(table: TableSource): Promise<boolean> {
		await this.look(table, []);
		return hasNewest(this.addresses, table);
	}

	async readNewest(questions: readonly NewestQuestion[]): Promise<NewestAnswer[]> {
		for (const { table } of questions) await this.look(table, []);
		const { connection, runner, addresses } = this;
		return await readNewest({ connection, runner, addresses }, questions);
	}

	async write(table: TableSource, operations: readonly WriteOperation[], returning: readonly FieldName[] = []): Promise<WriteOutcome[]> {
		await this.look(table, operations.flatMap(valuesSent));
		if (feedTableOf(this.addresses, table)) await this.otherSurface.toWriteOn(table);
		const outcomes = await this.operations.write(table, operations, returning);
		return await confirmedGone(operations, outcomes, (ids) => this.existing(table, ids));
	}

	async count(table: TableSource, filter: string | null): Promise<{ count: number; atLeast: boolean }> {
		await this.look(table, []);
		const count = await this.otherSurface.once(table, [], () => this.counted(table, filter));
		return { count, atLeast: false };
	}

	async search(table: TableSource, text: string, filter: string | null, next?: string): Promise<SearchPage> {
		await this.look(table, []);
		return await this.otherSurface.once(table, [], () => this.found(table, text.trim(), filter, next));
	}

	private async found(table: TableSource, text: string, filter: string | null, next?: string): Promise<SearchPage> {
		if (feedTableOf(this.addresses, table)) return await this.feedReader.search(table, text, filter, next);
		const numeric =
			pageOf(table) !== undefined && table.numberField !== null && (await this.literalType(table, table.numberField)) === 'number';
		return await search(this.connection, this.addresses, { table, numeric, text, filter }, next);
	}

	link(table: TableSource, id: string, number?: string, name?: string): string | null {
		return webClientLink(this.options.webClient, table, { id, number, name });
	}

	async companies(): Promise<Company[]> {
		const rows = await this.connection.all(`${this.addresses.apiRoot}/companies${queryString({ $select: 'id,name,displayName' })}`, {
			table: 'companies',
		});
		return rows.map((row) => ({
			id: String(row['id']).toLowerCase(),
			name: String(row['name']),
			displayName: String(row['displayName'] || row['name']),
		}));
	}

	companyInformation(): Promise<CompanyInformation> {
		this.information ??= this.readInformation().catch((error: unknown) => {
			this.information = null;
			throw error;
		});
		return this.information;
	}

	async readAll(entitySet: string, fields: readonly FieldName[], filter: string | null = null, orderBy: string | null = null) {
		const { root, path, set } = anyAddress(this.addresses, entitySet);
		const url = `${root}/${path}${queryString({ $select: [...new Set(fields)].join(','), $filter: filter, $orderby: orderBy })}`;
		try {
			const rows = await this.connection.all(url, { table: set });
			return rows.map((row) => valuesOf(row, fields));
		} catch (error) {
			throw root === this.addresses.odataRoot ? pageFailure(error, set) : error;
		}
	}

	lookAfresh(): void {
		this.offers.forget();
		forgetDocumentsOf(this.connection, this.addresses);
	}

	/** API v2.0 does not tell who asks; that it answers says that somebody was let in. */
	async signedIn(): Promise<SignedIn> {
		await this.companies();
		return { user: null, id: null };
	}

	howToPublish(service: string): SyncError {
		return pageNotPublished(service);
	}

	async refusedReads(names: readonly string[]): Promise<Map<string, SyncError>> {
		await this.offers.lookForExtension();
		const { connection, runner, addresses } = this;
		return await refusedReads({ connection, runner, addresses }, names);
	}

	async readContent(table: TableSource, id: string, path: string): Promise<string> {
		if (!isGuid(id)) return '';
		const { root, path: set } = apiAddress(this.addresses, table.name);
		return await this.connection.getBytes(`${root}/${set}(${id})/${path}`, { table: table.name });
	}

	private async counted(table: TableSource, filter: string | null): Promise<number> {
		if (feedTableOf(this.addresses, table)) return await this.feedReader.count(table, filter);
		let count = 0;
		for (const set of primarySets(this.addresses, table)) count += await this.countOf(table, set, filter);
		return count;
	}

	private async countOf(table: TableSource, primary: PrimarySet, filter: string | null): Promise<number> {
		const { root, path, set, textThere } = primary;
		try {
			const text = await this.connection.getText(`${root}/${path}/$count${queryString({ $filter: textThere(filter) })}`, { table: set });
			const count = Number(text.replace(/^\uFEFF/, '').trim());
			if (!Number.isInteger(count)) throw this.unexpected('a count', set);
			return count;
		} catch (error) {
			throw pageError(error, table, primary);
		}
	}

	/** The key of a page; where the user may not read metadata, as far as its names tell. */
	private async pageKeys(table: TableSource): Promise<{ keys: PageKey[]; whole: string[] }> {
		try {
			return await pageKeys(this.connection, this.addresses, this.options.clock, table);
		} catch (error) {
			if (!(error instanceof SyncError) || error.httpStatus !== 403) throw error;
			return { keys: (pageOf(table)?.keys ?? []).map(guessedKey), whole: [] };
		}
	}

	readEach(entitySet: string, fields: readonly FieldName[], filters: readonly string[]) {
		const { connection, runner, addresses, batchSize } = this;
		return readEach({ connection, runner, addresses, batchSize }, entitySet, fields, filters);
	}

	private async readInformation(): Promise<CompanyInformation> {
		const { root, path } = apiAddress(this.addresses, 'companyInformation');
		const json = await this.connection.getJson(`${root}/${path}${queryString({ $select: 'currencyCode,displayName' })}`, {
			table: 'companyInformation',
		});
		// A collection of one on current versions, a single object on some older ones.
		const row: Row | null | undefined = readPage(json)?.rows[0] ?? readRow(json);
		if (typeof row?.['currencyCode'] !== 'string') throw this.unexpected('the company information', 'companyInformation');
		return { currencyCode: row['currencyCode'], displayName: String(row['displayName'] ?? '') };
	}

	/** Numbers, codes and ids need no metadata; other fields are looked up, for texts are to be compared without regard to case. */
	private async byOwnValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		filter: string | null,
	) {
		if (feedTableOf(this.addresses, table)) return await this.feedReader.byValues(table, field, values, fields, filter);
		const { type, ignoreCase } = await this.howOf(table, field);
		return this.pageReader.byValues(table, field, type === 'guid' ? values.filter(isGuid) : values, fields, { filter, type, ignoreCase });
	}

	/** How values of a field are written in a filter; codes are kept in capital letters, so that only other texts need to be compared ignoring case. */
	private async howOf(table: TableSource, field: FieldName): Promise<{ type: LiteralType; ignoreCase: boolean }> {
		if (field === 'id' && !table.page) return { type: 'guid', ignoreCase: false };
		const pages = pageOf(table);
		if (pages) {
			const type = await this.literalType(table, field);
			const isCode = field === table.numberField || pages.keys.includes(field);
			return { type, ignoreCase: type === 'text' && !isCode };
		}
		if (field === table.numberField) return { type: 'text', ignoreCase: false };
		const type = await this.literalType(table, field);
		return { type, ignoreCase: type === 'text' };
	}

	private async literalType(table: TableSource, field: FieldName): Promise<LiteralType> {
		if (pageOf(table)?.keys.includes(field)) return (await this.pageKeys(table)).keys.find(({ name }) => name === field)!.type;
		const type = (await this.describe(table)).columns.get(field)?.type ?? 'text';
		if (type === 'integer' || type === 'decimal' || type === 'money') return 'number';
		if (type === 'multiChoice' || type === 'duration') return 'text';
		return type === 'lookup' || type === 'choice' ? 'text' : type;
	}

	/** A field of a companion page: which rows there have the value, and which records do they belong to? */
	private async byCompanionValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		filter: string | null,
	) {
		const [service, property] = [field.slice(0, field.indexOf('/')), field.slice(field.indexOf('/') + 1)];
		const companion = table.companions?.find((each) => each.service === service);
		if (!companion) throw this.unknownCompanion(table.name, service);
		const { place } = companionFields(this.addresses, table, [field])[0]!;
		const rows = (await this.companions.rowsWhere(place, property, values, [])) ?? [];
		const keys = rows.map((row) => String(row[place.rowKey] ?? ''));
		return keys.length === 0 ? [] : this.byOwnValues(table, place.primaryKey, keys, fields, allOf(filter));
	}

	private unexpected(what: string, table: string): SyncError {
		return new SyncError({
			code: 'BC_UNREADABLE_ANSWER',
			errorClass: 'transient',
			system: this.side,
			table,
			message: `Business Central (${new URL(this.connection.origin).host}) did not send ${what} on ${table}.`,
			hint: 'It is tried again with the next run. If it stays, check that no proxy changes the answers.',
		});
	}

	private unknownCompanion(table: string, service: string): SyncError {
		return new SyncError({
			code: 'BC_COMPANION_UNKNOWN',
			errorClass: 'setup',
			system: this.side,
			table,
			message: `The mapping of ${table} has no companion page "${service}".`,
			hint: 'Correct the field in the table mapping.',
		});
	}
}

/** Names of the fields an operation sends; those of a group stand with its members, which have none of companions. */
const valuesSent = (operation: WriteOperation): FieldName[] =>
	operation.kind === 'insert' || operation.kind === 'update' ? Object.keys(operation.values) : [];

/** Rows of an entity set have GUIDs; another text is the id of nothing. Which texts are keys of a page is told where they are read. */
const possible = (table: TableSource, ids: readonly string[]): readonly string[] => (table.page ? ids : ids.filter(isGuid));

const trimmed = (root: string): string => root.replace(/\/+$/, '');
