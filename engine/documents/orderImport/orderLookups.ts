import type { SyncError } from '../../model/errors';
import type { FieldValue } from '../../model/record';
import type { Countries } from '../../mapping/referenceLookup';
import type { CompanySettings } from '../../model/companySettings';
import type { DiscountMethod } from '../kernel/money/lineAmounts';

/** The customer of an order: an account, or the account of a contact. */
export interface Party {
	/** Null for a contact without an account. */
	accountId: string | null;
	/** Of the account, or of the contact. */
	name: string;
	/** The order names the account itself, so that its relationship type counts. */
	direct: boolean;
	/** `customertypecode`; 3 is Customer. */
	type: FieldValue;
	/** Company the account belongs to. */
	companyId: string | null;
	/** Coupled customer of Business Central; null for none. */
	customerId: string | null;
}

/** A product of CRM. */
export interface Product {
	name: string;
	number: string;
	/** `producttypecode`: 1 sales inventory, 3 services. */
	type: FieldValue;
	/** `statecode`: 0 active, 1 retired, 2 draft, 3 under revision. */
	state: FieldValue;
	/** What it is coupled with; null for nothing, or nothing that exists. */
	object: SoldObject | null;
}

/** An item or resource that lines sell. */
export interface SoldObject {
	lineType: 'Item' | 'Resource';
	number: string;
	name: string;
	blocked: boolean;
	/** Its unit price includes VAT. */
	priceIncludesVat: boolean;
	/** Its assembly policy is assemble-to-order, as far as a page shows it. */
	assembles: boolean;
	/** Code of its base unit; empty where it is not known. */
	baseUnit: string;
}

/** A unit of CRM. */
export interface Unit {
	name: string;
	/** With unit groups: number of the item or resource whose unit it is coupled with, and its code there. */
	coupled: { owner: string; code: string } | null;
}

/** Everything orders refer to, read in batches before they are planned; planning asks nobody. */
export interface OrderLookups {
	settings: CompanySettings;
	/** How the organization counts manual discounts. */
	discounts: DiscountMethod;
	/** ISO code of the company's local currency. */
	localCurrency: string;
	/** Codes of the company's foreign currencies, in capitals. */
	foreignCurrencies: ReadonlySet<string>;
	/** By id of the CRM row. */
	currencies: ReadonlyMap<string, { code: string; places: number }>;
	/** By the customer's id, and by ids of accounts that pay. */
	parties: ReadonlyMap<string, Party>;
	products: ReadonlyMap<string, Product>;
	units: ReadonlyMap<string, Unit>;
	/** Null where the user may not read them: then Business Central judges. */
	countries: Countries | null;
	/** Ids of Business Central by value of the choice, as text. */
	paymentTerms: ReadonlyMap<string, string>;
	shipmentMethods: ReadonlyMap<string, string>;
	/** Codes of Business Central by value of the choice. */
	shippingAgents: ReadonlyMap<string, string>;
	/** CRM row of this company; null where rows carry no company. */
	companyRowId: string | null;
	/** Several companies share the CRM. */
	severalCompanies: boolean;
	/** What is wrong with the G/L account for freight, in words; null for nothing. */
	freightProblem: string | null;
	/** What sells lines without a product; null where none is set. */
	writeIn: Pick<SoldObject, 'lineType' | 'number'> | null;
}

/** What planning came to. */
export type Planned<T> = { plan: T } | { error: SyncError };
