import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { always, connectionCredentials, connectionProperties } from '../shared/connectionProperties';
import { connectionMethods } from '../shared/methods';
import { dispatch, operationProperties } from '../shared/operation';
import { operations } from './operations';

/** Incremental synchronization of one mapping, of selected records, or of all mappings. */
export class SyncMapping implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Sync: Sync Mapping',
		name: 'syncMapping',
		icon: { light: 'file:../../icons/syncMapping.svg', dark: 'file:../../icons/syncMapping.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"] === "synchronizeAll" ? "all mappings" : ($parameter["mapping"].value || "") + ($parameter["operation"] === "synchronizeSelected" ? ": selected records" : ": modified records") }}',
		description: 'Synchronize records between Business Central and CRM (Dynamics 365 Sales / Dataverse) by a table mapping',
		defaults: { name: 'Sync Mapping' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Synchronized', 'Failed'],
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
