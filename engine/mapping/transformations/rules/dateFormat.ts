import { timeZoneParameter, wallTimeReader, writer } from '../dates';
import { textOf } from '../parameters';
import type { Transformation } from '../transformation';

export const dateFormat: Transformation = {
	name: 'dateFormat',
	caption: 'Date Format',
	description: 'Writes a date, or a date and time, as text.',
	example: '`2026-11-05` as `dd.MM.yyyy` → `05.11.2026`',
	parameters: [
		{
			name: 'format',
			caption: 'Format',
			description: 'Of yyyy, yy, MMMM, MMM, MM, M, dd, d, HH, hh, mm, ss, tt and signs; other letters in single quotes.',
			type: 'text',
			default: 'yyyy-MM-dd',
			required: true,
		},
		timeZoneParameter,
	],
	gives: 'text',
	prepare(parameters) {
		const read = wallTimeReader(textOf(parameters, 'timeZone'));
		const allowed = ['yyyy', 'yy', 'MMMM', 'MMM', 'MM', 'M', 'dd', 'd', 'HH', 'H', 'hh', 'h', 'mm', 'ss', 'tt'];
		const write = writer(textOf(parameters, 'format'), allowed);
		return (value) => write(read(value));
	},
};
