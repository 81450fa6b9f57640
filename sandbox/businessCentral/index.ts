import type { Clock } from '../core/clock';
import type { OperationContext } from '../core/context';
import type { Service } from '../core/gateway';
import type { SandboxRequest, SandboxResponse } from '../core/http';
import { Random } from '../core/random';
import { writeChangeLog } from './changeLog';
import { ChangeFeed } from './changeFeed';
import { BusinessCentralCompany } from './company';
import { CompanyData, type CompanyDump, type Installation } from './data/companyData';
import { zeroGuid, type Row } from './data/row';
import { BcError } from './errors';
import { definitionOf } from './extension/definition';
import { objectsOf, readProject } from './extension/project';
import { environmentOf, parseAddress } from './http/address';
import { errorAnswer, rowsOf, toResponse, type Answer } from './http/answer';
import { runBatch } from './http/batch';
import { carryOut, type Operation } from './http/operation';
import { withoutMetadata } from './http/metadataLevel';
import { otherEndpoint, type BusinessCentralUser, type OtherState } from './http/otherEndpoints';
import { changeSubscription } from './http/subscriptions';
import { ApiRoutes } from './model/apiRoutes';
import type { ApiPage } from './model/apiPages';
import { shownByApi } from './model/buffers';
import { pageViews, publishedByDefault } from './model/schema';
import { reshaped, type View } from './model/view';
import { Permissions } from './permissions';
import { installRules } from './rules';
import { Throttle } from './throttle';
import { readQuery } from './read/entity';
import { LateTransaction } from './transaction';
import { canBeWatched, Webhooks } from './webhooks';

export { BusinessCentralCompany, type Entity } from './company';
export type { ApiPage } from './model/apiPages';
export { LateTransaction } from './transaction';

export interface BusinessCentralOptions {
	clock: Clock;
	/** BC user name behind an Authorization header; null when there is none. */
	authenticate: (authorization: string | undefined) => string | null;
	/** Who has a user card. Default: nobody. */
	users?: () => readonly BusinessCentralUser[];
}

/** `$format` outranks Accept (OData 4.0 Part 2, section 5.1.6). */
const wantedFormat = ({ address, headers }: Operation): string | undefined =>
	readQuery(address.query).other.get('$format') ?? headers['accept'];

/** All companies of an environment at one moment. */
export interface EnvironmentSnapshot {
	/** The last row version given out. */
	version: number;
	platform: CompanyDump;
	companies: CompanyDump[];
}

/** The gateway gave up: its page, not the service's JSON. */
class GatewayTimeout extends Error {}
const gatewayTimeout: SandboxResponse = {
	status: 504,
	headers: { 'content-type': 'text/html' },
	body: '<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>',
};

/** Longest query string the gateway lets through outside a batch; measured on live tenants. */
const longestQuery = 8099;

/** A local Business Central: API v2.0, published pages under ODataV4, $batch, webhooks, throttling, several companies. */
export class BusinessCentralSandbox implements Service, OtherState {
	readonly permissions = new Permissions();
	readonly throttle: Throttle;
	readonly webhooks: Webhooks;
	/** API v2.0 and the APIs of extensions. */
	readonly routes = new ApiRoutes();
	/** The source of Master Data Management across environments; null in releases before 29. */
	changeFeed: ChangeFeed | null = null;
	readonly platform: CompanyData;
	readonly published = new Map<string, View>(publishedByDefault.map((name) => [name, pageViews.get(name)!]));
	/** Environment names and server instances that exist, lower case. */
	readonly environments = new Set(['sandbox', 'production', 'bc']);
	/** Page size setting of the server (20,000). Tests may lower it. */
	pageSize = 20_000;
	/** On a multitenant server every request names its tenant with `?tenant=`; null on others. */
	tenant: string | null = null;
	private readonly all: BusinessCentralCompany[] = [];
	private readonly installation: Installation;
	private readonly copies = new Map<string, BusinessCentralSandbox>();
	private version = 1000;
	private ids = new Random(0x5eed);

