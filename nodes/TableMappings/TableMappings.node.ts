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
import { getMappingsOrNone } from '../shared/pickers/searchMappings';
import { subtitleOf, subtitleParts } from '../shared/subtitle';
import { operations } from './operations';
import { getColumnsOfCrm, getFieldsOfBusinessCentral } from './pickers/columns';
import { getFieldMappings } from './pickers/fieldMappings';
import { searchBusinessCentralTables, searchCrmTables } from './pickers/tables';

/** Table mappings and their fields: see, make, change, move, reset. */
export class TableMappings implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Sync: Table Mappings',
		name: 'tableMappings',
		icon: { light: 'file:../../icons/tableMappings.svg', dark: 'file:../../icons/tableMappings.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(operations, `${subtitleParts.mapping} || $parameter["name"] || ${subtitleParts.mappings}`),
		description:
			'See, create, change, export, import and reset the table mappings between Business Central and CRM (Dynamics 365 Sales / Dataverse)',
		defaults: { name: 'Table Mappings' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// Changes what is synchronized between two business systems: not for a language model to start.
		usableAsTool: undefined,
		parameterPane: 'wide',
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

	methods = {
		...connectionMethods,
		listSearch: { ...connectionMethods.listSearch, searchBusinessCentralTables, searchCrmTables },
		loadOptions: { ...connectionMethods.loadOptions, getFieldsOfBusinessCentral, getColumnsOfCrm, getFieldMappings, getMappingsOrNone },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await dispatch(this, operations);
	}
}
