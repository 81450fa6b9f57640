import { join } from 'node:path';
import type { SyncSession } from '../../engine/ports/session';
import { businessCentralRecordLocator, crmRecordLocator, locator } from '../../nodes/shared/locators';
import { resolveRecords, type MappingSummary } from '../../nodes/shared/recordReference';
import { createWorld, type World } from '../kit/world';

const UNITS: MappingSummary = {
	name: 'UNITS',
	caption: 'Units of items',
	bc: { name: 'ItemUnitsOfMeasure', numberField: null, nameField: 'Code', page: { keys: ['Item_No', 'Code'] } },
	crm: { name: 'contact', numberField: null, nameField: 'lastname' },
};
const CUSTOMERS: MappingSummary = { ...UNITS, bc: { name: 'customers', numberField: 'number', nameField: 'displayName' } };

let world: World;
let session: SyncSession;
beforeEach(async () => {
	world = await createWorld();
	world.sandbox.businessCentral.publish('ItemUnitsOfMeasure');
	world.sandbox.businessCentral.company(world.base.companyName).seed('ItemUnitsOfMeasure', [
		{ Item_No: '1896-S', Code: 'PCS' },
		{ Item_No: 'A,B', Code: 'BOX' },
	]);
	session = await world.open();
});
afterEach(async () => {
	await session.store.close();
	await world.close();
});

const resolve = async (value: unknown, mapping = UNITS) => {
	const [found] = await resolveRecords(session, mapping, 'businessCentral', [businessCentralRecordLocator.parse(value)]);
	return typeof found === 'string' ? found : found!.message;
};

test.each([
	['an id of an item of ours', { mode: 'id', value: '1896-s,pcs' }, '1896-s,pcs'],
	['an id as it is typed', { mode: 'id', value: ' 1896-S,PCS ' }, '1896-s,pcs'],
	['a record chosen from the list', { mode: 'list', value: 'a%2cb,box' }, 'a%2cb,box'],
	['a name', { mode: 'name', value: 'box' }, 'a%2cb,box'],
	['a plain text that is a name', 'PCS', '1896-s,pcs'],
	['a plain text that is an id', '1896-s,pcs', '1896-s,pcs'],
	['a plain text that is neither', 'what', 'Business Central has no record with name "what" for the mapping UNITS.'],
])('records of pages are named by %s', async (_, value, expected) => expect(await resolve(value)).toBe(expected));

test('records that are known by their SystemIds are named by these, and by their keys', async () => {
	const { page, ...bc } = UNITS.bc;
	world.sandbox.businessCentral.installExtension(join(__dirname, '../../extension'));
	const moved: MappingSummary = { ...UNITS, bc: { ...bc, extension: page! } };
	const units = world.sandbox.businessCentral.company(world.base.companyName).rows('d365sync/sync/v1.0/itemUnitsOfMeasure');
	const id = String(units.find(({ itemNo }) => itemNo === 'A,B')!['id']).toLowerCase();
	const named = [
		{ mode: 'id', value: 'A%2cB,BOX' },
		{ mode: 'list', value: id.toUpperCase() },
		{ mode: 'name', value: 'box' },
		id,
		'a%2cb,box',
	];
	for (const value of named) expect([value, await resolve(value, moved)]).toEqual([value, id]);
	expect(await resolve('what', moved)).toBe('Business Central has no record with name "what" for the mapping UNITS.');
});

test('where ids are GUIDs, another text given as id names no record, and says so', async () => {
	expect(await resolve({ mode: 'id', value: '1896-s,pcs' }, CUSTOMERS)).toBe(
		'Business Central has no record with id "1896-s,pcs" for the mapping UNITS.',
	);
	expect(await resolve({ mode: 'id', value: '5D115C9C-44E3-EA11-BB43-000D3A2FECA1' }, CUSTOMERS)).toBe(
		'5d115c9c-44e3-ea11-bb43-000d3a2feca1',
	);
});

test('a CRM record is named by a GUID or, as a choice, by its number', () => {
	expect(crmRecordLocator.parse({ mode: 'id', value: 100000001 })).toEqual({ mode: 'id', value: '100000001' });
	expect(crmRecordLocator.safeParse({ mode: 'id', value: 'A1' }).success).toBe(false);
});

test('a company is still named by a GUID only', () => {
	expect(locator.safeParse({ mode: 'id', value: '1896-s,pcs' }).success).toBe(false);
	expect(locator.parse('CRONUS')).toMatchObject({ mode: 'name', value: 'CRONUS' });
});
