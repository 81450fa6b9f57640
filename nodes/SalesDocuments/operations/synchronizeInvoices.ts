import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { synchronizeInvoices as synchronize } from '../../../engine';
import { readConnection } from '../../shared/connectionParameters';
import type { Operation } from '../../shared/operation';
import { labelled, oneOf, positiveNumber, readParameter, wholeNumber, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty, waitProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { invoiceItems } from './invoiceItems';
import { invoiceIds, invoiceProperty, readInvoice } from './invoices';

const scopeProperty: INodeProperties = {
	displayName: 'Invoices',
	name: 'invoiceScope',
	type: 'options',
	options: [
		{ name: 'Those CRM Has', value: 'coupled', description: 'Keep the invoices up to date that CRM has; new ones are left alone' },
		{ name: 'New Ones, Too', value: 'all', description: 'Also create invoices that CRM does not have yet, from a posting date on' },
		{ name: 'Chosen Ones', value: 'chosen', description: 'The invoices that the input items name, whether or not CRM has them' },
	],
	default: 'coupled',
	description: 'Which posted invoices of Business Central are brought to CRM',
};

const fromProperty: INodeProperties = {
	displayName: 'Posted From',
	name: 'postedFrom',
	type: 'dateTime',
	default: '',
	displayOptions: { show: { invoiceScope: ['all'] } },
	description: 'Invoices that were posted before this day are not created in CRM. Empty: all of them. The time of day does not count.',
};

const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Accept Amounts That Differ',
			name: 'acceptAmounts',
			type: 'boolean',
			default: true,
			description:
				'Whether chosen invoices count as they are in CRM although their amounts differ from those of Business Central. One that was held is finished.',
		},
		{
			displayName: 'Attach PDF',
			name: 'attachPdf',
			type: 'boolean',
			default: true,
			description:
				'Whether to attach each invoice that is created, or was chosen, to its row in CRM as a PDF of at most 5 MB. Costs one request an invoice.',
		},
		{
			displayName: 'Comment Lines',
			name: 'commentLines',
			type: 'options',
			options: [
				{ name: 'Leave Out', value: 'skip', description: 'Comments do not cross' },
				{ name: 'Lines of Their Own', value: 'writeIn', description: 'Write-in lines with quantity 0' },
				{ name: 'Text of the Line Before', value: 'text', description: 'They stand in the description of the line they follow' },
			],
			default: 'text',
			description: 'What becomes of comment lines of an invoice',
		},
		{
			displayName: 'Stop After (Minutes)',
			name: 'stopAfterMinutes',
			type: 'number',
			typeOptions: { minValue: 0.1, numberPrecision: 1 },
			default: 30,
			description: 'Stop after this time, at the next page of invoices. The next run goes on from there.',
		},
		{
			...waitProperty,
			description:
				'How long to wait while another run writes invoices. Without this option chosen invoices wait 300 seconds, and a run over all of them ends at once and says so.',
		},
	],
};

const options = labelled(
	z
		.object({
			acceptAmounts: yesOrNo,
			attachPdf: yesOrNo,
			commentLines: oneOf(['skip', 'writeIn', 'text']),
			stopAfterMinutes: positiveNumber,
			waitSeconds: wholeNumber(0),
		})
		.partial(),
	{
		acceptAmounts: 'Accept Amounts That Differ',
		attachPdf: 'Attach PDF',
		commentLines: 'Comment Lines',
		stopAfterMinutes: 'Stop After (Minutes)',
		waitSeconds: waitProperty.displayName,
	},
);

const scope = oneOf(['coupled', 'all', 'chosen']);
/** A day; what the editor adds to it is cut off. */
const day = z
	.string({ error: 'must be a date.' })
	.trim()
	.regex(/^(\d{4}-\d{2}-\d{2}.*)?$/, { error: 'must be a date such as 2026-01-31, or empty.' })
	.transform((text) => text.slice(0, 10));

/** Seconds that somebody who names invoices waits for another run. */
const PATIENCE = 300;

/** Posted invoices of Business Central become invoices of CRM. */
export const synchronizeInvoices: Operation = {
	name: 'Synchronize Invoices',
	value: 'synchronizeInvoices',
	action: 'Synchronize invoices',
	description:
		'Bring posted invoices of Business Central to CRM with lines, totals and the order they belong to, each once, and keep due dates, credit memos and payment status up to date',
	properties: [
		scopeProperty,
		fromProperty,
		{ ...invoiceProperty, displayOptions: { show: { invoiceScope: ['chosen'] } } },
		previewProperty,
		optionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => {
				const which = readParameter(context, 'invoiceScope', 'Invoices', itemIndex, scope);
				const wanted = readParameter(context, 'options', 'Options', itemIndex, options);
				const wait = wanted.waitSeconds ?? (which === 'chosen' ? PATIENCE : undefined);
				return {
					connection: { ...readConnection(context, itemIndex), ...(wait === undefined ? {} : { waitForTurnMs: wait * 1000 }) },
					invoice: which === 'chosen' ? readInvoice(context, itemIndex) : null,
					from: which === 'all' ? readParameter(context, 'postedFrom', 'Posted From', itemIndex, day) : null,
					preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
					options: wanted,
				};
			},
			key: ({ invoice, ...rest }) => ({ ...rest, chosen: invoice !== null }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const { preview, invoice, from, options: wanted } = group.first;
					const ids = invoice === null ? null : await invoiceIds(session, group);
					if (ids?.size === 0) return [[], []];
					const { stopAfterMinutes, commentLines, attachPdf = false, acceptAmounts = false } = wanted;
					const result = await synchronize(session, {
						preview,
						attachPdf,
						...(ids === null ? {} : { ids: [...ids.keys()], accept: acceptAmounts }),
						...(from === null ? {} : { createFrom: from }),
						...(commentLines === undefined ? {} : { commentLines }),
						...(stopAfterMinutes === undefined ? {} : { timeBudgetMs: Math.round(stopAfterMinutes * 60_000) }),
					});
					const all = ids === null ? group.itemIndexes : [...ids.values()].flat();
					return invoiceItems(context, result, (id) => ids?.get(id) ?? all, { all, nothing: 'No invoice is due.' });
				}),
		}),
};
