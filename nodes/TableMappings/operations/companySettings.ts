import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { readConnection } from '../../shared/connectionParameters';
import { changeCompanySettings, getCompanySettings } from '../../../engine';
import { item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { labelled, oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';

const yesNo = (displayName: string, name: string, usual: boolean, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'boolean',
	default: usual,
	description,
});
const line = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	description,
});

const changesProperty: INodeProperties = {
	displayName: 'Changes',
	name: 'companySettings',
	type: 'collection',
	placeholder: 'Change setting',
	default: {},
	options: [
		{
			displayName: 'Amount Policy',
			name: 'amountPolicy',
			type: 'options',
			default: 'warn',
			description: 'What happens to an order whose net amounts differ between CRM and Business Central by more than the tolerance',
			options: [
				{
					name: 'Hold',
					value: 'hold',
					description: 'The order of Business Central is kept, and not handed over until somebody corrects or accepts it',
				},
				{ name: 'Warn', value: 'warn', description: 'The order is handed over, and the difference is told' },
			],
		},
		{
			displayName: 'Amount Tolerance',
			name: 'amountTolerance',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: 0.05,
			description: 'By how much the net amounts of an order may differ between CRM and Business Central, in the currency of the order',
		},
		yesNo(
			'Apply Orders Submitted Again',
			'applyResubmitted',
			false,
			'Whether changes of an order that was set to Active and submitted again in CRM are carried over, while its order of Business Central is a draft of which nothing was shipped. Otherwise they are told.',
		),
		line(
			'Bill-To Column',
			'billToColumn',
			'Logical name of the lookup column of the CRM order that names the account which pays, for instance new_payerid',
		),
		{
			displayName: 'Bill-To Customer',
			name: 'billTo',
			type: 'options',
			default: 'customerDefault',
			description: 'Who pays for an order that is created in Business Central',
			options: [
				{ name: 'Account of a Column', value: 'column', description: 'The account that a lookup column of the CRM order names' },
				{ name: 'Customer Itself', value: 'sellTo', description: 'Whoever buys' },
				{ name: 'Customer’s Own', value: 'customerDefault', description: 'The bill-to customer on the card of the customer' },
			],
		},
		yesNo(
			'Cancel in Business Central',
			'cancelInBusinessCentral',
			false,
			'Whether the order of Business Central is deleted when the CRM order is canceled, while it is a draft of which nothing was shipped. Otherwise that is told.',
		),
		yesNo(
			'Claim Orders of No Company',
			'claimUnstamped',
			false,
			'Whether this company takes orders of CRM of which neither the order nor its account names a company, where several companies share the CRM',
		),
		{
			displayName: 'Credit Limits',
			name: 'creditLimits',
			type: 'options',
			default: 'asTheyAre',
			description: 'Business Central keeps credit limits in local currency: how they get into accounts of another currency',
			options: [
				{ name: 'As They Are', value: 'asTheyAre', description: 'The amount in local currency, as the built-in integration writes it' },
				{ name: 'Converted', value: 'converted', description: 'By the last exchange rate of the customer’s currency' },
			],
		},
		line('Default Price List', 'defaultPriceListCode', 'Code of the default price list in Sales & Receivables Setup; empty for none'),
		yesNo(
			'Extended Price Calculation',
			'extendedPrices',
			true,
			'Whether price lists travel, instead of customer price groups with their sales prices',
		),
		{
			displayName: 'External Document Number',
			name: 'externalDocumentFrom',
			type: 'options',
			default: 'name',
			description: 'What becomes the external document number of an order in Business Central',
			options: [
				{ name: 'Name', value: 'name', description: 'The name of the CRM order, up to 35 characters' },
				{ name: 'Number', value: 'number', description: 'The number of the CRM order' },
			],
		},
		line(
			'Freight Account',
			'freightAccount',
			'Number of the G/L account of Business Central that takes the freight of orders; it must allow direct posting',
		),
		{
			...line(
				'Names of Published Pages',
				'pages',
				'Where an administrator published a page under another name: one per line, usual name = name here',
			),
			typeOptions: { rows: 4 },
		},
		yesNo(
			'Several Companies Share Master Data',
			'multiCompany',
			false,
			'Whether master data in CRM is everybody’s, so that the company filter falls away',
		),
		yesNo('Unit Groups', 'unitGroups', true, 'Whether each item and resource has a unit group of its own in CRM'),
		line(
			'Write-In Item',
			'writeInItem',
			'Number of the write-in item of Sales & Receivables Setup, which never synchronizes; it sells what order lines of CRM name without a product',
		),
		line(
			'Write-In Resource',
			'writeInResource',
			'Number of the write-in resource of Sales & Receivables Setup, which never synchronizes; it sells order lines without a product where no write-in item is set',
		),
	],
};

const text = z.string({ error: 'must be text.' });
const changes = labelled(
	z
		.object({
			amountPolicy: oneOf(['warn', 'hold']),
			amountTolerance: z.number({ error: 'must be a number.' }).min(0, { error: 'must not be less than 0.' }),
			applyResubmitted: yesOrNo,
			billTo: oneOf(['customerDefault', 'sellTo', 'column']),
			billToColumn: text,
			cancelInBusinessCentral: yesOrNo,
			claimUnstamped: yesOrNo,
			creditLimits: z.enum(['asTheyAre', 'converted']),
			defaultPriceListCode: text,
			extendedPrices: yesOrNo,
			externalDocumentFrom: oneOf(['name', 'number']),
			freightAccount: text,
			multiCompany: yesOrNo,
			pages: text,
			unitGroups: yesOrNo,
			writeInItem: text,
			writeInResource: text,
		})
		.partial(),
	{ amountTolerance: 'Amount Tolerance', pages: 'Names of Published Pages' },
);

const pagesIn = (value: string): Record<string, string> =>
	Object.fromEntries(
		value
			.split('\n')
			.filter((each) => each.includes('='))
			.map((each) => [each.slice(0, each.indexOf('=')).trim(), each.slice(each.indexOf('=') + 1).trim()]),
	);

/** What holds for all mappings of the connection. */
export const companySettings: Operation = {
	name: 'Get or Change Company Settings',
	value: 'companySettings',
	action: 'Get or change company settings',
	description:
		'See and change what holds for all mappings of the company: unit groups, prices, shared master data, orders, names of published pages',
	properties: [changesProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				changes: readParameter(context, 'companySettings', 'Changes', itemIndex, changes),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { pages, ...rest } = first.changes;
					const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
					const wanted = { ...given, ...(pages === undefined ? {} : { pages: pagesIn(pages) }) };
					const settings =
						Object.keys(wanted).length === 0 ? await getCompanySettings(session) : await changeCompanySettings(session, wanted);
					return [[item({ ...settings, pages: { ...settings.pages }, changed: Object.keys(wanted).length > 0 }, itemIndexes)]];
				}),
		}),
};
