import { request as httpRequest } from 'node:http';
import type { Counted } from './measure';
import type { OneByOneOrder, Partner, Setting } from './messages';
import type { OpenBench } from './session';

interface Row {
	[field: string]: unknown;
	'@odata.etag': string;
}

const FIELDS: ReadonlyArray<[customer: string, account: string]> = [
	['displayName', 'name'],
	['addressLine1', 'address1_line1'],
	['city', 'address1_city'],
	['phoneNumber', 'telephone1'],
	['email', 'emailaddress1'],
];

/**
 * What a workflow of HTTP Request nodes does: reads the changed rows of both systems, then sends one PATCH for each, one after the other, each over
 * a connection of its own. It is given the ids of the partners, keeps no state and notices no conflict: the least such a workflow can do.
 */
export async function oneByOne(bench: OpenBench, { addresses, companyId }: Setting, order: OneByOneOrder): Promise<Counted> {
	const api = `${addresses.businessCentral}/v2.0/sandbox/api/v2.0/companies(${companyId})/customers`;
	const crm = `${addresses.crm}/api/data/v9.2/accounts`;
	const bcHeaders = { authorization: await bench.authorization('businessCentral') };
	const crmHeaders = { authorization: await bench.authorization('crm') };
	const customers = await readAll(
		`${api}?$select=id,${FIELDS.map(([name]) => name).join()}&$filter=lastModifiedDateTime gt ${order.since}`,
		bcHeaders,
	);
	const accounts = await readAll(
		`${crm}?$select=accountid,${FIELDS.map(([, name]) => name).join()}&$filter=modifiedon gt ${order.since}`,
		crmHeaders,
	);
	let modified = 0;
	let failed = 0;
	const deliver = async (rows: readonly Row[], partners: readonly Partner[], id: string, url: string, headers: Headers, toCrm: boolean) => {
		const targets = new Map(partners.map(({ sourceId, targetId }) => [sourceId, targetId]));
		for (const row of rows) {
			const target = targets.get(String(row[id]).toLowerCase());
			if (!target) continue;
			const body = Object.fromEntries(
				FIELDS.map(([customer, account]) => (toCrm ? [account, row[customer]] : [customer, row[account] ?? ''])),
			);
			const status = (await call('PATCH', `${url}(${target})`, { ...headers, 'if-match': '*' }, JSON.stringify(body))).status;
			if (status >= 200 && status < 300) modified++;
			else failed++;
		}
	};
	await deliver(customers, order.toCrm, 'id', crm, crmHeaders, true);
	await deliver(accounts, order.fromCrm, 'accountid', api, bcHeaders, false);
	return { inserted: 0, modified, unchanged: 0, failed, finished: true };
}

type Headers = Record<string, string>;

async function readAll(url: string, headers: Headers): Promise<Row[]> {
	const rows: Row[] = [];
	for (let link: string | undefined = url; link;) {
		const { status, body } = await call('GET', link, headers);
		if (status !== 200) throw new Error(`GET answered ${status}: ${body.slice(0, 200)}`);
		const page = JSON.parse(body) as { value: Row[]; '@odata.nextLink'?: string };
		rows.push(...page.value);
		link = page['@odata.nextLink'];
	}
	return rows;
}

/** One request over a new connection. */
function call(method: string, url: string, headers: Headers, body = ''): Promise<{ status: number; body: string }> {
	return new Promise((resolve, reject) => {
		const sent: Headers = { accept: 'application/json', ...headers, ...(body ? { 'content-type': 'application/json' } : {}) };
		const outgoing = httpRequest(encodeURI(url), { method, headers: sent, agent: false }, (incoming) => {
			const chunks: Buffer[] = [];
			incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
			incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
		});
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}
