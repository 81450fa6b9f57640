import type { Clock } from '../../../engine/ports/clock';
import { type BusinessCentralOptions, type BusinessCentralSystem, createBusinessCentral } from '../../../engine/systems/businessCentral';
import { createDataverse, type DataverseOptions, type DataverseSystem } from '../../../engine/systems/dataverse';
import { NoAnswer, type Transport } from '../../../engine/systems/odata/transport';
import type { ChangeQuery, RecordSystem } from '../../../engine/ports/recordSystem';
import { createSandbox, type LoggedRequest, type Sandbox } from '../../../sandbox';
import { ConnectionDropped } from '../../../sandbox/core/http';
import type { SystemRecord, TableSource } from '../../../engine/model/record';

export const START = Date.parse('2026-03-07T08:00:00Z');

export const customers: TableSource = {
	name: 'customers',
	numberField: 'number',
	nameField: 'displayName',
	companions: [{ service: 'workflowCustomers', primaryKey: 'number', companionKey: 'number' }],
};
export const account: TableSource = { name: 'account', numberField: 'accountnumber', nameField: 'name' };
export const contact: TableSource = { name: 'contact', numberField: null, nameField: 'fullname' };

/** The sandbox on virtual time, reached in process, and what the engine sees of it. */
export interface Sandboxed {
	sandbox: Sandbox;
	clock: Clock;
	/** The way to the sandbox without a network. */
	transport: Transport;
	companyId: string;
	log: string[];
	refreshes: { businessCentral: number; crm: number };
	businessCentral(more?: Partial<BusinessCentralOptions>): BusinessCentralSystem;
	dataverse(more?: Partial<DataverseOptions>): DataverseSystem;
	/** Requests since the last call. */
	taken(): LoggedRequest[];
}

export function sandboxed(): Sandboxed {
	const sandbox = createSandbox({ now: START });
	const clock: Clock = {
		now: () => sandbox.clock.now(),
		sleep: async (ms, signal) => {
			if (signal?.aborted) throw signal.reason;
			sandbox.clock.advance(ms);
			await new Promise((resolve) => setImmediate(resolve));
		},
	};
	const log: string[] = [];
	const refreshes = { businessCentral: 0, crm: 0 };
	const authenticator = (audience: 'businessCentral' | 'crm') => {
		let token = sandbox.login.token(audience);
		return {
			header: () => Promise.resolve(`Bearer ${token}`),
			refresh: () => {
				refreshes[audience]++;
				token = sandbox.login.token(audience);
				return Promise.resolve();
			},
		};
	};
	const common = {
		transport: inProcess(sandbox),
		clock,
		random: () => 0.5,
		log: (_level: string, message: string) => void log.push(message),
	};
	const companyId = sandbox.businessCentral.companyList()[0]!.id;
	let taken = 0;
	return {
		sandbox,
		clock,
		transport: common.transport,
		companyId,
		log,
		refreshes,
		businessCentral: (more) =>
			createBusinessCentral({
				...common,
				apiRoot: 'http://bc.sandbox/v2.0/sandbox/api/v2.0',
				odataRoot: 'http://bc.sandbox/v2.0/sandbox/ODataV4',
				companyId,
				authenticator: authenticator('businessCentral'),
				...more,
			}),
		dataverse: (more) => createDataverse({ ...common, environmentUrl: 'http://crm.sandbox', authenticator: authenticator('crm'), ...more }),
		taken: () => {
			const requests = sandbox.log.requests.slice(taken);
			taken = sandbox.log.requests.length;
			return requests;
		},
	};
}

const inProcess =
	(sandbox: Sandbox): Transport =>
	async ({ method, url, headers, body = '' }) => {
		try {
			const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
			return await sandbox.handle({ method, url, headers: lower, body });
		} catch (error) {
			if (error instanceof ConnectionDropped) throw new NoAnswer('The connection was reset.', true, { cause: error });
			throw error;
		}
	};

/** All records of a change query, and how many pages they came in. */
export async function changes(
	system: RecordSystem,
	query: Partial<ChangeQuery> & { table: TableSource },
): Promise<{ records: SystemRecord[]; pages: number }> {
	const records: SystemRecord[] = [];
	let pages = 0;
	for await (const page of system.readChanges({ fields: [], filter: null, since: null, pageSize: 1000, ...query })) {
		records.push(...page);
		pages++;
	}
	return { records, pages };
}

/** `POST $batch → 200 (100 × PATCH)`: one line for each request, as tests compare them. */
export const lines = (requests: readonly LoggedRequest[]): string[] =>
	requests.map(({ method, path, status, parts }) => {
		const target = path
			.replace(/\?.*$/, '')
			.split('/')
			.at(-1)!
			.replace(/\(.*\)$/, '');
		const kinds = [...new Set(parts.map((part) => part.method))].map(
			(kind) => `${parts.filter((part) => part.method === kind).length} × ${kind}`,
		);
		return `${method} ${target} → ${status}${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}`;
	});
