import { environment, start } from './client';

/** Sources: https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/ (retrieve-data, join-tables, filter-rows, aggregate-data, page-results) */
const id = (number: number) => `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`;
const iso = (days: number) => new Date(start + days * 86_400_000).toISOString();

/** Five accounts, three contacts on two of them; A3 is inactive and has neither revenue nor owner's company. */
function populated() {
	const world = environment();
	const { crm, get } = world;
	const base = { accountnumber: 'N', websiteurl: 'https://a.example' };
	crm.seed('account', [
		{
			...base,
			accountid: id(1),
			name: 'Alpha',
			revenue: 100,
			numberofemployees: 5,
			industrycode: 1,
			createdon: iso(0),
			modifiedon: iso(0),
		},
		{
			...base,
			accountid: id(2),
			name: 'beta',
			revenue: 300,
			numberofemployees: 6,
			industrycode: 1,
			createdon: iso(-1),
			parentaccountid: id(1),
		},
		{ accountid: id(3), name: 'Gamma', numberofemployees: 20, industrycode: 2, createdon: iso(-40), statecode: 1, statuscode: 2 },
		{ ...base, accountid: id(4), name: 'delta_x', revenue: 200, createdon: iso(-400), parentaccountid: id(1), donotemail: true },
		{ accountid: id(5), name: 'Epsilon 100%', accountnumber: 'E5', createdon: iso(-3) },
	]);
	crm.seed('contact', [
		{ contactid: id(11), firstname: 'Ada', lastname: 'One', parentcustomerid: { table: 'account', id: id(1) }, statecode: 0 },
		{
			contactid: id(12),
			firstname: 'Bob',
			lastname: 'Two',
			parentcustomerid: { table: 'account', id: id(1) },
			statecode: 1,
			statuscode: 2,
		},
		{ contactid: id(13), firstname: 'Cy', lastname: 'Three', parentcustomerid: { table: 'account', id: id(2) }, statecode: 0 },
	]);
	crm.update('account', id(1), { primarycontactid: id(11) });
	const fetch = (xml: string, headers?: Record<string, string>, set = 'accounts') =>
		get(`${set}?fetchXml=${encodeURIComponent(xml)}`, headers);
	const names = async (inside: string, attributes = '') => {
		const { json, status, body } = await fetch(`<fetch ${attributes}><entity name='account'><attribute name='name'/>${inside}<order attribute='name'/></entity></fetch>`); // prettier-ignore
		if (status !== 200) throw new Error(body);
		return json.value.map(({ name }) => name);
	};
	return { ...world, fetch, names, condition: (text: string) => names(`<filter><condition ${text}</filter>`) };
}

const closed = (attribute: string, operator: string, value?: string | string[]): string => {
	if (Array.isArray(value))
		return `attribute='${attribute}' operator='${operator}'>${value.map((each) => `<value>${each}</value>`).join('')}</condition>`;
	return `attribute='${attribute}' operator='${operator}'${value === undefined ? '' : ` value='${value}'`}/>`;
};

