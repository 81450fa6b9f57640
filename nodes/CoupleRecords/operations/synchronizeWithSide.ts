import type { INodeProperties } from 'n8n-workflow';
import { synchronizeWithSide } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { sinceFirst } from '../../shared/nodeVersions';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { allowMassChangesProperty, previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { selectionProperties } from '../../shared/selection';
import { actOnRecords } from './recordAction';

/** New nodes have nobody win until somebody chose: values of the other side are overwritten. */
const winnerProperties: INodeProperties[] = sinceFirst(
	{
		displayName: 'Values Of',
		name: 'winner',
		type: 'options',
		options: [
			{ name: 'Business Central', value: 'businessCentral', description: 'The values of Business Central overwrite those of CRM' },
			{ name: 'CRM', value: 'crm', description: 'The values of CRM overwrite those of Business Central' },
		],
		default: 'businessCentral',
		description: 'Which system has the right values. Fields that do not travel in that direction stay as they are.',
	},
	{ default: '', required: true },
);

/** Couples are synchronized now, and the values of one side win. */
export const synchronizeRecordsWithSide: Operation = {
	name: 'Synchronize With a Side',
	value: 'synchronizeWithSide',
	action: 'Synchronize records with the values of one side',
	description:
		'Synchronize coupled records now, skipped ones too, with the values of one system: those of the other are overwritten field by field, and kept in the log',
	properties: [
		mappingProperty,
		...selectionProperties('Which system the records are named in'),
		...winnerProperties,
		allowMassChangesProperty,
		previewProperty,
		waitOptionsProperty,
	],
	execute: async (context) =>
		await actOnRecords(
			context,
			(itemIndex) => ({
				winner: readParameter(context, 'winner', 'Values Of', itemIndex, oneOf(['businessCentral', 'crm'])),
				allowMassChanges: readParameter(context, 'allowMassChanges', 'Allow Mass Changes', itemIndex, yesOrNo),
			}),
			async (session, records, more) => await synchronizeWithSide(session, { ...records, ...more }),
		),
};
