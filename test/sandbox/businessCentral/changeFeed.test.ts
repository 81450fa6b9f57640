import { Client, code } from './client';

/** The source of Master Data Management across environments, as codeunit 7241 of Business Central 29 has it (microsoft/BCApps). */
const USER = 'SYNC';

class WithFeed extends Client {
	readonly feed = this.sandbox.businessCentral.installChangeFeed(USER);

	call(action: string, body: unknown, query = `?company=${this.company.id}`) {
		return this.post(`${this.odata}/MDMCrossEnvSource_${action}${query}`, body as Record<string, unknown>);
	}

	async records(tableId: number, more: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
		const given = { tableId, fieldIds: '[1,2]', selector: '{}', pageSize: 1000, filter: '', ...more };
		const answer = await this.call('GetRecords', given);
		expect(answer.status).toBe(200);
		return JSON.parse(answer.body.value as string) as Record<string, unknown>;
	}
}

let bc: WithFeed;
beforeEach(() => {
	bc = new WithFeed();
});
const shippingAgents = (count: number, apart = 0): void => {
	for (let number = 1; number <= count; number++) {
		bc.company.insert('ShippingAgents', { Code: `A${number}`, Name: `Agent ${number}` });
		if (apart > 0) bc.sandbox.clock.advance(apart);
	}
};
const customers = (count: number): void => {
	for (let number = 1; number <= count; number++)
		bc.company.insert('customers', { number: `C${number}`, displayName: `Customer ${number}` });
};

test('what it can do is text within JSON', async () => {
	const { status, body } = await bc.call('GetCapabilities', {});
	expect([status, body.value]).toEqual([200, '{"version":1,"features":["records","lastModifiedPerTable"]}']);
	expect((await bc.call('GetCapabilities', {}, '?company=CRONUS')).status).toBe(bc.company.name === 'CRONUS' ? 200 : 404);
});

test('values are texts by field numbers: codes, decimals, enums by ordinal, dates, ids in braces', async () => {
	shippingAgents(1);
	const { records, ...rest } = await bc.records(291);
	expect(rest).toEqual({ tableId: 291, tableAvailable: true, hasMore: false, nextCursor: { modifiedAt: expect.stringMatching(/Z$/) } });
	expect(records).toEqual([
		{
			systemId: expect.stringMatching(/^\{[0-9A-F-]{36}\}$/),
			systemModifiedAt: expect.stringMatching(/Z$/),
			fields: { 1: 'A1', 2: 'Agent 1' },
		},
	]);
	bc.company.insert('unitsOfMeasure', { code: 'PCS', displayName: 'Piece' });
	bc.company.insert('items', { number: 'I1', displayName: 'Item', baseUnitOfMeasureCode: 'PCS' });
	const units = await bc.records(5404, { fieldIds: '[1,2,3]' });
	expect(units).toMatchObject({ records: [{ fields: { 1: 'I1', 2: 'PCS', 3: '1' } }] });
	expect(await bc.records(5400, { fieldIds: '[1,2,3]' })).toMatchObject({ records: [{ fields: { 1: '0', 3: 'I1' } }] });
});

test('a table with the whole key is read page by page, by moment and id', async () => {
	customers(5);
	const seen: unknown[] = [];
	let selector: unknown = {};
	for (let page = 0; page < 3; page++) {
		const answer = await bc.records(18, { selector: JSON.stringify(selector), pageSize: 2 });
		seen.push(...(answer['records'] as Array<{ fields: Record<string, string> }>).map(({ fields }) => fields['1']));
		expect(answer['hasMore']).toBe(page < 2);
		selector = answer['nextCursor'];
	}
	expect(seen.sort()).toEqual(['C1', 'C2', 'C3', 'C4', 'C5']);
	expect(await bc.records(18, { selector: JSON.stringify(selector) })).toMatchObject({ records: [], hasMore: false });
});

