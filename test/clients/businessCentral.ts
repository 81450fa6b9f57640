import type { BusinessCentralCompany } from '../../sandbox/businessCentral';
import { attempt, type Client, type Surroundings } from './client';

interface Place {
	company: BusinessCentralCompany;
	/** Address of the company, without a slash at the end. */
	root: string;
	headers: Record<string, string>;
	customers: string[];
}

/** Four customers and an order in the first company. */
function place({ sandbox, addresses }: Surroundings): Place {
	const [company] = sandbox.businessCentral.companyList();
	const customers = ['Alpha', 'Beta', 'Gamma', "O'Neil"].map((displayName, index) => {
		const made = company!.insert('customers', { displayName, city: index % 2 ? 'Ulm' : 'Bonn', creditLimit: index * 10 });
		return String(made['id']);
	});
	const item = company!.insert('items', { displayName: 'Desk', unitPrice: 100 });
	const line = { lineType: 'Item', itemId: item['id'], quantity: 2 };
	company!.insert('salesOrders', { customerId: customers[0], salesOrderLines: [line] });
	return {
		company: company!,
		root: `${addresses.businessCentral}/v2.0/sandbox/api/v2.0/companies(${company!.id})`,
		headers: { authorization: `Bearer ${sandbox.login.token('businessCentral')}` },
		customers,
	};
}

/** The query builder odata-query against Business Central: what it writes is answered, or refused where BC has no such thing. */
export const businessCentralOdataQuery: Client = {
	name: 'odata-query (Business Central)',
	async run(surroundings) {
		const { check, load } = surroundings;
		const build = load<{ default: (query: object) => string }>('odata-query').default;
		const { root, headers, customers } = place(surroundings);
		const names = async (query: object): Promise<string> => {
			const answer = await fetch(`${root}/customers${build(query)}`, { headers });
			const json = (await answer.json()) as { value?: Array<{ displayName: string }>; error?: object };
			return json.value ? json.value.map(({ displayName }) => displayName).join() : String(answer.status);
		};
		const cases: Array<[what: string, query: object, expected: string]> = [
			['eq', { filter: { displayName: 'Alpha' } }, 'Alpha'],
			['quotes', { filter: { displayName: "O'Neil" } }, "O'Neil"],
			['operators', { filter: { creditLimit: { gt: 0, le: 20 } }, orderBy: 'displayName' }, 'Beta,Gamma'],
			['and', { filter: { and: [{ city: 'Ulm' }, { creditLimit: { ge: 20 } }] } }, "O'Neil"],
			[
				'or over one property',
				{ filter: { or: [{ displayName: 'Alpha' }, { displayName: 'Beta' }] }, orderBy: 'displayName desc' },
				'Beta,Alpha',
			],
			['or over two properties', { filter: { or: [{ displayName: 'Alpha' }, { city: 'Ulm' }] } }, '501'],
			['not', { filter: { not: { city: 'Ulm' } } }, '501'],
			['in', { filter: { displayName: { in: ['Alpha', 'Beta'] } }, orderBy: 'displayName' }, '501'],
			['contains', { filter: { displayName: { contains: 'amm' } } }, 'Gamma'],
			['startswith', { filter: { displayName: { startswith: 'B' } } }, 'Beta'],
			['endswith', { filter: { displayName: { endswith: 'ha' } } }, 'Alpha'],
			['guid', { filter: { id: { type: 'guid', value: customers[1] } } }, 'Beta'],
			['date', { filter: { lastModifiedDateTime: { ge: new Date('2000-01-01T00:00:00Z') } }, top: 1, orderBy: 'displayName' }, 'Alpha'],
			['length', { filter: { 'length(displayName)': 5 } }, '501'],
			['select', { select: ['displayName'], orderBy: 'displayName' }, "Alpha,Beta,Gamma,O'Neil"],
			['skip and top', { skip: 1, top: 2, orderBy: 'displayName' }, 'Beta,Gamma'],
			['expand', { expand: { currency: { select: ['code'] } }, filter: { displayName: 'Alpha' } }, 'Alpha'],
			['count', { count: true, filter: { city: 'Ulm' }, orderBy: 'displayName' }, "Beta,O'Neil"],
			['search', { search: 'Alpha' }, '501'],
			['unknown property', { filter: { nothing: 1 } }, '400'],
		];
		for (const [what, query, expected] of cases) {
			const found = await names(query);
			check(what, found === expected, `${build(query)} → ${found}`);
		}
		const count = await fetch(`${root}/customers${build({ count: { city: 'Ulm' } })}`, { headers });
		check('$count with a filter', (await count.text()) === '2');
		const lines = await fetch(`${root}/salesOrders${build({ expand: { salesOrderLines: { select: ['quantity'], top: 1 } } })}`, {
			headers,
		});
		const [order] = ((await lines.json()) as { value: Array<{ salesOrderLines: Array<{ quantity: number }> }> }).value;
		check('expand of lines', order?.salesOrderLines[0]?.quantity === 2, order);
	},
};

