import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { readConnection, readMapping } from '../../shared/connectionParameters';
import { retryAll, retryRecords } from '../../../engine';
import { item, nothingItem } from '../../shared/items';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty } from '../../shared/runProperties';
import { selectionProperties } from '../../shared/selection';
import { withSession } from '../../shared/withSession';
import { actOnRecords } from './recordAction';

const scope = oneOf(['records', 'mapping', 'all']);

const onlyFor =
	(...scopes: string[]) =>
	(property: INodeProperties): INodeProperties => ({
		...property,
		displayOptions: { show: { retryScope: scopes, ...property.displayOptions?.show } },
	});

/** Skipped records are tried again by the next run. */
export const retry: Operation = {
	name: 'Retry',
	value: 'retry',
	action: 'Retry skipped records',
	description: 'Have skipped records tried again by the next run. Nothing is synchronized now.',
	properties: [
		{
			displayName: 'Retry',
			name: 'retryScope',
			type: 'options',
			options: [
				{ name: 'All Skipped Records of a Mapping', value: 'mapping' },
				{ name: 'All Skipped Records of All Mappings', value: 'all' },
				{ name: 'Records of the Input Items', value: 'records', description: 'The record that each input item names' },
			],
			default: 'records',
			description: 'Which records are tried again',
		},
		onlyFor('records', 'mapping')(mappingProperty),
		...selectionProperties('Which system the records are named in').map(onlyFor('records')),
		previewProperty,
	],
	execute: async (context) => {
		// Items may differ in anything but this: named records and whole mappings have results of different shapes.
		const chosen = readParameter(context, 'retryScope', 'Retry', 0, scope);
		if (chosen !== 'records') return await retryMappings(context, chosen);
		return await actOnRecords(
			context,
			() => undefined,
			async (session, records) => await retryRecords(session, records),
		);
	},
};

async function retryMappings(context: IExecuteFunctions, chosen: 'mapping' | 'all'): Promise<INodeExecutionData[][]> {
	return await runPerItem(context, {
		outputs: 2,
		read: (itemIndex) => ({
			connection: readConnection(context, itemIndex),
			mapping: chosen === 'mapping' ? readMapping(context, itemIndex) : undefined,
			preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
		}),
		key: (value) => value,
		run: async ({ first: { connection, mapping, preview }, itemIndexes }) =>
			await withSession(context, connection, async (session) => {
				const retried = await retryAll(session, { preview, ...(mapping === undefined ? {} : { mapping }) });
				const some = retried.filter(({ toCrm, fromCrm }) => toCrm + fromCrm > 0);
				if (some.length === 0) return [[nothingItem('No record is skipped.', itemIndexes)], []];
				return [some.map((counts) => item({ ...counts, outcome: 'retried', preview }, itemIndexes)), []];
			}),
	});
}
