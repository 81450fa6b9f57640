import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { TableInput } from '../../../engine';
import { locator } from '../../shared/locators';
import { readParameter } from '../../shared/parameters';

const picker = (displayName: string, name: string, method: string, description: string, placeholder: string): INodeProperties => ({
	displayName,
	name,
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: method, searchable: true },
		},
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder },
	],
});

/** Tables of a new mapping. */
export const tableProperties: INodeProperties[] = [
	picker(
		'Business Central Table',
		'businessCentralTable',
		'searchBusinessCentralTables',
		'An entity set of API v2.0, an own API page (publisher/group/version/entitySet), or a published page (page:Name)',
		'employees',
	),
	picker('CRM Table', 'crmTable', 'searchCrmTables', 'Any table of Dataverse, by its logical name', 'cr123_employee'),
];

export const readTables = (context: IExecuteFunctions, itemIndex: number): { businessCentral: TableInput; crm: TableInput } => ({
	businessCentral: { table: readParameter(context, 'businessCentralTable', 'Business Central Table', itemIndex, locator).value },
	crm: { table: readParameter(context, 'crmTable', 'CRM Table', itemIndex, locator).value },
});
