import type { INodeProperties } from 'n8n-workflow';
import { readConnection } from '../../shared/connectionParameters';
import { requireLoggedJob, requireLoggedMapping, withoutDeadLinks } from '../../../engine';
import { item, logJson, nothingItem } from '../../shared/items';
import { limitProperties, readLimit } from '../../shared/limit';
import { mappingFilterProperty, readMappingFilter } from '../../shared/listProperties';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withStore } from '../../shared/withSession';
import { filtersProperty, readFilters } from './logFilters';
import { readAll } from './readAll';

const kindProperty: INodeProperties = {
	displayName: 'Entries',
	name: 'kind',
	type: 'options',
	options: [
		{ name: 'All', value: 'all', description: 'Errors, overwritten values and warnings' },
		{ name: 'Errors', value: 'error', description: 'Records that could not be delivered' },
		{ name: 'Overwritten Values', value: 'overwritten', description: 'Values that lost an update conflict under the chosen strategy' },
		{ name: 'Warnings', value: 'warning', description: 'What a run met without failing' },
	],
	default: 'error',
	description: 'Which entries of the log are read',
};

/** The error log, of one job or of all, newest first. */
export const getErrors: Operation = {
	name: 'Get Errors',
	value: 'getErrors',
	action: 'Get synchronization errors',
	description: 'List errors of one job or of all jobs, each with both records, what went wrong and what to do',
	properties: [mappingFilterProperty, kindProperty, ...limitProperties, filtersProperty('direction', 'errorClass', 'from', 'jobId', 'to')],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mapping: readMappingFilter(context, itemIndex),
				kind: readParameter(context, 'kind', 'Entries', itemIndex, oneOf(['all', 'error', 'overwritten', 'warning'])),
				limit: readLimit(context, itemIndex),
				filters: readFilters(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withStore(context, first.connection, async (store) => {
					const { filters, kind, mapping } = first;
					if (mapping !== undefined) await requireLoggedMapping(store, mapping);
					if (filters.jobId !== undefined) await requireLoggedJob(store, filters.jobId);
					const query = { ...filters, mapping, ...(kind === 'all' ? {} : { kind }) };
					const entries = await readAll(context, first.limit, async (limit, next) => await store.log({ ...query, limit, next }));
					if (entries.length === 0) return [[nothingItem('No entry of the log fits the filters.', itemIndexes)]];
					return [(await withoutDeadLinks(store, entries)).map((entry) => item(logJson(entry), itemIndexes))];
				}),
		}),
};
