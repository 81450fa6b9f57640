import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { listInvoices, listOrders } from '../../../engine';
import { readConnection } from '../../shared/connectionParameters';
import { item, nothingItem } from '../../shared/items';
import { limitProperties, readLimit, tellMore } from '../../shared/limit';
import type { Operation } from '../../shared/operation';
import { labelled, oneOf, readParameter } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';
import { documentKindProperty, readDocumentKind } from './documentKind';
import { plain } from './orderItems';

const filtersProperty: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'State',
			name: 'state',
			type: 'options',
			options: [
				{ name: 'Closed', value: 'closed', description: 'Invoiced and paid, or cancelled: nothing more can become of it' },
				{
					name: 'Failed',
					value: 'failed',
					description: 'The other system has nothing of it, because it could not be delivered; every run tries again',
				},
				{
					name: 'Handed Over',
					value: 'handedOver',
					description: 'Business Central has the order and CRM knows, or the invoice is complete in CRM',
				},
				{ name: 'Held', value: 'held', description: 'The amounts of both sides differ, and somebody has to decide' },
				{ name: 'Open', value: 'open', description: 'The other system has it; the next run brings it to its end' },
			],
			default: 'held',
			description: 'Only documents in this state',
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			default: '',
			description: 'Only documents with this text in a number or name, or in the message of a failed one',
		},
	],
};

const filters = labelled(
	z.object({ state: oneOf(['closed', 'failed', 'handedOver', 'held', 'open']), text: z.string({ error: 'must be text.' }) }).partial(),
	{ state: 'State', text: 'Text' },
);

/** Orders or posted invoices as the state store knows them. */
export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many sales documents',
	description:
		'List orders or posted invoices with their partners, their state, the amounts of both sides, and who is to do something about them',
	properties: [documentKindProperty, ...limitProperties, filtersProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				kind: readDocumentKind(context, itemIndex),
				limit: readLimit(context, itemIndex),
				filters: readParameter(context, 'filters', 'Filters', itemIndex, filters),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { state, text } = first.filters;
					const query = {
						...(state === undefined ? {} : { state }),
						...(text?.trim() ? { text: text.trim() } : {}),
						limit: first.limit,
					};
					const { rows, more } = first.kind === 'orders' ? await listOrders(session, query) : await listInvoices(session, query);
					if (more) tellMore(context, rows.length);
					const nothing = first.kind === 'orders' ? 'No order fits the filters.' : 'No invoice fits the filters.';
					if (rows.length === 0) return [[nothingItem(nothing, itemIndexes)], []];
					return [rows.map((row) => item(plain(row), itemIndexes)), []];
				}),
		}),
};
