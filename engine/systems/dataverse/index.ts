import { SyncError } from '../../model/errors';
import { BatchRunner } from '../odata/batchRunner';
import { multipartFormat } from '../odata/batchFormats';
import { Connection } from '../odata/connection';
import { readRow, type Row } from '../odata/envelope';
import { unreadableError } from '../odata/errors';
import { limiterFor } from '../odata/limiter';
import { isGuid } from '../../model/guid';
import { queryString } from '../odata/literals';
import type {
	AsOf,
	ChangeQuery,
	DeletedAlong,
	RecordQuestion,
	RecordSystem,
	SearchPage,
	TablePrivileges,
	TrackedPage,
	TrackedQuery,
	VersionPage,
	VersionQuery,
} from '../../ports/recordSystem';
import { AdaptiveSize } from './adaptiveSize';
import { budgetLeft } from './budgetHeaders';
import { ChoiceTables, isChoice } from './choices/choiceTables';
import { Existence } from './existence';
import { hiddenColumns } from './hiddenColumns';
import { Metadata } from './metadata';
import type { DataverseOptions } from './options';
import { privilegesOf } from './privileges';
import { Reader } from './reader';
import { refusedReads } from './refusedReads';
import { RowTables } from './rowTables';
import { property, valuesOf } from './rows';
import { readTracked } from './trackedChanges';
import { readNewest } from './newest';
import { DataverseServiceEndpoints } from './serviceEndpoints';
import type { TableAccess } from './tableAccess';
import { tableListings } from './tables';
import { TableModel } from './tableModel';
import { Operations } from './operations';
import { Writer } from './writer';
import type { CrmRight, SignedIn } from '../../model/access';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';
import type { NewestAnswer, NewestQuestion } from '../../ports/newest';
import type { AbsentColumn, TableListing, TableShape } from '../../model/shape';
import type { WriteOperation, WriteOutcome } from '../../ports/write';

export type { DataverseLimits, DataverseOptions } from './options';
export { clearDataverseMetadata } from './metadata';

export interface WhoAmI {
	userId: string;
	businessUnitId: string;
	organizationId: string;
}

export interface Organization {
	id: string;
	baseCurrencyId: string;
	/** ISO code. */
	baseCurrencyCode: string;
	/** Decimals of money (currency precision of the organization). */
	currencyPrecision: number;
}

export interface Choice {
	value: number;
	label: string;
}

/** Dataverse behind the common interface, and what only it has. */
export interface DataverseSystem extends RecordSystem {
	readonly side: 'crm';
	whoAmI(): Promise<WhoAmI>;
	/** Read once per session. */
	organization(): Promise<Organization>;
	/** All rows of a small table; lookups by logical name, as in records. */
	readAll(table: string, columns: readonly FieldName[], filter?: string | null): Promise<Array<Record<string, FieldValue>>>;
	/** Values and labels of a choice column, from metadata. */
	choices(table: string, column: FieldName): Promise<Choice[]>;
}

/** Budget per user and web server ("Service protection API limits"): 6,000 requests and 1,200 s of execution in five minutes. */
const BUDGET = { requests: 6_000, executionMs: 1_200_000, windowMs: 300_000 };
const FIRST_CONCURRENT = 4;
const MOST_CONCURRENT = 52;
const FIRST_BATCH = 100;
const READ_TIMEOUT_MS = 180_000;
const BATCH_TIMEOUT_MS = 300_000;

/** Opens no connection yet; the first call does. */
export function createDataverse(options: DataverseOptions): DataverseSystem {
	return new Dataverse(options);
}

class Dataverse implements DataverseSystem {
	readonly side = 'crm';
	readonly warnings: string[] = [];
	readonly serviceEndpoints: DataverseServiceEndpoints;
	private readonly connection: Connection;
	private readonly root: string;
	private readonly metadata: Metadata;
	private readonly reader: Reader;
	private readonly runner: BatchRunner;
	private readonly rowTables: TableAccess;
	private readonly choiceTables: TableAccess;
	private about: Promise<Organization> | null = null;

