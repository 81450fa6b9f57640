import type { CompanySettings } from '../../model/companySettings';
import type { LookupValue } from '../../model/record';
import type { DiscountMethod } from '../kernel/money/lineAmounts';

/** The CRM order that an invoice belongs to. */
export interface LinkedOrder {
	id: string;
	number: string;
	name: string;
	/** An account or contact, as it is written. */
	customer: LookupValue | null;
	/** The account, or that of the contact; null for none. */
	accountId: string | null;
	/** Customer of Business Central the account is coupled with. */
	customerId: string | null;
	owner: LookupValue | null;
	opportunityId: string | null;
	priceListId: string | null;
	currencyId: string | null;
}

/** An item or resource that lines sell. */
export interface Sold {
	name: string;
	blocked: boolean;
	/** The product it is coupled with; null for none. */
	product: { id: string; state: number; defaultUnitId: string | null } | null;
}

/** What all invoices of a run refer to. */
export interface RunLookups {
	settings: CompanySettings;
	/** Comment lines: text of the line before, a write-in line, or nothing. */
	comments: CommentLines;
	discounts: DiscountMethod;
	/** Digits of prices in CRM behind the decimal sign. */
	pricePlaces: number;
	localCurrency: string;
	/** Values of the choice by id of Business Central. */
	paymentTerms: ReadonlyMap<string, number>;
	/** What the shipment methods are called, by id. */
	shipmentMethods: ReadonlyMap<string, string>;
	/** CRM row of this company; null where rows carry no company. */
	companyRowId: string | null;
	severalCompanies: boolean;
	/** Team that owns new rows; null where owners are persons, or there is none. */
	team: string | null;
	ownedByPersons: boolean;
}

export type CommentLines = 'text' | 'writeIn' | 'skip';

/** What the invoices of a page refer to; planning asks nobody. */
export interface InvoiceLookups extends RunLookups {
	/** Currencies of CRM by ISO code in capitals. */
	currencies: ReadonlyMap<string, { id: string; places: number }>;
	/** Accounts by id of the customer of Business Central. */
	accounts: ReadonlyMap<string, string>;
	/** By id of the invoice; `several`: more than one CRM order has the number it refers to. */
	orders: ReadonlyMap<string, LinkedOrder | 'several'>;
	/** By id. */
	items: ReadonlyMap<string, Sold>;
	/** By number in capitals. */
	resources: ReadonlyMap<string, Sold>;
	/** Units of CRM by number of the item or resource and code of the unit (`compositeId`). */
	units: ReadonlyMap<string, string>;
	/** Users of CRM by code of the salesperson in capitals; null for one that is not coupled. */
	salespeople: ReadonlyMap<string, string | null>;
	/** Day of the newest shipment by number of the order. */
	shipments: ReadonlyMap<string, string>;
}
