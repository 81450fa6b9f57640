import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../core/context';
import type { SandboxRequest, SandboxResponse } from '../core/http';
import type { Clock } from '../core/clock';
import type { BatchRequest } from '../odata/multipart';
import { errorAnswer } from './answers';
import { runBatch, single, type PartRunner } from './batch';
import { annotationsOf, parseAddress, parsePrefer, rootOf, type Call } from './call';
import { BASE_LANGUAGE } from './choices';
import type { ColumnRights } from './columnSecurity';
import { DataverseError } from './errors';
import { Limits } from './limits';
import type { ColumnDefinition, TableDefinition } from './model';
import { Platform } from './platform';
import { DataApi } from './dataApi';
import { carryOut } from './service';
import { checkHeaders } from './requestRules';
import { identify } from './sessions';
import { becomeCopy, restoreSnapshot, takeSnapshot, type EnvironmentSnapshot } from './snapshot';
import type { Plugin } from './plugins';
import type { Webhooks } from './webhooks';
import { initialRows } from './initialRows';
import schema from './schema.json';
import { removeMessages, seedMessages } from './sdkMessages';
import { allTables } from './tables';

export type { ColumnRights } from './columnSecurity';
export type { ColumnDefinition, TableDefinition } from './model';
export { pluginRefusal, type Plugin } from './plugins';
export type { EnvironmentSnapshot } from './snapshot';
export type { Row, Value } from './values';
export type { DeliverWebhook } from './webhooks';
export type { SeedValue, SeedValues } from './dataApi';

export interface DataverseOptions {
	clock: Clock;
	/** Who an Authorization header belongs to: a systemuserid or the application id of an application user; null → 401. */
	authenticate: (authorizationHeader: string | undefined) => { user: string } | null;
	/** ISO code of the base currency; USD unless given. */
	baseCurrency?: string;
}

const longestUrl = 32_768;
const longestUrlInBatch = 65_536;

/**
 * A local Dataverse with the tables of Dynamics 365 Sales, answering as Microsoft documents the Dataverse Web API. Rows are reached over
 * `handle` (HTTP) or by the functions of DataApi (the same rules, not logged).
 */
export class DataverseSandbox extends DataApi {
	/** Service protection limits; change the numbers to provoke 429 early. */
	readonly limits: Limits;
	private open: Promise<unknown> | null = null;

	constructor(private readonly options: DataverseOptions) {
		const { clock } = options;
		const start = initialRows(options.baseCurrency ?? 'USD');
		super(
			new Platform(
				[...(schema as unknown as TableDefinition[]), ...allTables],
				start.environment,
				() => clock.now() + clock.skew.crm,
				clock,
			),
		);
		this.limits = new Limits(() => clock.now());
		for (const [table, rows] of start.rows) this.seed(table, rows);
		for (const table of this.platform.model.tables.values()) seedMessages(this.platform, table);
	}

	/** Takes a privilege such as `prvWriteAccount` from a user: 403 `0x80040220` from then on. */
	revokePrivilege(user: string, privilege: string): void {
		this.platform.privileges.deny(user, privilege);
	}

	grantPrivilege(user: string, privilege: string): void {
		this.platform.privileges.allow(user, privilege);
	}

	/** Takes all roles from a user or team (nothing may be owned by it: 403 `0x80040299`), or gives them back. */
	setRoles(principal: string, some: boolean): void {
		this.platform.privileges.setRoles(principal, some);
	}

	/** Adds a plug-in of the customer. Returns a function that takes it away. */
	addPlugin(plugin: Plugin): () => void {
		return this.platform.plugins.add(plugin);
	}

	/** Asynchronous delivery of webhooks: delay, ports, receiver. */
	get webhooks(): Webhooks {
		return this.platform.webhooks;
	}

	/** The rows as they are now, for `restore`. */
	snapshot(): EnvironmentSnapshot {
		return takeSnapshot(this.platform.db, this.platform.environment);
	}

	/** Goes back to an earlier state: rows, versions, stamps and the organization id of then. */
	restore(snapshot: EnvironmentSnapshot): void {
		restoreSnapshot(this.platform.db, this.platform.environment, snapshot);
	}

	/** From now on this is a copy of the environment under another organization id; background operations are off until `webhooks.running` is set. Returns the id. */
	becomeCopy(organizationId?: string): string {
		this.platform.webhooks.running = false;
		return becomeCopy(this.platform.db, this.platform.environment, organizationId);
	}

