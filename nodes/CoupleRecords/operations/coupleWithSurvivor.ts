import { coupleWithSurvivor } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter } from '../../shared/parameters';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { selectionProperties } from '../../shared/selection';
import { actOnRecords } from './recordAction';

/** Records whose CRM row was merged move to the row that it was merged into. */
export const coupleRecordsWithSurvivor: Operation = {
	name: 'Couple With Surviving Record',
	value: 'coupleWithSurvivor',
	action: 'Couple records with the surviving CRM record of a merge',
	description:
		'Where somebody merged the CRM record of a couple into another one, couple the Business Central record with that one. The merged record is left as it is.',
	properties: [
		mappingProperty,
		...selectionProperties('Which system the records are named in; in CRM by the record that was merged'),
		{
			displayName: 'Initial Synchronization',
			name: 'initialWithSurvivor',
			type: 'options',
			options: [
				{
					name: 'Do Not Synchronize',
					value: 'none',
					description: 'Only couple; the next run compares the records, and the update-conflict strategy decides where they differ',
				},
				{ name: 'Get Data From CRM', value: 'get', description: 'Write the data of the CRM record to the Business Central record' },
				{ name: 'Send Data to CRM', value: 'send', description: 'Write the data of the Business Central record to the CRM record' },
			],
			default: 'none',
			description: 'What happens with the data of the two records once they are coupled',
		},
		previewProperty,
		waitOptionsProperty,
	],
	execute: async (context) =>
		await actOnRecords(
			context,
			(itemIndex) => ({
				initial: readParameter(context, 'initialWithSurvivor', 'Initial Synchronization', itemIndex, oneOf(['send', 'get', 'none'])),
			}),
			async (session, records, more) => await coupleWithSurvivor(session, { ...records, ...more }),
		),
};
