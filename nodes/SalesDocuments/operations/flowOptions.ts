import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { labelled, positiveNumber, wholeNumber } from '../../shared/parameters';
import { waitProperty } from '../../shared/runProperties';

/** Seconds that somebody who names records waits for another run. */
export const PATIENCE = 300;

/** What runs of a flow have in common: when to stop, and how long to wait. */
export const flowOptionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Stop After (Minutes)',
			name: 'stopAfterMinutes',
			type: 'number',
			typeOptions: { minValue: 0.1, numberPrecision: 1 },
			default: 30,
			description: 'Stop after this time, at the next page of records. The next run goes on from there.',
		},
		{
			...waitProperty,
			description:
				'How long to wait while another run does the same. Without this option a run over chosen records waits 300 seconds, and one over all that is due ends at once and says so.',
		},
	],
};

export const flowOptions = labelled(z.object({ stopAfterMinutes: positiveNumber, waitSeconds: wholeNumber(0) }).partial(), {
	stopAfterMinutes: 'Stop After (Minutes)',
	waitSeconds: waitProperty.displayName,
});

/** As the engine takes them. */
export const timeBudget = ({ stopAfterMinutes }: { stopAfterMinutes?: number | undefined }): { timeBudgetMs?: number } =>
	stopAfterMinutes === undefined ? {} : { timeBudgetMs: Math.round(stopAfterMinutes * 60_000) };

/** How long to wait for the turn, as sessions take it. */
export function waiting(wanted: { waitSeconds?: number | undefined }, isChosen: boolean): { waitForTurnMs?: number } {
	const seconds = wanted.waitSeconds ?? (isChosen ? PATIENCE : undefined);
	return seconds === undefined ? {} : { waitForTurnMs: seconds * 1000 };
}