	/** RetrieveTotalRecordCount answers from a count that is up to a day old: the numbers of now, from here on; null: always those of the moment. */
	set recordCountsOf(when: 'now' | null) {
		const { platform } = this;
		platform.oldCounts =
			when === null ? null : new Map([...platform.model.tables.keys()].map((name) => [name, platform.db.store(name).rows.size]));
	}

	/** Disables a user (403 `0x80040225` from then on) or enables it again. */
	setDisabled(user: string, disabled: boolean): void {
		this.platform.writer.touch('systemuser', user.toLowerCase(), { isdisabled: disabled }, { user: this.administrator, caller: null });
	}

	/** Recommended parallel requests told in `x-ms-dop-hint`. */
	set dopHint(value: number) {
		this.platform.dopHint = value;
	}

	/**
	 * Which page of an initial tracked read the delta token belongs to (the documentation leaves it open; the last page is the less safe
	 * one).
	 */
	set trackingTokenOf(page: 'firstPage' | 'lastPage') {
		this.platform.trackingTokenOf = page;
	}

	/** Switches off the computation of extended amounts and totals. */
	set priceCalculation(on: boolean) {
		this.platform.environment.priceCalculation = on;
	}

	/** Answers 400 for read-only columns in a body; by default they are ignored. */
	set refuseReadOnlyColumns(on: boolean) {
		this.platform.environment.refuseReadOnlyColumns = on;
	}

	/** Adds a table; it has all of the Web API from then on. */
	defineTable(definition: TableDefinition): void {
		seedMessages(this.platform, this.platform.model.define(definition));
	}

	/** Adds a column to a table. */
	defineColumn(table: string, column: ColumnDefinition): void {
		const { model } = this.platform;
		model.addColumn(model.table(table), column);
		model.relate();
	}

	/** Takes a table away, as where the solution that brings it is not installed. */
	removeTable(table: string): void {
		this.platform.model.remove(table);
		removeMessages(this.platform, table);
	}

	/** Takes a column away, as an administrator who deletes it. */
	removeColumn(table: string, column: string): void {
		const { model } = this.platform;
		model.removeColumn(model.table(table), column);
	}

	/** Declares an alternate key. */
	defineKey(table: string, name: string, columns: string[]): void {
		this.platform.model.table(table).keys.set(name, columns);
	}

	/** Replaces the options of a choice column: value → label. */
	defineOptions(table: string, column: string, options: Record<string, string>): void {
		const found = this.platform.model.table(table).columns.get(column);
		if (!found) throw new Error(`The Dataverse table '${table}' has no column '${column}'.`);
		this.platform.choices.replace(table, found, options);
	}

	/** Makes choice columns share one global choice. */
	defineGlobalChoice(name: string, options: Record<string, string>, columns: ReadonlyArray<{ table: string; column: string }>): void {
		const { choices, model } = this.platform;
		choices.share(name, options, columns.map(({ table, column }) => model.table(table).columns.get(column)!)); // prettier-ignore
	}

	/** Options of a choice column, as published: value → label in the base language, in their order. */
	optionsOf(table: string, column: string): Array<[number, string]> {
		return this.optionsIn(table, column, 'published');
	}

	/** Options as they would be after publishing. */
	unpublishedOptionsOf(table: string, column: string): Array<[number, string]> {
		return this.optionsIn(table, column, 'draft');
	}

	private optionsIn(table: string, column: string, layer: 'published' | 'draft'): Array<[number, string]> {
		const { choices, model } = this.platform;
		const set = choices.of(table, model.table(table).columns.get(column)!);
		return [...((layer === 'draft' ? set.draft : null) ?? set.published)].map(([value, labels]) => [value, labels[BASE_LANGUAGE] ?? '']);
	}

	/** Secures a column: only administrators and users it is granted to see or write its values. */
	secureColumn(table: string, column: string, on = true): void {
		if (!this.platform.model.table(table).columns.has(column)) throw new Error(`The Dataverse table '${table}' has no column '${column}'.`);
		this.platform.columnSecurity.secure(table, column, on);
	}

	/** What a user's column security profiles say about a secured column. */
	grantColumn(user: string, table: string, column: string, rights: ColumnRights): void {
		this.platform.columnSecurity.grant(user, table, column, rights);
	}

