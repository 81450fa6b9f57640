import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { LogQuery } from '../../../engine';
import { labelled, oneOf, readParameter } from '../../shared/parameters';

const direction: INodeProperties = {
	displayName: 'Direction',
	name: 'direction',
	type: 'options',
	options: [
		{ name: 'Business Central to CRM', value: 'toCrm' },
		{ name: 'CRM to Business Central', value: 'fromCrm' },
	],
	default: 'toCrm',
	description: 'Only entries of this direction',
};

const from: INodeProperties = {
	displayName: 'From',
	name: 'from',
	type: 'dateTime',
	default: '',
	description: 'Only entries at or after this time',
};

const to: INodeProperties = {
	displayName: 'To',
	name: 'to',
	type: 'dateTime',
	default: '',
	description: 'Only entries at or before this time',
};

const status: INodeProperties = {
	displayName: 'Status',
	name: 'status',
	type: 'options',
	options: [
		{ name: 'Already Running', value: 'alreadyRunning', description: 'Did not start, because another run was busy with the mapping' },
		{ name: 'Failed', value: 'failed', description: 'Ended early, for instance because of credentials or a filter' },
		{ name: 'Finished', value: 'finished', description: 'Came to its end; single records may have failed' },
		{ name: 'Running', value: 'running', description: 'Still going on' },
		{ name: 'Stopped', value: 'stopped', description: 'Cancelled, its time was used up, or n8n was asked to end' },
	],
	default: 'failed',
	description: 'Only jobs with this status',
};

const errorClass: INodeProperties = {
	displayName: 'Error Class',
	name: 'errorClass',
	type: 'options',
	options: [
		{ name: 'Data', value: 'data', description: 'Somebody must change the record or the mapping' },
		{ name: 'Setup', value: 'setup', description: 'Credentials, privileges, tables or filters' },
		{ name: 'Transient', value: 'transient', description: 'Tried again by itself' },
	],
	default: 'data',
	description: 'Only errors of this class',
};

const jobId: INodeProperties = {
	displayName: 'Job ID',
	name: 'jobId',
	type: 'string',
	default: '',
	description: 'Only errors of this job, for instance {{ $json.jobId }} of a job item',
};

export { from as fromProperty, to as toProperty };

const available = { direction, errorClass, from, jobId, status, to };

export type LogFilter = keyof typeof available;

export const filtersProperty = (...names: LogFilter[]): INodeProperties => ({
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: names.map((name) => available[name]).sort((a, b) => a.displayName.localeCompare(b.displayName)),
});

/** Times without a zone mean the time zone of the workflow, as everywhere in n8n; an empty field does not filter. */
const time = z
	.string({ error: 'must be a date and time.' })
	.transform((text) => text.trim())
	.refine((text) => text === '' || !Number.isNaN(Date.parse(text)), { error: 'must be a date and time such as 2026-01-31T08:00:00Z.' })
	.transform((text) => (text === '' ? undefined : text));

const filters = labelled(
	z
		.object({
			direction: oneOf(['toCrm', 'fromCrm']),
			errorClass: oneOf(['data', 'setup', 'transient']),
			from: time,
			jobId: z.string({ error: 'must be text.' }).transform((text) => text.trim() || undefined),
			status: oneOf(['running', 'finished', 'stopped', 'alreadyRunning', 'failed']),
			to: time,
		})
		.partial(),
	Object.fromEntries(Object.values(available).map(({ name, displayName }) => [name, displayName])),
);

export type LogFilters = Pick<LogQuery, LogFilter>;

export function readFilters(context: IExecuteFunctions, itemIndex: number): LogFilters {
	const read = readParameter(context, 'filters', 'Filters', itemIndex, filters);
	const utc = (text: string | undefined): string | undefined => (text === undefined ? undefined : inUtc(text, context.getTimezone()));
	return { ...read, from: utc(read.from), to: utc(read.to) };
}

/** A point in time that must be given: ISO text in UTC. */
export function readTime(context: IExecuteFunctions, name: string, label: string, itemIndex: number): string {
	const filled = time.refine((text) => text !== undefined, { error: 'must be filled in.' });
	return inUtc(readParameter(context, name, label, itemIndex, filled)!, context.getTimezone());
}

/** ISO text in UTC; local times are taken in the given zone. */
export function inUtc(text: string, zone: string): string {
	if (/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text)) return new Date(text).toISOString();
	const asUtc = Date.parse(`${text.length <= 10 ? `${text}T00:00:00` : text.replace(' ', 'T')}Z`);
	if (Number.isNaN(asUtc)) return new Date(text).toISOString();
	// The offset at the guessed instant may differ from the one at the true instant around a clock change; a second look settles that.
	const guess = asUtc - offsetMs(asUtc, zone);
	return new Date(asUtc - offsetMs(guess, zone)).toISOString();
}

/** How far the zone is ahead of UTC at an instant. */
function offsetMs(instant: number, zone: string): number {
	const parts = new Intl.DateTimeFormat('en-US', {
		timeZone: zone,
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	}).formatToParts(instant);
	const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((candidate) => candidate.type === type)?.value);
	const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
	return local - Math.floor(instant / 1000) * 1000;
}