describe('conditions', () => {
	const all = ['Alpha', 'beta', 'delta_x', 'Epsilon 100%', 'Gamma'];
	test.each<[string, string | string[] | undefined, string, string[]]>([
		['eq', 'ALPHA', 'name', ['Alpha']],
		['ne', 'alpha', 'name', ['beta', 'delta_x', 'Epsilon 100%', 'Gamma']],
		['neq', '1', 'industrycode', ['delta_x', 'Epsilon 100%', 'Gamma']],
		['gt', '100', 'revenue', ['beta', 'delta_x']],
		['ge', '100', 'revenue', ['Alpha', 'beta', 'delta_x']],
		['lt', '200', 'revenue', ['Alpha']],
		['le', '200', 'revenue', ['Alpha', 'delta_x']],
		['in', ['Alpha', 'GAMMA'], 'name', ['Alpha', 'Gamma']],
		['not-in', ['Alpha', 'Gamma'], 'name', ['beta', 'delta_x', 'Epsilon 100%']],
		['between', ['100', '200'], 'revenue', ['Alpha', 'delta_x']],
		['not-between', ['100', '200'], 'revenue', ['beta']],
		['null', undefined, 'revenue', ['Epsilon 100%', 'Gamma']],
		['not-null', undefined, 'revenue', ['Alpha', 'beta', 'delta_x']],
		['like', '%a', 'name', ['Alpha', 'beta', 'Gamma']],
		['like', 'delta[_]x', 'name', ['delta_x']],
		['like', '%[%]', 'name', ['Epsilon 100%']],
		['not-like', '%a', 'name', ['delta_x', 'Epsilon 100%']],
		['begins-with', 'ALP', 'name', ['Alpha']],
		['not-begin-with', 'ALP', 'name', ['beta', 'delta_x', 'Epsilon 100%', 'Gamma']],
		['ends-with', 'ta', 'name', ['beta']],
		['not-end-with', 'ta', 'name', ['Alpha', 'delta_x', 'Epsilon 100%', 'Gamma']],
		['eq', '1', 'donotemail', ['delta_x']],
		['eq', `{${id(1).toUpperCase()}}`, 'parentaccountid', ['beta', 'delta_x']],
		['in', [id(1), id(5)], 'accountid', ['Alpha', 'Epsilon 100%']],
		['today', undefined, 'createdon', ['Alpha']],
		['yesterday', undefined, 'createdon', ['beta']],
		['on', '2026-01-15', 'createdon', ['Alpha']],
		['not-on', '2026-01-15', 'createdon', ['beta', 'delta_x', 'Epsilon 100%', 'Gamma']],
		['on-or-after', '2026-01-14', 'createdon', ['Alpha', 'beta']],
		['on-or-before', '2026-01-12', 'createdon', ['delta_x', 'Epsilon 100%', 'Gamma']],
		['last-seven-days', undefined, 'createdon', ['Alpha', 'beta', 'Epsilon 100%']],
		['last-x-hours', '30', 'createdon', ['Alpha', 'beta']],
		['last-x-days', '1', 'createdon', ['Alpha', 'beta']],
		['last-x-months', '2', 'createdon', ['Alpha', 'beta', 'Epsilon 100%', 'Gamma']],
		['olderthan-x-days', '30', 'createdon', ['delta_x', 'Gamma']],
		['olderthan-x-years', '1', 'createdon', ['delta_x']],
		['this-month', undefined, 'createdon', ['Alpha', 'beta', 'Epsilon 100%']],
		['last-month', undefined, 'createdon', ['Gamma']],
		['this-year', undefined, 'createdon', ['Alpha', 'beta', 'Epsilon 100%']],
		['tomorrow', undefined, 'createdon', []],
		['eq-userid', undefined, 'ownerid', all],
		['ne-userid', undefined, 'ownerid', []],
	])('%s %j on %s', async (operator, value, attribute, expected) => {
		const { condition } = populated();
		expect(await condition(closed(attribute, operator, value))).toEqual(expected);
	});

	test('filters nest and combine', async () => {
		const { names } = populated();
		const inside = `<filter type='or'><condition ${closed('name', 'eq', 'Gamma')}<filter type='and'><condition ${closed('revenue', 'gt', '50')}<condition ${closed('revenue', 'lt', '150')}</filter></filter>`;
		expect(await names(inside)).toEqual(['Alpha', 'Gamma']);
	});

	test('columns are compared with columns', async () => {
		const { names } = populated();
		expect(await names("<filter><condition attribute='revenue' operator='gt' valueof='numberofemployees'/></filter>")).toEqual([
			'Alpha',
			'beta',
		]);
	});
});