	constructor(private readonly options: BusinessCentralOptions) {
		installRules();
		this.installation = {
			clock: options.clock,
			nextVersion: () => ++this.version,
			newId: () => this.ids.guid(),
			shownByApi,
			userId: (user) => this.users().find(({ userName }) => userName === user)?.userSecurityId ?? zeroGuid,
			ownKeys: this.routes.ownKeys,
			changed: (company, table, type, row, before, user) => {
				this.webhooks.changed(company, table, type, row, user);
				writeChangeLog(company, table, type, row, before, user);
			},
		};
		this.platform = new CompanyData('', this.installation);
		this.throttle = new Throttle(options.clock);
		this.webhooks = new Webhooks(options.clock, this.platform, this.routes);
	}

	/** A new, empty company with its company information. Its id never changes; `renameCompany` changes the name. */
	addCompany(name: string, settings: { id?: string; lcyCode?: string } = {}): BusinessCentralCompany {
		const data = new CompanyData(settings.id ?? this.installation.newId(), this.installation);
		data.settings.name = name;
		data.settings.lcyCode = settings.lcyCode ?? 'GBP';
		this.platform.insert('Company', { Name: name, 'Display Name': name, platform: '29.0.0.0' }, 'ADMIN', data.id);
		data.insert('Company Information', { Name: name }, 'ADMIN');
		data.insert('Sales & Receivables Setup', {}, 'ADMIN');
		data.insert('General Ledger Setup', {}, 'ADMIN');
		const company = new BusinessCentralCompany(data, this.routes);
		this.all.push(company);
		return company;
	}

	/** Everything as it is now, for `restore`. */
	snapshot(): EnvironmentSnapshot {
		return { version: this.version, platform: this.platform.dump(), companies: this.all.map(({ data }) => data.dump()) };
	}

	/**
	 * Point-in-time restore: rows, stamps, versions and number series are those of the snapshot; companies made since are gone, subscriptions too. Row
	 * versions count on from there, as SQL's do, so the numbers of the lost time are given out again (learn.microsoft.com/sql/t-sql/data-types/rowversion).
	 */
	restore({ version, platform, companies }: EnvironmentSnapshot): void {
		this.version = version;
		this.platform.refill(platform);
		const kept = companies.map(
			(dump) =>
				this.all.find(({ id }) => id === dump.id) ?? new BusinessCentralCompany(new CompanyData(dump.id, this.installation), this.routes),
		);
		this.all.splice(0, this.all.length, ...kept);
		for (const [index, dump] of companies.entries()) this.all[index]!.data.refill(dump);
		this.webhooks.clear();
	}

	/** Ids come from this seed from now on; for one that was filled by the snapshot of another, whose ids are in use. */
	drawIdsFrom(seed: number): void {
		this.ids = new Random(seed);
	}

	/** A copy of this environment under another name: the same companies and ids, a life of its own from now on. Requests find it by its name. */
	copyEnvironment(name: string): BusinessCentralSandbox {
		const copy = new BusinessCentralSandbox(this.options);
		copy.environments.clear();
		copy.environments.add(name.toLowerCase());
		this.routes.copyTo(copy.routes);
		copy.restore(this.snapshot());
		for (const [service, view] of this.published) copy.published.set(service, view);
		this.copies.set(name.toLowerCase(), copy);
		return copy;
	}

	/**
	 * A copy of a company under another name: a new id, but the rows keep theirs, and their stamps. They are written anew, so row versions and etags are
	 * others.
	 */
	copyCompany(idOrName: string, name: string): BusinessCentralCompany {
		const copy = this.addCompany(name);
		const { settings, tables, ...dump } = this.company(idOrName).data.dump();
		const anew = ({ bufferVersion: _old, ...row }: Row): Row => ({ ...row, version: ++this.version });
		const written = new Map([...tables].map(([table, rows]): [string, Row[]] => [table, rows.map(anew)]));
		copy.data.refill({ ...dump, settings: { ...settings, name }, tables: written });
		return copy;
	}

