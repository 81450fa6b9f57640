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
import { subtitleOf, subtitleParts } from '../shared/subtitle';
import { operations } from './operations';
import { hasOneOutput, outputsOf } from './outputs';

/** The first synchronization of everything: a review, then a run in dependency order. */
export class FullSync implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Sync: Full Sync',
		name: 'fullSync',
		icon: { light: 'file:../../icons/fullSync.svg', dark: 'file:../../icons/fullSync.dark.svg' },
		group: ['transform'],
		// New nodes begin with a preview, and have one output where nothing is synchronized.
		version: VERSIONS,
		subtitle: subtitleOf(
			operations,
			`$parameter["operation"] === "restartMapping" ? ${subtitleParts.mapping} : $parameter["mappingSelection"] === "selection" ? ${subtitleParts.mappings} : ""`,
		),
		description: 'Review and run a full synchronization between Business Central and CRM (Dynamics 365 Sales / Dataverse)',
		defaults: { name: 'Full Sync' },
		inputs: [NodeConnectionTypes.Main],
		outputs: outputsOf,
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
		properties: [...connectionProperties, ...operationProperties(operations, 'review')],
	};

	methods = connectionMethods;

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const lists = await dispatch(this, operations);
		return hasOneOutput(this) ? lists.slice(0, 1) : lists;
	}
}
