import { createMapping, importMappings } from '../../../engine/tableMappings';
import { company } from '../products/shop';
import { defineVisits, openVisits, type Visits } from './visits';
import { createWorld } from '../../kit/world';

let visits: Visits;
beforeEach(async () => {
	visits = await openVisits();
});
afterEach(() => visits.close());

const ITEMS = { businessCentral: { table: 'items' } } as const;
const name = { bcField: 'displayName', crmField: 'cr1_name', direction: 'bidirectional' } as const;
const GROUP = '11111111-2222-4333-8444-555555555555';

test('an id is text in a column of text and an id in one of ids; none is nothing', async () => {
	company(visits.world).seed('itemCategories', [{ id: GROUP, code: 'BIKES', displayName: 'Bikes' }]);
	company(visits.world).insert('unitsOfMeasure', { code: 'PCS', displayName: 'Piece' });
	company(visits.world).insert('items', { number: '1000', displayName: 'Bike', itemCategoryCode: 'BIKES', baseUnitOfMeasureCode: 'PCS' });
	company(visits.world).insert('items', { number: '2000', displayName: 'Bell', baseUnitOfMeasureCode: 'PCS' });
	await visits.save([], {
		...ITEMS,
		fields: [
			name,
			{ bcField: 'itemCategoryId', crmField: 'cr1_text', direction: 'bidirectional' },
			{ bcField: 'itemCategoryId', crmField: 'cr1_key', direction: 'toCrm' },
		],
	});
	expect(await visits.run()).toBe('I2 M0 F0 / I0 M0 F0');
	expect(visits.rows().map((row) => [row['cr1_text'] ?? null, row['cr1_key'] ?? null])).toEqual([
		[GROUP, GROUP],
		[null, null],
	]);
	expect(await visits.run()).toBe('I0 M0 F0 / I0 M0 F0');
	const [first, second] = visits.rows();
	visits.change(first!['cr1_visitid'], { cr1_text: null });
	visits.change(second!['cr1_visitid'], { cr1_text: GROUP.toUpperCase() });
	expect(await visits.run()).toContain('I0 M2 F0');
	const category = (number: string) =>
		company(visits.world)
			.rows('items')
			.find((row) => row['number'] === number)!['itemCategoryId'];
	expect([category('1000'), category('2000')]).toEqual(['00000000-0000-0000-0000-000000000000', GROUP]);
	visits.change(first!['cr1_visitid'], { cr1_text: 'no id' });
	expect(await visits.run()).toContain('VALUE_IMPLAUSIBLE: ');
});

test('several choices cross as the text of their values, both ways', async () => {
	await visits.save([{ bcField: 'Search_Name', crmField: 'cr1_tags', direction: 'bidirectional' }]);
	company(visits.world).seed('ResourceCard', [{ No: 'R1', Name: 'One', Type: 'Person', Base_Unit_of_Measure: 'HOUR', Search_Name: '1,3' }]);
	expect(await visits.run()).toBe('I1 M0 F0 / I0 M0 F0');
	const [row] = visits.rows();
	expect(row!['cr1_tags']).toBe('1,3');
	visits.change(row!['cr1_visitid'], { cr1_tags: '2' });
	expect(await visits.run()).toBe('I0 M0 F0 / I0 M1 F0');
	expect(company(visits.world).rows('ResourceCard')[0]!['Search_Name']).toBe('2');
});

