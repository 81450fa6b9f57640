import { request } from 'node:http';
import { createSandbox, type Sandbox } from '../../../sandbox';
import { seedDemo } from '../../../sandbox/demo';

export interface Reply {
	status: number;
	/** Names in lower case, as HTTP/2 gateways send them. */
	headers: Record<string, string>;
	text: string;
	/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of answers are looked into freely by the tests */
	json: any;
}

/** Both services on ports of this machine, with the demonstration's data. What clients here know of them they learn over HTTP. */
export class Services {
	readonly sandbox: Sandbox = createSandbox();
	/** Service roots with a slash at the end. */
	crm = '';
	businessCentral = '';

	async start(): Promise<void> {
		seedDemo(this.sandbox, { customers: 8, vendors: 3, items: 4, documents: true });
		const addresses = await this.sandbox.listen();
		this.crm = `${addresses.crm}/api/data/v9.2/`;
		this.businessCentral = `${addresses.businessCentral}/v2.0/sandbox/api/v2.0/`;
	}

	stop = (): Promise<void> => this.sandbox.close();

	/** A request with its header names written as given: not every client writes them the way Node's fetch does. */
	send(method: string, url: string, headers: Record<string, string> = {}, body = ''): Promise<Reply> {
		const token = this.sandbox.login.token(url.startsWith(this.crm.replace(/api\/.*/, '')) ? 'crm' : 'businessCentral');
		return new Promise((resolve, reject) => {
			const outgoing = request(url, { method, headers: { AUTHORIZATION: `Bearer ${token}`, ...headers } }, (incoming) => {
				let text = '';
				incoming.setEncoding('utf8');
				incoming.on('data', (piece: string) => (text += piece));
				incoming.on('end', () => {
					let json: unknown = null;
					if (/json/.test(incoming.headers['content-type'] ?? '') && text) json = JSON.parse(text);
					const flat = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
					resolve({ status: incoming.statusCode ?? 0, headers: flat, text, json });
				});
			});
			outgoing.on('error', reject);
			outgoing.end(body);
		});
	}
}