describe('linked tables', () => {
	const contacts = (type: string, inside: string, alias = 'c') =>
		`<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='${type}' alias='${alias}'>${inside}</link-entity>`;
	const active = `<filter><condition ${closed('statecode', 'eq', '0')}</filter>`;

	test('inner: a row for each pair, columns under the alias', async () => {
		const { fetch } = populated();
		const { json } = await fetch(
			`<fetch><entity name='account'><attribute name='name'/>${contacts('inner', "<attribute name='lastname'/><order attribute='lastname'/>")}</entity></fetch>`,
		);
		expect(json.value.map((row) => [row.name, row['c.lastname']])).toEqual([['Alpha', 'One'], ['beta', 'Three'], ['Alpha', 'Two']]); // prettier-ignore
	});

	test('outer: rows without a partner stay, a filter inside the link does not remove them', async () => {
		const { fetch } = populated();
		const { json } = await fetch(
			`<fetch><entity name='account'><attribute name='name'/>${contacts('outer', `<attribute name='lastname'/>${active}`)}<order attribute='name'/></entity></fetch>`,
		);
		expect(json.value.map((row) => [row.name, row['c.lastname']])).toEqual([['Alpha', 'One'], ['beta', 'Three'], ['delta_x', undefined], ['Epsilon 100%', undefined], ['Gamma', undefined]]); // prettier-ignore
	});

	test.each<[string, string, string[]]>([
		['exists', active, ['Alpha', 'beta']],
		['in', '', ['Alpha', 'beta']],
		['matchfirstrowusingcrossapply', '', ['Alpha', 'beta']],
	])('%s: each row once', async (type, inside, expected) => {
		const { names } = populated();
		expect(await names(contacts(type, inside))).toEqual(expected);
	});

	test.each<[string, string, string[]]>([
		['any', active, ['Alpha', 'beta']],
		['not any', '', ['delta_x', 'Epsilon 100%', 'Gamma']],
		['not all', active, ['Alpha', 'beta']],
		// There are contacts, and none of them is active.
		['all', `<filter><condition ${closed('lastname', 'eq', 'Three')}</filter>`, ['Alpha']],
	])('%s inside a filter', async (type, inside, expected) => {
		const { names } = populated();
		expect(await names(`<filter>${contacts(type, inside)}</filter>`)).toEqual(expected);
	});

	test('a filter of the table names a column of the link', async () => {
		const { names } = populated();
		expect(await names(`${contacts('outer', '')}<filter><condition entityname='c' ${closed('contactid', 'null')}</filter>`)).toEqual(['delta_x', 'Epsilon 100%', 'Gamma']); // prettier-ignore
	});

	test('N:1, nested and self links; without an alias the table and a number', async () => {
		const { fetch } = populated();
		const { json } = await fetch("<fetch><entity name='contact'><attribute name='lastname'/><filter><condition attribute='lastname' operator='eq' value='Three'/></filter><link-entity name='account' from='accountid' to='parentcustomerid'><attribute name='name'/><link-entity name='account' from='accountid' to='parentaccountid' alias='p'><attribute name='name' alias='parentname'/></link-entity></link-entity></entity></fetch>", {}, 'contacts'); // prettier-ignore
		expect(json.value).toMatchObject([{ lastname: 'Three', 'account1.name': 'beta', parentname: 'Alpha' }]);
	});
});

describe('what comes back', () => {
	test('columns asked for, the id, the etag; nulls do not appear', async () => {
		const { fetch } = populated();
		const { json } = await fetch(
			"<fetch><entity name='account'><attribute name='name'/><attribute name='revenue'/><attribute name='primarycontactid'/><order attribute='name' descending='true'/></entity></fetch>",
		);
		expect(Object.keys(json.value[0]!).sort()).toEqual(['@odata.etag', '_transactioncurrencyid_value', 'accountid', 'name']);
		expect(json.value.at(-1)).toMatchObject({ name: 'Alpha', revenue: 100, _primarycontactid_value: id(11) });
	});

	test('all columns with all-attributes, and when none is named', async () => {
		const { fetch } = populated();
		for (const inside of ['<all-attributes/>', '']) {
			const { json } = await fetch(`<fetch top='1'><entity name='account'>${inside}<order attribute='name'/></entity></fetch>`);
			expect(json.value[0]).toMatchObject({ name: 'Alpha', accountnumber: 'N', statecode: 0 });
		}
	});

	test('an alias renames; annotations tell the column, the label and the table', async () => {
		const { fetch } = populated();
		const { json } = await fetch("<fetch top='1'><entity name='account'><attribute name='name' alias='title'/><attribute name='industrycode'/><attribute name='primarycontactid'/><order attribute='name'/></entity></fetch>", { prefer: 'odata.include-annotations="*"' }); // prettier-ignore
		expect(json.value[0]).toMatchObject({
			title: 'Alpha',
			'title@OData.Community.Display.V1.AttributeName': 'name',
			'industrycode@OData.Community.Display.V1.FormattedValue': expect.any(String),
			'_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'contact',
			'_primarycontactid_value@OData.Community.Display.V1.FormattedValue': 'Ada One',
		});
	});

	test('distinct rows have neither id nor etag', async () => {
		const { fetch } = populated();
		const { json } = await fetch(
			"<fetch distinct='true'><entity name='account'><attribute name='websiteurl'/><order attribute='websiteurl'/></entity></fetch>",
		);
		expect(json.value).toEqual([{}, { websiteurl: 'https://a.example' }]);
	});

	test('secured columns are null for who may not read them, in filters too', async () => {
		const { crm, as, fetch } = populated();
		const reader = crm.addUser({ fullname: 'R' });
		crm.secureColumn('account', 'revenue');
		as(reader);
		const xml = (filter: string) => `<fetch><entity name='account'><attribute name='revenue'/>${filter}</entity></fetch>`;
		expect((await fetch(xml(''))).json.value.every((row) => row.revenue === undefined)).toBe(true);
		expect((await fetch(xml("<filter><condition attribute='revenue' operator='not-null'/></filter>"))).json.value).toEqual([]);
	});

	test('reading a linked table needs its privilege', async () => {
		const { crm, fetch } = populated();
		crm.revokePrivilege(crm.administrator, 'prvReadContact');
		const xml = "<fetch><entity name='account'><link-entity name='contact' from='parentcustomerid' to='accountid'/></entity></fetch>";
		expect(await fetch(xml)).toMatchObject({ status: 403, code: '0x80040220' });
	});
});

