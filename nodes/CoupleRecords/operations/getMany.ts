import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { readConnection } from '../../shared/connectionParameters';
import {
	type CouplingView,
	type FailedRecordView,
	listCouplings,
	listFailedRecords,
	listUncoupled,
	listWaitingRecords,
	otherSide,
	type SyncSession,
	type WaitingRecordView,
} from '../../../engine';
import { item, nothingItem, plain, titleOf } from '../../shared/items';
import { mappingFilterProperty, readMappingFilter } from '../../shared/listProperties';
import { limitProperties, readLimit, tellMore } from '../../shared/limit';
import type { Operation } from '../../shared/operation';
import { labelled, oneOf, readParameter } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';
import { failedRecordJson } from './actedItems';
import { couplingJson, waitingJson } from './couplingItem';
import { withExistence } from './existence';

const filtersProperty: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'Missing Side',
			name: 'missing',
			type: 'options',
			options: [
				{ name: 'Business Central', value: 'businessCentral', description: 'The Business Central record was deleted' },
				{ name: 'CRM', value: 'crm', description: 'The CRM record was deleted' },
				{ name: 'Either', value: 'either', description: 'One of the two records was deleted' },
			],
			default: 'either',
			description:
				'Only couplings of which a record no longer exists. Looks in both systems, so "exists" is filled in as well. With State = Not Coupled: the side where the record has no partner.',
		},
		{
			displayName: 'State',
			name: 'state',
			type: 'options',
			options: [
				{ name: 'Coupled', value: 'coupled', description: 'The last run delivered the records' },
				{ name: 'Failed', value: 'failed', description: 'The last run failed; the next one tries again' },
				{
					name: 'Not Coupled',
					value: 'notCoupled',
					description: 'Records of both systems in the filters of the mapping that have no partner; reads the tables of both systems',
				},
				{ name: 'Pending', value: 'pending', description: 'Coupled, but not synchronized yet' },
				{ name: 'Skipped', value: 'skipped', description: 'Failed repeatedly; left alone until somebody acts' },
				{
					name: 'Waiting',
					value: 'waiting',
					description: 'Did not fail; looked at again by the next run, or once what the record refers to is coupled',
				},
			],
			default: 'skipped',
			description:
				'Only couplings in this state. Failed, skipped and waiting records are listed with their reasons, also those without a partner.',
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			default: '',
			description: 'Only couplings with this text in the number or name of a record',
		},
	],
};

const filters = labelled(
	z
		.object({
			missing: oneOf(['businessCentral', 'crm', 'either']),
			state: oneOf(['coupled', 'failed', 'notCoupled', 'pending', 'skipped', 'waiting']),
			text: z.string({ error: 'must be text.' }),
		})
		.partial(),
	{ missing: 'Missing Side', state: 'State', text: 'Text' },
);

type Filters = z.infer<typeof filters>;

/** Couplings read from the store at a time. */
const pageSize = 500;

/** The list of coupled records, with their state and last error. */
export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many couplings',
	description:
		'List coupled records with their state, last synchronization and last error, or (State) those that fail, wait, or are not coupled',
	properties: [mappingFilterProperty, ...limitProperties, filtersProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mapping: readMappingFilter(context, itemIndex),
				limit: readLimit(context, itemIndex),
				filters: readParameter(context, 'filters', 'Filters', itemIndex, filters),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					if (first.filters.state === 'failed' || first.filters.state === 'skipped') {
						const failed = await collectFailed(context, session, first.mapping, first.filters, first.limit);
						if (failed.length === 0) return [[nothingItem('No record fits the filters.', itemIndexes)], []];
						return [failed.map((view) => item(failedRecordJson(view), itemIndexes)), []];
					}
					if (first.filters.state === 'waiting') {
						const waiting = await collectWaiting(context, session, first.mapping, first.filters, first.limit);
						if (waiting.length === 0) return [[nothingItem('No record waits.', itemIndexes)], []];
						return [waiting.map((view) => item(waitingJson(view), itemIndexes)), []];
					}
					if (first.filters.state === 'notCoupled') {
						const { rows, more } = await listUncoupled(session, uncoupledQuery(first));
						if (more) tellMore(context, rows.length);
						if (rows.length === 0) return [[nothingItem('Every record in the filters is coupled.', itemIndexes)], []];
						return [rows.map((view) => item({ record: titleOf(view), ...plain(view) }, itemIndexes)), []];
					}
					const views = await collect(context, session, first.mapping, first.filters, first.limit);
					if (views.length === 0) return [[nothingItem('No coupling fits the filters.', itemIndexes)], []];
					return [views.map((view) => item(couplingJson(view), itemIndexes)), []];
				}),
		}),
};

