import { SyncError } from '../../model/errors';
import {
	type RegistrationRequest,
	type RemoteEndpoint,
	type RemoteStep,
	type ServiceEndpoints,
	STEP_MESSAGES,
	type WantedEndpoint,
	type WantedStep,
} from '../../ports/webhooks';
import type { Connection } from '../odata/connection';
import { serviceError } from '../odata/errors';
import { queryString, quoted } from '../odata/literals';
import type { ServiceResponse } from '../odata/pipeline';
import type { HttpRequest } from '../odata/transport';

const TIMEOUT_MS = 60_000;
/** Values of columns ("Register a web hook"): a webhook, proved by a header, told in JSON. */
const WEBHOOK = { contract: 8, authtype: 5, messageformat: 2 };
/** After the operation, asynchronous: a synchronous step would let people's saves fail where the receiver is down. */
const STEP = { stage: 40, mode: 1, rank: 1, supporteddeployment: 0, asyncautodelete: true };

/**
 * See `ServiceEndpoints`.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/register-web-hook and the Web API reference of serviceendpoint and
 * sdkmessageprocessingstep
 */
export class DataverseServiceEndpoints implements ServiceEndpoints {
	constructor(
		private readonly connection: Connection,
		private readonly root: string,
	) {}

	async list(namePrefix: string): Promise<{ endpoints: RemoteEndpoint[]; steps: RemoteStep[] }> {
		const $filter = `startswith(name,${quoted(namePrefix)})`;
		const found = await this.rows('serviceendpoints', { $select: 'serviceendpointid,name,url', $filter: `${$filter} and contract eq 8` });
		const select = 'sdkmessageprocessingstepid,name,filteringattributes,statecode,_eventhandler_value';
		const $expand = 'sdkmessageid($select=name),sdkmessagefilterid($select=primaryobjecttypecode)';
		const steps = await this.rows('sdkmessageprocessingsteps', { $select: select, $expand, $filter });
		return {
			endpoints: found.map((row) => ({ id: text(row['serviceendpointid']), name: text(row['name']), url: text(row['url']) })),
			steps: steps.map((row) => ({
				id: text(row['sdkmessageprocessingstepid']),
				name: text(row['name']),
				endpoint: text(row['_eventhandler_value']),
				table: text(inner(row['sdkmessagefilterid'], 'primaryobjecttypecode')),
				message: text(inner(row['sdkmessageid'], 'name')),
				columns: columnsOf(text(row['filteringattributes'])),
				enabled: row['statecode'] === 0,
			})),
		};
	}

