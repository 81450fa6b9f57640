import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { AvailabilityReference } from '../../../engine';
import { guidPattern, locator, type Locator } from '../../shared/locators';
import { readParameter } from '../../shared/parameters';

/** A product of CRM, or the item of Business Central that it stands for. */
export const productProperty: INodeProperties = {
	displayName: 'Product or Item',
	name: 'product',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The product in CRM, or the item in Business Central by its number. For several, give one input item for each and name it by an expression, for instance By ID {{ $json.productId }}.',
	modes: [
		{ displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod: 'searchProducts', searchable: true } },
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: '5d115c9c-44e3-ea11-bb43-000d3a2feca1' },
		{ displayName: 'By Item Number', name: 'number', type: 'string', placeholder: '1896-S' },
	],
};

export const readProduct = (context: IExecuteFunctions, itemIndex: number): Locator =>
	readParameter(context, 'product', 'Product or Item', itemIndex, locator);

/** Ids name products of CRM, all else numbers of items. */
export const referenceOf = ({ value }: Locator): AvailabilityReference =>
	guidPattern.test(value) ? { productId: value } : { itemNumber: value };