/** *Missing Side* says which side has no record: that of the partner. */
const uncoupledQuery = ({
	mapping,
	filters: { missing, text },
	limit,
}: {
	mapping: string | undefined;
	filters: Filters;
	limit: number;
}) => ({
	mapping,
	text,
	limit,
	side: missing === undefined || missing === 'either' ? undefined : otherSide(missing),
});

/** Failed and skipped records, those included that have no partner because creating it failed. */
async function collectFailed(
	context: IExecuteFunctions,
	session: SyncSession,
	mapping: string | undefined,
	{ missing, state, text }: Filters,
	limit: number,
): Promise<FailedRecordView[]> {
	const views: FailedRecordView[] = [];
	let next: string | undefined;
	do {
		const page = await listFailedRecords(session, {
			...(mapping === undefined ? {} : { mapping }),
			state: state as 'failed' | 'skipped',
			...(missing === undefined ? {} : { missing }),
			...(text === undefined ? {} : { text }),
			limit: Math.min(limit - views.length, pageSize),
			...(next === undefined ? {} : { next }),
		});
		views.push(...page.rows);
		next = page.next;
	} while (next !== undefined && views.length < limit);
	if (next !== undefined) tellMore(context, views.length);
	return views;
}

async function collect(
	context: IExecuteFunctions,
	session: SyncSession,
	mapping: string | undefined,
	{ missing, state, text }: Filters,
	limit: number,
): Promise<CouplingView[]> {
	const views: CouplingView[] = [];
	let next: string | undefined;
	do {
		const page = await listCouplings(session, {
			mapping,
			...(state === undefined || state === 'waiting' || state === 'notCoupled' ? {} : { state }),
			text: text?.trim() || undefined,
			limit: missing === undefined ? Math.min(limit, pageSize) : pageSize,
			next,
		});
		const rows = missing === undefined ? page.rows : await withExistence(session, page.rows);
		views.push(...rows.filter((view) => isMissing(view, missing)));
		next = page.next;
	} while (next !== undefined && views.length < limit);
	if (next !== undefined || views.length > limit) tellMore(context, Math.min(views.length, limit));
	return views.slice(0, limit);
}

/** Records that did not fail and are looked at again. Looks in both systems only where a missing side is asked for. */
async function collectWaiting(
	context: IExecuteFunctions,
	session: SyncSession,
	mapping: string | undefined,
	{ missing, text }: Filters,
	limit: number,
): Promise<WaitingRecordView[]> {
	const views: WaitingRecordView[] = [];
	let next: string | undefined;
	do {
		const page = await listWaitingRecords(session, { mapping, text, limit: Math.min(limit - views.length, pageSize), next });
		const rows = missing === undefined ? page.rows : await withExistence(session, page.rows);
		views.push(...rows.filter((view) => isMissing(view, missing)));
		next = page.next;
	} while (next !== undefined && views.length < limit);
	if (next !== undefined) tellMore(context, views.length);
	return views;
}

function isMissing({ businessCentral, crm }: CouplingView, missing: Filters['missing']): boolean {
	if (missing === undefined) return true;
	const gone = { businessCentral: businessCentral?.exists === false, crm: crm?.exists === false };
	return missing === 'either' ? gone.businessCentral || gone.crm : gone[missing];
}
