import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../core/context';
import type { SandboxRequest, SandboxResponse } from '../core/http';
import type { Clock } from '../core/clock';
import type { BatchRequest } from '../odata/multipart';
import { errorAnswer } from './answers';
import { runBatch, single, type PartRunner } from './batch';
import { annotationsOf, parseAddress, parsePrefer, rootOf, type Call } from './call';
import { DataverseError } from './errors';
import { Limits } from './limits';
import type { TableDefinition } from './model';
import { Platform } from './platform';
import { carryOut } from './service';
import { allowOptions, checkHeaders } from './requestRules';
import { identify } from './sessions';
import { initialRows } from './initialRows';
import schema from './schema.json';
import { pluginRefusal } from './plugins';
import { fillMessages } from './sdkMessages';
import { Switches } from './switches';
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
 * A local Dataverse with the tables of Dynamics 365 Sales, answering as the Dataverse Web API does. Rows are reached over `handle` (HTTP)
 * or by the functions of DataApi (the same rules, not logged); Switches orders conditions.
 */
export class DataverseSandbox extends Switches {
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
		fillMessages(this.platform);
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
			allowOptions(parseAddress(request.url, root, new Map()), 'none');
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
			waits: () => this.platform.webhooks.hasSynchronousSteps,
			gathering: async (work) => {
				this.platform.webhooks.open();
				try {
					return await work();
				} finally {
					this.platform.webhooks.close();
				}
			},
			settle: async () => {
				const reason = await this.platform.webhooks.callQueued();
				return reason === null ? null : errorAnswer(pluginRefusal(reason), []);
			},
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
