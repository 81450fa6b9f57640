import { Services } from './services';

/**
 * A reader that builds no address but its first: it follows `@odata.nextLink` and `@odata.deltaLink` to the letter (OData 4.0 Part 1, sections
 * 11.2.5.7 and 11.3: both are opaque).
 */
const services = new Services();
beforeAll(() => services.start());
afterAll(() => services.stop());

interface Walk {
	rows: Array<Record<string, unknown>>;
	pages: number;
	deltaLink: string | undefined;
}

async function walk(first: string, headers: Record<string, string> = {}): Promise<Walk> {
	const rows: Walk['rows'] = [];
	let pages = 0;
	for (let url: string | undefined = first; ;) {
		const { status, json } = await services.send('GET', url, headers);
		if (status !== 200) throw new Error(`${status} ${JSON.stringify(json)} for ${url}`);
		rows.push(...(json.value as Walk['rows']));
		pages++;
		url = json['@odata.nextLink'] as string | undefined;
		if (url === undefined) return { rows, pages, deltaLink: json['@odata.deltaLink'] as string | undefined };
		if (pages > 500) throw new Error('The links lead round in a circle.');
	}
}

const small = { Prefer: 'odata.maxpagesize=3' };

describe('Dataverse', () => {
	test.each([
		'contacts?$select=lastname',
		'contacts?$select=lastname&$orderby=lastname desc,createdon',
		"contacts?$select=fullname&$filter=contains(fullname,'a') or lastname ne 'O''Brien'&$orderby=fullname",
		'accounts?$select=name&$expand=primarycontactid($select=fullname)&$count=true',
		'salesorderdetails?$select=extendedamount&$orderby=extendedamount',
		'privileges?$select=name&$filter=startswith(name,%27prvRead%27)',
	])('%s: every row once', async (path) => {
		const paged = await walk(services.crm + path, small);
		const whole = await walk(services.crm + path);
		const id = (row: Record<string, unknown>) => String(row['@odata.etag'] ?? '') + JSON.stringify(Object.entries(row).find(([name]) => name.endsWith('id'))); // prettier-ignore
		expect(paged.pages).toBeGreaterThan(1);
		expect(new Set(paged.rows.map(id)).size).toBe(paged.rows.length);
		expect(paged.rows).toHaveLength(whole.rows.length);
	});

	test('change tracking: the first read, what changed since, and since then', async () => {
		const { crm } = services.sandbox;
		const tracked = { Prefer: 'odata.track-changes,odata.maxpagesize=3' };
		const first = await walk(`${services.crm}accounts?$select=name`, tracked);
		expect(first.rows).toHaveLength(crm.rows('account').length);
		expect(first.deltaLink).toContain('$deltatoken');
		const [one, two] = crm.rows('account').map(({ accountid }) => String(accountid));
		crm.update('account', one!, { name: 'Renamed' });
		const created = crm.insert('account', { name: 'Created' });
		const gone = crm.insert('account', { name: 'Gone' });
		crm.remove('account', gone);
		const second = await walk(first.deltaLink!, tracked);
		expect(second.rows).toEqual([
			expect.objectContaining({ accountid: one, name: 'Renamed' }),
			expect.objectContaining({ accountid: created, name: 'Created' }),
			expect.objectContaining({ id: gone, reason: 'deleted' }),
		]);
		crm.update('account', two!, { name: 'Later' });
		const third = await walk(second.deltaLink!);
		expect(third.rows).toEqual([expect.objectContaining({ accountid: two, name: 'Later' })]);
		expect((await walk(third.deltaLink!)).rows).toEqual([]);
	});

	test('children of an expansion are followed by their own link', async () => {
		const { crm } = services.sandbox;
		const account = crm.insert('account', { name: 'Parent' });
		for (let number = 0; number < 7; number++) crm.insert('contact', { lastname: `Child ${number}`, parentcustomerid: { table: 'account', id: account } }); // prettier-ignore
		const nested = '$expand=contact_customer_accounts($select=lastname;$expand=createdby($select=fullname))';
		const { json } = await services.send('GET', `${services.crm}accounts(${account})?$select=name&${nested}`, small);
		expect(json.contact_customer_accounts).toHaveLength(3);
		const rest = await walk(json['contact_customer_accounts@odata.nextLink'], small);
		const names = [...json.contact_customer_accounts, ...rest.rows].map(({ lastname }: { lastname: string }) => lastname).sort();
		expect(names).toEqual(Array.from({ length: 7 }, (_, number) => `Child ${number}`));
	});
});

describe('Business Central', () => {
	const set = (path: string) => `${services.businessCentral}companies(${services.sandbox.businessCentral.companyList()[0]!.id})/${path}`;

	test.each([
		'contacts?$select=displayName',
		'contacts?$select=displayName&$orderby=lastModifiedDateTime',
		'contacts?$select=number&$orderby=displayName desc,number',
		"contacts?$select=number&$filter=type eq 'Person'&$count=true",
		"contacts?$filter=displayName%20gt%20'B'&$select=displayName",
		'contacts?$top=7&$select=number',
		'generalLedgerEntries?$select=entryNumber&$skip=2',
		'customers?$select=number&$expand=currency($select=code)',
	])('%s: every row once', async (path) => {
		const paged = await walk(set(path), small);
		const whole = await walk(set(path));
		expect(paged.pages).toBeGreaterThan(1);
		expect(paged.rows).toEqual(whole.rows);
	});

	test('a page size that is not repeated ends with the service own', async () => {
		const { json } = await services.send('GET', set('contacts?$select=number'), small);
		const rest = await walk(json['@odata.nextLink']);
		expect([rest.pages, json.value.length + rest.rows.length]).toEqual([1, services.sandbox.businessCentral.companyList()[0]!.count('contacts')]); // prettier-ignore
	});
});
