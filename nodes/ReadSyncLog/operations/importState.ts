import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { readConnectionByHand } from '../../shared/connectionParameters';
import { importState as importAll } from '../../../engine';
import { item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { filledText, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { waitOptionsProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';

const properties: INodeProperties[] = [
	{
		displayName: 'Input Binary Field',
		name: 'stateBinaryProperty',
		type: 'string',
		default: 'data',
		required: true,
		description: 'The name of the input binary field that holds the file of Export State',
		hint: 'For instance of the node Read/Write Files from Disk',
	},
	{
		displayName: 'Replace What Is There',
		name: 'replaceState',
		type: 'boolean',
		default: false,
		description:
			'Whether the file takes the place of couplings and settings that this store already has for the connection. Without it they are named, and nothing is imported.',
	},
	{
		displayName: 'Accept Another Connection',
		name: 'anyConnection',
		type: 'boolean',
		default: false,
		description:
			'Whether to import the state of a connection with other addresses or another company. Only for the same company and environments that are named in another way.',
	},
	waitOptionsProperty,
];

/** Takes over what Export State gave: all of it or nothing. */
export const importState: Operation = {
	name: 'Import State',
	value: 'importState',
	action: 'Import the state of the connection',
	description:
		'Take over what Export State gave: couplings with what both sides last agreed on, settings, and all else that runs go by. All of it or nothing. No mapping may run meanwhile.',
	properties,
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				field: readParameter(context, 'stateBinaryProperty', 'Input Binary Field', itemIndex, filledText),
				replace: readParameter(context, 'replaceState', 'Replace What Is There', itemIndex, yesOrNo),
				anyConnection: readParameter(context, 'anyConnection', 'Accept Another Connection', itemIndex, yesOrNo),
				// Each item brings a file of its own.
				itemIndex,
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const file = await fileOf(context, first.itemIndex, first.field);
					const { rows, replaced, ...imported } = await importAll(session, file, first);
					const couplings = rows['coupling'] ?? 0;
					const gone = Object.keys(replaced).length > 0 ? ' What was there before was replaced.' : '';
					const message = `${couplings} ${couplings === 1 ? 'coupling was' : 'couplings were'} imported with all that belongs to them.${gone}`;
					return [[item({ couplings, rows, replaced, ...imported, message }, itemIndexes)]];
				}),
		}),
};

async function fileOf(context: IExecuteFunctions, itemIndex: number, field: string): Promise<Readable> {
	const binary = context.helpers.assertBinaryData(itemIndex, field);
	if (binary.id) return await context.helpers.getBinaryStream(binary.id);
	return Readable.from([Buffer.from(binary.data, 'base64')]);
}