describe('aggregates', () => {
	const aggregate = (inside: string) => `<fetch aggregate='true'><entity name='account'>${inside}</entity></fetch>`;
	test('count, countcolumn, sum, avg, min, max; nulls do not count', async () => {
		const { fetch } = populated();
		const { json } = await fetch(aggregate("<attribute name='accountid' aggregate='count' alias='n'/><attribute name='revenue' aggregate='countcolumn' alias='filled'/><attribute name='accountnumber' aggregate='countcolumn' distinct='true' alias='numbers'/><attribute name='revenue' aggregate='sum' alias='total'/><attribute name='revenue' aggregate='avg' alias='mean'/><attribute name='revenue' aggregate='min' alias='least'/><attribute name='revenue' aggregate='max' alias='most'/><attribute name='numberofemployees' aggregate='avg' alias='people'/>")); // prettier-ignore
		expect(json.value).toEqual([{ n: 5, filled: 3, numbers: 2, total: 600, mean: 200, least: 100, most: 300, people: 10 }]);
	});

	test('groups, ordered by an alias', async () => {
		const { fetch } = populated();
		const { json } = await fetch(
			aggregate(
				"<attribute name='industrycode' groupby='true' alias='industry'/><attribute name='accountid' aggregate='count' alias='n'/><order alias='n' descending='true'/>",
			),
		);
		expect(json.value.map(({ industry, n }) => [industry, n])).toEqual(expect.arrayContaining([[1, 2], [2, 1], [undefined, 2]])); // prettier-ignore
		expect(json.value.at(-1)).toMatchObject({ industry: 2 });
	});

	test.each([
		['day', 15],
		['month', 1],
		['quarter', 1],
		['year', 2026],
		['week', 3],
	])('groups of dates by %s', async (grouping, expected) => {
		// prettier-ignore
		const { fetch } = populated();
		const { json } = await fetch(
			aggregate(
				`<attribute name='createdon' groupby='true' dategrouping='${grouping}' alias='part'/><attribute name='accountid' aggregate='count' alias='n'/><filter><condition ${closed('name', 'eq', 'Alpha')}</filter>`,
			),
		);
		expect(json.value).toEqual([{ part: expected, n: 1 }]);
	});

	test('over linked tables', async () => {
		const { fetch } = populated();
		const { json } = await fetch(
			aggregate(
				"<attribute name='name' groupby='true' alias='account'/><link-entity name='contact' from='parentcustomerid' to='accountid' alias='c'><attribute name='contactid' aggregate='count' alias='n'/></link-entity><order alias='account'/>",
			),
		);
		expect(json.value).toEqual([{ account: 'Alpha', n: 2 }, { account: 'beta', n: 1 }]); // prettier-ignore
	});

	test('nothing found is one row of nothing', async () => {
		const { fetch } = populated();
		expect(
			(
				await fetch(
					aggregate(`<attribute name='accountid' aggregate='count' alias='n'/><filter><condition ${closed('name', 'eq', 'none')}</filter>`),
				)
			).json.value,
		).toEqual([{ n: 0 }]);
	});

	test('more than 50,000 rows cannot be aggregated: 0x8004e023', async () => {
		const { crm, fetch, get } = populated();
		crm.seed(
			'contact',
			Array.from({ length: 50_001 }, (_, number) => ({ lastname: String(number) })),
		);
		const xml = "<fetch aggregate='true'><entity name='contact'><attribute name='contactid' aggregate='count' alias='n'/></entity></fetch>";
		expect(await fetch(xml, {}, 'contacts')).toMatchObject({ status: 400, code: '0x8004e023' });
		expect(await get('contacts?$apply=aggregate($count as n)')).toMatchObject({ status: 400, code: '0x8004e023' });
	});
});

