import type { INodeProperties } from 'n8n-workflow';
import { availabilityItems, availabilitySummary, SyncError, updateAvailability } from '../../../engine';
import { readConnection } from '../../shared/connectionParameters';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { flowItems } from './flowItems';
import { flowOptions, flowOptionsProperty, timeBudget, waiting } from './flowOptions';
import { productProperty, readProduct, referenceOf } from './productReference';

const scopeProperty: INodeProperties = {
	displayName: 'Items',
	name: 'itemScope',
	type: 'options',
	options: [
		{ name: 'All That Are Due', value: 'all', description: 'Coupled items with item ledger entries since the last run' },
		{ name: 'Chosen Ones', value: 'chosen', description: 'The items that the input items name, whether or not anything happened to them' },
	],
	default: 'all',
	description: 'Which items of Business Central have their quantity on hand brought to CRM',
};

const scope = oneOf(['all', 'chosen']);

/** CRM is told what is on hand. */
export const updateItemAvailability: Operation = {
	name: 'Update Item Availability',
	value: 'updateItemAvailability',
	action: 'Update item availability',
	description:
		'Bring the quantity on hand of coupled items to their products in CRM, and nothing else. Items are found by their ledger entries, because inventory moves no time stamp.',
	properties: [
		scopeProperty,
		{ ...productProperty, displayOptions: { show: { itemScope: ['chosen'] } } },
		previewProperty,
		flowOptionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => {
				const chosen = readParameter(context, 'itemScope', 'Items', itemIndex, scope) === 'chosen';
				const wanted = readParameter(context, 'options', 'Options', itemIndex, flowOptions);
				return {
					connection: { ...readConnection(context, itemIndex), ...waiting(wanted, chosen) },
					product: chosen ? readProduct(context, itemIndex) : null,
					preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
					options: wanted,
				};
			},
			key: ({ product, ...rest }) => ({ ...rest, chosen: product !== null }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const { preview, options } = group.first;
					const named = group.members.flatMap(({ itemIndex, value }) => (value.product ? [{ itemIndex, product: value.product }] : []));
					const ids = new Map<string, number[]>();
					const found = await availabilityItems(session, named.map(({ product }) => referenceOf(product))); // prettier-ignore
					found.forEach((answer, index) => {
						const { itemIndex } = named[index]!;
						if (answer instanceof SyncError) group.fail(itemIndex, answer);
						else ids.set(answer.id, [...(ids.get(answer.id) ?? []), itemIndex]);
					});
					const isChosen = group.first.product !== null;
					if (isChosen && ids.size === 0) return [[], []];
					const result = await updateAvailability(session, {
						preview,
						...(isChosen ? { ids: [...ids.keys()] } : {}),
						...timeBudget(options),
					});
					const all = isChosen ? [...ids.values()].flat() : group.itemIndexes;
					return flowItems(context, result, all, {
						nothing: 'No item has moved since the last run.',
						many: 'items',
						itemsOf: ({ businessCentral }) => ids.get(businessCentral?.id.toLowerCase() ?? ''),
						missing: (id) => ({ ...notThere, businessCentral: { id, number: '', name: '', url: null } }),
						itemsOfMissing: (id) => ids.get(id) ?? all,
					});
				}),
		}),
};

const notThere = {
	mapping: availabilitySummary.name,
	direction: 'toCrm',
	errorClass: 'data',
	errorCode: 'RECORD_NOT_FOUND',
	message: 'Business Central has no item with this id.',
	hint: 'Check the number of the item, or choose the product from the list.',
	crm: null,
} as const;
