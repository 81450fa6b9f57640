import { SyncError } from '../../../engine/model/errors';
import { type BusinessCentralSystem, clearBusinessCentralMetadata } from '../../../engine/systems/businessCentral';
import { compositeId, keyValues } from '../../../engine/model/compositeId';
import type { Transport } from '../../../engine/systems/odata/transport';
import { changes, lines, sandboxed, type Sandboxed } from './sandboxed';
import type { TableSource } from '../../../engine/model/record';
import type { WriteOperation } from '../../../engine/ports/write';

const resources: TableSource = { name: 'ResourceCard', numberField: 'No', nameField: 'Name', page: { keys: ['No'] } };
const itemUnits: TableSource = {
	name: 'ItemUnitsOfMeasure',
	numberField: null,
	nameField: 'Code',
	page: { keys: ['Item_No', 'Code'] },
};
const priceLines: TableSource = {
	name: 'PriceListLines',
	numberField: null,
	nameField: 'Description',
	page: { keys: ['Price_List_Code', 'Line_No'] },
};
const unitGroups: TableSource = {
	name: 'ItemUnitGroups',
	numberField: 'Code',
	nameField: 'Code',
	page: { keys: ['Source_Id'], also: [{ service: 'ResourceUnitGroups', properties: { Item_No: 'Resource_No' } }] },
};

let world: Sandboxed;
let system: BusinessCentralSystem;
const company = () => world.sandbox.businessCentral.company(world.companyId);

beforeEach(async () => {
	clearBusinessCentralMetadata();
	world = sandboxed();
	system = world.businessCentral({
		webClient: { baseUrl: 'https://businesscentral.dynamics.com', companyName: 'CRONUS', tenant: 'cronus.example', environment: 'sandbox' },
	});
	for (const { name, page } of [resources, itemUnits, priceLines, unitGroups]) {
		world.sandbox.businessCentral.publish(name);
		for (const { service } of page!.also ?? []) world.sandbox.businessCentral.publish(service);
	}
	// Whether the extension is installed is asked once a day, before the first table that it could show.
	await system.count(resources, null);
	expect(world.taken()[0]).toMatchObject({ path: '/v2.0/sandbox/api/d365sync/sync/v1.0/$metadata', status: 404 });
});
afterEach(() => world.sandbox.close());

const seedResources = (count: number) =>
	company().seed(
		'ResourceCard',
		Array.from({ length: count }, (_, index) => ({
			No: `R${String(index).padStart(4, '0')}`,
			Name: `Resource ${index}`,
			Unit_Price: index,
		})),
	);

/** A service that confirms writes with 204. */
function withoutRows(sandbox: Sandboxed['sandbox']): Transport {
	return async ({ method, url, headers, body = '' }) => {
		const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
		const answer = await sandbox.handle({ method, url, headers: lower, body });
		const { requests } = JSON.parse(body || '{}') as { requests?: Array<{ method: string }> };
		if (!requests?.some((part) => part.method !== 'GET')) return answer;
		const { responses } = JSON.parse(answer.body) as { responses: Array<Record<string, unknown>> };
		return { ...answer, body: JSON.stringify({ responses: responses.map((part) => ({ ...part, status: 204, body: undefined })) }) };
	};
}

