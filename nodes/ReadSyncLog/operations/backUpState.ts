import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { backUpStateFile, discardBackup, readBackup, refuseInQueueMode, stateFile, systemClock, type StateBackup } from '../../../engine';
import { item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { filledText, labelled, oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { backupByPgDump } from '../../shared/pgDump';
import { postgresFields } from '../../shared/postgresOptions';
import { serverPath } from '../../shared/serverPath';

const backUpToProperty: INodeProperties = {
	displayName: 'Back Up To',
	name: 'backUpTo',
	type: 'options',
	options: [
		{ name: 'Binary Field of the Item', value: 'binary', description: 'A file for the nodes that follow, for instance to upload it' },
		{ name: 'File on the n8n Server', value: 'file', description: 'A file in a folder that n8n lets its nodes write to' },
	],
	default: 'binary',
	description: 'Where the copy of the state goes',
};

const filePathProperty: INodeProperties = {
	displayName: 'File or Folder',
	name: 'filePath',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. /home/node/.n8n-files/backups',
	description: 'Whole path on the n8n server. In a folder that exists, the file gets a name with date and time.',
	displayOptions: { show: { backUpTo: ['file'] } },
};

const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Overwrite a Former Backup',
			name: 'overwrite',
			type: 'boolean',
			default: false,
			description: 'Whether a backup of that name is replaced. Any other file never is.',
			displayOptions: { show: { '/backUpTo': ['file'] } },
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			description: 'The name of the output binary field that holds the copy',
			displayOptions: { show: { '/backUpTo': ['binary'] } },
		},
	],
};

const options = labelled(z.object({ overwrite: yesOrNo, binaryPropertyName: filledText }).partial(), {
	overwrite: 'Overwrite a Former Backup',
	binaryPropertyName: 'Put Output File in Field',
});

interface Wanted {
	/** Null for a binary field. */
	path: string | null;
	options: z.infer<typeof options>;
}

/** A consistent copy of the embedded store while runs go on; for PostgreSQL it says how. */
export const backUpState: Operation = {
	name: 'Back Up State',
	value: 'backUpState',
	action: 'Back up the state of the synchronization',
	description:
		'Copy the embedded state file of this n8n (couplings, settings and log of all companies) while synchronizations go on. The copy is looked through before success is told.',
	properties: [backUpToProperty, filePathProperty, optionsProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex): Wanted => ({
				path:
					readParameter(context, 'backUpTo', 'Back Up To', itemIndex, oneOf(['binary', 'file'])) === 'file'
						? readParameter(context, 'filePath', 'File or Folder', itemIndex, filledText)
						: null,
				options: readParameter(context, 'options', 'Options', itemIndex, options),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) => [[await backUp(context, first, itemIndexes)]],
		}),
};

async function backUp(context: IExecuteFunctions, wanted: Wanted, itemIndexes: readonly number[]): Promise<INodeExecutionData> {
	const now = systemClock.now();
	const fileName = `state-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z.sqlite`;
	if (context.getNode().credentials?.syncStorePostgresApi) {
		const fields = postgresFields.parse(await context.getCredentials('syncStorePostgresApi'));
		throw backupByPgDump(fields, fileName.replace(/sqlite$/, 'dump'));
	}
	refuseInQueueMode();
	const { overwrite = false, binaryPropertyName = 'data' } = wanted.options;
	if (wanted.path !== null) {
		const target = await serverPath(context, wanted.path, fileName);
		const backup = await backUpStateFile(stateFile(), target, { overwrite, now });
		return item(backupJson(backup, backup.file), itemIndexes);
	}
	const backup = await backUpStateFile(stateFile(), `${stateFile()}.for-download-${crypto.randomUUID()}`, { overwrite: false, now });
	try {
		const binary = await context.helpers.prepareBinaryData(readBackup(backup), fileName, 'application/vnd.sqlite3');
		return { ...item(backupJson(backup, null), itemIndexes), binary: { [binaryPropertyName]: binary } };
	} finally {
		discardBackup(backup);
	}
}

const backupJson = ({ bytes, takenAt, couplings, connections, shape }: StateBackup, file: string | null) => ({
	file,
	bytes,
	takenAt,
	couplings,
	connections,
	shape,
	message: `The state was backed up: ${couplings} ${couplings === 1 ? 'coupling' : 'couplings'} of ${connections} ${connections === 1 ? 'connection' : 'connections'}. The copy was looked through and is whole.`,
});
