import { optionMapping } from './options/optionMapping';

/** Shipment methods become freight terms of accounts, orders and quotes; invoices have no such column. */
export const shipmentMethod = optionMapping(
	'SHIPMENT METHOD',
	'Shipment methods – choice',
	{ name: 'shipmentMethods', numberField: 'code', nameField: 'displayName' },
	{
		table: 'account',
		column: 'address1_freighttermscode',
		mirrors: ['salesorder', 'quote'].map((table) => ({ table, column: 'freighttermscode' })),
	},
);
