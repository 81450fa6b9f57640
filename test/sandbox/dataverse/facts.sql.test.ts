import { environment } from './client';

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/sql */
function populated() {
	const world = environment();
	const [alpha, beta] = world.crm.seed('account', [
		{ name: 'Alpha', revenue: 100, telephone1: '1' },
		{ name: 'Beta', revenue: 200, telephone1: '2' },
		{ name: "D'Oro", revenue: 300, statecode: 1, statuscode: 2 },
		{ name: '50%off' },
	]);
	world.crm.seed('account', [{ name: 'Child', parentaccountid: alpha }]);
	world.crm.seed('contact', [
		{ firstname: 'Ada', lastname: 'One', parentcustomerid: { table: 'account', id: alpha! } },
		{ firstname: 'Bob', lastname: 'Two', parentcustomerid: { table: 'account', id: alpha! } },
		{ firstname: 'Cy', lastname: 'Three', parentcustomerid: { table: 'account', id: beta! } },
	]);
	const sql = (text: string, headers?: Record<string, string>, set = 'accounts') =>
		world.get(`${set}?sql=${encodeURIComponent(text)}`, headers);
	return { ...world, sql };
}

describe('sql', () => {
	test.each<[string, unknown[]]>([
		["SELECT name FROM account WHERE name = 'alpha'", ['Alpha']],
		["SELECT a.name FROM account AS a WHERE a.name LIKE '%a' ORDER BY a.name", ['Alpha', 'Beta']],
		["select name from account where name not like '%a' order by name", ['50%off', 'Child', "D'Oro"]],
		["SELECT name FROM account WHERE name LIKE '%[%]%'", ['50%off']],
		["SELECT name FROM account WHERE name = 'D''Oro'", ["D'Oro"]],
		['SELECT name FROM account WHERE statecode <> 0', ["D'Oro"]],
		['SELECT name FROM account WHERE revenue >= 200 ORDER BY revenue DESC', ["D'Oro", 'Beta']],
		['SELECT name FROM account WHERE revenue BETWEEN 150 AND 250', ['Beta']],
		["SELECT name FROM account WHERE name IN ('Alpha', 'Beta') ORDER BY name", ['Alpha', 'Beta']],
		["SELECT name FROM account WHERE name NOT IN ('Alpha', 'Beta') AND telephone1 IS NULL ORDER BY name", ['50%off', 'Child', "D'Oro"]],
		["SELECT name FROM account WHERE (name = 'Alpha' OR name = 'Beta') AND telephone1 IS NOT NULL ORDER BY name ASC", ['Alpha', 'Beta']],
		[
			"SELECT child.name FROM account child INNER JOIN account AS parent ON child.parentaccountid = parent.accountid WHERE parent.name = 'Alpha'",
			['Child'],
		],
	])('%s', async (text, expected) => {
		const { sql } = populated();
		const { json, body } = await sql(text);
		expect([json.value?.map((row) => row.name), body.includes('"error"')]).toEqual([expected, false]); // prettier-ignore
	});

	test('aliases and joins', async () => {
		const { sql } = populated();
		const { json } = await sql(
			'SELECT a.name AS account_name, c.fullname FROM account AS a INNER JOIN contact AS c ON a.accountid = c.parentcustomerid ORDER BY c.fullname',
			{ prefer: 'odata.include-annotations="*"' },
		);
		expect(json.value.map((row) => [row.account_name, row['c.fullname']])).toEqual([['Alpha', 'Ada One'], ['Alpha', 'Bob Two'], ['Beta', 'Cy Three']]); // prettier-ignore
		expect(json.value[0]).toMatchObject({ 'account_name@OData.Community.Display.V1.AttributeName': 'name' });
		const left = await sql('SELECT a.name, c.lastname FROM account AS a LEFT JOIN contact AS c ON a.accountid = c.parentcustomerid');
		expect(left.json.value).toHaveLength(6);
	});

	test('groups and aggregates', async () => {
		const { sql } = populated();
		const groups = await sql(
			'SELECT a.name, COUNT(*) AS n FROM account AS a INNER JOIN contact AS c ON a.accountid = c.parentcustomerid GROUP BY a.name ORDER BY a.name',
		);
		expect(groups.json.value).toEqual([{ name: 'Alpha', n: 2 }, { name: 'Beta', n: 1 }]); // prettier-ignore
		const all = await sql(
			'SELECT COUNT(*) AS total, SUM(revenue) AS s, AVG(revenue) AS a, MIN(revenue) AS low, MAX(revenue) AS high FROM account',
		);
		expect(all.json.value).toEqual([{ total: 5, s: 600, a: 200, low: 100, high: 300 }]);
		expect((await sql('SELECT DISTINCT statecode FROM account ORDER BY statecode')).json.value).toEqual([{ statecode: 0 }, { statecode: 1 }]); // prettier-ignore
	});

	test('pages by next links', async () => {
		const { sql, get } = populated();
		const prefer = { prefer: 'odata.maxpagesize=2' };
		const names: unknown[] = [];
		let answer = await sql('SELECT name FROM account ORDER BY name', prefer);
		for (let turn = 0; turn < 5; turn++) {
			names.push(...answer.json.value.map((row) => row.name));
			const next = answer.json['@odata.nextLink'];
			if (typeof next !== 'string') break;
			answer = await get(next, prefer);
		}
		expect(names).toEqual(['50%off', 'Alpha', 'Beta', 'Child', "D'Oro"]);
	});

	test.each([
		'SELECT * FROM account',
		'SELECT TOP 10 name FROM account',
		'SELECT name FROM contact',
		'SELECT nothing FROM account',
		'DELETE FROM account',
		'SELECT name FROM account; SELECT fullname FROM contact',
		'SELECT name FROM account WHERE 1=1',
		'SELECT name FROM account WHERE LEN(name) = 1',
		'SELECT name FROM account WHERE accountid IN (SELECT accountid FROM account)',
		'SELECT name FROM account RIGHT JOIN contact ON account.accountid = contact.parentcustomerid',
		'SELECT name, COUNT(*) AS n FROM account',
		'SELECT name, COUNT(*) AS n FROM account GROUP BY name HAVING COUNT(*) > 1',
		'SELECT name FROM account ORDER BY LEN(name)',
		"SELECT name FROM account WHERE name = 'open",
		"SELECT name FROM account WHERE revenue = 'much'",
		'SELECT name FROM account OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY',
	])('%s is refused', async (text) => {
		const { sql } = populated();
		expect((await sql(text)).status).toBe(400);
	});

	test('no other options beside it', async () => {
		const { get } = populated();
		expect((await get('accounts?sql=SELECT%20name%20FROM%20account&$top=1')).status).toBe(400);
	});
});
