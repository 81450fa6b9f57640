import { deleteOther } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { selectionProperties } from '../../shared/selection';
import { actOnRecords } from './recordAction';

/** The remaining record of a couple is deleted too. */
export const deleteTheOtherRecord: Operation = {
	name: 'Delete the Other Record',
	value: 'deleteOther',
	action: 'Delete the remaining record of a couple',
	description:
		'Delete the remaining record of a couple whose other record was deleted, and the coupling with it. Only where exactly one record is missing.',
	properties: [mappingProperty, ...selectionProperties('Which system the records are named in'), previewProperty, waitOptionsProperty],
	execute: async (context) =>
		await actOnRecords(
			context,
			() => undefined,
			async (session, records) => await deleteOther(session, records),
		),
};