test('without SystemId in the key rows of one moment stay together; without any key all come at once', async () => {
	for (let number = 1; number <= 3; number++) bc.company.insert('CustomerPriceGroups', { Code: `G${number}` });
	const together = await bc.records(6, { fieldIds: '[1]', pageSize: 1 });
	expect((together['records'] as unknown[]).length).toBe(3);
	expect(together['nextCursor']).toEqual({ modifiedAt: expect.any(String) });
	shippingAgents(3, 1000);
	expect((await bc.records(291, { pageSize: 1 }))['records']).toHaveLength(3);
	bc.feed.index(291);
	const first = await bc.records(291, { pageSize: 2 });
	expect(first).toMatchObject({ hasMore: true, nextCursor: { systemId: expect.any(String) as string } });
});

test('single records by their ids, whether or not there is a key', async () => {
	shippingAgents(3);
	const [, second] = bc.company.rows('ShippingAgents');
	const all = (await bc.records(291))['records'] as Array<{ systemId: string; fields: Record<string, string> }>;
	const wanted = all.find(({ fields }) => fields['1'] === second!['Code'])!;
	const selector = JSON.stringify({ systemIds: [wanted.systemId, '{00000000-0000-0000-0000-000000000001}'] });
	expect(await bc.records(291, { selector })).toMatchObject({ records: [wanted], hasMore: false });
});

test('a field that is not there stops the answer; FlowFields are left out; tables that nobody may have are not available', async () => {
	expect(await bc.records(291, { fieldIds: '[1,999]' })).toEqual({ tableId: 291, tableAvailable: true, unavailableFields: [999], records: [], hasMore: false }); // prettier-ignore
	bc.company.insert('ResourceCard', { No: 'R1', Name: 'Lift' });
	expect(((await bc.records(156, { fieldIds: '[1,41]' }))['records'] as unknown[])[0]).toMatchObject({ fields: { 1: 'R1' } });
	expect(await bc.records(2000000184)).toMatchObject({ tableAvailable: false, records: [] });
	expect(await bc.records(4711)).toMatchObject({ tableAvailable: false, records: [] });
});

test('nothing without consent, and nothing for those who lack the permission set or the table', async () => {
	bc.feed.consented = false;
	expect(await bc.records(291)).toEqual({ consentRequired: true });
	expect((await bc.call('GetCapabilities', {})).status).toBe(200);
	bc.feed.consented = true;
	bc.sandbox.businessCentral.permissions.deny(USER, 'Shipping Agent', 'Read');
	expect(code(await bc.call('GetRecords', { tableId: 291, fieldIds: '[1]', selector: '{}', pageSize: 1, filter: '' }))).toBe('403 Authorization_RequestDenied'); // prettier-ignore
	bc.sandbox.businessCentral.installChangeFeed();
	expect(code(await bc.call('GetCapabilities', {}))).toBe('403 Authorization_RequestDenied');
});

test('the newest change of each table', async () => {
	customers(1);
	const { body } = await bc.call('LastModifiedAtPerTable', { tableIds: '[18,291,4711,27]' });
	expect(JSON.parse(body.value as string)).toEqual({
		tables: [
			{ tableId: 18, tableAvailable: true, lastModifiedAt: expect.stringMatching(/Z$/) },
			{ tableId: 291, tableAvailable: true, indexed: false },
			{ tableId: 4711, tableAvailable: false },
			{ tableId: 27, tableAvailable: true, lastModifiedAt: '' },
		],
	});
});

test('what is no call of an action is refused', async () => {
	const given = { tableId: 291, fieldIds: '[1]', selector: '{}', pageSize: 1, filter: '' };
	expect((await bc.get(`${bc.odata}/MDMCrossEnvSource_GetCapabilities?company=${bc.company.id}`)).status).toBe(405);
	expect((await bc.call('GetEverything', {})).status).toBe(404);
	expect((await bc.call('GetRecords', { ...given, more: 1 })).status).toBe(400);
	expect((await bc.call('GetRecords', { ...given, tableId: '291' })).status).toBe(400);
	expect((await bc.call('GetRecords', { tableId: 291 })).status).toBe(400);
	expect((await bc.call('GetRecords', given, '?company=none')).status).toBe(404);
	expect((await bc.call('GetRecords', given, `?company=${bc.company.id}&$top=1`)).status).toBe(400);
	bc.feed.published = false;
	expect((await bc.call('GetCapabilities', {})).status).toBe(404);
	bc.sandbox.businessCentral.changeFeed = null;
	expect((await bc.call('GetCapabilities', {})).status).toBe(404);
});
