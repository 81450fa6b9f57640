import { clearBusinessCentralMetadata } from '../../../../engine/systems/businessCentral';
import { SyncError } from '../../../../engine/model/errors';
import { company } from '../../products/shop';
import { inWarehouse, type Warehouse } from './kit';

/** Four of item 1000 are ordered, three of them at EAST; ten are on hand. */
function fill(warehouse: Warehouse): void {
	const bc = company(warehouse.world);
	warehouse.adjust('1000', 8, 'EAST');
	warehouse.adjust('1000', 2, 'WEST');
	const east = bc.rows('locations').find(({ code }) => code === 'EAST')!['id'];
	const line = (quantity: number, more = {}) => ({ lineType: 'Item', itemId: warehouse.itemId('1000'), quantity, ...more });
	bc.insert('salesOrders', { customerId: warehouse.customer, salesOrderLines: [line(3, { locationId: east }), line(1)] });
}
const publish = (warehouse: Warehouse, name = 'ItemCard'): void => {
	warehouse.world.sandbox.businessCentral.publish('ItemCard', name);
	clearBusinessCentralMetadata();
};

describe('what there is of a product', () => {
	it(
		'by the id of the product or the number of the item: on hand, on order, available, in the base unit; nothing is written',
		inWarehouse(async (warehouse) => {
			publish(warehouse);
			fill(warehouse);
			const productId = warehouse.productId('1000');
			await warehouse.ask([{ productId }]);
			warehouse.cost();
			const [byId, byNumber] = await warehouse.ask([{ productId }, { itemNumber: '1000' }]);
			expect(byId).toEqual({
				product: { id: productId, number: '1000', name: 'Item 1000' },
				item: { id: warehouse.itemId('1000'), number: '1000', name: 'Item 1000' },
				onHand: 10,
				onOrder: 4,
				available: 6,
				unit: 'PCS',
				location: null,
				asOf: expect.stringMatching(/^2026-03-07T/) as string,
				warnings: [],
			});
			expect(byNumber).toEqual(byId);
			expect(warehouse.cost()).toEqual({ businessCentral: 3, crm: 1, writes: 0 });
		}),
	);

	it(
		'of a location, where the card is published',
		inWarehouse(async (warehouse) => {
			publish(warehouse);
			fill(warehouse);
			expect(await warehouse.ask([{ itemNumber: '1000' }], 'east')).toMatchObject([
				{ onHand: 8, onOrder: 3, available: 5, location: 'EAST' },
			]);
			await expect(warehouse.ask([{ itemNumber: '1000' }], 'NORTH')).rejects.toMatchObject({ code: 'LOCATION_UNKNOWN' });
		}),
	);

	it(
		'under the name that the card is published by',
		inWarehouse(async (warehouse) => {
			publish(warehouse, 'OurItems');
			warehouse.adjust('1000', 4);
			expect(await warehouse.ask([{ itemNumber: '1000' }])).toMatchObject([{ onHand: 4, onOrder: null }]);
			await warehouse.world.settings({ pages: { ItemCard: 'OurItems' } });
			expect(await warehouse.ask([{ itemNumber: '1000' }])).toMatchObject([{ onHand: 4, onOrder: 0, warnings: [] }]);
		}),
	);

	it(
		'DOC-7: without the card what is on hand is told, with the reason why the rest is not; of a location nothing can be told',
		inWarehouse(async (warehouse) => {
			clearBusinessCentralMetadata();
			fill(warehouse);
			expect(await warehouse.ask([{ itemNumber: '1000' }])).toMatchObject([
				{ onHand: 10, onOrder: null, available: null, warnings: [expect.stringMatching(/"ItemCard" .*not published/)] },
			]);
			await expect(warehouse.ask([{ itemNumber: '1000' }], 'EAST')).rejects.toMatchObject({ code: 'LOCATIONS_NOT_SHOWN' });
			// Taken away since it was seen.
			publish(warehouse);
			await warehouse.ask([{ itemNumber: '1000' }]);
			warehouse.world.sandbox.businessCentral.unpublish('ItemCard');
			expect(await warehouse.ask([{ itemNumber: '1000' }])).toMatchObject([{ onHand: 10, onOrder: null }]);
		}),
	);

	it(
		'less than nothing is told as it is, services have no inventory, and an item without a product has none',
		inWarehouse(async (warehouse) => {
			publish(warehouse);
			warehouse.adjust('1000', -3);
			const bc = company(warehouse.world);
			bc.insert('items', { number: 'SERVE', displayName: 'Service', type: 'Service', baseUnitOfMeasureCode: 'PCS' });
			expect(await warehouse.ask([{ itemNumber: '1000' }, { itemNumber: 'serve' }])).toMatchObject([
				{ onHand: -3, onOrder: 0, available: -3 },
				{ product: null, onHand: null, available: null, warnings: ['Item SERVE is of type Service, of which no inventory is kept.'] },
			]);
		}),
	);

	it(
		'what nobody knows is told for each on its own, while the others are answered',
		inWarehouse(async (warehouse) => {
			const { crm } = warehouse.world.sandbox;
			const nowhere = '0000000f-0000-4000-8000-00000000000f';
			const lina = String(crm.rows('product').find(({ productnumber }) => productnumber === 'LINA')!['productid']);
			bcRemove(warehouse, '2000');
			const answers = await warehouse.ask([{ productId: nowhere }, { productId: lina }, { productId: warehouse.productId('2000') }, { itemNumber: "O'X" }, { itemNumber: '1000' }]); // prettier-ignore
			expect(answers.map((answer) => (answer instanceof SyncError ? answer.code : answer.onHand))).toEqual([
				'DEPENDENCY',
				'DEPENDENCY',
				'RECORD_NOT_FOUND',
				'RECORD_NOT_FOUND',
				0,
			]);
		}),
	);
});

function bcRemove(warehouse: Warehouse, number: string): void {
	company(warehouse.world).remove('items', warehouse.itemId(number));
}
