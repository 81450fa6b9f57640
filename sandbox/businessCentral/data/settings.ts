import type { Culture } from './upperCase';

/** A customer, vendor or item template: values given to new records for fields the caller did not set. By AL field name. */
export type Template = Readonly<Record<string, string | number | boolean>>;

/** `last`: Ending No. as a counter; the series runs out after it. `manual`: numbers may be given. */
export interface NumberSeries {
	prefix: string;
	next: number;
	digits: number;
	manual: boolean;
	last?: number;
}

export interface PostCode {
	code: string;
	city: string;
	county?: string;
	country?: string;
}

/** What an administrator set up in a company. Tests may change any of it. */
export interface CompanySettings {
	name: string;
	/** LCY Code of General Ledger Setup: what a blank currency reads as. */
	lcyCode: string;
	/** Next number of each series. */
	series: Record<string, NumberSeries>;
	/** Templates by table. */
	templates: Record<string, Template>;
	/** Marketing Setup has a business relation code for customers and vendors: inserting one creates a linked contact. */
	businessRelations: { Customer: string; Vendor: string };
	/** VAT % of item, resource and account lines. */
	vatPercent: number;
	/** Customer's own invoice discount and line discount in percent, by customer number. */
	invoiceDiscountPercent: Record<string, number>;
	lineDiscountPercent: Record<string, number>;
	/** Bill-to Customer No. of customers who do not pay themselves, by customer number. */
	billTo: Record<string, string>;
	/** G/L accounts that posting uses. */
	postingAccounts: { receivables: string; sales: string; vat: string; bank: string };
	/** Whether e-mail is set up, and what was sent. */
	mailSetup: boolean;
	outbox: Array<{ document: string; to: string; canceled: boolean }>;
	/** Language of the server: decides how Code fields are upper-cased. */
	culture: Culture;
	/** Post Code table: validating a code brings its city, county and country, validating a city its code (ValidatePostCode, ValidateCity). */
	postCodes: PostCode[];
	/** The contact's name, phone and e-mail follow *Primary Contact No.* of a customer or vendor, as the table code has it. Off at first. */
	primaryContactFollows: boolean;
	/** Marketing Setup, Inheritance: what persons take over from their company, when they are given one and when it changes. */
	inherits: { salesperson: boolean; country: boolean; address: boolean; communication: boolean };
	/** Set-up tables without their record: what needs one fails with 404 Internal_RecordNotFound about it. */
	missingSetup: Set<string>;
	/** Tables the Change Log is switched on for (page 595). */
	changeLog: Set<string>;
}

export const defaultSettings = (): CompanySettings => ({
	name: '',
	lcyCode: 'GBP',
	series: {
		Customer: { prefix: 'C', next: 10, digits: 5, manual: true },
		Vendor: { prefix: 'V', next: 10, digits: 5, manual: true },
		Contact: { prefix: 'CT', next: 1, digits: 6, manual: true },
		Item: { prefix: '', next: 1000, digits: 4, manual: true },
		Employee: { prefix: 'E', next: 10, digits: 4, manual: true },
		Resource: { prefix: 'R', next: 10, digits: 4, manual: true },
		Opportunity: { prefix: 'OP', next: 1, digits: 6, manual: true },
		Quote: { prefix: 'S-QUO', next: 1001, digits: 0, manual: false },
		Order: { prefix: 'S-ORD', next: 101001, digits: 0, manual: false },
		Invoice: { prefix: 'S-INV', next: 102199, digits: 0, manual: false },
		'Posted Invoice': { prefix: 'PS-INV', next: 103001, digits: 0, manual: false },
		'Posted Shipment': { prefix: 'PS-SHPT', next: 102001, digits: 0, manual: false },
		'Credit Memo': { prefix: 'S-CR', next: 1001, digits: 0, manual: false },
		'Posted Credit Memo': { prefix: 'PS-CR', next: 104001, digits: 0, manual: false },
		Payment: { prefix: 'PAY', next: 1001, digits: 0, manual: false },
	},
	templates: {},
	businessRelations: { Customer: 'CUST', Vendor: 'VEND' },
	vatPercent: 20,
	invoiceDiscountPercent: {},
	lineDiscountPercent: {},
	billTo: {},
	postingAccounts: { receivables: '2310', sales: '6110', vat: '5610', bank: '2920' },
	mailSetup: true,
	outbox: [],
	culture: 'invariant',
	postCodes: [],
	primaryContactFollows: false,
	inherits: { salesperson: true, country: true, address: true, communication: true },
	missingSetup: new Set(),
	changeLog: new Set(),
});
