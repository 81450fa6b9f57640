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
import { subtitleOf } from '../shared/subtitle';
import { operations } from './operations';
import { searchCrmOrders } from './pickers/searchCrmOrders';
import { searchCustomers } from './pickers/searchCustomers';
import { searchProducts } from './pickers/searchProducts';
import { searchPostedInvoices } from './pickers/searchPostedInvoices';

/** Sales documents that travel as a whole, with their lines and amounts: orders of CRM to Business Central, posted invoices to CRM. */
export class SalesDocuments implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Sync: Sales Documents',
		name: 'salesDocuments',
		icon: { light: 'file:../../icons/salesDocuments.svg', dark: 'file:../../icons/salesDocuments.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(operations),
		description:
			'Create orders of Business Central from submitted orders of CRM (Dynamics 365 Sales / Dataverse), bring posted invoices, their payment status, figures of customers and quantities on hand to CRM, and act on what waits',
		defaults: { name: 'Sales Documents' },
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

	methods = {
		...connectionMethods,
		listSearch: { ...connectionMethods.listSearch, searchCrmOrders, searchCustomers, searchPostedInvoices, searchProducts },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await dispatch(this, operations);
	}
}
