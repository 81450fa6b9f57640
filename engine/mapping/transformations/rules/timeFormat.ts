import { timeZoneParameter, wallTimeReader, writer } from '../dates';
import { textOf } from '../parameters';
import type { Transformation } from '../transformation';

export const timeFormat: Transformation = {
	name: 'timeFormat',
	caption: 'Time Format',
	description: 'Writes the time of a point in time as text.',
	example: '`2026-11-05T14:30:00Z` as `HH:mm` → `14:30`',
	parameters: [
		{
			name: 'format',
			caption: 'Format',
			description: 'Of HH, H, hh, h, mm, ss, tt and signs; other letters in single quotes.',
			type: 'text',
			default: 'HH:mm',
			required: true,
		},
		timeZoneParameter,
	],
	gives: 'text',
	prepare(parameters) {
		const read = wallTimeReader(textOf(parameters, 'timeZone'));
		const write = writer(textOf(parameters, 'format'), ['HH', 'H', 'hh', 'h', 'mm', 'ss', 'tt']);
		return (value) => write(read(value));
	},
};
