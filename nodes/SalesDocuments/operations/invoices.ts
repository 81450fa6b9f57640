import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { invoiceSummary, type SyncSession } from '../../../engine';
import { locator, type Locator } from '../../shared/locators';
import { readParameter } from '../../shared/parameters';
import type { Group } from '../../shared/perItem';
import { resolveRecords } from '../../shared/recordReference';

/** A posted invoice of Business Central. */
export const invoiceProperty: INodeProperties = {
	displayName: 'Posted Invoice',
	name: 'postedInvoice',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The invoice in Business Central. For several, give one input item for each and name it by an expression, for instance By ID {{ $json.id }}.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchPostedInvoices', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: '5d115c9c-44e3-ea11-bb43-000d3a2feca1' },
		{ displayName: 'By Number', name: 'number', type: 'string', placeholder: 'PS-INV103001' },
	],
};

export const readInvoice = (context: IExecuteFunctions, itemIndex: number): Locator =>
	readParameter(context, 'postedInvoice', 'Posted Invoice', itemIndex, locator);

/** Ids that the items of a group name, each with its items; items whose invoice cannot be found by number fail on their own. */
export async function invoiceIds(session: SyncSession, group: Group<{ invoice: Locator | null }>): Promise<Map<string, number[]>> {
	const named = group.members.flatMap(({ itemIndex, value }) => (value.invoice ? [{ itemIndex, invoice: value.invoice }] : []));
	const references = named.map(({ invoice }) => invoice);
	const resolved = await resolveRecords(session, invoiceSummary, 'businessCentral', references);
	const ids = new Map<string, number[]>();
	named.forEach(({ itemIndex }, index) => {
		const id = resolved[index];
		if (typeof id === 'string') ids.set(id.toLowerCase(), [...(ids.get(id.toLowerCase()) ?? []), itemIndex]);
		else group.fail(itemIndex, id);
	});
	return ids;
}
