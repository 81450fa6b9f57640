import { Buffer } from 'node:buffer';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { readConnection } from '../../shared/connectionParameters';
import { mappingCatalog, renderReport as render, systemClock } from '../../../engine';
import { item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { filledText, labelled, oneOf, positiveNumber, readParameter, wholeNumber } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withStore } from '../../shared/withSession';
import { fromProperty, readTime, toProperty } from './logFilters';

const hourMs = 60 * 60_000;
const lengths = { day: 24 * hourMs, week: 7 * 24 * hourMs, month: 30 * 24 * hourMs };

const periodProperty: INodeProperties = {
	displayName: 'Period',
	name: 'period',
	type: 'options',
	options: [
		{ name: 'From – To', value: 'custom', description: 'Between two points in time' },
		{ name: 'Last 24 Hours', value: 'day' },
		{ name: 'Last 30 Days', value: 'month' },
		{ name: 'Last 7 Days', value: 'week' },
	],
	default: 'week',
	description: 'What the report is about. Records that need someone are always those of now.',
};

const custom = { displayOptions: { show: { period: ['custom'] } } };

const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Expected Interval (Minutes)',
			name: 'intervalMinutes',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 30,
			description:
				'How often each mapping should run. One that has not run for longer than twice this time is told to be overdue. Without it, the usual time between runs counts.',
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			description: 'The name of the output binary field that holds the page, for instance as attachment of a mail',
		},
		{
			displayName: 'Rows per List',
			name: 'rows',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 1000 },
			default: 50,
			description: 'How many records each list of the report shows; the totals always count all',
		},
		{
			displayName: 'Title',
			name: 'title',
			type: 'string',
			default: 'Synchronization report',
			description: 'Heading of the report',
		},
	],
};

const options = labelled(
	z.object({ intervalMinutes: positiveNumber, binaryPropertyName: filledText, rows: wholeNumber(1), title: filledText }).partial(),
	{
		intervalMinutes: 'Expected Interval (Minutes)',
		binaryPropertyName: 'Put Output File in Field',
		rows: 'Rows per List',
		title: 'Title',
	},
);

/** The log as a page for people, to read or to mail. */
export const renderReport: Operation = {
	name: 'Render Report',
	value: 'renderReport',
	action: 'Render a report of the synchronization',
	description:
		'Make one page of what happened: runs over time, counters per mapping, failures with their remedy, records that need someone, overwritten values. The page comes as text, as file and in a few plain lines.',
	properties: [
		periodProperty,
		{ ...fromProperty, ...custom, required: true },
		{ ...toProperty, ...custom, required: true },
		optionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				period: readPeriod(context, itemIndex),
				options: readParameter(context, 'options', 'Options', itemIndex, options),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withStore(context, first.connection, async (store) => {
					const { binaryPropertyName = 'data', title = 'Synchronization report', ...rest } = first.options;
					const now = systemClock.now();
					const { from, to } = typeof first.period === 'number' ? lastly(now, first.period) : first.period;
					const report = await render({
						...rest,
						...{ store, from, to, title },
						now: new Date(now).toISOString(),
						timeZone: context.getTimezone(),
						mappings: new Map(mappingCatalog().map(({ name, caption }) => [name, caption])),
					});
					const file = Buffer.from(report.html, 'utf8');
					const binary = await context.helpers.prepareBinaryData(file, `synchronization-${to.slice(0, 10)}.html`, 'text/html');
					return [[{ ...item({ ...report }, itemIndexes), binary: { [binaryPropertyName]: binary } }]];
				}),
		}),
};

/** Milliseconds up to now, or two points in time. */
function readPeriod(context: IExecuteFunctions, itemIndex: number): number | { from: string; to: string } {
	const period = readParameter(context, 'period', 'Period', itemIndex, oneOf(['day', 'week', 'month', 'custom']));
	if (period !== 'custom') return lengths[period];
	return { from: readTime(context, 'from', 'From', itemIndex), to: readTime(context, 'to', 'To', itemIndex) };
}

const lastly = (now: number, length: number): { from: string; to: string } => ({
	from: new Date(now - length).toISOString(),
	to: new Date(now).toISOString(),
});
