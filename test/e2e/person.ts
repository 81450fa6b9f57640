import type { SandboxAddresses } from '../../sandbox/core/types';
import { defaultIdentities, tenantId, type Identity } from '../../sandbox/login/identities';

/** The company everybody works in. */
export const companyName = 'CRONUS International Ltd.';

export type Row = Record<string, unknown>;

const redirectUri = 'http://127.0.0.1/signed-in';

/** Somebody who works in both systems by their own means: plain HTTP, signed in as a person, nothing of the product in between. */
export class Person {
	private constructor(
		private readonly identity: Identity,
		private readonly company: string,
		private readonly crmRoot: string,
		private readonly crmToken: string,
	) {}

	/**
	 * @param user Business Central user name of one of the sandbox's identities
	 * @param workplace the company the person works in
	 */
	static async signIn(addresses: SandboxAddresses, user: string, workplace = companyName): Promise<Person> {
		const identity = defaultIdentities.find(({ businessCentralUser }) => businessCentralUser === user);
		if (identity === undefined) throw new Error(`The sandbox knows no ${user}.`);
		const api = `${addresses.businessCentral}/v2.0/sandbox/api/v2.0`;
		const companies = (await answer<{ value: Array<{ id: string; name: string }> }>(`${api}/companies`, { headers: basic(identity) }))
			.value;
		const company = companies.find(({ name }) => name === workplace);
		if (company === undefined) throw new Error(`The sandbox has no company ${workplace}.`);
		const token = await crmToken(addresses, identity);
		return new Person(identity, `${api}/companies(${company.id})`, `${addresses.crm}/api/data/v9.2`, token);
	}

	/** All rows of a Business Central entity set that the query selects. */
	async businessCentral(entitySet: string, filter?: string): Promise<Row[]> {
		return this.pages(
			`${this.company}/${entitySet}${filter === undefined ? '' : `?$filter=${encodeURIComponent(filter)}`}`,
			basic(this.identity),
		);
	}

	/** All rows of a Dataverse entity set that the query (`$filter=…&$select=…`) selects. */
	async crm(entitySet: string, query = ''): Promise<Row[]> {
		return this.pages(`${this.crmRoot}/${entitySet}${query === '' ? '' : `?${query}`}`, this.bearer());
	}

	async changeInBusinessCentral(entitySet: string, id: string, change: Row): Promise<void> {
		const headers = { ...basic(this.identity), 'content-type': 'application/json', 'if-match': '*' };
		await answer(`${this.company}/${entitySet}(${id})`, { method: 'PATCH', headers, body: JSON.stringify(change) });
	}

	async createInBusinessCentral(entitySet: string, row: Row): Promise<Row> {
		const headers = { ...basic(this.identity), 'content-type': 'application/json' };
		return answer(`${this.company}/${entitySet}`, { method: 'POST', headers, body: JSON.stringify(row) });
	}

	async changeInCrm(entitySet: string, id: string, change: Row): Promise<void> {
		const headers = { ...this.bearer(), 'content-type': 'application/json', 'if-match': '*' };
		await answer(`${this.crmRoot}/${entitySet}(${id})`, { method: 'PATCH', headers, body: JSON.stringify(change) });
	}

	async createInCrm(entitySet: string, row: Row): Promise<Row> {
		const headers = { ...this.bearer(), 'content-type': 'application/json', prefer: 'return=representation' };
		return answer(`${this.crmRoot}/${entitySet}`, { method: 'POST', headers, body: JSON.stringify(row) });
	}

	async deleteInBusinessCentral(entitySet: string, id: string): Promise<void> {
		await answer(`${this.company}/${entitySet}(${id})`, { method: 'DELETE', headers: { ...basic(this.identity), 'if-match': '*' } });
	}

	async deleteInCrm(entitySet: string, id: string): Promise<void> {
		await answer(`${this.crmRoot}/${entitySet}(${id})`, { method: 'DELETE', headers: this.bearer() });
	}

	private bearer(): Record<string, string> {
		return { authorization: `Bearer ${this.crmToken}` };
	}

	private async pages(url: string, headers: Record<string, string>): Promise<Row[]> {
		const rows: Row[] = [];
		for (let next: string | undefined = url; next !== undefined;) {
			const page: { value: Row[]; '@odata.nextLink'?: string } = await answer(next, { headers });
			rows.push(...page.value);
			next = page['@odata.nextLink'];
		}
		return rows;
	}
}

const basic = ({ businessCentralUser, accessKey }: Identity): Record<string, string> => ({
	authorization: `Basic ${Buffer.from(`${businessCentralUser}:${accessKey}`).toString('base64')}`,
});

/** Signs in as a browser would: authorization code, then token. */
async function crmToken(addresses: SandboxAddresses, identity: Identity): Promise<string> {
	const application = defaultIdentities.find((candidate) => candidate.application !== undefined)!.application!;
	const scope = `${addresses.crm}/.default`;
	const request = { client_id: application.clientId, response_type: 'code', redirect_uri: redirectUri, scope, login_hint: identity.email };
	const authorize = `${addresses.login}/${tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(request).toString()}`;
	const redirected = await fetch(authorize, { redirect: 'manual' });
	const code = new URL(redirected.headers.get('location') ?? '').searchParams.get('code') ?? '';
	const form = {
		grant_type: 'authorization_code',
		code,
		redirect_uri: redirectUri,
		scope,
		client_id: application.clientId,
		client_secret: application.clientSecret,
	};
	const token = await answer<{ access_token: string }>(`${addresses.login}/${tenantId}/oauth2/v2.0/token`, {
		method: 'POST',
		body: new URLSearchParams(form),
	});
	return token.access_token;
}

async function answer<T = Row>(url: string, init: RequestInit): Promise<T> {
	const response = await fetch(url, init);
	const text = await response.text();
	if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url} answered ${response.status}: ${text.slice(0, 500)}`);
	return (text === '' ? {} : JSON.parse(text)) as T;
}
