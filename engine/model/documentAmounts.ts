/** Amounts of a document without VAT, and its VAT, in its own currency; numbers as the services send them, reckoned with as decimals. */
export interface DocumentAmounts {
	/** Header discount, that is what the invoice discount is in Business Central. */
	discount: number;
	/** Lines less their discounts and the header discount, freight included. */
	net: number;
	tax: number;
	total: number;
}

/** What comparing the amounts of both sides has found. */
export interface Reconciliation {
	/** `unchecked`: CRM does not calculate, so there is nothing to compare with. */
	status: 'agree' | 'differ' | 'unchecked';
	/** ISO code. */
	currency: string;
	crm: DocumentAmounts;
	businessCentral: DocumentAmounts;
	/** Likely causes of a difference, in words. */
	causes: readonly string[];
}

/** Tells one pair of amounts from another: what a person accepted holds for these alone. */
export const amountsKey = ({ crm, businessCentral }: Reconciliation): string =>
	[crm.net, crm.discount, businessCentral.net, businessCentral.discount].join('/');
