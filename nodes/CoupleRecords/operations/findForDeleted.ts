import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import { findForDeleted } from '../../../engine';
import { addRunHints } from '../../shared/hints';
import { item, jobResultJson } from '../../shared/items';
import { limitProperties, readLimit } from '../../shared/limit';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { failedRecordJson } from './actedItems';

/** Couples of which a record was deleted. */
export const findDeleted: Operation = {
	name: 'Find for Deleted',
	value: 'findForDeleted',
	action: 'Find couples with a deleted record',
	description:
		'Check all couplings of a mapping for records that were deleted, and mark what is left of them, so that it can be restored, deleted or uncoupled. Couplings of which both records are gone are removed.',
	properties: [mappingProperty, ...limitProperties, previewProperty, waitOptionsProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				limit: readLimit(context, itemIndex),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: (value) => value,
			run: async ({ first: { connection, ...request }, itemIndexes }) =>
				await withSession(context, connection, async (session) => {
					const { missing, more, gone, checked, job } = await findForDeleted(session, request);
					addRunHints(context, [job]);
					if (missing.length === 0) {
						return [[item({ found: 0, checked, gone, message: job.job.message, job: jobResultJson(job) }, itemIndexes)], []];
					}
					const items = missing.map((view) => item({ ...failedRecordJson(view), outcome: 'found' }, itemIndexes));
					return [more > 0 ? [...items, item({ more, message: `${more} more couples have a deleted record.` }, itemIndexes)] : items, []];
				}),
		}),
};