describe('paging', () => {
	const annotations = {
		prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords"',
	};
	const page = (attributes: string, order = "<order attribute='name'/>") =>
		`<fetch ${attributes}><entity name='account'><attribute name='name'/>${order}</entity></fetch>`;

	test('top', async () => {
		const { names } = populated();
		expect(await names('', "top='2'")).toEqual(['Alpha', 'beta']);
	});

	test('count and page', async () => {
		const { fetch } = populated();
		const second = await fetch(page("count='2' page='2'"), annotations);
		expect(second.json.value.map(({ name }) => name)).toEqual(['delta_x', 'Epsilon 100%']);
		expect(second.json['@Microsoft.Dynamics.CRM.morerecords']).toBe(true);
		expect((await fetch(page("count='2' page='3'"), annotations)).json['@Microsoft.Dynamics.CRM.morerecords']).toBe(false);
	});

	test('the cookie leads on, though rows before it went away', async () => {
		const { fetch, crm } = populated();
		const seen: unknown[] = [];
		let cookie = '';
		for (let number = 1; number < 9; number++) {
			const { json } = await fetch(page(`count='2' page='${number}'${cookie}`), annotations);
			seen.push(...json.value.map(({ name }) => name));
			if (json['@Microsoft.Dynamics.CRM.morerecords'] !== true) break;
			const outer = String(json['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']);
			const inner = decodeURIComponent(decodeURIComponent(/pagingcookie="([^"]*)"/.exec(outer)![1]!));
			expect(inner).toMatch(
				/^<cookie page="\d"><name last="[^"]*" first="[^"]*" \/><accountid last="\{[0-9A-F-]{36}\}" first="\{[0-9A-F-]{36}\}" \/><\/cookie>$/,
			);
			cookie = ` paging-cookie='${inner.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}'`;
			if (number === 1) crm.remove('account', id(2));
		}
		expect(seen).toEqual(['Alpha', 'beta', 'delta_x', 'Epsilon 100%', 'Gamma']);
	});

	test('no annotations unless asked for; no cookie for orders of linked tables, distinct rows and aggregates', async () => {
		const { fetch } = populated();
		expect(Object.keys((await fetch(page("count='2' page='1'"))).json).sort()).toEqual(['@odata.context', 'value']);
		const linked =
			"<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='outer' alias='c'><order attribute='lastname'/></link-entity>";
		const { json } = await fetch(page("count='2' page='1'", linked), annotations);
		expect(json['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']).toBeUndefined();
		expect(json['@Microsoft.Dynamics.CRM.morerecords']).toBe(true);
	});

	test('totals with $count and with returntotalrecordcount', async () => {
		const { fetch, get } = populated();
		const { json } = await get(`accounts?fetchXml=${encodeURIComponent(page("top='1'"))}&$count=true`);
		expect(json['@odata.count']).toBe(5);
		const total = await fetch(page("top='1' returntotalrecordcount='true'"), { prefer: 'odata.include-annotations="*"' });
		expect(total.json).toMatchObject({
			'@Microsoft.Dynamics.CRM.totalrecordcount': 5,
			'@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': false,
		});
	});
});

