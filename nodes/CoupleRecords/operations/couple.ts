import type { INodeExecutionData } from 'n8n-workflow';
import { readConnection, readMapping } from '../../shared/connectionParameters';
import { coupleRecords, type JobResult, type Side, type SyncError, type SyncSession } from '../../shared/engine';
import { addRunHints } from '../../shared/hints';
import { failedItems, item } from '../../shared/items';
import { businessCentralRecordProperty, crmRecordProperty, locator, mappingProperty, type Locator } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { mappingSummary, resolveRecords } from '../../shared/recordReference';
import { previewProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { bothExist, couplingJson } from './couplingItem';

/** One pair of existing records per input item (sync semantics §15). */
export const couple: Operation = {
	name: 'Couple',
	value: 'couple',
	action: 'Couple a business central record with a CRM record',
	description: 'Couple two existing records, one pair per input item, and choose what happens with their data',
	properties: [
		mappingProperty,
		businessCentralRecordProperty,
		crmRecordProperty,
		{
			displayName: 'Initial Synchronization',
			name: 'initial',
			type: 'options',
			options: [
				{ name: 'Do Not Synchronize', value: 'none', description: 'Only couple; the next run synchronizes the records' },
				{ name: 'Get Data From CRM', value: 'get', description: 'Write the data of the CRM record to the Business Central record' },
				{ name: 'Send Data to CRM', value: 'send', description: 'Write the data of the Business Central record to the CRM record' },
			],
			default: 'send',
			description: 'What happens with the data of the two records once they are coupled',
		},
		previewProperty,
	],
	execute: async (context) => {
		const jobs: JobResult[] = [];
		const outputs = await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				businessCentral: readParameter(context, 'businessCentralRecord', 'Business Central Record', itemIndex, locator),
				crm: readParameter(context, 'crmRecord', 'CRM Record', itemIndex, locator),
				initial: readParameter(context, 'initial', 'Initial Synchronization', itemIndex, oneOf(['send', 'get', 'none'])),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: ({ connection, mapping }) => ({ connection, mapping }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const pairs = await resolvePairs(
						session,
						group.first.mapping,
						group.members.map(({ value }) => value),
					);
					const results: INodeExecutionData[][] = [[], []];
					for (const [index, { itemIndex, value }] of group.members.entries()) {
						try {
							const view = await coupleRecords(session, {
								mapping: value.mapping,
								...known(pairs[index]),
								initial: value.initial,
								preview: value.preview,
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

/** Numbers and names of all pairs are looked up together: two requests however many items there are. */
async function resolvePairs(
	session: SyncSession,
	mappingName: string,
	pairs: ReadonlyArray<Record<Side, Locator>>,
): Promise<Array<Record<Side, Resolved>>> {
	const mapping = mappingSummary(mappingName);
	const businessCentral = await resolveRecords(
		session,
		mapping,
		'businessCentral',
		pairs.map((pair) => pair.businessCentral),
	);
	const crm = await resolveRecords(
		session,
		mapping,
		'crm',
		pairs.map((pair) => pair.crm),
	);
	return pairs.map((_, index) => ({ businessCentral: businessCentral[index], crm: crm[index] }));
}

function known(pair: Record<Side, Resolved> | undefined): { bcId: string; crmId: string } {
	if (typeof pair?.businessCentral === 'string' && typeof pair.crm === 'string') return { bcId: pair.businessCentral, crmId: pair.crm };
	throw typeof pair?.businessCentral === 'string' ? pair.crm : pair?.businessCentral;
}
