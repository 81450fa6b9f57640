import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { orderSummary, type SyncSession } from '../../../engine';
import { crmRecordLocator, type Locator } from '../../shared/locators';
import { readParameter } from '../../shared/parameters';
import type { Group } from '../../shared/perItem';
import { resolveRecords } from '../../shared/recordReference';

/** An order of CRM. */
export const orderProperty: INodeProperties = {
	displayName: 'CRM Order',
	name: 'crmOrder',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The order in CRM. For several, give one input item for each and name it by an expression, for instance By ID {{ $json.id }}.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchCrmOrders', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: '5d115c9c-44e3-ea11-bb43-000d3a2feca1' },
		{ displayName: 'By Number', name: 'number', type: 'string', placeholder: 'ORD-01001-A1B2C3' },
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'Purchase 4711' },
	],
};

export const readOrder = (context: IExecuteFunctions, itemIndex: number): Locator =>
	readParameter(context, 'crmOrder', 'CRM Order', itemIndex, crmRecordLocator);

/** Ids that the items of a group name, each with its items; items whose order cannot be found by number or name fail on their own. */
export async function orderIds(session: SyncSession, group: Group<{ order: Locator | null }>): Promise<Map<string, number[]>> {
	const named = group.members.flatMap(({ itemIndex, value }) => (value.order ? [{ itemIndex, order: value.order }] : []));
	const references = named.map(({ order }) => order);
	const resolved = await resolveRecords(session, orderSummary, 'crm', references);
	const ids = new Map<string, number[]>();
	named.forEach(({ itemIndex }, index) => {
		const id = resolved[index];
		if (typeof id === 'string') ids.set(id, [...(ids.get(id) ?? []), itemIndex]);
		else group.fail(itemIndex, id);
	});
	return ids;
}
