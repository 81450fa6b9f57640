/** A customer, vendor or item template: values given to new records for fields the caller did not set. By AL field name. */
export type Template = Readonly<Record<string, string | number | boolean>>;

/** What an administrator set up in a company. Tests may change any of it. */
export interface CompanySettings {
	name: string;
	/** LCY Code of General Ledger Setup: what a blank currency reads as. */
	lcyCode: string;
	/** Next number of each series: prefix and counter. `manual`: numbers may be given. */
	series: Record<string, { prefix: string; next: number; digits: number; manual: boolean }>;
	/** Templates by table. */
	templates: Record<string, Template>;
	/** Marketing Setup has a business relation code for customers and vendors: inserting one creates a linked contact. */
	businessRelations: { Customer: string; Vendor: string };
	/** VAT % of item, resource and account lines. */
	vatPercent: number;
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
	},
	templates: {},
	businessRelations: { Customer: 'CUST', Vendor: 'VEND' },
	vatPercent: 20,
	changeLog: new Set(),
});
