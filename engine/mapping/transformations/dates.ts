import { type ParameterSpec, TransformationProblem } from './transformation';
import type { FieldValue } from '../../model/record';

/** Date and time as they are on the wall in a time zone. */
export interface WallTime {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
}

export const timeZoneParameter: ParameterSpec = {
	name: 'timeZone',
	caption: 'Time Zone',
	description: 'For points in time: the zone whose date and time are written, for instance Europe/Berlin. Plain dates stay as they are.',
	type: 'text',
	default: 'UTC',
};

/** Reads ISO dates and points in time. @throws TransformationProblem */
export function wallTimeReader(timeZone: string): (value: FieldValue) => WallTime {
	const format = formatter(timeZone || 'UTC');
	return (value) => {
		const text = String(value);
		const plain = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
		const at = Date.parse(text);
		if (Number.isNaN(at) || !/^\d{4}-\d{2}-\d{2}/.test(text)) {
			throw new TransformationProblem(
				`"${text.slice(0, 40)}" is no date`,
				'Use the rule on a field that holds a date, or a date and time.',
			);
		}
		if (plain) return { year: Number(plain[1]), month: Number(plain[2]), day: Number(plain[3]), hour: 0, minute: 0, second: 0 };
		const parts = new Map(format.formatToParts(at).map((part) => [part.type, Number(part.value)]));
		const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
		return {
			year: part('year'),
			month: part('month'),
			day: part('day'),
			hour: part('hour'),
			minute: part('minute'),
			second: part('second'),
		};
	};
}

function formatter(timeZone: string): Intl.DateTimeFormat {
	try {
		return new Intl.DateTimeFormat('en-US', {
			timeZone,
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric',
		});
	} catch {
		throw new TransformationProblem(`there is no time zone "${timeZone}"`, 'Use a name such as UTC or Europe/Berlin.');
	}
}

const two = (value: number): string => String(value).padStart(2, '0');
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const TOKENS: Readonly<Record<string, (time: WallTime) => string>> = {
	yyyy: ({ year }) => String(year).padStart(4, '0'),
	yy: ({ year }) => two(year % 100),
	MMMM: ({ month }) => MONTHS[month - 1]!,
	MMM: ({ month }) => MONTHS[month - 1]!.slice(0, 3),
	MM: ({ month }) => two(month),
	M: ({ month }) => String(month),
	dd: ({ day }) => two(day),
	d: ({ day }) => String(day),
	HH: ({ hour }) => two(hour),
	H: ({ hour }) => String(hour),
	hh: ({ hour }) => two(hour % 12 || 12),
	h: ({ hour }) => String(hour % 12 || 12),
	mm: ({ minute }) => two(minute),
	ss: ({ second }) => two(second),
	tt: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
};

/** Fills a format such as `dd.MM.yyyy`; text in single quotes stays as it is. @throws TransformationProblem on letters that mean nothing */
export function writer(format: string, allowed: readonly string[]): (time: WallTime) => string {
	const parts = [...format.matchAll(/'([^']*)'|([a-zA-Z])\2*|[^a-zA-Z']+/g)].map(([whole, quoted, letter]) => {
		if (quoted !== undefined) return () => quoted || "'";
		if (letter === undefined) return () => whole;
		const token = TOKENS[whole];
		if (!token || !allowed.includes(whole)) {
			throw new TransformationProblem(
				`"${whole}" in the format "${format}" means nothing`,
				`Use ${allowed.join(', ')}, and quote other letters.`,
			);
		}
		return token;
	});
	return (time) => parts.map((part) => part(time)).join('');
}