interface ODataRequest {
	newRequest(request: object): Promise<unknown>;
	newParam(): { filter(text: unknown): unknown };
	newFilter(): { property(name: string): { eq(value: unknown): unknown } };
	getEntitySet(name: string): EntitySet;
}
interface EntitySet {
	query(...options: unknown[]): Promise<Array<Record<string, unknown>>>;
	retrieve(id: string): Promise<Record<string, unknown>>;
	find(values: object): Promise<Array<Record<string, unknown>>>;
	count(): Promise<number>;
	create(body: object): Promise<Record<string, unknown>>;
}

/** The client @odata/client (SAP's world) against API v2.0; it puts `$format=json` on everything. */
export const businessCentralOdataClient: Client = {
	name: '@odata/client (Business Central)',
	async run(surroundings) {
		const { check, load } = surroundings;
		const { OData } = load<{ OData: { New4(options: object): ODataRequest } }>('@odata/client');
		const { root, headers, company } = place(surroundings);
		const client = OData.New4({ serviceEndpoint: `${root}/`, commonHeaders: headers });
		const customers = client.getEntitySet('customers');
		const all = await attempt(surroundings, 'query', () => customers.query());
		check('query: all rows', all?.length === 4, all);
		const found = await attempt(surroundings, 'find', () => customers.find({ displayName: 'Beta' }));
		check('find: the row', found?.length === 1 && found[0]?.['city'] === 'Ulm', found);
		const filter = client.newFilter().property('city').eq("'Bonn'");
		const filtered = await attempt(surroundings, 'filter', () => customers.query(client.newParam().filter(filter)));
		check('filter: the rows', filtered?.length === 2, filtered);
		const number = await attempt(surroundings, 'count', () => customers.count());
		check('count: how many', Number(number) === 4, number);
		await attempt(surroundings, 'create', () => customers.create({ displayName: 'Made' }));
		check('create: it is there', company.count('customers') === 5);
	},
};

interface OHandler {
	get(resource: string): OHandler;
	post(resource: string, body: object): OHandler;
	patch(resource: string, body: object): OHandler;
	delete(resource: string): OHandler;
	query(query?: object): Promise<unknown>;
}

/** o.js (npm `odata`) against API v2.0 and a page: reads, writes, deletes. */
export const businessCentralOJs: Client = {
	name: 'o.js (Business Central)',
	async run(surroundings) {
		const { check, load, addresses, sandbox } = surroundings;
		const { o } = load<{ o: (url: string, options: object) => OHandler }>('odata');
		const { root, headers, company, customers } = place(surroundings);
		const service = (base: string, more: Record<string, string> = {}) =>
			o(`${base}/`, { headers: { ...headers, 'Content-Type': 'application/json', ...more } });
		type Rows = Array<Record<string, unknown>>;
		const all = (await attempt(surroundings, 'get', () =>
			service(root).get('customers').query({ $orderby: 'displayName', $top: 2 }),
		)) as Rows;
		check('get: rows in order', all?.map((row) => row['displayName']).join() === 'Alpha,Beta', all);
		const one = (await attempt(surroundings, 'get by id', () =>
			service(root).get(`customers(${customers[2]})`).query({ $select: 'displayName' }),
		)) as Rows[0];
		check('get by id: the row', one?.['displayName'] === 'Gamma', one);
		const made = (await attempt(surroundings, 'post', () => service(root).post('customers', { displayName: 'Made' }).query())) as Rows[0];
		check('post: the new row', made?.['displayName'] === 'Made', made);
		await attempt(surroundings, 'patch', () =>
			service(root, { 'If-Match': '*' }).patch(`customers(${customers[0]})`, { city: 'Kiel' }).query(),
		);
		check('patch: it is changed', company.get('customers', customers[0]!)?.['city'] === 'Kiel');
		const refused = await service(root)
			.patch(`customers(${customers[0]})`, { city: 'Rome' })
			.query()
			.then(
				() => 'taken',
				() => 'refused',
			);
		check(
			'patch without If-Match is refused',
			refused === 'refused' && company.get('customers', customers[0]!)?.['city'] === 'Kiel',
			refused,
		);
		await attempt(surroundings, 'delete', () => service(root).delete(`customers(${customers[3]})`).query());
		check('delete: it is gone', company.get('customers', customers[3]!) === undefined);
		sandbox.businessCentral.publish('CustomerCard');
		const pages = `${addresses.businessCentral}/v2.0/sandbox/ODataV4/Company('${encodeURIComponent(company.name)}')`;
		const cards = (await attempt(surroundings, 'get of a page', () =>
			service(pages).get('CustomerCard').query({ $filter: "Name eq 'Beta'" }),
		)) as Rows;
		check('get of a page: the row', cards?.length === 1 && cards[0]?.['City'] === 'Ulm', cards);
	},
};