	/** Makes a user a member of a team. */
	joinTeam(user: string, team: string): void {
		const { memberships } = this.platform;
		const id = user.toLowerCase();
		memberships.set(id, (memberships.get(id) ?? new Set()).add(team.toLowerCase()));
	}

	setChangeTracking(table: string, enabled: boolean): void {
		this.platform.model.table(table).changeTracking = enabled;
	}

	/** Answers a request for a path under /api/data/v9.x/. */
	async handle(request: SandboxRequest, context: OperationContext): Promise<SandboxResponse> {
		const annotations = annotationsOf(request.headers.prefer);
		const extra: Record<string, string> = { req_id: randomUUID(), 'x-ms-dop-hint': String(this.platform.dopHint) };
		try {
			const root = rootOf(request.url);
			if (!root) throw new DataverseError(404, '', `No HTTP resource was found that matches the request URI '${request.url}'.`);
			if (request.url.length > longestUrl) throw new DataverseError(414, '0x80060888', 'The request URL is too long.');
			const user = context.user ?? this.options.authenticate(request.headers.authorization)?.user ?? null;
			if (user === null) return this.unauthorized(root, extra);
			const turn = this.limits.enter(user.toLowerCase());
			try {
				const response = await this.answer(request, root, user, context);
				return { ...response, headers: { ...response.headers, ...extra, ...turn.headers } };
			} finally {
				turn.leave();
			}
		} catch (error) {
			if (!(error instanceof DataverseError)) throw error;
			const answer = errorAnswer(error, annotations);
			return { ...answer, headers: { ...answer.headers, ...extra } };
		}
	}

	private async answer(request: SandboxRequest, root: string, user: string, context: OperationContext): Promise<SandboxResponse> {
		const part: BatchRequest = { ...request, contentId: null };
		const runner = this.runner(root, user);
		if (/\/\$batch\/?(\?.*)?$/.test(request.url) && request.method === 'POST') {
			identify(this.platform, user, request.headers);
			checkHeaders(request.headers);
			return await runBatch(
				{ ...runner, run: (inner, references, own) => runner.run(inherited(inner, request), references, own) },
				request,
				context,
			);
		}
		return await single(runner, part, context);
	}

	private runner(root: string, user: string): PartRunner {
		return {
			db: this.platform.db,
			run: (part, references, context) => this.run(part, references, root, user, context),
			whenFree: async (work) => {
				while (this.open) await this.open;
				return work();
			},
			exclusively: async (work) => {
				while (this.open) await this.open;
				const running = work();
				this.open = running.catch(() => {});
				try {
					return await running;
				} finally {
					this.open = null;
				}
			},
		};
	}

	private run(
		part: BatchRequest,
		references: ReadonlyMap<string, string>,
		root: string,
		user: string,
		context: OperationContext,
	): SandboxResponse {
		try {
			const prefer = parsePrefer(part.headers.prefer);
			checkHeaders(part.headers);
			if (part.url.length > longestUrlInBatch) throw new DataverseError(414, '0x80060888', 'The request URL is too long.');
			const address = parseAddress(part.url, root, references);
			const session = identify(this.platform, user, part.headers, address.query.other.get('tag'));
			const call: Call = {
				...address,
				method: part.method.toUpperCase(),
				root,
				headers: part.headers,
				prefer,
				body: part.body,
				session,
				references,
				stale: () => context.stale(),
			};
			return carryOut(this.platform, call);
		} catch (error) {
			if (error instanceof DataverseError) return errorAnswer(error, annotationsOf(part.headers.prefer));
			throw error;
		}
	}

	private unauthorized(root: string, extra: Record<string, string>): SandboxResponse {
		const resource = root.replace(/api\/data\/.*$/, '');
		const challenge = `Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, resource_id=${resource}`;
		return { status: 401, headers: { 'www-authenticate': challenge, ...extra }, body: '' };
	}
}

/** Parts of a batch are impersonated like the batch itself. */
function inherited(part: BatchRequest, request: SandboxRequest): BatchRequest {
	const headers = { ...part.headers };
	for (const name of ['mscrmcallerid', 'callerobjectid'])
		if (request.headers[name] && !headers[name]) headers[name] = request.headers[name];
	return { ...part, headers };
}
