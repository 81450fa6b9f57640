import type { Readable } from 'node:stream';
import type { IBinaryData, INodeProperties } from 'n8n-workflow';
import { readConnectionByHand } from '../../shared/connectionParameters';
import { exportState as exportAll } from '../../../engine';
import { item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { filledText, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { waitOptionsProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';

const includeLogProperty: INodeProperties = {
	displayName: 'Include the Log',
	name: 'includeLog',
	type: 'boolean',
	default: false,
	description: 'Whether jobs and errors of the log travel, too. Runs do not need them.',
};

const binaryProperty: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'stateBinaryProperty',
	type: 'string',
	default: 'data',
	required: true,
	description: 'The name of the output binary field that holds the file',
};

/** The state of the connection as a file, for another store. */
export const exportState: Operation = {
	name: 'Export State',
	value: 'exportState',
	action: 'Export the state of the connection',
	description:
		'Get everything the state store knows of the connection as a file, to move it into another store (embedded file or PostgreSQL) with Import State. No mapping may run meanwhile.',
	properties: [includeLogProperty, binaryProperty, waitOptionsProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				log: readParameter(context, 'includeLog', 'Include the Log', itemIndex, yesOrNo),
				field: readParameter(context, 'stateBinaryProperty', 'Put Output File in Field', itemIndex, filledText),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					let binary: IBinaryData | undefined;
					const take = async (file: Readable): Promise<void> => {
						const name = `synchronization-state-${new Date().toISOString().slice(0, 10)}.jsonl.gz`;
						binary = await context.helpers.prepareBinaryData(file, name, 'application/gzip');
					};
					const { rows, sha256, exportedAt } = await exportAll(session, { log: first.log }, take);
					const couplings = rows['coupling'] ?? 0;
					const json = {
						couplings,
						rows,
						sha256,
						exportedAt,
						from: { kind: session.store.identity.kind, place: session.store.identity.place },
						message: `${couplings} ${couplings === 1 ? 'coupling was' : 'couplings were'} exported with all that belongs to them.`,
					};
					return [[{ ...item(json, itemIndexes), binary: { [first.field]: binary! } }]];
				}),
		}),
};