	constructor(private readonly options: DataverseOptions) {
		const { transport, authenticator, clock, signal, ending, pulse, log, limits = {}, random = Math.random } = options;
		const limiter = limiterFor(options.budgetKey, {
			clock,
			concurrent: limits.concurrent ?? FIRST_CONCURRENT,
			requestsPerWindow: limits.per5Minutes ?? BUDGET.requests,
			executionMsPerWindow: BUDGET.executionMs,
			windowMs: BUDGET.windowMs,
		});
		let lanes = limits.concurrent ?? FIRST_CONCURRENT;
		this.root = `${options.environmentUrl.replace(/\/+$/, '')}/api/data/v9.2`;
		this.connection = new Connection({
			system: this.side,
			systemName: 'Dataverse',
			root: this.root,
			// "null" is meant literally: it switches off caching of expanded rows ("Compose HTTP requests and handle errors").
			headers: { Accept: 'application/json', 'OData-Version': '4.0', 'OData-MaxVersion': '4.0', 'If-None-Match': 'null' },
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
			onAnswer: (response, shared) => {
				const left = budgetLeft(response.headers);
				if (left) shared.noteLeft(left);
				const hint = Number(response.headers['x-ms-dop-hint']);
				if (limits.concurrent !== undefined || !Number.isInteger(hint) || hint < 1) return;
				lanes = Math.min(hint, MOST_CONCURRENT);
				shared.setMaximum(lanes);
			},
		});
		const runner = (this.runner = new BatchRunner({
			connection: this.connection,
			format: multipartFormat,
			clock,
			signal,
			ending,
			pulse,
			random,
			// What the service refused may have narrowed it.
			lanes: () => Math.min(lanes, limiter.concurrency),
			timeoutMs: BATCH_TIMEOUT_MS,
		}));
		this.serviceEndpoints = new DataverseServiceEndpoints(this.connection, this.root);
		this.metadata = new Metadata(this.connection, runner, this.root, clock);
		const model = new TableModel(this.metadata);
		const warn = (text: string): void => void (this.warnings.includes(text) || this.warnings.push(text));
		this.choiceTables = new ChoiceTables(this.connection, runner, this.metadata, this.root, warn);
		this.reader = new Reader(this.connection, runner, model, this.root);
		const existence = new Existence(this.connection, runner, this.reader, this.root);
		const sizer = new AdaptiveSize(limits.batchSize ?? FIRST_BATCH, () => limiter.requestsLeft);
		const writer = new Writer(this.connection, runner, { reader: this.reader, model }, this.root, sizer);
		const operations = new Operations(this.connection, runner, { reader: this.reader, writer }, this.root, sizer);
		const { connection, root, metadata, reader } = this;
		this.rowTables = new RowTables({ connection, root, metadata, reader, operations, existence });
	}

	/** The one place that tells the values of a choice from rows. */
	private accessTo(table: TableSource): TableAccess {
		return isChoice(table) ? this.choiceTables : this.rowTables;
	}

	get counts() {
		return this.connection.counts;
	}

	serviceNow(): number | null {
		return this.connection.serviceNow();
	}

	tables(): Promise<TableListing[]> {
		return tableListings(this.connection, this.root);
	}

	describe(table: TableSource): Promise<TableShape> {
		return this.accessTo(table).describe(table);
	}

	absentColumns(table: TableSource, fields: readonly FieldName[], afresh = false): Promise<AbsentColumn[]> {
		return this.accessTo(table).missingFields(table, fields, afresh);
	}

	async deletedAlong(table: TableSource): Promise<readonly DeletedAlong[]> {
		return isChoice(table) ? [] : await this.metadata.deletedAlong(table.name);
	}

	async hiddenColumns(table: TableSource, columns: readonly FieldName[], asOf: AsOf = 'day'): Promise<FieldName[]> {
		return isChoice(table) ? [] : await hiddenColumns(this.metadata, this.reader, table, { columns, asOf });
	}

	readChanges(query: ChangeQuery): AsyncIterable<SystemRecord[]> {
		return this.accessTo(query.table).readChanges(query);
	}

	/** Dataverse tables have no companions. */
	complete(_table: TableSource, records: readonly SystemRecord[]): Promise<SystemRecord[]> {
		return Promise.resolve([...records]);
	}

	readByIds(
		table: TableSource,
		ids: readonly string[],
		fields: readonly FieldName[],
		filter: string | null = null,
	): Promise<Map<string, SystemRecord>> {
		return this.accessTo(table).readByIds(table, ids, fields, filter);
	}

	readByValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		filter: string | null = null,
	): Promise<SystemRecord[]> {
		return this.accessTo(table).readByValues(table, field, values, fields, filter);
	}

	readByQuestions(table: TableSource, questions: readonly RecordQuestion[], fields: readonly FieldName[]): Promise<SystemRecord[][]> {
		return this.reader.byQuestions(table, questions, fields);
	}

	existing(table: TableSource, ids: readonly string[], filter: string | null = null): Promise<Set<string>> {
		return this.accessTo(table).existing(table, ids, filter);
	}

	readVersions(query: VersionQuery): Promise<VersionPage> {
		return this.accessTo(query.table).readVersions(query);
	}

	/** Every table has `modifiedon`; the values of a choice column have no stamp. */
	hasNewest(table: TableSource): Promise<boolean> {
		return Promise.resolve(!isChoice(table));
	}

	readNewest(questions: readonly NewestQuestion[]): Promise<NewestAnswer[]> {
		const { connection, runner, reader, root } = this;
		return readNewest({ connection, runner, reader, root }, questions);
	}

	async tracksChanges(table: TableSource): Promise<boolean> {
		return !isChoice(table) && (await this.metadata.tracksChanges(table.name));
	}

	async readTracked(query: TrackedQuery): Promise<TrackedPage> {
		try {
			return await readTracked({ connection: this.connection, runner: this.runner, reader: this.reader, root: this.root }, query);
		} catch (error) {
			if (query.from === null && error instanceof SyncError && [400, 403, 404, 501].includes(error.httpStatus ?? 0))
				await this.metadata.noteUntracked(query.table.name);
			throw error;
		}
	}

	write(table: TableSource, operations: readonly WriteOperation[], returning: readonly FieldName[] = []): Promise<WriteOutcome[]> {
		return this.accessTo(table).write(table, operations, returning);
	}

	newIds(table: TableSource, count: number, taken: readonly string[]): Promise<string[]> {
		return this.accessTo(table).newIds(table, count, taken);
	}

	count(table: TableSource, filter: string | null): Promise<{ count: number; atLeast: boolean }> {
		return this.accessTo(table).count(table, filter);
	}

	search(table: TableSource, text: string, filter: string | null, next?: string): Promise<SearchPage> {
		return this.accessTo(table).search(table, text, filter, next);
	}

	link(table: TableSource, id: string): string | null {
		if (!isGuid(id)) return null;
		const query = new URLSearchParams({
			...(this.options.appId ? { appid: this.options.appId } : {}),
			etn: table.name,
			id,
			pagetype: 'entityrecord',
		});
		return `${this.options.environmentUrl.replace(/\/+$/, '')}/main.aspx?${query.toString()}`;
	}

	async whoAmI(): Promise<WhoAmI> {
		const row = await this.row(`${this.root}/WhoAmI`, 'WhoAmI');
		return { userId: guidOf(row['UserId']), businessUnitId: guidOf(row['BusinessUnitId']), organizationId: guidOf(row['OrganizationId']) };
	}

	organization(): Promise<Organization> {
		this.about ??= this.readOrganization().catch((error: unknown) => {
			this.about = null;
			throw error;
		});
		return this.about;
	}

	lookAfresh(): void {
		this.metadata.forgetAll();
	}

	async signedIn(): Promise<SignedIn> {
		const { userId } = await this.whoAmI();
		// That it is somebody is known, also where the user's own row may not be read.
		const [row] = await this.connection
			.all(`${this.root}/systemusers${queryString({ $select: 'fullname', $filter: `systemuserid eq ${userId}` })}`, { table: 'systemuser' })
			.catch((error: unknown) => {
				if (error instanceof SyncError && error.errorClass === 'setup') return [];
				throw error;
			});
		return { user: typeof row?.['fullname'] === 'string' ? row['fullname'] : null, id: userId };
	}

	async refusedReads(names: readonly string[]): Promise<Map<string, SyncError>> {
		const { connection, runner, reader, root } = this;
		return await refusedReads({ connection, runner, reader, root }, names);
	}

	async privileges(tables: ReadonlyMap<string, readonly CrmRight[]>, named: readonly string[]): Promise<TablePrivileges> {
		const { connection, runner, root } = this;
		const { userId } = await this.whoAmI();
		return await privilegesOf({ connection, runner, root }, userId, tables, named);
	}

	async readAll(table: string, columns: readonly FieldName[], filter: string | null = null): Promise<Array<Record<string, FieldValue>>> {
		const shape = await this.reader.shape({ name: table, numberField: null, nameField: columns[0] ?? 'modifiedon' }, columns);
		const $select = [...new Set(columns.map((column) => property(shape, column)))].join(',');
		const rows = await this.connection.all(`${this.root}/${shape.set}${queryString({ $select, $filter: filter })}`, { table });
		return rows.map((row) => valuesOf(row, shape, columns));
	}

	async choices(table: string, column: FieldName): Promise<Choice[]> {
		const found = (await this.metadata.choices(table)).find((choice) => choice.column === column);
		if (found) return found.options;
		throw new SyncError({
			code: 'CRM_CHOICE_UNKNOWN',
			errorClass: 'setup',
			system: this.side,
			table,
			field: column,
			message: `The column ${column} of ${table} is no choice column.`,
			hint: 'Correct the field in the table mapping.',
		});
	}

	async choicesOf({ name }: TableSource): Promise<ReadonlyMap<FieldName, readonly number[]>> {
		return new Map((await this.metadata.choices(name)).map(({ column, options }) => [column, options.map(({ value }) => value)]));
	}

	private async readOrganization(): Promise<Organization> {
		const $select = 'organizationid,currencydecimalprecision,_basecurrencyid_value';
		const $expand = 'basecurrencyid($select=isocurrencycode)';
		const [row] = await this.connection.all(`${this.root}/organizations${queryString({ $select, $expand })}`, { table: 'organization' });
		const currency = readRow(row?.['basecurrencyid']);
		if (!row || typeof currency?.['isocurrencycode'] !== 'string') {
			throw unreadableError({ status: 200, headers: {}, body: null }, this.connection.context(true, 'organization'));
		}
		return {
			id: guidOf(row['organizationid']),
			baseCurrencyId: guidOf(row['_basecurrencyid_value']),
			baseCurrencyCode: currency['isocurrencycode'],
			currencyPrecision: typeof row['currencydecimalprecision'] === 'number' ? row['currencydecimalprecision'] : 2,
		};
	}

	private async row(url: string, table: string): Promise<Row> {
		const row = readRow(await this.connection.getJson(url, { table }));
		if (row === null) throw unreadableError({ status: 200, headers: {}, body: null }, this.connection.context(true, table));
		return row;
	}
}

const guidOf = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '');
