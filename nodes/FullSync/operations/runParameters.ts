import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { labelled, oneOf, positiveNumber, readParameter, wholeNumber, yesOrNo } from '../../shared/parameters';
import { sinceFirst } from '../../shared/nodeVersions';
import { failureLimit, optionsProperty, previewProperty, waitProperty } from '../../shared/runProperties';
import type { FullSyncOptions } from '../../../engine';

/** Options that all ways to run have: those of every run, and to go ahead although others are missing. */
export const fullSyncOptionsProperty: INodeProperties = withIgnoreDependencies(
	optionsProperty('allowMassChanges', 'force', 'nothingCoupled', 'returnChanges', 'stopAfterMinutes', 'traces', 'waitSeconds'),
);

/** New nodes begin with a preview; workflows that were saved with version 1 say nothing where they write, and go on writing. */
export const fullSyncPreviewProperties: INodeProperties[] = sinceFirst(previewProperty, { default: true });

function withIgnoreDependencies(property: INodeProperties): INodeProperties {
	const ignoreDependencies: INodeProperties = {
		displayName: 'Start Despite Missing Dependencies',
		name: 'ignoreDependencies',
		type: 'boolean',
		default: true,
		description:
			'Whether to start a mapping although others it depends on have not been synchronized. Records that refer to missing ones fail, and are tried again by later runs.',
	};
	const options = [...((property.options ?? []) as INodeProperties[]), ignoreDependencies];
	return { ...property, options: options.sort((a, b) => a.displayName.localeCompare(b.displayName)) };
}

const options = labelled(
	z
		.object({
			allowMassChanges: yesOrNo,
			force: yesOrNo,
			nothingCoupled: oneOf(['stop', 'isNew']),
			traces: oneOf(['stop', 'takeOver']),
			returnChanges: wholeNumber(0),
			stopAfterMinutes: positiveNumber,
			waitSeconds: wholeNumber(0),
			ignoreDependencies: yesOrNo,
		})
		.partial(),
	{
		allowMassChanges: 'Allow Mass Changes',
		force: 'Compare Everything',
		nothingCoupled: 'When Nothing Is Coupled',
		traces: 'Traces of Another State',
		returnChanges: 'Return Changed Records Up To',
		stopAfterMinutes: 'Stop After (Minutes)',
		waitSeconds: waitProperty.displayName,
		ignoreDependencies: 'Start Despite Missing Dependencies',
	},
);

export type FullSyncRunOptions = z.infer<typeof options>;

export const readRunOptions = (context: IExecuteFunctions, itemIndex: number): FullSyncRunOptions =>
	readParameter(context, 'options', 'Options', itemIndex, options);

export const engineOptions = ({ stopAfterMinutes, waitSeconds: _waitSeconds, ...rest }: FullSyncRunOptions): FullSyncOptions => ({
	...rest,
	returnFailures: failureLimit,
	...(stopAfterMinutes === undefined ? {} : { timeBudgetMs: Math.round(stopAfterMinutes * 60_000) }),
});

/** Whether later scheduled runs may create records. */
export const afterwardsProperty: INodeProperties = {
	displayName: 'New Records From Now On',
	name: 'afterwards',
	type: 'options',
	options: [
		{
			name: 'As the Table Mappings Say',
			value: 'keep',
			description: 'As a rule scheduled runs create nothing: "Synch. Only Coupled Records" is on',
		},
		{
			name: 'Scheduled Runs Create Their Partners',
			value: 'allowCreate',
			description: 'Switches "Synch. Only Coupled Records" off for mappings that finished without an error',
		},
	],
	default: 'keep',
	description: 'Whether later scheduled runs create partners for records that are entered from now on',
};

/** What happens where both systems hold records that are not coupled. */
export const bothSidesProperty: INodeProperties = {
	displayName: 'When Both Sides Hold Data',
	name: 'bothSides',
	type: 'options',
	options: [
		{
			name: 'Create All',
			value: 'createAll',
			description: 'Every uncoupled record gets a new partner. Records that exist on both sides are then there twice.',
		},
		{
			name: 'Match First',
			value: 'matchFirst',
			description:
				'Records that an earlier state had coupled (CRM records that carry this company and the same number) and records that hold the same values (fields flagged for matching, else name and e-mail) are coupled first, and only the rest is created. A record that fits several is left alone and reported.',
		},
	],
	default: 'matchFirst',
	description: 'What happens to uncoupled records of a mapping that has them in both systems',
};
