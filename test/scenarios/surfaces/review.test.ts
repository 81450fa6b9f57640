import type { World } from '../../kit/world';
import { review } from '../fullSync/fullSyncs';
import { type Surfaces, worldWith } from './worlds';

let world: World;
afterEach(() => world.close());

/** What each mapping reads, and with which release it ends: `CUSTOMER apiV2 customers`. */
async function readsFrom(surfaces: Surfaces): Promise<Record<string, string[]>> {
	world = await worldWith(surfaces);
	const lines = await review(world);
	return Object.fromEntries(
		lines.map(({ mapping, surfaces: found }) => [
			mapping,
			found.map(({ kind, names, endsWith }) => `${kind} ${names.join(' ')}${endsWith === null ? '' : ` until ${endsWith}`}`),
		]),
	);
}

test('the review of a full synchronization says what each mapping reads, and with which release that ends', async () => {
	expect(await readsFrom('published pages')).toMatchObject({
		CUSTOMER: ['apiV2 customers', 'publishedPages workflowCustomers until 30'],
		CONTACT: ['apiV2 contacts', 'publishedPages ContactCard NameDetails until 30'],
		CURRENCY: ['apiV2 currencies'],
		'UNIT GROUP': ['publishedPages ItemUnitGroups ResourceUnitGroups until 30'],
		'PLLINE-PRODPRICE': ['publishedPages PriceListLineReview until 30'],
	});
});

test('with the extension nothing ends', async () => {
	const found = await readsFrom('both');
	expect(found).toMatchObject({
		CUSTOMER: ['apiV2 customers', 'extension customers'],
		CONTACT: ['apiV2 contacts', 'extension contacts'],
		'UNIT GROUP': ['extension unitGroups'],
		'PLLINE-PRODPRICE': ['extension priceListLines'],
	});
	expect(
		Object.values(found)
			.flat()
			.filter((text) => text.includes('until')),
	).toEqual([]);
});

test('the change feed is among what is read, where its mapping writes nothing, and does not end', async () => {
	world = await worldWith('nothing');
	world.sandbox.businessCentral.installChangeFeed('SYNC');
	const lines = new Map((await review(world)).map((line) => [line.mapping, line]));
	expect(lines.get('UNIT GROUP')!.surfaces).toMatchObject([{ kind: 'changeFeed', names: ['MDMCrossEnvSource 5400'], endsWith: null }]);
	expect(lines.get('RESOURCE-PRODUCT')!.message).toContain('nothing can be written through it');
	expect(lines.get('CUSTOMER')!.message).toContain('The change feed of Business Central shows Contact, Fax No., Shipping Agent Code, Primary Contact No., and nothing can be written through it'); // prettier-ignore
	const stopped = [...lines.values()].filter(({ recommendation }) => recommendation === 'setupIncomplete').map(({ mapping }) => mapping);
	expect(stopped).toEqual(['RESOURCE-PRODUCT']);
});

test('with neither, each line says exactly what is lost', async () => {
	world = await worldWith('nothing');
	const lines = new Map((await review(world)).map((line) => [line.mapping, line]));
	expect(lines.get('CUSTOMER')!.message).toContain('The page "workflowCustomers" is not published as a web service in Business Central, so the fields Contact, Fax No., Shipping Agent Code, Primary Contact No. are left out.'); // prettier-ignore
	expect(lines.get('ITEM-PRODUCT')!.message).toContain('the fields Unit Volume, Gross Weight, Vendor No., Vendor Item No. are left out');
	const stopped = [...lines.values()].filter(({ recommendation }) => recommendation === 'setupIncomplete').map(({ mapping }) => mapping);
	expect(stopped.sort()).toEqual(['ITEM UOM', 'PLHEADER-PRICE', 'PLLINE-PRODPRICE', 'RESOURCE UOM', 'RESOURCE-PRODUCT', 'SHIPPING AGENT', 'UNIT GROUP']); // prettier-ignore
	for (const mapping of stopped) expect(lines.get(mapping)!.message).toContain('install the extension that comes with this package');
	expect(lines.get('CUSTOMER')!.surfaces).toMatchObject([{ kind: 'apiV2', names: ['customers'], endsWith: null }]);
});
