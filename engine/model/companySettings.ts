/**
 * What holds for all table mappings of a connection: the set-up of the Business Central company that no public service tells, and
 * choices of the integrator. Kept in the store; changed in the node Table Mappings.
 */
export interface CompanySettings {
	/** Unit groups: on, each item and resource has a unit group of its own in CRM; off, each unit of measure is one. */
	unitGroups: boolean;
	/** Extended price calculation: on, price lists travel; off, customer price groups with their sales prices. */
	extendedPrices: boolean;
	/** Several companies share master data: the company filter of master-data mappings falls away. */
	multiCompany: boolean;
	/** Numbers of the write-in item and resource of Sales & Receivables Setup, which never synchronize; empty for none. */
	writeInItem: string;
	writeInResource: string;
	/**
	 * A default price list code is set in Sales & Receivables Setup, so price lists that allow updating defaults are those to synchronize.
	 */
	defaultPriceListCode: string;
	/** Credit limits, which Business Central keeps in local currency: written as they are into accounts of any currency, or converted into theirs. */
	creditLimits: 'asTheyAre' | 'converted';
	/** G/L account of Business Central that takes the freight of CRM orders: one that allows direct posting; empty for none. */
	freightAccount: string;
	/** What becomes the external document number of an order: the name of the CRM order, or its number. */
	externalDocumentFrom: 'name' | 'number';
	/**
	 * Who pays for an order: the bill-to customer that the customer has in Business Central, the customer itself, or the account that a lookup column of
	 * the CRM order names (`billToColumn`).
	 */
	billTo: 'customerDefault' | 'sellTo' | 'column';
	/** Logical name of that column. */
	billToColumn: string;
	/** Most by which the net amounts of the two sides of a document may differ, in the document's currency. */
	amountTolerance: number;
	/** Where they differ by more: told, or held until a person accepts. */
	amountPolicy: 'warn' | 'hold';
	/** An order that was changed and submitted again in CRM: its order of Business Central is brought to it, while that is a draft of which nothing was shipped. */
	applyResubmitted: boolean;
	/** An order that was canceled in CRM: its order of Business Central is deleted, while that is a draft of which nothing was shipped. */
	cancelInBusinessCentral: boolean;
	/** Several companies on one CRM: this one takes orders of which neither the order nor its account names a company. */
	claimUnstamped: boolean;
	/** Names under which pages are published, by the name the default mappings give them (`ResourceCard`), where an administrator chose another. */
	pages: Readonly<Record<string, string>>;
}

export const DEFAULT_COMPANY_SETTINGS: CompanySettings = {
	unitGroups: true,
	extendedPrices: true,
	multiCompany: false,
	writeInItem: '',
	writeInResource: '',
	defaultPriceListCode: '',
	creditLimits: 'asTheyAre',
	freightAccount: '',
	externalDocumentFrom: 'name',
	billTo: 'customerDefault',
	billToColumn: '',
	amountTolerance: 0.05,
	amountPolicy: 'warn',
	applyResubmitted: false,
	cancelInBusinessCentral: false,
	claimUnstamped: false,
	pages: {},
};

/** What decides whether a default mapping is active, and in which form. */
export interface Setup extends CompanySettings {
	ownershipModel: 'person' | 'team';
}
