import type { Client } from './client';

type Build = (query: object) => string;

/** The query builder odata-query: the service understands what it writes. */
export const odataQuery: Client = {
	name: 'odata-query',
	async run({ sandbox, addresses, check, load }) {
		const build = load<{ default: Build }>('odata-query').default;
		const { crm } = sandbox;
		const contact = crm.insert('contact', { firstname: 'Ada', lastname: "O'Neil" });
		const [alpha] = crm.seed('account', [
			{ name: 'Alpha', revenue: 10, numberofemployees: 3, primarycontactid: contact, createdon: '2026-01-01T00:00:00Z' },
			{ name: 'Beta', revenue: 20, donotemail: true, createdon: '2025-01-01T00:00:00Z' },
			{ name: 'Gamma', revenue: 30, statecode: 1, statuscode: 2, createdon: '2024-01-01T00:00:00Z' },
		]);
		crm.update('contact', contact, { parentcustomerid: { table: 'account', id: alpha! } });
		const token = sandbox.login.token('crm');
		const names = async (query: object): Promise<string> => {
			const answer = await fetch(`${addresses.crm}/api/data/v9.2/accounts${build(query)}`, {
				headers: { authorization: `Bearer ${token}` },
			});
			const json = (await answer.json()) as { value?: Array<{ name: string }>; error?: { message: string } };
			return json.error ? `${answer.status} ${json.error.message}` : json.value!.map(({ name }) => name).join();
		};
		const cases: Array<[what: string, query: object, expected: string]> = [
			['eq', { filter: { name: 'Alpha' } }, 'Alpha'],
			['operators', { filter: { revenue: { gt: 10, le: 30 } }, orderBy: 'name' }, 'Beta,Gamma'],
			['and', { filter: { and: [{ revenue: { ge: 10 } }, { statecode: 0 }] }, orderBy: 'name desc' }, 'Beta,Alpha'],
			['or', { filter: { or: [{ name: 'Alpha' }, { name: 'Gamma' }] }, orderBy: ['name asc'] }, 'Alpha,Gamma'],
			['not', { filter: { not: { statecode: 0 } } }, 'Gamma'],
			['contains', { filter: { name: { contains: 'amm' } } }, 'Gamma'],
			['startswith', { filter: { name: { startswith: 'B' } } }, 'Beta'],
			['endswith', { filter: { name: { endswith: 'ha' } } }, 'Alpha'],
			['boolean', { filter: { donotemail: true } }, 'Beta'],
			['null', { filter: { numberofemployees: null }, orderBy: 'name' }, 'Beta,Gamma'],
			['guid', { filter: { accountid: { type: 'guid', value: alpha } } }, 'Alpha'],
			['date', { filter: { createdon: { ge: new Date('2025-06-01T00:00:00Z') } } }, 'Alpha'],
			['path', { filter: { primarycontactid: { lastname: "O'Neil" } } }, 'Alpha'],
			['any', { filter: { contact_customer_accounts: { any: { lastname: "O'Neil" } } } }, 'Alpha'],
			['top', { top: 1, orderBy: 'revenue desc' }, 'Gamma'],
			['select', { select: ['name'], orderBy: 'name' }, 'Alpha,Beta,Gamma'],
			['expand', { expand: { primarycontactid: { select: ['fullname'] } }, filter: { name: 'Alpha' } }, 'Alpha'],
			[
				'expand, nested query',
				{
					expand: { contact_customer_accounts: { select: ['lastname'], filter: { lastname: "O'Neil" }, orderBy: 'lastname', top: 1 } },
					filter: { name: 'Alpha' },
				},
				'Alpha',
			],
			['count', { count: true, filter: { statecode: 0 }, orderBy: 'name' }, 'Alpha,Beta'],
			['raw text', { filter: "revenue eq 20 and name ne 'x'" }, 'Beta'],
		];
		for (const [what, query, expected] of cases) {
			const found = await names(query);
			check(what, found === expected, `${build(query)} → ${found}`);
		}
		const refused = await names({ skip: 5 });
		check('skip is refused', refused.startsWith('400'), refused);
		const count = await fetch(`${addresses.crm}/api/data/v9.2/accounts${build({ count: { statecode: 0 } })}`, {
			headers: { authorization: `Bearer ${token}` },
		});
		check('$count with a filter', (await count.text()) === '2');
		const one = await fetch(`${addresses.crm}/api/data/v9.2/accounts${build({ key: { type: 'guid', value: alpha }, select: ['name'] })}`, {
			headers: { authorization: `Bearer ${token}` },
		});
		check('a key', one.status === 200, one.status);
	},
};
