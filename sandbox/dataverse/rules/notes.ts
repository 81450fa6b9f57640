import { DataverseError } from '../errors';
import type { Rules } from './rule';

/** Notes know the table they hang on; posts are written once. */
export const notes: Rules = {
	tables: ['annotation', 'post'],
	check({ table, before, changes }) {
		if (table.logicalName !== 'post') return;
		if (before !== null) throw new DataverseError(400, '0x80040800', "The 'Update' method does not support entities of type 'post'.");
		for (const column of ['regardingobjectid', 'text', 'source']) {
			if ((changes[column] ?? null) === null)
				throw new DataverseError(400, '0x80040203', `Required field '${column}' is missing for entity 'post'.`);
		}
	},
	fill({ table, before, changes, crm }) {
		if (table.logicalName === 'post') {
			if (before === null) changes.organizationid = crm.environment.organizationId;
			return;
		}
		if ('objectid' in changes) changes.objecttypecode = changes.objectid === null ? null : (changes.objectidtype ?? null);
		if (typeof changes.documentbody === 'string') {
			changes.isdocument = true;
			changes.filesize = Math.floor((changes.documentbody.length * 3) / 4);
		}
	},
};
