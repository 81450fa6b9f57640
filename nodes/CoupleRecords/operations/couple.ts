import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import {
	coupleRecords,
	type JobResult,
	otherSide,
	partnerByBeginning,
	previewOf,
	type Side,
	SyncError,
	type SyncSession,
} from '../../../engine';
import { addRunHints } from '../../shared/hints';
import { failedItems, item } from '../../shared/items';
import {
	businessCentralRecordLocator,
	businessCentralRecordProperty,
	crmRecordLocator,
	crmRecordProperty,
	type Locator,
	mappingProperty,
} from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { filterOfMapping } from '../../shared/mappingFilter';
import { sinceFirst } from '../../shared/nodeVersions';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { mappingSummary, resolveRecords } from '../../shared/recordReference';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { bothExist, couplingJson } from './couplingItem';

/** New nodes leave couples that exist already as they are, unless they are told otherwise. */
const initialProperties: INodeProperties[] = sinceFirst(
	{
		displayName: 'Initial Synchronization',
		name: 'initial',
		type: 'options',
		options: [
			{
				name: 'Default of the Mapping',
				value: 'default',
				description: 'Send, or get where the mapping only brings data from CRM; couples that exist already are left as they are',
			},
			{ name: 'Do Not Synchronize', value: 'none', description: 'Only couple; the next run synchronizes the records' },
			{ name: 'Get Data From CRM', value: 'get', description: 'Write the data of the CRM record to the Business Central record' },
			{ name: 'Send Data to CRM', value: 'send', description: 'Write the data of the Business Central record to the CRM record' },
		],
		default: 'send',
		description: 'What happens with the data of the two records once they are coupled',
	},
	{ default: 'default' },
);

/** One pair of existing records per input item. */
export const couple: Operation = {
	name: 'Couple',
	value: 'couple',
	action: 'Couple a business central record with a CRM record',
	description: 'Couple two existing records, one pair per input item, and choose what happens with their data',
	properties: [
		mappingProperty,
		businessCentralRecordProperty,
		crmRecordProperty,
		...initialProperties,
		{
			displayName: 'Record That May Move',
			name: 'coupledFrom',
			type: 'options',
			options: [
				{ name: 'Business Central Record', value: 'businessCentral' },
				{ name: 'CRM Record', value: 'crm' },
			],
			default: 'businessCentral',
			description:
				'The record that leaves its partner when it is coupled with another one already. The other record must be free: one that belongs to an existing record is refused.',
		},
		{
			displayName: 'Accept the Beginning of a Name',
			name: 'acceptBeginning',
			type: 'boolean',
			default: false,
			description:
				'Whether a partner given by name may be named by the beginning only. The exact name wins; otherwise it is the first by name that begins so.',
		},
		previewProperty,
		waitOptionsProperty,
	],
	execute: async (context) => {
		const jobs: JobResult[] = [];
		const outputs = await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				businessCentral: readParameter(
					context,
					'businessCentralRecord',
					'Business Central Record',
					itemIndex,
					businessCentralRecordLocator,
				),
				crm: readParameter(context, 'crmRecord', 'CRM Record', itemIndex, crmRecordLocator),
				initial: readParameter(context, 'initial', 'Initial Synchronization', itemIndex, oneOf(['send', 'get', 'none', 'default'])),
				coupledFrom: readParameter(context, 'coupledFrom', 'Record That May Move', itemIndex, oneOf(['businessCentral', 'crm'])),
				acceptBeginning: readParameter(context, 'acceptBeginning', 'Accept the Beginning of a Name', itemIndex, yesOrNo),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: ({ connection, mapping, coupledFrom, acceptBeginning }) => ({ connection, mapping, coupledFrom, acceptBeginning }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const pairs = await resolvePairs(
						session,
						group.first.mapping,
						otherSide(group.first.coupledFrom),
						group.first.acceptBeginning,
						group.members.map(({ value }) => value),
					);
					// Items that are previewed share one, so that each knows of those before it.
					const preview = previewOf(session);
					const results: INodeExecutionData[][] = [[], []];
					for (const [index, { itemIndex, value }] of group.members.entries()) {
						try {
							const view = await coupleRecords(value.preview ? preview : session, {
								mapping: value.mapping,
								...known(pairs[index]),
								from: value.coupledFrom,
								initial: value.initial,
							});
							results[0]?.push(item(couplingJson(bothExist(view)), [itemIndex]));
							if (view.job) {
								jobs.push(view.job);
								results[1]?.push(...failedItems([view.job], () => [itemIndex]));
							}
						} catch (error) {
							group.fail(itemIndex, error);
						}
					}
					return results;
				}),
		});
		if (jobs.length > 0) addRunHints(context, jobs);
		return outputs;
	},
};

type Resolved = string | SyncError | undefined;

/**
 * Numbers and names of all pairs are looked up together: two requests however many items there are. A partner named by number or name must be
 * inside the filter of the mapping.
 */
async function resolvePairs(
	session: SyncSession,
	mappingName: string,
	partner: Side,
	acceptBeginning: boolean,
	pairs: ReadonlyArray<Record<Side, Locator>>,
): Promise<Array<Record<Side, Resolved>>> {
	const mapping = await mappingSummary(session, mappingName);
	const resolve = async (side: Side): Promise<Resolved[]> => {
		const references = pairs.map((pair) => pair[side]);
		if (side !== partner) return await resolveRecords(session, mapping, side, references);
		const found = await resolveRecords(session, mapping, side, references, await filterOfMapping(session, mappingName, side));
		return acceptBeginning ? await byBeginning(session, mappingName, side, references, found) : found;
	};
	const businessCentral = await resolve('businessCentral');
	const crm = await resolve('crm');
	return pairs.map((_, index) => ({ businessCentral: businessCentral[index], crm: crm[index] }));
}

/** Names that nobody bears are looked up once more by their beginning. */
async function byBeginning(
	session: SyncSession,
	mapping: string,
	side: Side,
	references: readonly Locator[],
	found: readonly Resolved[],
): Promise<Resolved[]> {
	const result: Resolved[] = [];
	for (const [index, each] of found.entries()) {
		const reference = references[index];
		const open = reference?.mode === 'name' && each instanceof SyncError && each.code === 'RECORD_NOT_FOUND';
		const record = open ? await partnerByBeginning(session, mapping, side, reference.value) : null;
		result.push(record?.id ?? each);
	}
	return result;
}

function known(pair: Record<Side, Resolved> | undefined): { bcId: string; crmId: string } {
	if (typeof pair?.businessCentral === 'string' && typeof pair.crm === 'string') return { bcId: pair.businessCentral, crmId: pair.crm };
	throw typeof pair?.businessCentral === 'string' ? pair.crm : pair?.businessCentral;
}