describe('refusals', () => {
	const entity = (inside: string, attributes = '') => `<fetch ${attributes}><entity name='account'>${inside}</entity></fetch>`;
	test.each<[string, string]>([
		['no XML', 'select * from account'],
		['not closed', '<fetch><entity name="account"></fetch>'],
		['two roots', '<fetch/><fetch/>'],
		['another root', '<query><entity name="account"/></query>'],
		['another table', '<fetch><entity name="contact"/></fetch>'],
		['no table', '<fetch/>'],
		['an unknown element', entity('<column name="name"/>')],
		['an unknown attribute', entity('', "unknown='1'")],
		['an unknown attribute of a condition', entity("<filter><condition attribute='name' operator='eq' value='a' unknown='1'/></filter>")],
		['an unknown column', entity("<attribute name='nothing'/>")],
		['a companion column', entity("<attribute name='primarycontactidname'/>")],
		['an unknown operator', entity("<filter><condition attribute='name' operator='equals' value='a'/></filter>")],
		['an operator that is not modelled', entity("<filter><condition attribute='parentaccountid' operator='under' value='a'/></filter>")],
		['a condition without a value', entity("<filter><condition attribute='name' operator='eq'/></filter>")],
		['between with one value', entity("<filter><condition attribute='revenue' operator='between'><value>1</value></condition></filter>")],
		['a number that is none', entity("<filter><condition attribute='revenue' operator='eq' value='much'/></filter>")],
		['a guid that is none', entity("<filter><condition attribute='accountid' operator='eq' value='1'/></filter>")],
		['a date operator on text', entity("<filter><condition attribute='name' operator='today'/></filter>")],
		['an unknown link type', entity("<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='cross'/>")],
		['a link without ends', entity("<link-entity name='contact'/>")],
		['an unknown linked table', entity("<link-entity name='nothing' from='a' to='b'/>")],
		['an unknown alias', entity("<filter><condition entityname='x' attribute='name' operator='null'/></filter>")],
		['top with paging', entity('', "top='1' page='1'")],
		['top above 5,000', entity('', "top='5001'")],
		['an aggregate without alias', entity("<attribute name='name' aggregate='count'/>", "aggregate='true'")],
		['an aggregate in a plain query', entity("<attribute name='name' aggregate='count' alias='n'/>")],
		['the sum of texts', entity("<attribute name='name' aggregate='sum' alias='n'/>", "aggregate='true'")],
		[
			'having',
			entity(
				"<attribute name='name' aggregate='count' alias='n'/><filter><condition attribute='name' aggregate='count' operator='gt' value='1'/></filter>",
				"aggregate='true'",
			),
		],
		[
			'a cookie of another order',
			entity("<order attribute='name'/>", "count='1' page='2' paging-cookie='&lt;cookie page=&quot;1&quot;/&gt;'"),
		],
		['a broken cookie', entity('', "count='1' page='2' paging-cookie='x'")],
	])('%s: 400', async (_name, xml) => {
		const { fetch } = populated();
		const answer = await fetch(xml);
		expect(answer.status).toBe(400);
		expect(answer.message).not.toBe('');
	});

	test.each(['$select=name', '$filter=true', '$top=1', '$orderby=name', 'savedQuery=1', '$expand=primarycontactid'])(
		'fetchXml with %s',
		async (option) => {
			const { get } = populated();
			expect((await get(`accounts?fetchXml=${encodeURIComponent(entity(''))}&${option}`)).status).toBe(400);
		},
	);
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-and-execute-predefined-queries */
describe('saved queries', () => {
	test('a view is found by its name and carried out', async () => {
		const { get } = populated();
		const { json } = await get("savedqueries?$select=name,savedqueryid&$filter=name eq 'Active Accounts'");
		const rows = await get(`accounts?savedQuery=${String(json.value[0]!.savedqueryid)}`);
		expect(rows.json.value.map(({ name }) => name)).toEqual(['Alpha', 'beta', 'delta_x', 'Epsilon 100%']);
	});

	test('a user saves one of its own', async () => {
		const { post, get } = populated();
		const fetchxml = "<fetch top='1'><entity name='account'><attribute name='name'/><order attribute='name'/></entity></fetch>";
		const { id: saved } = await post('userqueries', { name: 'Mine', returnedtypecode: 'account', querytype: 0, fetchxml });
		expect((await get(`accounts?userQuery=${saved}`)).json.value).toMatchObject([{ name: 'Alpha' }]);
	});

	test('one that does not exist is 404, one of another table 400', async () => {
		const { get } = populated();
		expect((await get(`accounts?savedQuery=${id(99)}`)).status).toBe(404);
		const { json } = await get("savedqueries?$select=savedqueryid&$filter=name eq 'Active Contacts'");
		expect((await get(`accounts?savedQuery=${String(json.value[0]!.savedqueryid)}`)).status).toBe(400);
	});
});
