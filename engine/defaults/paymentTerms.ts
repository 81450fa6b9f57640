import { optionMapping } from './options/optionMapping';

const COLUMN = 'paymenttermscode';

/** Payment terms become values of the choice on accounts, orders, quotes and invoices. */
export const paymentTerms = optionMapping(
	'PAYMENT TERMS',
	'Payment terms – choice',
	{ name: 'paymentTerms', numberField: 'code', nameField: 'displayName' },
	{
		table: 'account',
		column: COLUMN,
		mirrors: ['salesorder', 'quote', 'invoice'].map((table) => ({ table, column: COLUMN })),
	},
);
