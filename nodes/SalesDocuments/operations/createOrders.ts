import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { importOrders } from '../../../engine';
import { readConnection } from '../../shared/connectionParameters';
import type { Operation } from '../../shared/operation';
import { labelled, oneOf, positiveNumber, readParameter, wholeNumber, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty, waitProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { importItems } from './orderItems';
import { orderIds, orderProperty, readOrder } from './orders';

const scopeProperty: INodeProperties = {
	displayName: 'Orders',
	name: 'orderScope',
	type: 'options',
	options: [
		{
			name: 'All That Are Due',
			value: 'all',
			description: 'Every order that was submitted in CRM and not handed over yet; and those that an earlier run has left unfinished',
		},
		{ name: 'Chosen Ones', value: 'chosen', description: 'The orders that the input items name' },
	],
	default: 'all',
	description: 'Which orders of CRM become orders of Business Central',
};

const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Import Orders Handed Over Before',
			name: 'importStamped',
			type: 'boolean',
			default: true,
			description:
				'Whether chosen orders are imported that CRM says were handed over before, although no order of Business Central is coupled with them. Make sure that Business Central really has none.',
		},
		{
			displayName: 'Stop After (Minutes)',
			name: 'stopAfterMinutes',
			type: 'number',
			typeOptions: { minValue: 0.1, numberPrecision: 1 },
			default: 30,
			description: 'Stop after this time, at the next page of orders. The next run goes on from there.',
		},
		{
			...waitProperty,
			description:
				'How long to wait while another run imports orders. Without this option chosen orders wait 300 seconds, and an import of all orders ends at once and says so.',
		},
	],
};

const options = labelled(z.object({ importStamped: yesOrNo, stopAfterMinutes: positiveNumber, waitSeconds: wholeNumber(0) }).partial(), {
	importStamped: 'Import Orders Handed Over Before',
	stopAfterMinutes: 'Stop After (Minutes)',
	waitSeconds: waitProperty.displayName,
});

const scope = oneOf(['all', 'chosen']);

/** Seconds that somebody who names orders waits for another run. */
const PATIENCE = 300;

/** Submitted orders of CRM become orders of Business Central. */
export const createOrders: Operation = {
	name: 'Create Orders in Business Central',
	value: 'createOrders',
	action: 'Create orders in business central',
	description:
		'Create an order in Business Central for each order that was submitted in CRM, with its lines, freight and discounts, exactly once, and tell CRM that it was handed over',
	properties: [scopeProperty, { ...orderProperty, displayOptions: { show: { orderScope: ['chosen'] } } }, previewProperty, optionsProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => {
				const chosen = readParameter(context, 'orderScope', 'Orders', itemIndex, scope) === 'chosen';
				const wanted = readParameter(context, 'options', 'Options', itemIndex, options);
				const wait = wanted.waitSeconds ?? (chosen ? PATIENCE : undefined);
				return {
					connection: { ...readConnection(context, itemIndex), ...(wait === undefined ? {} : { waitForTurnMs: wait * 1000 }) },
					order: chosen ? readOrder(context, itemIndex) : null,
					preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
					options: wanted,
				};
			},
			key: ({ order, ...rest }) => ({ ...rest, chosen: order !== null }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const { preview, order, options: wanted } = group.first;
					const ids = order === null ? null : await orderIds(session, group);
					if (ids?.size === 0) return [[], []];
					const { stopAfterMinutes } = wanted;
					const result = await importOrders(session, {
						preview,
						...(ids === null ? {} : { ids: [...ids.keys()] }),
						...(ids !== null && wanted.importStamped ? { importStamped: true } : {}),
						...(stopAfterMinutes === undefined ? {} : { timeBudgetMs: Math.round(stopAfterMinutes * 60_000) }),
					});
					const all = ids === null ? group.itemIndexes : [...ids.values()].flat();
					return importItems(context, result, (id) => ids?.get(id) ?? all, all);
				}),
		}),
};