	async createEndpoint(wanted: WantedEndpoint): Promise<string> {
		const { name } = wanted;
		const answer = await this.send('POST', 'serviceendpoints', endpointBody(wanted));
		const [id] = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?=\)\s*$)/i.exec(answer.headers['odata-entityid'] ?? '') ?? [];
		if (id) return id.toLowerCase();
		// No address came back (a proxy took it): it is found by its name.
		const { endpoints } = await this.list(name);
		const found = endpoints.find((endpoint) => endpoint.name === name);
		if (found) return found.id;
		throw serviceError({ ...answer, status: 404 }, this.connection.context(true, 'serviceendpoint'));
	}

	async changeEndpoint(id: string, { url, header }: { url?: string; header?: readonly [string, string] }): Promise<void> {
		const body = { ...(url === undefined ? {} : { url }), ...(header === undefined ? {} : { authvalue: settingsXml(header) }) };
		await this.send('PATCH', `serviceendpoints(${id})`, body, { 'If-Match': '*' });
	}

	async createSteps(endpoint: string, steps: readonly WantedStep[]): Promise<void> {
		const tables = [...new Set(steps.map(({ table }) => table))];
		if (tables.length === 0) return;
		const messages = STEP_MESSAGES.map((name) => `sdkmessageid/name eq '${name}'`).join(' or ');
		const names = tables.map((table) => `primaryobjecttypecode eq ${quoted(table)}`).join(' or ');
		const filters = await this.rows('sdkmessagefilters', {
			$select: 'sdkmessagefilterid,_sdkmessageid_value,primaryobjecttypecode',
			$expand: 'sdkmessageid($select=name)',
			$filter: `(${messages}) and (${names})`,
		});
		let notThere: WantedStep | null = null;
		for (const step of steps) {
			const { table, message } = step;
			const filter = filters.find((row) => row['primaryobjecttypecode'] === table && inner(row['sdkmessageid'], 'name') === message);
			if (!filter) {
				notThere = step;
				continue;
			}
			const ids = { message: text(filter['_sdkmessageid_value']), filter: text(filter['sdkmessagefilterid']), endpoint };
			await this.send('POST', 'sdkmessageprocessingsteps', stepBody(step, ids));
		}
		// One table keeps none of the others from being told.
		if (notThere) throw notTold(notThere.table, notThere.message);
	}

	requests(wanted: WantedEndpoint, steps: readonly WantedStep[]): RegistrationRequest[] {
		const ids = { message: '{message}', filter: '{filter}', endpoint: '{endpoint}' };
		return [
			{ method: 'POST', path: 'serviceendpoints', body: endpointBody(wanted) },
			...steps.flatMap((step): RegistrationRequest[] => {
				const filter = `sdkmessageid/name eq ${quoted(step.message)} and primaryobjecttypecode eq ${quoted(step.table)}`;
				const path = `sdkmessagefilters?$select=sdkmessagefilterid,_sdkmessageid_value&$filter=${filter}`;
				return [
					{ method: 'GET', path, body: null },
					{ method: 'POST', path: 'sdkmessageprocessingsteps', body: stepBody(step, ids) },
				];
			}),
		];
	}

	async remove(steps: readonly string[], endpoints: readonly string[]): Promise<void> {
		for (const id of steps) await this.send('DELETE', `sdkmessageprocessingsteps(${id})`);
		for (const id of endpoints) await this.send('DELETE', `serviceendpoints(${id})`);
	}

	private async rows(set: string, query: Record<string, string>) {
		return await this.connection.all(`${this.root}/${set}${queryString(query)}`, { table: set });
	}

	private async send(
		method: HttpRequest['method'],
		path: string,
		body?: object,
		headers: Record<string, string> = {},
	): Promise<ServiceResponse> {
		const [table] = path.split('(');
		let response: ServiceResponse;
		try {
			response = await this.connection.exchange({
				method,
				url: `${this.root}/${path}`,
				headers: { ...headers, ...(body ? { 'Content-Type': 'application/json' } : {}) },
				...(body ? { body: JSON.stringify(body) } : {}),
				expects: 'text',
				// A second POST would make a second one; it is found by its name and removed.
				repeatable: method !== 'POST',
				timeoutMs: TIMEOUT_MS,
			});
		} catch (error) {
			throw this.connection.failure(error, false, table);
		}
		const isFine = (response.status >= 200 && response.status < 300) || (method === 'DELETE' && response.status === 404);
		if (!isFine) throw serviceError(response, this.connection.context(true, table));
		return response;
	}
}

const endpointBody = ({ name, url, header }: WantedEndpoint): object => ({ name, url, ...WEBHOOK, authvalue: settingsXml(header) });

const stepBody = ({ name, message, columns }: WantedStep, ids: { message: string; filter: string; endpoint: string }): object => ({
	name,
	description: 'Tells n8n that there is something to synchronize. For the node Dynamics 365 Sync Trigger.',
	...STEP,
	...(message === 'Update' && columns.length > 0 ? { filteringattributes: columns.join(',') } : {}),
	'sdkmessageid@odata.bind': `/sdkmessages(${ids.message})`,
	'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${ids.filter})`,
	'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${ids.endpoint})`,
});

/** Settings of headers are an XML text; plain ones are taken, and fail when something is told (0x80050203). */
const settingsXml = ([name, value]: readonly [string, string]): string =>
	`<settings><setting name="${escaped(name)}" value="${escaped(value)}" /></settings>`;

const escaped = (value: string): string =>
	value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const columnsOf = (list: string): string[] =>
	list
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '')
		.sort();

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const inner = (value: unknown, name: string): unknown =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const notTold = (table: string, message: string): SyncError =>
	new SyncError({
		code: 'CRM_TABLE_NOT_TOLD',
		errorClass: 'setup',
		system: 'crm',
		table,
		message: `Dataverse has no message ${message} of the table ${table} that a webhook could be told by.`,
		hint: 'Nothing is lost: it is looked every minute. To look less often, choose other mappings in this trigger, or set "Webhooks From" to Business Central and leave CRM to the looks.',
	});
