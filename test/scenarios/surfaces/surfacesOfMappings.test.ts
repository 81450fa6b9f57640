import { surfacesOfMappings } from '../../../engine';
import type { MappingSurfaces } from '../../../engine';
import type { World } from '../../kit/world';
import { within } from '../fullSync/fullSyncs';
import { type Surfaces, worldWith } from './worlds';

let world: World;
afterEach(() => world.close());

const lines = async (surfaces: Surfaces): Promise<Map<string, MappingSurfaces>> => {
	world = await worldWith(surfaces);
	const found = await within(world, (session) => surfacesOfMappings(session));
	return new Map(found.map((line) => [line.mapping, line]));
};

test('while pages are published every mapping is served, and each says what ends with which release', async () => {
	const found = await lines('published pages');
	expect([...found.values()].filter(({ tableLost, lost }) => tableLost || lost.length > 0)).toEqual([]);
	expect(found.get('UNIT GROUP')).toMatchObject({ endsWith: '30', ending: [found.get('UNIT GROUP')!.caption], message: '', remedy: '' });
	expect(found.get('CUSTOMER')).toMatchObject({ endsWith: '30' });
	expect(found.get('CUSTOMER')!.ending).toEqual(expect.arrayContaining(['Contact', 'Fax No.', 'Shipping Agent Code']));
	expect(found.get('CURRENCY')).toMatchObject({ endsWith: null, ending: [] });
});

test('with the extension nothing ends and nothing is lost', async () => {
	const found = [...(await lines('extension')).values()];
	expect(found.filter(({ endsWith, ending, message }) => endsWith !== null || ending.length > 0 || message !== '')).toEqual([]);
});

test('with neither, tables and fields that are lost are named, and what brings them back', async () => {
	const found = await lines('nothing');
	expect([...found.values()].filter(({ tableLost }) => tableLost).map(({ mapping }) => mapping).sort()).toEqual(['ITEM UOM', 'PLHEADER-PRICE', 'PLLINE-PRODPRICE', 'RESOURCE UOM', 'RESOURCE-PRODUCT', 'SHIPPING AGENT', 'UNIT GROUP']); // prettier-ignore
	expect(found.get('UNIT GROUP')).toMatchObject({ surfaces: [], message: expect.stringContaining('"ItemUnitGroups" is not published') });
	const customer = found.get('CUSTOMER')!;
	expect(customer.lost).toContainEqual({
		caption: 'Fax No.',
		field: 'workflowCustomers/faxNumber',
		page: 'workflowCustomers',
		readOnly: false,
	});
	expect(customer.message).toContain('Contact, Fax No., Shipping Agent Code');
	expect(customer.remedy).toContain('publishing workflowCustomers');
	expect(customer.surfaces).toMatchObject([{ kind: 'apiV2', names: ['customers'] }]);
});
