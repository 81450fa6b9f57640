import type { World } from '../../kit/world';

/** What is sold in the stories of documents, and to whom. */
export interface Customer {
	customerId: string;
	accountId: string;
	name: string;
}

export interface Item {
	number: string;
	price: number;
	/** Its prices hold VAT: an order of CRM has them with, one of Business Central without. */
	priceIncludesTax?: true;
}

export const ITEMS: readonly Item[] = [
	{ number: '1000', price: 100 },
	{ number: '2000', price: 7.5 },
	{ number: '3000', price: 12, priceIncludesTax: true },
	{ number: 'MISC', price: 0 },
];
/** Stands for what an order of CRM names in words only. */
export const WRITE_IN_ITEM = 'MISC';
export const RESOURCE = 'LINA';
export const FREIGHT_ACCOUNT = '8100';
/** Products that people order. */
export const SOLD: readonly string[] = ['1000', '2000', '3000', RESOURCE];
/** VAT of the company's only combination of posting groups. */
export const VAT = 0.2;

export const companyOf = (world: World) => world.sandbox.businessCentral.company(world.base.companyName);