	renameCompany(idOrName: string, name: string): void {
		const company = this.company(idOrName);
		const row = this.platform.table('Company').get(company.id)!;
		this.platform.modify('Company', row, { ...row.fields, Name: name }, 'ADMIN');
		company.settings.name = name;
	}

	/** What the page Companies does with *Delete*: its rows go with it, and requests for it find nothing. */
	removeCompany(idOrName: string): void {
		const company = this.company(idOrName);
		this.platform.remove('Company', this.platform.table('Company').get(company.id)!, 'ADMIN');
		this.all.splice(this.all.indexOf(company), 1);
	}

	/** Throws when there is no such company. */
	company(idOrName: string): BusinessCentralCompany {
		const found = this.all.find(({ id, name }) => id === idOrName.toLowerCase() || name === idOrName);
		if (!found) throw new Error(`There is no company ${idOrName} in the Business Central sandbox.`);
		return found;
	}

	companyList(): readonly BusinessCentralCompany[] {
		return this.all;
	}

	companies(): CompanyData[] {
		return this.all.map(({ data }) => data);
	}

	companyById(id: string): CompanyData | undefined {
		return this.all.find((company) => company.id === id)?.data;
	}

	companyByName(name: string): CompanyData | undefined {
		return this.all.find((company) => company.name === name)?.data;
	}

	users(): readonly BusinessCentralUser[] {
		return this.options.users?.() ?? [];
	}

	supportedResources(): string[] {
		return [...this.routes.all()].filter(({ view }) => canBeWatched(view)).map(({ route, view }) => `${route}/${view.name}`);
	}

	/** Publishes a page under ODataV4, as an administrator does on the Web Services page; `name`: the service name he chooses. */
	publish(service: string, name = service): void {
		const view = pageViews.get(service);
		if (!view) throw new Error(`The sandbox knows no page ${service}.`);
		this.published.set(name, name === service ? view : { ...view, name, entityName: name });
	}

	/** The shape of a published page changes, as it may with any release: properties go, or get another name. */
	reshape(service: string, change: { without?: readonly string[]; renamed?: Readonly<Record<string, string>> }): void {
		const view = this.published.get(service);
		if (!view) throw new Error(`The page ${service} is not published.`);
		this.published.set(service, reshaped(view, change.without ?? [], change.renamed ?? {}));
	}

	/**
	 * An extension is installed that brings an API page: it is served at once under `/api/{publisher}/{group}/{version}`, with `$metadata`, `$batch` and
	 * subscriptions of its own. Its rows are reached as `company.rows('publisher/group/version/entitySet')`. Throws Error for a definition that does not
	 * hold together.
	 */
	defineApiPage(page: ApiPage): void {
		this.routes.define(page);
	}

	/**
	 * Installs an extension from its AL source: its API pages are served as the source says. Returns their entity sets. `symbols`: preprocessor symbols the
	 * compiler is given; default: those of its app.json. Throws AlSyntaxError, or Error that names file and line.
	 */
	installExtension(folder: string, symbols?: readonly string[]): string[] {
		const pages = objectsOf(readProject(folder), symbols).filter(({ type }) => type === 'page');
		return pages.map((page) => {
			const definition = definitionOf(page);
			this.routes.define(definition);
			return definition.entitySetName;
		});
	}

	/** Takes an extension away: its API is no longer served. Rows of Business Central's own tables stay. */
	uninstallExtension(route = 'd365sync/sync/v1.0'): void {
		this.routes.remove(route);
	}

	/**
	 * The environment is updated to release 29, which brings the change feed: published, without anybody's consent and with nobody permitted, as the update
	 * leaves it. `users`: an administrator has consented, and assigned the permission set to them.
	 */
	installChangeFeed(...users: string[]): ChangeFeed {
		const feed = (this.changeFeed = new ChangeFeed());
		feed.consented = users.length > 0;
		for (const user of users) feed.permit(user);
		return feed;
	}

