import { restoreRecords } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { selectionProperties } from '../../shared/selection';
import { actOnRecords } from './recordAction';

/** The deleted record of a couple is created again. */
export const restore: Operation = {
	name: 'Restore',
	value: 'restore',
	action: 'Restore deleted records',
	description:
		'Create the deleted record of a couple again from the remaining one, and couple the two: in CRM under its old ID, in Business Central with a new ID and, where it is free and may be given, the old number. Only where exactly one record is missing.',
	properties: [mappingProperty, ...selectionProperties('Which system the records are named in'), previewProperty, waitOptionsProperty],
	execute: async (context) =>
		await actOnRecords(
			context,
			() => undefined,
			async (session, records) => await restoreRecords(session, records),
		),
};
