import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { oneOf, readParameter } from '../../shared/parameters';

/** Which documents an operation is about. */
export const documentKindProperty: INodeProperties = {
	displayName: 'Documents',
	name: 'documentKind',
	type: 'options',
	options: [
		{ name: 'Orders', value: 'orders', description: 'Orders of CRM, and what Business Central has of them' },
		{ name: 'Posted Invoices', value: 'invoices', description: 'Posted invoices of Business Central, and what CRM has of them' },
	],
	default: 'orders',
	description: 'Which documents it is about',
};

const documentKind = oneOf(['orders', 'invoices']);

export const readDocumentKind = (context: IExecuteFunctions, itemIndex: number): 'orders' | 'invoices' =>
	readParameter(context, 'documentKind', 'Documents', itemIndex, documentKind);
