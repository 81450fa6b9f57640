import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { availabilitySummary, getAvailability, SyncError } from '../../../engine';
import { readConnection } from '../../shared/connectionParameters';
import { failedJson, item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { readParameter } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';
import { plain } from './orderItems';
import { productProperty, readProduct, referenceOf } from './productReference';

const locationProperty: INodeProperties = {
	displayName: 'Location',
	name: 'location',
	type: 'string',
	default: '',
	placeholder: 'EAST',
	description:
		'Code of a location of Business Central; empty for all of them together. Needs the page "ItemCard" (page 30) as a web service there.',
};

const text = z.string({ error: 'must be text.' }).trim();

/** What there is of a product, this moment. */
export const getItemAvailability: Operation = {
	name: 'Get Item Availability',
	value: 'getItemAvailability',
	action: 'Get the availability of an item',
	description:
		'Ask Business Central what is on hand of a product, what is on order, and what is available. Nothing is written, and no run is waited for: fit to answer a web service.',
	properties: [productProperty, locationProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				product: readProduct(context, itemIndex),
				location: readParameter(context, 'location', 'Location', itemIndex, text),
			}),
			key: ({ connection, location }) => ({ connection, location }),
			run: async ({ first, members }) =>
				await withSession(context, first.connection, async (session) => {
					const references = members.map(({ value }) => referenceOf(value.product));
					const location = first.location === '' ? null : first.location;
					const answers = await getAvailability(session, references, { location }).catch((error: unknown) => {
						// The location is one of all of them.
						if (error instanceof SyncError && error.errorClass === 'data') return references.map(() => error);
						throw error;
					});
					const outputs: INodeExecutionData[][] = [[], []];
					answers.forEach((answer, index) => {
						const indexes = [members[index]!.itemIndex];
						if (answer instanceof SyncError) outputs[1]!.push(item(unknownJson(answer), indexes));
						else outputs[0]!.push(item(plain(answer), indexes));
					});
					return outputs;
				}),
		}),
};

const unknownJson = ({ code, errorClass, message, hint }: SyncError) =>
	failedJson({
		jobId: '',
		mapping: availabilitySummary.name,
		direction: null,
		errorClass,
		errorCode: code,
		message,
		hint,
		businessCentral: null,
		crm: null,
		attempts: 1,
		skipped: false,
	});
