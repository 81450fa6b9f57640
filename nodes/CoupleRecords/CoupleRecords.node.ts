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

/** Which record belongs to which — couple, create and couple, uncouple, list — and what to do about those that could not be delivered. */
export class CoupleRecords implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Sync: Couple Records',
		name: 'coupleRecords',
		icon: { light: 'file:../../icons/coupleRecords.svg', dark: 'file:../../icons/coupleRecords.dark.svg' },
		group: ['transform'],
		// New nodes begin with other choices.
		version: VERSIONS,
		subtitle: subtitleOf(operations, `${subtitleParts.mapping} || ${subtitleParts.mappings}`),
		description:
			'Couple and uncouple records of Business Central and CRM (Dynamics 365 Sales / Dataverse), list couplings, and act on failed and skipped records',
		defaults: { name: 'Couple Records' },
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
