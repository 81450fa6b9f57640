import { clearBusinessCentralMetadata } from '../../../../engine/systems/businessCentral';
import { clearDataverseMetadata } from '../../../../engine/systems/dataverse';
import { inWarehouse, type Warehouse } from '../../documents/availability/kit';
import { atCounter, type Counter } from '../../documents/statistics/kit';
import { company } from '../../products/shop';
import { failedWith, refusedWith, says, type Walks } from './kit';

/** A customer of CRM whose couple names another account from now on. */
async function coupleWith(counter: Counter, account: string): Promise<void> {
	await counter.use(async ({ store }) => {
		const { failure: _failure, ...coupling } = (await store.findCouplings({ mapping: 'CUSTOMER', limit: 1 })).rows[0]!;
		await store.commit({ uncouple: [coupling] });
		await store.commit({ couplings: [{ ...coupling, crmId: account }] });
	});
}

const askEast = (warehouse: Warehouse, location = 'EAST') => warehouse.ask([{ itemNumber: '1000' }], location);

/** Figures of customers and quantities of items that cannot cross. */
export const figureWalks: Walks = {
	STATISTICS_TARGET_MISSING: atCounter(async (counter) => {
		const back = counter.world.sandbox.crm.removeTable('nav_accountstatistics');
		clearDataverseMetadata();
		says(failedWith('STATISTICS_TARGET_MISSING', (await counter.statistics()).job), 'Install');
		back();
		clearDataverseMetadata();
		expect((await counter.statistics()).job.failed).toEqual([]);
		expect(counter.figures()).toMatchObject({ nav_customerno: 'C1' });
	}),

	STATISTICS_ACCOUNT_MISSING: atCounter(async (counter) => {
		const { crm } = counter.world.sandbox;
		crm.remove('account', counter.account);
		says(failedWith('STATISTICS_ACCOUNT_MISSING', (await counter.statistics()).job), 'Couple the customer with another account');
		const other = crm.insert('account', { name: 'Adatum, again', customertypecode: 3 });
		await coupleWith(counter, other);
		expect((await counter.statistics()).job.failed).toEqual([]);
		expect(counter.figures(other)).toMatchObject({ nav_customerno: 'C1' });
	}),

	STATISTICS_CUSTOMER_MISSING: atCounter(async (counter) => {
		// Deleted between the request that names it and the one that reads it.
		const bc = company(counter.world);
		let isGone = false;
		const options = {
			transport: (send: never) => async (request: { url: string }) => {
				const answer = await (send as (request: unknown) => Promise<never>)(request);
				if (!isGone && /workflowCustomers\?/.test(request.url)) {
					isGone = true;
					bc.remove('customers', counter.customer);
				}
				return answer;
			},
		};
		says(failedWith('STATISTICS_CUSTOMER_MISSING', (await counter.statistics({}, options as never)).job), 'uncouple it in Couple Records');
		await counter.use(async ({ store }) => {
			const { failure: _failure, ...coupling } = (await store.findCouplings({ mapping: 'CUSTOMER', limit: 1 })).rows[0]!;
			await store.commit({ uncouple: [coupling] });
		});
		expect((await counter.statistics()).job.failed).toEqual([]);
		expect((await counter.use(({ store }) => store.listFailures({ limit: 9 }))).rows).toEqual([]);
	}),

	AVAILABILITY_PRODUCT_MISSING: inWarehouse(async (warehouse) => {
		warehouse.adjust('1000', 5);
		warehouse.world.sandbox.crm.remove('product', warehouse.productId('1000'));
		const other = warehouse.productId('2000');
		says(failedWith('AVAILABILITY_PRODUCT_MISSING', (await warehouse.update()).job), 'Couple the item with another product');
		await warehouse.use(async ({ store }) => {
			const couplings = await store.couplingsOf('ITEM-PRODUCT', 'businessCentral', [warehouse.itemId('1000'), warehouse.itemId('2000')]);
			await store.commit({ uncouple: [...couplings.values()] });
			await store.commit({ couplings: [{ ...couplings.get(warehouse.itemId('1000'))!, crmId: other }] });
		});
		expect((await warehouse.update()).job.failed).toEqual([]);
		expect(warehouse.onHand('2000')).toBe(5);
	}),

	LOCATION_UNKNOWN: inWarehouse(async (warehouse) => {
		warehouse.world.sandbox.businessCentral.publish('ItemCard');
		clearBusinessCentralMetadata();
		says(await refusedWith('LOCATION_UNKNOWN', askEast(warehouse, 'EST')), 'Give the code of a location');
		expect(await askEast(warehouse)).toMatchObject([{ location: 'EAST', onHand: 0 }]);
	}),

	LOCATIONS_NOT_SHOWN: inWarehouse(async (warehouse) => {
		clearBusinessCentralMetadata();
		says(await refusedWith('LOCATIONS_NOT_SHOWN', askEast(warehouse)), 'Publish page 30', 'ask without a location');
		expect(await warehouse.ask([{ itemNumber: '1000' }])).toMatchObject([{ location: null, onHand: 0 }]);
		warehouse.world.sandbox.businessCentral.publish('ItemCard');
		clearBusinessCentralMetadata();
		expect(await askEast(warehouse)).toMatchObject([{ location: 'EAST' }]);
	}),
};
