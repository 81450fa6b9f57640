import { Services } from './services';

/**
 * A batch writer that knows the OData specification and nothing else: LF line ends, header names in whatever case, a preamble, tabs, quoted or
 * bare boundaries. Sources: OData 4.0 Part 1, section 11.7; RFC 2046, section 5.1; RFC 9110, section 5.1 (field names ignore case);
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api,
 * https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/use-odata-batch
 */
const services = new Services();
beforeAll(() => services.start());
afterAll(() => services.stop());

interface Part {
	line: string;
	headers?: string[];
	body?: unknown;
	id?: string;
}

const write = ({ line, headers = [], body, id }: Part): string[] => [
	'CONTENT-TYPE:application/http',
	'content-transfer-encoding:   binary',
	...(id === undefined ? [] : [`CoNtEnT-iD: ${id}`]),
	'',
	`${line} HTTP/1.1`,
	'aCCept: application/json',
	...headers,
	...(body === undefined ? [] : ['content-TYPE: application/json; charset=utf-8']),
	'',
	...(body === undefined ? [''] : [JSON.stringify(body)]),
];

const batchOf = (parts: Array<Part | Part[]>): string => {
	const lines = ['This preamble is for readers of mail and means nothing.'];
	for (const part of parts) {
		lines.push('--outer');
		if (!Array.isArray(part)) lines.push(...write(part));
		else {
			lines.push('CONTENT-type: MULTIPART/mixed;BOUNDARY=inner', '');
			for (const inside of part) lines.push('--inner', ...write(inside));
			lines.push('--inner--');
		}
	}
	return [...lines, '--outer--', 'And neither does this.'].join('\n');
};

const statuses = (text: string) => [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => Number(match[1]));

describe('Dataverse', () => {
	const send = (parts: Array<Part | Part[]>, headers: Record<string, string> = {}) =>
		services.send('POST', `${services.crm}$batch`, { 'CONTENT-TYPE': 'multipart/mixed;boundary="outer"', 'odata-VERSION': '4.0', ...headers }, batchOf(parts)); // prettier-ignore

	test('reads, a change set with references, and a read of what it wrote', async () => {
		const reply = await send([
			{ line: 'GET accounts?$select=name&$top=1' },
			[
				{ line: 'POST accounts', body: { name: 'Raw' }, id: '7' },
				{ line: 'POST contacts', body: { lastname: 'Raw', 'parentcustomerid_account@odata.bind': '$7' }, id: '8' },
				{ line: 'PATCH $7', body: { telephone1: '5' }, headers: ['IF-match: *'], id: '9' },
			],
			{
				line: `GET ${services.crm}accounts?$select=name,telephone1&$filter=name eq 'Raw'&$expand=contact_customer_accounts($select=lastname)`,
			},
		]);
		expect([reply.status, statuses(reply.text)]).toEqual([200, [200, 204, 204, 204, 200]]);
		expect(reply.headers['content-type']).toMatch(/^multipart\/mixed; ?boundary=/);
		expect(reply.text).toMatch(/Content-ID: 7\r\n\r\nHTTP\/1\.1 204 No Content/);
		expect(reply.text).toContain('"telephone1":"5"');
		expect(reply.text).toContain('"lastname":"Raw"');
	});

	test.each(['absolute', 'from the host', 'from the service'])('urls that are %s', async (how) => {
		const path = 'accounts?$select=accountid&$top=1';
		const url = { absolute: services.crm + path, 'from the host': `/api/data/v9.2/${path}`, 'from the service': path }[how]!;
		const reply = await send([{ line: `GET ${url}` }, { line: `GET ${url}`, headers: ['HOST: elsewhere.example'] }]);
		expect(statuses(reply.text)).toEqual([200, 200]);
	});

	test('the first failure ends it, unless the client asks to go on', async () => {
		const parts = [{ line: 'GET accounts?$top=1' }, { line: 'GET nothing' }, { line: 'GET contacts?$top=1' }];
		const stopped = await send(parts);
		expect([stopped.status, statuses(stopped.text)]).toEqual([404, [200, 404]]);
		const all = await send(parts, { PREFER: 'odata.continue-on-error' });
		expect([all.status, statuses(all.text), all.headers['preference-applied']]).toEqual([200, [200, 404, 200], 'odata.continue-on-error']);
	});

	test('umlauts and line ends inside values arrive whole', async () => {
		const name = 'Ångström\n"Söhne" – 日本';
		const made = await send([[{ line: 'POST accounts', body: { name, description: 'a\r\nb\n--outer\nc' }, id: '1' }]]);
		expect(statuses(made.text)).toEqual([204]);
		const [row] = services.sandbox.crm.rows('account').filter((each) => each.description === 'a\r\nb\n--outer\nc');
		expect(row).toMatchObject({ name });
	});
});

describe('Business Central', () => {
	const company = () => services.sandbox.businessCentral.companyList()[0]!.id;
	const send = (parts: Array<Part | Part[]>, headers: Record<string, string> = {}) =>
		services.send('POST', `${services.businessCentral}$batch`, { 'CONTENT-TYPE': 'multipart/mixed;boundary=outer', ACCEPT: 'multipart/mixed', ...headers }, batchOf(parts)); // prettier-ignore

	test('reads and a change set', async () => {
		const set = `companies(${company()})/customers`;
		const reply = await send([
			{ line: `GET ${set}?$select=number&$top=1` },
			[
				{ line: `POST ${set}`, body: { displayName: 'Raw 1' }, id: '1' },
				{ line: `POST ${set}`, body: { displayName: 'Raw 2' }, id: '2' },
			],
			{ line: `GET ${services.businessCentral}${set}?$filter=startswith(displayName,'Raw')&$select=displayName` },
		]);
		expect([reply.status, statuses(reply.text)]).toEqual([200, [200, 201, 201, 200]]);
		expect(reply.text).toContain('"displayName":"Raw 2"');
	});

	test('a change set that fails leaves nothing, and is answered once', async () => {
		const set = `companies(${company()})/customers`;
		const reply = await send([
			[
				{ line: `POST ${set}`, body: { displayName: 'Lost' }, id: '1' },
				{ line: `POST ${set}`, body: { displayName: 'x', nonsense: 1 }, id: '2' },
			],
		]);
		expect(statuses(reply.text)).toEqual([400]);
		expect(services.sandbox.businessCentral.companyList()[0]!.find('customers', ({ displayName }) => displayName === 'Lost')).toBeUndefined(); // prettier-ignore
	});

	test('changes with If-Match in any case', async () => {
		const [customer] = services.sandbox.businessCentral.companyList()[0]!.rows('customers');
		const line = `PATCH companies(${company()})/customers(${String(customer!['id'])})`;
		const reply = await send(
			[
				{ line, body: { website: 'a' } },
				{ line, body: { website: 'b' }, headers: [`iF-mAtCh: ${String(customer!['@odata.etag'])}`] },
				{ line, body: { website: 'c' }, headers: [`IF-MATCH: ${String(customer!['@odata.etag'])}`] },
			],
			{ PREFER: 'ODATA.continue-on-error' },
		);
		expect(statuses(reply.text)).toEqual([400, 200, 409]);
	});
});
