import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { always, connectionCredentials, connectionProperties } from '../shared/connectionProperties';
import { connectionMethods } from '../shared/methods';
import { VERSIONS } from '../shared/nodeVersions';
import { dispatch, operationProperties } from '../shared/operation';
import { subtitleOf } from '../shared/subtitle';
import { operations } from './operations';

/** Incremental synchronization of one mapping, of selected records, or of all mappings. */
export class SyncMapping implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Sync: Sync Mapping',
		name: 'syncMapping',
		icon: { light: 'file:../../icons/syncMapping.svg', dark: 'file:../../icons/syncMapping.dark.svg' },
		group: ['transform'],
		// New nodes have the field Output; those of version 1 give one item per job.
		version: VERSIONS,
		subtitle: subtitleOf(operations),
		description: 'Synchronize records between Business Central and CRM (Dynamics 365 Sales / Dataverse) by a table mapping',
		defaults: { name: 'Sync Mapping' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Done', 'Failed'],
		// Writes to two business systems: not for a language model to start.
		usableAsTool: undefined,
		credentials: [
			...connectionCredentials,
			{
				name: 'syncStorePostgresApi',
				displayOptions: always,
				displayName: 'Sync Store (PostgreSQL), Optional',
				required: false,
				testedBy: 'syncStorePostgresTest',
			},
		],
		properties: [...connectionProperties, ...operationProperties(operations)],
	};

	methods = connectionMethods;

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await dispatch(this, operations);
	}
}
