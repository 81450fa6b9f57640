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

/** The first synchronization of everything: a review, then a run in dependency order. */
export class FullSync implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Sync: Full Sync',
		name: 'fullSync',
		icon: { light: 'file:../../icons/fullSync.svg', dark: 'file:../../icons/fullSync.dark.svg' },
		group: ['transform'],
		// From the second one on a new node begins with a preview.
		version: [1, 1.1],
		subtitle:
			'={{ $parameter["operation"] + ": " + ($parameter["operation"] === "restartMapping" ? $parameter["mapping"]["value"] : $parameter["mappingSelection"] === "selection" ? $parameter["mappings"].join(", ") : "all mappings") }}',
		description: 'Review and run a full synchronization between Business Central and CRM (Dynamics 365 Sales / Dataverse)',
		defaults: { name: 'Full Sync' },
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
