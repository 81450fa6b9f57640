import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import { matchCouple, type MatchedRecord, type MatchResult } from '../../../engine';
import { item, nothingItem } from '../../shared/items';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, wholeNumber, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { runItems } from '../../shared/runItems';
import { failureLimit, previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { readSelection, selectedIds, selectionProperties } from '../../shared/selection';
import { withSession } from '../../shared/withSession';
import { criteriaProperties, readCriteria } from './matchCriteria';

const [sideProperty, ...recordProperties] = selectionProperties('Which system the records are in that look for a partner in the other');

const onlyForRecords = (property: INodeProperties): INodeProperties => ({
	...property,
	displayOptions: { show: { scope: ['records'], ...property.displayOptions?.show } },
});

const properties: INodeProperties[] = [
	mappingProperty,
	...criteriaProperties,
	{
		displayName: 'Match',
		name: 'scope',
		type: 'options',
		options: [
			{ name: 'All Uncoupled Records', value: 'mapping', description: 'All records in the filter of the mapping that are not coupled' },
			{ name: 'Records of the Input Items', value: 'records', description: 'The record that each input item names' },
		],
		default: 'mapping',
		description: 'Which records look for a partner',
	},
	sideProperty!,
	...recordProperties.map(onlyForRecords),
	{
		displayName: 'Create When No Match',
		name: 'createWhenNoMatch',
		type: 'boolean',
		default: false,
		description:
			'Whether records without a partner get a new one in the other system. Records that fit several are never created: they are reported. Where the mapping creates nothing in the other system (salespeople in CRM), what fits is coupled and the rest is reported.',
	},
	{
		displayName: 'Synchronize Afterwards',
		name: 'synchronizeAfterwards',
		type: 'options',
		options: [
			{
				name: 'As the Conflict Strategy Says',
				value: 'byStrategy',
				description: 'Send or get as the mapping says; without a strategy send first, then get',
			},
			{ name: 'Do Not Synchronize', value: 'no', description: 'Only couple; the next run synchronizes the records' },
			{ name: 'Get Data From CRM', value: 'get', description: 'Write the data of the CRM records to Business Central' },
			{ name: 'Send Data to CRM', value: 'send', description: 'Write the data of the Business Central records to CRM' },
		],
		default: 'byStrategy',
		description: 'What happens with the data of the records just coupled',
	},
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'One Item per Job', value: 'jobs', description: 'Counters of the coupling and of what followed' },
			{ name: 'One Item per Record', value: 'records', description: 'The outcome of each record, with its candidates' },
		],
		default: 'records',
		description: 'What leaves on the output Done',
	},
	{
		displayName: 'Return Records Up To',
		name: 'returnRecords',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100000 },
		displayOptions: { show: { output: ['records'] } },
		default: 1000,
		description: 'How many records leave on the output Done; one more item then says how many more there are',
	},
	previewProperty,
	waitOptionsProperty,
];

/** Records that hold the same values are coupled, many at once. */
export const matchBased: Operation = {
	name: 'Match-Based Coupling',
	value: 'matchBased',
	action: 'Couple records that hold the same values',
	description: 'Couple uncoupled records that hold the same values in chosen fields. What fits several records is reported, not coupled.',
	properties,
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => readRequest(context, itemIndex),
			key: ({ selection, ...rest }) => ({ ...rest, records: selection !== undefined }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const { connection: _connection, selection, output, ...request } = group.first;
					const members = group.members.flatMap(({ itemIndex, value }) =>
						value.selection ? [{ itemIndex, value: { selection: value.selection } }] : [],
					);
					const ids = selection ? await selectedIds(session, request.mapping, { ...group, first: { selection }, members }) : undefined;
					if (ids?.size === 0) return [[], []];
					const result = await matchCouple(session, { ...request, returnFailures: failureLimit, ...(ids ? { ids: [...ids.keys()] } : {}) });
					const indexes = ids ? [...ids.values()].flat() : group.itemIndexes;
					const itemsOf = (record: { businessCentral: { id: string } | null; crm: { id: string } | null }) =>
						ids?.get(record[request.side]?.id ?? '');
					const [jobs = [], failed = []] = runItems(context, [result.job, ...result.followUps], indexes, '', itemsOf);
					return [output === 'jobs' ? jobs : recordItems(result, request.synchronizeAfterwards === 'no', indexes, itemsOf), failed];
				}),
		}),
};

function readRequest(context: IExecuteFunctions, itemIndex: number) {
	const scope = readParameter(context, 'scope', 'Match', itemIndex, oneOf(['mapping', 'records']));
	const output = readParameter(context, 'output', 'Output', itemIndex, oneOf(['records', 'jobs']));
	return {
		connection: readConnectionByHand(context, itemIndex),
		mapping: readMapping(context, itemIndex),
		criteria: readCriteria(context, itemIndex),
		side: readParameter(context, 'side', 'Records From', itemIndex, oneOf(['businessCentral', 'crm'])),
		selection: scope === 'records' ? readSelection(context, itemIndex) : undefined,
		createWhenNoMatch: readParameter(context, 'createWhenNoMatch', 'Create When No Match', itemIndex, yesOrNo),
		synchronizeAfterwards: readParameter(
			context,
			'synchronizeAfterwards',
			'Synchronize Afterwards',
			itemIndex,
			oneOf(['byStrategy', 'no', 'get', 'send']),
		),
		output,
		...(output === 'records'
			? { returnRecords: readParameter(context, 'returnRecords', 'Return Records Up To', itemIndex, wholeNumber(1)) }
			: {}),
		preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
	};
}

function recordItems(
	{ job, followUps, records, moreRecords }: MatchResult,
	pending: boolean,
	indexes: readonly number[],
	itemsOf: (record: MatchedRecord) => readonly number[] | undefined,
): INodeExecutionData[] {
	if (records.length === 0) return [nothingItem(job.job.message, indexes)];
	const failed = new Set(
		followUps.flatMap((result) => result.failed.flatMap(({ businessCentral, crm }) => [businessCentral?.id, crm?.id])),
	);
	const state = (record: MatchedRecord): string => {
		if (record.outcome !== 'coupled' && record.outcome !== 'created') return 'uncoupled';
		if (failed.has(record.businessCentral?.id) || failed.has(record.crm?.id)) return 'failed';
		return pending && record.outcome === 'coupled' ? 'pending' : 'coupled';
	};
	const items = records.map((record) =>
		item({ jobId: job.job.id, preview: job.job.preview, state: state(record), ...json(record) }, itemsOf(record) ?? indexes),
	);
	if (moreRecords > 0)
		items.push(item({ jobId: job.job.id, moreRecords, message: `${moreRecords} more records. ${job.job.message}` }, indexes));
	return items;
}

const json = ({ mapping, businessCentral, crm, outcome, message, candidates, candidateCount }: MatchedRecord): IDataObject => ({
	mapping,
	businessCentral: businessCentral && { ...businessCentral },
	crm: crm && { id: crm.id, name: crm.name, url: crm.url },
	outcome,
	...(message === '' ? {} : { message }),
	candidates: candidates.map((candidate) => ({ ...candidate })),
	candidateCount,
});
