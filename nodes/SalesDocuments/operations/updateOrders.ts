import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { updateOrders as update } from '../../../engine';
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
	name: 'updateScope',
	type: 'options',
	options: [
		{
			name: 'All That Something Happened To',
			value: 'all',
			description: 'Every imported order that was released, shipped, invoiced, paid, changed or deleted since the last run',
		},
		{ name: 'Chosen Ones', value: 'chosen', description: 'The orders that the input items name' },
	],
	default: 'all',
	description: 'Which imported orders are brought up to date in CRM',
};

const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
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
				'How long to wait while another run imports or updates orders. Without this option chosen orders wait 300 seconds, and a run over all of them ends at once and says so.',
		},
	],
};

const options = labelled(z.object({ stopAfterMinutes: positiveNumber, waitSeconds: wholeNumber(0) }).partial(), {
	stopAfterMinutes: 'Stop After (Minutes)',
	waitSeconds: waitProperty.displayName,
});

const scope = oneOf(['all', 'chosen']);

/** Seconds that somebody who names orders waits for another run. */
const PATIENCE = 300;

/** What becomes of imported orders in Business Central goes back to CRM. */
export const updateOrders: Operation = {
	name: 'Update Orders in CRM',
	value: 'updateOrders',
	action: 'Update orders in CRM',
	description:
		'Tell CRM what became of imported orders: released, shipped, invoiced, paid, with tracking number and header; set finished ones to Invoiced, and deal with those that were deleted, canceled or submitted again',
	properties: [
		scopeProperty,
		{ ...orderProperty, displayOptions: { show: { updateScope: ['chosen'] } } },
		previewProperty,
		optionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => {
				const chosen = readParameter(context, 'updateScope', 'Orders', itemIndex, scope) === 'chosen';
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
					const result = await update(session, {
						preview,
						...(ids === null ? {} : { ids: [...ids.keys()] }),
						...(stopAfterMinutes === undefined ? {} : { timeBudgetMs: Math.round(stopAfterMinutes * 60_000) }),
					});
					const all = ids === null ? group.itemIndexes : [...ids.values()].flat();
					return importItems(context, result, (id) => ids?.get(id) ?? all, all, UPDATES);
				}),
		}),
};

const UPDATES = {
	nothing: 'CRM says of every order what became of it.',
	notFound: {
		code: 'RECORD_NOT_FOUND',
		errorClass: 'data',
		message: 'No order of Business Central is known that was made from this order of CRM.',
		hint: 'Import it first: Sales Documents → Create Orders in Business Central.',
	},
} as const;
