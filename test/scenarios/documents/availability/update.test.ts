import { uncouple } from '../../../../engine';
import { company, productOf } from '../../products/shop';
import { actionsOf, codesOf, inWarehouse, type Warehouse } from './kit';

const watermark = (warehouse: Warehouse): Promise<string | null> =>
	warehouse.use(({ store }) => store.watermark('ITEM-AVAILABILITY', 'businessCentral'));

describe('quantities on hand', () => {
	it(
		'DOC-90: of items with ledger activity, and only the quantity; what is less than nothing is nothing',
		inWarehouse(async (warehouse) => {
			const { crm } = warehouse.world.sandbox;
			warehouse.adjust('1000', 7.5, 'EAST');
			warehouse.adjust('1000', 2, 'WEST');
			warehouse.adjust('2000', -3);
			crm.update('product', warehouse.productId('1000'), { description: 'Mine' });
			company(warehouse.world).update('items', warehouse.itemId('1000'), { displayName: 'Another name' });
			warehouse.cost();
			const result = await warehouse.update();
			expect([codesOf(result), result.job.job.message]).toEqual([[], '1 changed, 1 unchanged.']);
			expect([warehouse.onHand('1000'), warehouse.onHand('2000')]).toEqual([9.5, 0]);
			// All else waits for the mapping of items.
			expect(productOf(warehouse.world, '1000')).toMatchObject({ name: 'Item 1000', description: 'Mine' });
			expect(warehouse.cost()).toEqual({ businessCentral: 2, crm: 2, writes: 1 });
		}),
	);

	it(
		'DOC-82, DOC-90: a quiet run costs one request, and an item without activity is not looked at',
		inWarehouse(async (warehouse) => {
			warehouse.adjust('1000', 5);
			// Longer than a run reads back over what the one before has read.
			warehouse.world.minutes(60);
			await warehouse.update();
			warehouse.world.minutes(60);
			// Nobody has moved it; somebody has entered something else in CRM.
			warehouse.world.sandbox.crm.update('product', warehouse.productId('1000'), { quantityonhand: 1 });
			warehouse.cost();
			expect((await warehouse.update()).job.job.message).toBe('No changes.');
			expect([warehouse.cost(), warehouse.onHand('1000')]).toEqual([{ businessCentral: 1, crm: 0, writes: 0 }, 1]);
			expect(actionsOf(await warehouse.update({ ids: [warehouse.itemId('1000')] }))).toEqual(['updated']);
			expect(warehouse.onHand('1000')).toBe(5);
		}),
	);

	it(
		'DOC-90: items that are not coupled, or that are skipped, stay as they are; named ones that are not coupled are told',
		inWarehouse(async (warehouse) => {
			for (const number of ['1000', '2000']) warehouse.adjust(number, 5);
			await warehouse.use((session) =>
				uncouple(session, { mapping: 'ITEM-PRODUCT', ids: [warehouse.itemId('1000')], side: 'businessCentral' }),
			);
			const sourceId = warehouse.itemId('2000');
			const failure = { mapping: 'ITEM-PRODUCT', direction: 'toCrm' as const, sourceId, errorClass: 'data' as const, errorCode: 'X', message: '', hint: '', attempts: 2, skipped: true, sourceVersion: null, failedAt: new Date(warehouse.world.clock.now()).toISOString() }; // prettier-ignore
			await warehouse.use(({ store }) => store.commit({ failures: [failure] }));
			const result = await warehouse.update();
			expect([codesOf(result), result.job.notCoupled, warehouse.onHand('1000'), warehouse.onHand('2000')]).toEqual([[], 1, 0, 0]);
			expect(codesOf(await warehouse.update({ ids: [warehouse.itemId('1000')] }))).toEqual(['DEPENDENCY']);
			// Somebody who names an item means it.
			expect(actionsOf(await warehouse.update({ ids: [sourceId] }))).toEqual(['updated']);
		}),
	);

	it(
		'DOC-83, DOC-84: named items move no watermark, and neither does a run in which something unexpected happened',
		inWarehouse(async (warehouse) => {
			await warehouse.update({ ids: [warehouse.itemId('1000')] });
			expect(await watermark(warehouse)).toBeNull();
			await warehouse.update();
			const before = await watermark(warehouse);
			warehouse.world.minutes(20);
			warehouse.adjust('1000', 5);
			const fault = { kind: 'answer', status: 503, body: { error: { code: '0x80072321', message: 'busy' } } };
			warehouse.world.sandbox.faults.add({ system: 'crm', method: 'PATCH', url: /products\(/, times: 99, fault } as never);
			const result = await warehouse.update();
			expect([codesOf(result).length, result.job.job.status, await watermark(warehouse)]).toEqual([1, 'finished', before]);
			warehouse.world.sandbox.faults.clear();
			expect([codesOf(await warehouse.update()), warehouse.onHand('1000')]).toEqual([[], 5]);
			expect((await watermark(warehouse))! > before!).toBe(true);
		}),
	);

	it(
		'a product that is gone fails once and is left alone; one that CRM refuses is tried again, also where nothing moves any more',
		inWarehouse(async (warehouse) => {
			const { faults, crm } = warehouse.world.sandbox;
			for (const number of ['1000', '2000']) warehouse.adjust(number, 5);
			crm.remove('product', warehouse.productId('2000'));
			const body = { error: { code: '0x80040203', message: 'Not this one' } };
			faults.add({ system: 'crm', method: 'PATCH', url: new RegExp(warehouse.productId('1000')), times: 99, fault: { kind: 'answer', status: 400, body } } as never); // prettier-ignore
			expect(codesOf(await warehouse.update()).sort()).toEqual(['AVAILABILITY_PRODUCT_MISSING', expect.stringMatching(/^CRM_/)]);
			faults.clear();
			warehouse.world.minutes(60);
			expect(codesOf(await warehouse.update())).toEqual([]);
			expect(warehouse.onHand('1000')).toBe(5);
			const left = await warehouse.use(({ store }) => store.listFailures({ limit: 9 }));
			expect(left.rows.map(({ errorCode, skipped }) => [errorCode, skipped])).toEqual([['AVAILABILITY_PRODUCT_MISSING', true]]);
		}),
	);

	it(
		'DOC-98: a preview tells, and writes nothing',
		inWarehouse(async (warehouse) => {
			warehouse.adjust('1000', 5);
			warehouse.cost();
			const result = await warehouse.update({ preview: true });
			expect(result.outcomes).toMatchObject([{ action: 'wouldUpdate', onHand: 5, before: 0, businessCentral: { number: '1000' } }]);
			expect([warehouse.cost().writes, warehouse.onHand('1000'), await watermark(warehouse)]).toEqual([0, 0, null]);
		}),
	);
});