async function failure(promise: Promise<unknown>): Promise<SyncError> {
	const error: unknown = await promise.then(
		() => null,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(SyncError);
	return error as SyncError;
}

async function update(table: TableSource, id: string, values: Record<string, string | number>): Promise<WriteOperation> {
	const { version, number } = (await system.readByIds(table, [id], [])).get(id)!;
	return { kind: 'update', id, version, number, values };
}

describe('composite ids', () => {
	test.each([
		[['1896-S', 'PCS'], '1896-s,pcs'],
		[['S00001', 10000], 's00001,10000'],
		[['A,B', 'C%'], 'a%2cb,c%25'],
		[['STRAẞE ß Ü', 'Ł'], 'stra%e1%ba%9ee%20%c3%9f%20%c3%9c,%c5%81'],
		[['', 'X'], ',x'],
	])('%j is %s, and back', (values, id) => {
		expect(compositeId(values)).toBe(id);
		expect(keyValues(id)).toEqual(values.map(String));
	});

	test('what is no id at all is one value that fits no key', () => expect(keyValues('%')).toEqual(['%']));
});

describe('reading a page', () => {
	test('a record has its key for an id, no stamp, and the etag for its version', async () => {
		seedResources(1);
		const { records } = await changes(system, { table: resources, fields: ['Unit_Price'], since: '2026-03-07T08:00:00.000Z' });
		expect(records).toEqual([
			{
				id: 'r0000',
				modifiedAt: '',
				version: expect.stringMatching(/^W\/"/) as string,
				number: 'R0000',
				name: 'Resource 0',
				values: { Unit_Price: 0 },
			},
		]);
		expect(new URL(`http://x${world.taken()[0]!.path}`).searchParams.get('$select')).toBe('No,Name,Unit_Price');
	});

	test('a page is read whole, in parts of the size asked for', async () => {
		seedResources(25);
		expect(await changes(system, { table: resources, pageSize: 10 })).toMatchObject({ pages: 3, records: { length: 25 } });
		expect(world.taken()).toHaveLength(3);
	});

	test('the filter of the mapping applies, also to rows by id', async () => {
		seedResources(3);
		const filter = "Name eq 'Resource 1'";
		expect((await changes(system, { table: resources, filter })).records.map(({ id }) => id)).toEqual(['r0001']);
		expect([...(await system.readByIds(resources, ['r0000', 'r0001'], [], filter)).keys()]).toEqual(['r0001']);
	});

	test('an edit moves the version of that row alone', async () => {
		const [first] = seedResources(2);
		const before = (await changes(system, { table: resources })).records;
		company().update('ResourceCard', first!, { Name: 'Renewed' });
		const after = (await changes(system, { table: resources })).records;
		expect(after.map(({ id }) => id)).toEqual(['r0000', 'r0001']);
		expect(after.map(({ version }, index) => version === before[index]!.version)).toEqual([false, true]);
	});

	test('a thousand ids of two keys are read in few requests, and nothing else comes with them', async () => {
		company().seed(
			'ItemUnitsOfMeasure',
			Array.from({ length: 500 }, (_, index) =>
				['PCS', 'BOX', 'PALLET'].map((Code) => ({ Item_No: `I${index}`, Code, Qty_per_Unit_of_Measure: 1 })),
			).flat(),
		);
		const ids = Array.from({ length: 500 }, (_, index) => [`i${index},pcs`, `i${index},box`]).flat();
		await system.describe(itemUnits);
		world.taken();
		const records = await system.readByIds(itemUnits, [...ids, 'i9999,pcs', 'no such id'], ['Qty_per_Unit_of_Measure']);
		expect([...records.keys()].sort()).toEqual([...ids].sort());
		expect(lines(world.taken())).toEqual(['POST $batch → 200 (6 × GET)']);
		expect(await system.existing(itemUnits, ['i0,pcs', 'i0,pack', 'i9999,pcs', '%', 'x'.repeat(50) + ',pcs'])).toEqual(new Set(['i0,pcs']));
	});

	test('integer keys are asked for bare, codes quoted, whatever they look like', async () => {
		company().seed('PriceListLines', [
			{ Price_List_Code: '1000', Line_No: 10000, Description: 'Bicycle' },
			{ Price_List_Code: '1000', Line_No: 20000, Description: 'Bell' },
		]);
		const records = await system.readByIds(priceLines, ['1000,20000', '1000,x'], ['Line_No']);
		expect([...records.values()]).toMatchObject([{ id: '1000,20000', number: '', name: 'Bell', values: { Line_No: 20000 } }]);
		expect(await system.readByValues(priceLines, 'Line_No', [10000], [])).toMatchObject([{ id: '1000,10000' }]);
		expect(await system.readByValues(priceLines, 'Description', ['bicycle'], [])).toMatchObject([{ id: '1000,10000' }]);
	});

	test('several pages of one table are read as one, with the names of the first', async () => {
		const item = '11111111-1111-4111-8111-111111111111';
		const resource = '22222222-2222-4222-8222-222222222222';
		company().seed('ItemUnitGroups', [{ Source_Type: 'Item', Source_Id: item, Code: 'ITEM 1896-S UOM GR', Item_No: '1896-S' }]);
		company().seed('ResourceUnitGroups', [
			{ Source_Type: 'Resource', Source_Id: resource, Code: 'RESOURCE LINA UOM GR', Resource_No: 'LINA' },
		]);
		const { records } = await changes(system, { table: unitGroups, fields: ['Item_No'] });
		expect(records.map(({ id, number, values }) => [id, number, values['Item_No']])).toEqual([
			[item, 'ITEM 1896-S UOM GR', '1896-S'],
			[resource, 'RESOURCE LINA UOM GR', 'LINA'],
		]);
		expect((await system.readByIds(unitGroups, [resource], ['Item_No'])).get(resource)!.values).toEqual({ Item_No: 'LINA' });
		expect(await system.existing(unitGroups, [item, resource])).toEqual(new Set([item, resource]));
		expect(await system.readByValues(unitGroups, 'Item_No', ['LINA'], [])).toMatchObject([{ id: resource }]);
		expect(await system.count(unitGroups, "Item_No ne 'x Item_No'")).toEqual({ count: 2, atLeast: false });
		expect((await system.search(unitGroups, 'uom', "Item_No eq 'LINA'")).records).toMatchObject([{ id: resource }]);
		const operation: WriteOperation = { kind: 'update', id: item, version: '*', number: '', values: { Code: 'X' } };
		expect(await failure(system.write(unitGroups, [operation]))).toMatchObject({ code: 'BC_PAGE_READ_ONLY', errorClass: 'setup' });
	});

	test('pickers find records by number and name, page by page', async () => {
		seedResources(120);
		const first = await system.search(resources, '', null);
		const second = await system.search(resources, '', null, first.next);
		expect([first.records.length, second.records[0]!.id]).toEqual([50, 'r0050']);
		expect((await system.search(resources, 'r0007', null)).records.map(({ id }) => id)).toEqual(['r0007']);
		expect((await system.search(resources, 'resource 77', null)).records.map(({ id }) => id)).toEqual(['r0077']);
	});

	test('a whole number field is compared, not searched', async () => {
		company().seed('PriceListLines', [{ Price_List_Code: 'A', Line_No: 10000, Description: 'Bicycle' }]);
		const numbered = { ...priceLines, numberField: 'Line_No' };
		expect((await system.search(numbered, '10000', null)).records).toMatchObject([{ id: 'a,10000', number: '10000' }]);
		expect((await system.search(numbered, 'bicy', null)).records).toMatchObject([{ id: 'a,10000' }]);
	});

	test('rules read rows of a page by its name', async () => {
		seedResources(3);
		const rows = await system.readAll('ODataV4/ResourceCard', ['No', 'Unit_Price'], 'Unit_Price ge 1', 'Unit_Price desc');
		expect(rows).toEqual([
			{ No: 'R0002', Unit_Price: 2 },
			{ No: 'R0001', Unit_Price: 1 },
		]);
	});

	test('columns come from $metadata: the key is given once, read-only pages are not written', async () => {
		const { columns, label } = await system.describe(resources);
		expect(label).toBe('Resource Card');
		expect(columns.get('No')).toMatchObject({ type: 'text', maxLength: 20, writable: false, creatable: true });
		expect(columns.get('Unit_Price')).toMatchObject({ type: 'decimal', writable: true, creatable: true });
		expect(columns.get('Last_Date_Modified')).toMatchObject({ type: 'date', writable: false, creatable: false });
		for (const column of (await system.describe(unitGroups)).columns.values())
			expect(column).toMatchObject({ writable: false, creatable: false });
	});

	test('the link opens the page at the record', () => {
		const filterOf = (url: string | null) => new URL(url!).searchParams;
		expect(filterOf(system.link(resources, 'lina')).get('filter')).toBe("'No.' IS 'LINA'");
		expect(filterOf(system.link(resources, 'lina')).get('page')).toBe('76');
		expect(filterOf(system.link(itemUnits, "1896-s,o'c")).get('filter')).toBe("'Item No.' IS '1896-S' AND 'Code' IS 'O''C'");
		const { page, ...byId } = { ...itemUnits, numberField: 'Code', nameField: 'Item_No' };
		const known = { ...byId, extension: page! };
		expect(filterOf(system.link(known, '11111111-1111-4111-8111-111111111111', 'PCS', '1896-S')).get('filter')).toBe(
			"'Item No.' IS '1896-S' AND 'Code' IS 'PCS'",
		);
		expect(system.link(known, '11111111-1111-4111-8111-111111111111', 'PCS')).toBeNull();
		expect(system.link(unitGroups, '11111111-1111-4111-8111-111111111111')).toBeNull();
	});
});

describe('writing a page', () => {
	test('insert, update and delete go through one $batch each way and tell the new version', async () => {
		seedResources(1);
		const outcomes = await system.write(resources, [
			await update(resources, 'r0000', { Name: 'Renewed', Unit_Price: 5 }),
			{ kind: 'insert', values: { No: 'lina', Name: 'Lina', Unit_Price: 9 } },
		]);
		expect(outcomes).toMatchObject([
			{ status: 'written', record: { id: 'r0000', name: 'Renewed', modifiedAt: '', values: { Unit_Price: 5 } } },
			{ status: 'written', record: { id: 'lina', number: 'LINA', values: { No: 'LINA', Unit_Price: 9 } } },
		]);
		const { records } = await changes(system, { table: resources });
		const versions = outcomes.map((outcome) => (outcome.status === 'written' ? outcome.record.version : ''));
		expect(records.map(({ version }) => version).sort()).toEqual([...versions].sort());
		world.taken();
		expect(await system.write(resources, [{ kind: 'delete', id: 'lina', version: versions[1]! }])).toMatchObject([{ status: 'written' }]);
		expect(lines(world.taken())).toEqual(['POST $batch → 200 (1 × DELETE)']);
		expect(await system.existing(resources, ['lina', 'r0000'])).toEqual(new Set(['r0000']));
	});

	test('rows of two keys are addressed by name, with their values typed', async () => {
		company().seed('PriceListLines', [{ Price_List_Code: "O'C 1", Line_No: 10000, Description: 'Bicycle' }]);
		const id = compositeId(["O'C 1", 10000]);
		const [outcome] = await system.write(priceLines, [await update(priceLines, id, { Description: 'Bell' })]);
		expect(outcome).toMatchObject({ status: 'written', record: { id, name: 'Bell' } });
		expect(decodeURIComponent(world.taken().at(-1)!.parts[0]!.path)).toContain("PriceListLines(Price_List_Code='O''C 1',Line_No=10000)");
	});

	test('a stale version, a row that is gone, a key that is taken, and an id that cannot be', async () => {
		seedResources(2);
		const stale = await update(resources, 'r0000', { Name: 'Mine' });
		await system.write(resources, [await update(resources, 'r0000', { Name: 'Theirs' })]);
		const gone: WriteOperation = { kind: 'update', id: 'r9999', version: 'W/"JzQ0OzE7MDA7Jw=="', number: '', values: { Name: 'x' } };
		const never: WriteOperation = { ...gone, id: 'r1,r2' };
		const outcomes = await system.write(resources, [stale, gone, never, { kind: 'insert', values: { No: 'R0001', Name: 'Again' } }]);
		expect(outcomes.map(({ status }) => status)).toEqual(['stale', 'missing', 'missing', 'exists']);
	});

	test('the key may be repeated, but not changed', async () => {
		seedResources(1);
		const operation = await update(resources, 'r0000', { No: 'r0000', Name: 'Same key' });
		expect(await system.write(resources, [operation])).toMatchObject([
			{ status: 'written', record: { name: 'Same key', values: { No: 'R0000' } } },
		]);
		const [other] = await system.write(resources, [await update(resources, 'r0000', { No: 'R1' })]);
		expect(other).toMatchObject({ status: 'failed', error: { code: 'BC_PAGE_RENAME', errorClass: 'data' } });
		const [only] = await system.write(resources, [await update(resources, 'r0000', { No: 'R0000' })]);
		expect(only).toMatchObject({ status: 'written', record: { id: 'r0000' } });
	});

	test('an answer without the row is made up for by reading it', async () => {
		seedResources(1);
		const quiet = world.businessCentral({ transport: withoutRows(world.sandbox) });
		const version = (await system.readByIds(resources, ['r0000'], [])).get('r0000')!.version;
		const outcomes = await quiet.write(
			resources,
			[
				{ kind: 'update', id: 'r0000', version, number: '', values: { Unit_Price: 7 } },
				{ kind: 'insert', values: { No: 'LINA', Name: 'Lina' } },
				{ kind: 'insert', values: { Name: 'Without number' } },
			],
			['Unit_Price'],
		);
		const { records } = await changes(system, { table: resources });
		expect(outcomes).toMatchObject([
			{ status: 'written', record: { id: 'r0000', version: records.find(({ id }) => id === 'r0000')!.version, values: { Unit_Price: 7 } } },
			{ status: 'written', record: { id: 'lina', number: 'LINA', version: records.find(({ id }) => id === 'lina')!.version } },
			{ status: 'unknown', error: { code: 'BC_NO_ROW' } },
		]);
	});

	test('a key that is not the whole one addresses no row', async () => {
		const part: TableSource = { ...itemUnits, page: { keys: ['Code'] } };
		expect(await failure(system.write(part, [{ kind: 'insert', values: { Code: 'PCS' } }]))).toMatchObject({
			code: 'BC_PAGE_KEY',
			message: expect.stringContaining('Item_No, Code') as string,
		});
	});
});

describe('a page that is not published', () => {
	test('every way to it ends with an error that says which page to publish', async () => {
		// Nobody saw it there.
		const system = world.businessCentral();
		world.sandbox.businessCentral.unpublish('ResourceCard');
		const calls: Array<() => Promise<unknown>> = [
			() => changes(system, { table: resources }),
			() => system.readByIds(resources, ['lina'], []),
			() => system.existing(resources, ['lina']),
			() => system.readByValues(resources, 'Name', ['x'], []),
			() => system.count(resources, null),
			() => system.search(resources, '', null),
			() => system.describe(resources),
			() => system.readAll('ODataV4/ResourceCard', ['No']),
			() => system.write(resources, [{ kind: 'insert', values: { No: 'X' } }]),
		];
		for (const call of calls) {
			const error = await failure(call());
			expect(error).toMatchObject({ code: 'BC_PAGE_NOT_PUBLISHED', errorClass: 'setup', table: 'ResourceCard' });
			expect(error.hint).toMatch(/object ID 76 \("Resource Card"\).*version 30/);
		}
	});

	test('a page taken away in the middle of a session is told, and what brings it back', async () => {
		seedResources(1);
		const operation = await update(resources, 'r0000', { Name: 'Late' });
		world.sandbox.businessCentral.unpublish('ResourceCard');
		expect(await system.write(resources, [operation])).toMatchObject([{ status: 'failed', error: { code: 'BC_PAGE_NOT_PUBLISHED' } }]);
		expect(await failure(system.readByIds(resources, ['r0000'], []))).toMatchObject({
			code: 'BC_SURFACE_GONE',
			hint: expect.stringMatching(/object ID 76 \("Resource Card"\).*version 30/) as string,
		});
	});

	test('a page under another name is told by both', async () => {
		const renamed: TableSource = { ...resources, name: 'MyResources', page: { keys: ['No'], standardName: 'ResourceCard' } };
		const error = await failure(changes(system, { table: renamed }));
		expect(error.message).toContain('"MyResources"');
		expect(error.hint).toContain('object ID 76');
	});
});
