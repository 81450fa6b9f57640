import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { notInFirst } from './nodeVersions';
import { oneOf, readParameter } from './parameters';

/** What leaves a run on the output *Done*: `usual` is one item per job, in a preview one per record. */
export type Output = 'usual' | 'jobs' | 'records' | 'fields';

/** Records that leave a node in one run unless the node says otherwise. */
export const RETURNED = 1000;

/** @param usual what becomes of records and previews without another choice, in words */
export const outputProperty = (usual = 'One item per job; in a preview one per record that would change'): INodeProperties =>
	notInFirst({
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'As Usual', value: 'usual', description: usual },
			{ name: 'One Item per Job', value: 'jobs', description: 'Status and counters; changed records within it' },
			{ name: 'One Item per Record', value: 'records', description: 'Each changed record with its fields before and after' },
			{ name: 'One Item per Field', value: 'fields', description: 'Each changed field of each record, before and after' },
		],
		default: 'usual',
		description: 'What leaves on the output Done',
	});

const output = oneOf(['usual', 'jobs', 'records', 'fields']).nullable();

/** Null for nodes of version 1, which have no such field: one item per job, and changes only where an option asks for them. */
export const readOutput = (context: IExecuteFunctions, itemIndex: number): Output | null =>
	readParameter(context, 'output', 'Output', itemIndex, output);

/** Whether changed records leave as items of their own. */
export const perRecord = (output: Output | null, preview: boolean): boolean =>
	output === 'records' || output === 'fields' || (output === 'usual' && preview);

/**
 * How many changed records a run is asked for: as many as the option says; without it none in nodes of version 1, else a thousand where they are shown.
 */
export const changesWanted = (
	{ output, preview }: { output: Output | null; preview: boolean },
	{ returnChanges }: { returnChanges?: number | undefined },
): { returnChanges?: number } => {
	if (returnChanges !== undefined) return { returnChanges };
	return output !== null && (preview || perRecord(output, preview)) ? { returnChanges: RETURNED } : {};
};