describe('refused when the mapping is saved, with the reason', () => {
	test.each([
		[
			'an image of CRM',
			[{ bcField: 'Search_Name', crmField: 'cr1_photo', direction: 'toCrm' }],
			/cr1_photo .* holds an image, which a field mapping cannot carry/,
		],
		[
			'a day into a number',
			[{ bcField: 'Employment_Date', crmField: 'cr1_amount', direction: 'toCrm' }],
			/nothing in common|cannot become/,
		],
		[
			'an unknown constant of a choice',
			[{ bcField: null, crmField: 'cr1_state', constant: 'Cancelled', direction: 'toCrm' }],
			/"Cancelled" is not among its options \(Planned, Done\)/,
		],
		[
			'a constant that is no date',
			[{ bcField: null, crmField: 'cr1_instant', constant: 'tomorrow', direction: 'toCrm' }],
			/"tomorrow" is not a date and time such as 2026-01-31/,
		],
		[
			'a constant that is no number',
			[{ bcField: null, crmField: 'cr1_amount', constant: 'ten', direction: 'toCrm' }],
			/"ten" is not a number/,
		],
	] as const)('%s', async (_what, fields, says) => {
		await expect(visits.save(fields)).rejects.toMatchObject({ code: 'MAPPING_INVALID', message: expect.stringMatching(says) as string });
	});

	test('a picture of Business Central', async () => {
		const fields = [{ bcField: 'picture', crmField: 'cr1_text', direction: 'toCrm' as const }];
		await expect(visits.save([], { businessCentral: { table: 'companyInformation' }, direction: 'toCrm', fields })).rejects.toMatchObject({
			message: expect.stringMatching(/picture .* holds a picture or a file/) as string,
		});
	});

	test('a table of Business Central without a stamp: the way that reads it as a whole is named', async () => {
		const fields = [{ bcField: 'description', crmField: 'cr1_name', direction: 'toCrm' as const }];
		await expect(visits.save([], { businessCentral: { table: 'salesOrderLines' }, direction: 'toCrm', fields })).rejects.toMatchObject({
			message: expect.stringMatching(/salesOrderLines .* has no lastModifiedDateTime/) as string,
			hint: expect.stringMatching(/publish a page of the table/) as string,
		});
	});

	test.each([
		['without "modified on"', 'modifiedon', /no modifiedon, so nothing tells when a row was changed/],
		['without a readable name', 'text', /no readable text column/],
	])('a table of CRM %s', async (_what, left, says) => {
		const world = await createWorld();
		defineVisits(world);
		const { crm } = world.sandbox;
		const all = [
			{ logicalName: 'cr1_joinid', type: 'Uniqueidentifier', access: 'insert' },
			{ logicalName: 'cr1_name', type: 'String', access: 'full', maxLength: 50 },
			{ logicalName: 'cr1_amount', type: 'Decimal', access: 'full' },
			{ logicalName: 'modifiedon', type: 'DateTime', access: 'read', system: true },
			{ logicalName: 'versionnumber', type: 'BigInt', access: 'read', system: true },
		];
		crm.defineTable({
			logicalName: 'cr1_join',
			entitySetName: 'cr1_joins',
			primaryId: 'cr1_joinid',
			primaryName: left === 'text' ? '' : 'cr1_name',
			ownership: 'None',
			bulk: false,
			columns: all.filter(({ logicalName, type }) => logicalName !== left && !(left === 'text' && type === 'String')),
		} as unknown as Parameters<typeof crm.defineTable>[0]);
		const other: Visits = { ...visits, world };
		try {
			await expect(saveOn(other, [{ bcField: 'Unit_Price', crmField: 'cr1_amount', direction: 'toCrm' }])).rejects.toMatchObject({
				code: 'MAPPING_INVALID',
				message: expect.stringMatching(says) as string,
			});
		} finally {
			await world.close();
		}
	});

	test('a table that the user of the credential may not read', async () => {
		visits.world.sandbox.businessCentral.permissions.deny('SYNC', 'Customer', 'Read');
		const fields = [{ bcField: 'displayName', crmField: 'cr1_name', direction: 'toCrm' as const }];
		await expect(visits.save([], { businessCentral: { table: 'customers' }, direction: 'toCrm', fields })).rejects.toMatchObject({
			code: 'MAPPING_INVALID',
			message: expect.stringMatching(/The table customers of Business Central cannot be read/) as string,
		});
		const session = await visits.world.open();
		expect((await session.store.settings()).size).toBe(0);
		await session.store.close();
	});

	test('an import of a field that an older version kept, which would fail every record', async () => {
		await visits.save([{ bcField: 'Employment_Date', crmField: 'cr1_instant', direction: 'toCrm' }]);
		const session = await visits.world.open();
		try {
			const [stored] = [...(await session.store.settings()).values()];
			const settings = JSON.parse(JSON.stringify(stored)) as { definition: { fields: Array<Record<string, unknown>> } };
			for (const field of settings.definition.fields) delete field['dayOf'];
			const json = { format: 'n8n-nodes-dynamics365-sync/mappings', version: 1, mappings: [{ name: 'VISITS', settings }] };
			await expect(importMappings(session, json, 'overwrite')).rejects.toMatchObject({
				code: 'MAPPING_INVALID',
				message: expect.stringContaining('days cannot be written') as string,
			});
		} finally {
			await session.store.close();
		}
	});
});

async function saveOn({ world }: Visits, fields: Parameters<Visits['save']>[0]): Promise<unknown> {
	const session = await world.open();
	try {
		return await createMapping(session, {
			name: 'JOINS',
			businessCentral: { table: 'page:ResourceCard' },
			crm: { table: 'cr1_join' },
			direction: 'toCrm',
			fields,
		});
	} finally {
		await session.store.close();
	}
}
