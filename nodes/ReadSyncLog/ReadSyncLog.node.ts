import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { always, connectionCredentials, connectionProperties } from '../shared/connectionProperties';
import { connectionMethods } from '../shared/methods';
import { dispatch, operationProperties } from '../shared/operation';
import { subtitleOf } from '../shared/subtitle';
import { operations } from './operations';
import { backUpState } from './operations/backUpState';

/** A backup is of the state of all companies, and asks nobody for anything. */
const withoutBackup = (property: INodeProperties): INodeProperties =>
	property.name === 'company' ? { ...property, displayOptions: { hide: { operation: [backUpState.value] } } } : property;

/** What happened: jobs, errors, one record's history, a report, keeping the log small, and a backup of the state. Asks neither Business Central nor CRM for records. */
export class ReadSyncLog implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Sync: Read Sync Log',
		name: 'readSyncLog',
		icon: { light: 'file:../../icons/readSyncLog.svg', dark: 'file:../../icons/readSyncLog.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(operations),
		description: 'Read the synchronization jobs and errors between Business Central and CRM (Dynamics 365 Sales / Dataverse)',
		defaults: { name: 'Read Sync Log' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
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
		properties: [...connectionProperties.map(withoutBackup), ...operationProperties(operations)],
	};

	methods = connectionMethods;

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await dispatch(this, operations);
	}
}
