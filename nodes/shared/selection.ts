import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Side, SyncSession } from '../../engine';
import { businessCentralRecordLocator, businessCentralRecordProperty, crmRecordLocator, crmRecordProperty, type Locator } from './locators';
import { oneOf, readParameter } from './parameters';
import type { Group } from './perItem';
import { mappingSummary, resolveRecords } from './recordReference';

/** One record, named in one of the two systems. */
export interface Selection {
	side: Side;
	reference: Locator;
}

const perItem = 'The record. For several, give one input item for each and name it by an expression, for instance By ID {{ $json.id }}';

/** Fields by which each input item names a record in the system chosen. */
export const selectionProperties = (sideDescription: string): INodeProperties[] => [
	{
		displayName: 'Records From',
		name: 'side',
		type: 'options',
		options: [
			{ name: 'Business Central', value: 'businessCentral' },
			{ name: 'CRM', value: 'crm' },
		],
		default: 'businessCentral',
		description: sideDescription,
	},
	{ ...businessCentralRecordProperty, displayOptions: { show: { side: ['businessCentral'] } }, description: perItem },
	{ ...crmRecordProperty, displayOptions: { show: { side: ['crm'] } }, description: perItem },
];

const side = oneOf(['businessCentral', 'crm']);

export function readSelection(context: IExecuteFunctions, itemIndex: number): Selection {
	const chosen = readParameter(context, 'side', 'Records From', itemIndex, side);
	const reference =
		chosen === 'businessCentral'
			? readParameter(context, 'businessCentralRecord', 'Business Central Record', itemIndex, businessCentralRecordLocator)
			: readParameter(context, 'crmRecord', 'CRM Record', itemIndex, crmRecordLocator);
	return { side: chosen, reference };
}

/** Ids the items of a group name, each with its items; items whose record cannot be found fail on their own. */
export async function selectedIds(
	session: SyncSession,
	mapping: string,
	group: Group<{ selection: Selection }>,
): Promise<Map<string, number[]>> {
	const references = group.members.map(({ value }) => value.selection.reference);
	const resolved = await resolveRecords(session, await mappingSummary(session, mapping), group.first.selection.side, references);
	const ids = new Map<string, number[]>();
	group.members.forEach(({ itemIndex }, index) => {
		const id = resolved[index];
		if (typeof id === 'string') ids.set(id, [...(ids.get(id) ?? []), itemIndex]);
		else group.fail(itemIndex, id);
	});
	return ids;
}