	unpublish(service: string): void {
		this.published.delete(service);
	}

	/** A transaction of another session that stays open until `commit`. */
	beginTransaction(user = 'ANNA'): LateTransaction {
		return new LateTransaction(this, user);
	}

	authenticate(authorization: string | undefined): string | null {
		const user = this.options.authenticate(authorization);
		return user !== null && this.permissions.isDisabled(user) ? null : user;
	}

	async handle(request: SandboxRequest, context: OperationContext): Promise<SandboxResponse> {
		const environment = environmentOf(request.url);
		const copy = environment === undefined ? undefined : this.copies.get(environment);
		if (copy) return copy.handle(request, context);
		const query = request.url.split('?')[1] ?? '';
		if (query.length > longestQuery) {
			return {
				status: 414,
				headers: { 'content-type': 'text/html' },
				body: '<html><body><h2>HTTP Error 414. The request URL is too long.</h2></body></html>',
			};
		}
		let leave: (() => void) | undefined;
		let started = this.options.clock.now();
		try {
			if (context.user === null)
				throw new BcError(401, 'Authentication_InvalidCredentials', 'The server has rejected the client credentials.');
			this.requireTenant(query);
			leave = await this.throttle.enter(context.user);
			started = this.options.clock.now();
			const address = parseAddress(request.url, this.environments);
			if (address.segments[0]?.name === '$batch' && address.segments.length === 1) {
				if (request.method !== 'POST') throw new BcError(405, 'BadRequest_MethodNotAllowed', '$batch allows POST only.');
				const inTime = () => this.requireTime(started);
				const response = await runBatch(request, address, context, this, (operation) => {
					inTime();
					return this.carryOut(operation);
				});
				inTime();
				return response;
			}
			await context.beginOperation(request.method, request.url);
			this.requireTime(started);
			const { method, headers, url, body } = request;
			const result = await this.answer({ method, address, url, headers, body, user: context.user, stale: () => context.stale() });
			await context.serveRows(rowsOf(result));
			context.endOperation(result.status, result.writes);
			return toResponse(result);
		} catch (error) {
			if (error instanceof GatewayTimeout) return gatewayTimeout;
			return toResponse(errorAnswer(error));
		} finally {
			leave?.();
		}
	}

	/** Work that takes longer than a request may is broken off before the next step. */
	private requireTime(started: number): void {
		const { requestMs, gatewayMs } = this.throttle.limits;
		const passed = this.options.clock.now() - started;
		if (passed > gatewayMs) throw new GatewayTimeout();
		if (passed > requestMs) {
			throw new BcError(408, 'Application_RequestTimeout', 'The operation was canceled because it took longer than allowed.');
		}
	}

	private requireTenant(query: string): void {
		const named = new URLSearchParams(query).get('tenant') ?? '';
		// A server with one tenant calls it default.
		if (this.tenant === null && (named === '' || named === 'default')) return;
		if (named !== this.tenant) throw new BcError(404, 'Internal_TenantNotFound', `The tenant '${named}' is not mounted on this server.`);
	}

	private async answer(operation: Operation): Promise<Answer> {
		try {
			return await this.carryOut(operation);
		} catch (error) {
			return errorAnswer(error);
		}
	}

	private async carryOut(operation: Operation): Promise<Answer> {
		return withoutMetadata(await this.done(operation), wantedFormat(operation));
	}

	private done(operation: Operation): Answer | Promise<Answer> {
		const { address, method } = operation;
		if (this.changeFeed?.serves(operation)) return this.changeFeed.carryOut(operation, this);
		if (address.endpoint !== 'api' && address.endpoint !== 'odata') return otherEndpoint(operation, this);
		if (address.segments[0]?.name === 'subscriptions' && (method === 'POST' || method === 'PATCH'))
			return changeSubscription(operation, this, this.webhooks);
		return carryOut(operation, this);
	}
}
