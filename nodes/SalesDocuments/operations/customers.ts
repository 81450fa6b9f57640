import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { statisticsSummary, type SyncSession } from '../../../engine';
import { businessCentralRecordLocator, type Locator } from '../../shared/locators';
import { readParameter } from '../../shared/parameters';
import type { Group } from '../../shared/perItem';
import { resolveRecords } from '../../shared/recordReference';

/** A customer of Business Central. */
export const customerProperty: INodeProperties = {
	displayName: 'Customer',
	name: 'customer',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The customer in Business Central. For several, give one input item for each and name it by an expression, for instance By Number {{ $json.number }}.',
	modes: [
		{ displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod: 'searchCustomers', searchable: true } },
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: '5d115c9c-44e3-ea11-bb43-000d3a2feca1' },
		{ displayName: 'By Number', name: 'number', type: 'string', placeholder: '10000' },
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'Adatum Corporation' },
	],
};

export const readCustomer = (context: IExecuteFunctions, itemIndex: number): Locator =>
	readParameter(context, 'customer', 'Customer', itemIndex, businessCentralRecordLocator);

/** Ids that the items of a group name, each with its items; items whose customer cannot be found by number or name fail on their own. */
export async function customerIds(session: SyncSession, group: Group<{ customer: Locator | null }>): Promise<Map<string, number[]>> {
	const named = group.members.flatMap(({ itemIndex, value }) => (value.customer ? [{ itemIndex, customer: value.customer }] : []));
	const references = named.map(({ customer }) => customer);
	const resolved = await resolveRecords(session, statisticsSummary, 'businessCentral', references);
	const ids = new Map<string, number[]>();
	named.forEach(({ itemIndex }, index) => {
		const id = resolved[index];
		if (typeof id === 'string') ids.set(id.toLowerCase(), [...(ids.get(id.toLowerCase()) ?? []), itemIndex]);
		else group.fail(itemIndex, id);
	});
	return ids;
}
