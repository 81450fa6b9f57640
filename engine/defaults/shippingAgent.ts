import { optionMapping } from './options/optionMapping';

/** Shipping agents, which only a published page shows, become shipping methods of accounts, orders, quotes and invoices. */
export const shippingAgent = optionMapping(
	'SHIPPING AGENT',
	'Shipping agents – choice',
	{ name: 'ShippingAgents', numberField: 'Code', nameField: 'Name', page: { keys: ['Code'] } },
	{
		table: 'account',
		column: 'address1_shippingmethodcode',
		mirrors: ['salesorder', 'quote', 'invoice'].map((table) => ({ table, column: 'shippingmethodcode' })),
	},
);
