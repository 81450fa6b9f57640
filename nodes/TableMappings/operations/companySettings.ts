import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { readConnection } from '../../shared/connectionParameters';
import { changeCompanySettings, getCompanySettings } from '../../../engine';
import { item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { labelled, readParameter, yesOrNo } from '../../shared/parameters';
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
		line(
			'Names of Published Pages',
			'pages',
			'Where an administrator published a page under another name: one per line, usual name = name here',
		),
		yesNo(
			'Several Companies Share Master Data',
			'multiCompany',
			false,
			'Whether master data in CRM is everybody’s, so that the company filter falls away',
		),
		yesNo('Unit Groups', 'unitGroups', true, 'Whether each item and resource has a unit group of its own in CRM'),
		line('Write-In Item', 'writeInItem', 'Number of the write-in item of Sales & Receivables Setup, which never synchronizes'),
		line('Write-In Resource', 'writeInResource', 'Number of the write-in resource of Sales & Receivables Setup, which never synchronizes'),
	],
};

const text = z.string({ error: 'must be text.' });
const changes = labelled(
	z
		.object({
			creditLimits: z.enum(['asTheyAre', 'converted']),
			defaultPriceListCode: text,
			extendedPrices: yesOrNo,
			multiCompany: yesOrNo,
			pages: text,
			unitGroups: yesOrNo,
			writeInItem: text,
			writeInResource: text,
		})
		.partial(),
	{ pages: 'Names of Published Pages' },
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
		'See and change what holds for all mappings of the company: unit groups, prices, shared master data, names of published pages',
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
