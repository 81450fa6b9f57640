import { getAvailability, updateAvailability } from '../../../../engine';
import type { Availability, AvailabilityOutcome, AvailabilityReference, FlowRequest, FlowResult } from '../../../../engine';
import type { SyncError } from '../../../../engine/model/errors';
import type { SessionOptions } from '../../../kit/world';
import { company, productOf } from '../../products/shop';
import { openOffice, type Office } from '../invoices/kit';

/** An office with a warehouse: items 1000 and 2000 are products of CRM. */
export interface Warehouse extends Office {
	/** Puts goods into a location, or takes them out. */
	adjust(item: string, quantity: number, location?: string): void;
	onHand(item: string): unknown;
	productId(item: string): string;
	itemId(item: string): string;
	update(request?: FlowRequest, options?: SessionOptions): Promise<FlowResult<AvailabilityOutcome>>;
	ask(references: readonly AvailabilityReference[], location?: string): Promise<Array<Availability | SyncError>>;
	/** Requests to each system since the last call, and rows written. */
	cost(): { businessCentral: number; crm: number; writes: number };
}

async function openWarehouse(): Promise<Warehouse> {
	const office = await openOffice();
	const bc = company(office.world);
	bc.seed('locations', [
		{ code: 'EAST', displayName: 'East' },
		{ code: 'WEST', displayName: 'West' },
	]);
	// The mapping of items has been run before: what lies before its watermark is its own affair.
	await office.world.run({ mapping: 'ITEM-PRODUCT' });
	office.world.minutes(20);
	const itemId: Warehouse['itemId'] = (number) => String(bc.rows('items').find((row) => row['number'] === number)!['id']).toLowerCase();
	return {
		...office,
		adjust: (item, quantity, location = '') => bc.clerk.adjust(item, quantity, location),
		onHand: (item) => productOf(office.world, item)['quantityonhand'],
		productId: (item) => String(productOf(office.world, item)['productid']),
		itemId,
		update: (request = {}, options) => office.use((session) => updateAvailability(session, request), options),
		ask: (references, location) =>
			office.use((session) => getAvailability(session, references, location === undefined ? {} : { location })),
		cost() {
			const requests = office.world.takeRequests();
			const of = (system: string): number => requests.filter((request) => request.system === system).length;
			return { businessCentral: of('businessCentral'), crm: of('crm'), writes: requests.reduce((sum, { writes }) => sum + writes, 0) };
		},
	};
}

/** A test in a warehouse of its own. */
export const inWarehouse = (test: (warehouse: Warehouse) => Promise<void>) => async (): Promise<void> => {
	const warehouse = await openWarehouse();
	try {
		await test(warehouse);
	} finally {
		await warehouse.close();
	}
};

export const codesOf = ({ job }: FlowResult<unknown>): string[] => job.failed.map(({ errorCode }) => errorCode);
export const actionsOf = ({ outcomes }: FlowResult<{ action: string }>): string[] => outcomes.map(({ action }) => action);
