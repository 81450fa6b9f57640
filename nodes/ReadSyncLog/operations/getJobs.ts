import { readConnection } from '../../shared/connectionParameters';
import { requireLoggedMapping } from '../../../engine';
import { item, jobJson, nothingItem } from '../../shared/items';
import { limitProperties, readLimit } from '../../shared/limit';
import { mappingFilterProperty, readMappingFilter } from '../../shared/listProperties';
import type { Operation } from '../../shared/operation';
import { runPerItem } from '../../shared/perItem';
import { withStore } from '../../shared/withSession';
import { filtersProperty, readFilters } from './logFilters';
import { readAll } from './readAll';

/** The job log, newest first. */
export const getJobs: Operation = {
	name: 'Get Jobs',
	value: 'getJobs',
	action: 'Get synchronization jobs',
	description: 'List synchronization jobs with their counters, newest first',
	properties: [mappingFilterProperty, ...limitProperties, filtersProperty('direction', 'from', 'status', 'to')],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mapping: readMappingFilter(context, itemIndex),
				limit: readLimit(context, itemIndex),
				filters: readFilters(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withStore(context, first.connection, async (store) => {
					const { mapping, filters } = first;
					if (mapping !== undefined) await requireLoggedMapping(store, mapping);
					const jobs = await readAll(context, first.limit, async (limit, next) => await store.jobs({ ...filters, mapping, limit, next }));
					if (jobs.length === 0) return [[nothingItem('No synchronization job fits the filters.', itemIndexes)]];
					return [jobs.map((job) => item(jobJson(job), itemIndexes))];
				}),
		}),
};
