import { prepareRule } from '../../../../engine/mapping/transformations/apply';
import { TRANSFORMATIONS } from '../../../../engine/mapping/transformations/registry';
import { type Parameters, TransformationProblem } from '../../../../engine/mapping/transformations/transformation';
import type { FieldValue } from '../../../../engine/model/record';

const apply = (rule: string, parameters: Parameters, value: FieldValue): FieldValue => prepareRule({ rule, parameters })(value);
const failure = (work: () => unknown): string => {
	try {
		work();
	} catch (error) {
		if (error instanceof TransformationProblem) return `${error.message}. ${error.hint}`;
		throw error;
	}
	return 'no problem';
};

const cases: Array<[rule: string, parameters: Parameters, value: FieldValue, result: FieldValue]> = [
	['trim', {}, '  Adatum  Ltd. \n', 'Adatum  Ltd.'],
	['trim', { inside: true }, ' Adatum \t Ltd. ', 'Adatum Ltd.'],
	['uppercase', {}, 'Straße 1a', 'STRASSE 1A'],
	['lowercase', {}, 'Info@ADATUM.com', 'info@adatum.com'],
	['titleCase', {}, "NEW yORK o'neill-SMITH 2nd", "New York O'neill-Smith 2nd"],
	['substring', { start: 3 }, 'K-10000', '10000'],
	['substring', { start: 2, length: 3 }, 'ABCDEF', 'BCD'],
	['substring', { start: -3 }, 'ABCDEF', 'DEF'],
	['substring', { start: -2, length: 1 }, 'A', 'A'],
	['substring', { start: 9 }, 'ABC', ''],
	['substring', { start: 1, length: 2 }, '👍🏽ab', '👍🏽'],
	['replace', { find: 'Ltd.', with: 'Limited' }, 'A Ltd. B Ltd.', 'A Limited B Limited'],
	['replace', { find: '$&', with: '$1' }, 'x$&y', 'x$1y'],
	['replace', { find: 'ltd', with: '$&', ignoreCase: true }, 'A LTD', 'A $&'],
	['regexReplace', { pattern: '[^+\\d]' }, '+49 (30) 123-45', '+493012345'],
	['regexReplace', { pattern: '^0+(\\d)', with: '$1' }, '00042', '42'],
	['regexReplace', { pattern: '(\\w+)@(\\w+)', with: '$2 at $1, $$ $3 $&' }, 'a@b', 'b at a, $ $3 a@b'],
	['regexReplace', { pattern: 'GMBH', with: 'GmbH', ignoreCase: true }, 'X gmbh', 'X GmbH'],
	['dateFormat', { format: 'dd.MM.yyyy' }, '2026-11-05', '05.11.2026'],
	['dateFormat', { format: "d MMM yy 'at' h:mm tt" }, '2026-01-05T13:07:00Z', '5 Jan 26 at 1:07 PM'],
	['dateFormat', { format: 'yyyy-MM-dd HH:mm', timeZone: 'Europe/Berlin' }, '2026-07-01T22:30:00Z', '2026-07-02 00:30'],
	['dateFormat', { format: 'MMMM d', timeZone: 'America/New_York' }, '2026-03-01', 'March 1'],
	['timeFormat', {}, '2026-11-05T14:30:00Z', '14:30'],
	['timeFormat', { format: 'HH:mm:ss', timeZone: 'Asia/Kolkata' }, '2026-11-05T00:00:01Z', '05:30:01'],
	['decimalFormat', { decimals: 2, decimalSign: ',', groupSign: '.' }, 1234567.5, '1.234.567,50'],
	['decimalFormat', { decimals: 0 }, -0.4, '0'],
	['decimalFormat', { decimals: 1 }, -1234.56, '-1234.6'],
	['rounding', { decimals: 2 }, 1.005, 1.01],
	['rounding', { decimals: -2 }, 1250, 1300],
	['rounding', { decimals: 0, method: 'down' }, -2.9, -2],
	['rounding', { decimals: 1, method: 'up' }, 2.01, 2.1],
	['prefix', { text: 'BC-' }, '10000', 'BC-10000'],
	['prefix', { text: 'BC-' }, 'BC-10000', 'BC-10000'],
	['prefix', { text: 'x', once: false }, 'xy', 'xxy'],
	['suffix', { text: ' Ltd.' }, 'Adatum', 'Adatum Ltd.'],
	['suffix', { text: ' Ltd.' }, 'Adatum Ltd.', 'Adatum Ltd.'],
	['lookupTable', { values: [{ from: 'DE', to: 'Germany' }] }, 'de', 'Germany'],
	['lookupTable', { values: [{ from: 'DE', to: 'Germany' }], ignoreCase: false }, 'de', 'de'],
	['lookupTable', { values: [{ from: 'DE', to: 'Germany' }], otherwise: 'blank' }, 'FR', ''],
	['lookupTable', { values: [{ from: '1', to: 10 }] }, 1, 10],
	['constantWhenBlank', { value: 'unknown' }, '', 'unknown'],
	['constantWhenBlank', { value: 'unknown' }, '0001-01-01', 'unknown'],
	['constantWhenBlank', { value: 'unknown' }, 'known', 'known'],
];

it.each(cases)('%s %j of %j is %j', (rule, parameters, value, result) => {
	expect(apply(rule, parameters, value)).toBe(result);
});

it('every rule has a case', () => {
	expect(TRANSFORMATIONS.map(({ name }) => name).filter((name) => !cases.some(([rule]) => rule === name))).toEqual(['firstNonBlank']);
});

it.each(TRANSFORMATIONS.filter(({ seesBlank }) => !seesBlank).map(({ name }) => [name]))('%s leaves a blank value blank', (rule) => {
	const parameters: Record<string, Parameters> = {
		replace: { find: 'x' },
		regexReplace: { pattern: 'x*', with: 'y' },
		prefix: { text: 'x' },
		suffix: { text: 'x' },
		lookupTable: { values: [{ from: 'a', to: 'b' }], otherwise: 'fail' },
	};
	for (const blank of ['', null, '0001-01-01']) expect(apply(rule, parameters[rule] ?? {}, blank)).toBe(blank);
});

it.each<[string, Parameters, string]>([
	['nothing', {}, 'there is no transformation rule "nothing"'],
	['trim', { with: 'x' }, 'it has no parameter "with"'],
	['replace', {}, 'Find must be filled in'],
	['substring', { start: 1, length: -1 }, 'Number of Characters must be 0 or more'],
	['rounding', { method: 'sideways' }, 'Method must be one of nearest, up, down'],
	['rounding', { decimals: 1.5 }, 'a whole number'],
	['decimalFormat', { decimals: 11 }, 'from 0 to 10'],
	['dateFormat', { format: 'DD.MM.YYYY' }, '"DD" in the format "DD.MM.YYYY" means nothing'],
	['timeFormat', { format: 'yyyy' }, 'means nothing'],
	['dateFormat', { timeZone: 'Mars/Base' }, 'there is no time zone "Mars/Base"'],
	[
		'lookupTable',
		{
			values: [
				{ from: 'a', to: 1 },
				{ from: 'A', to: 2 },
			],
		},
		'the list has "A" twice',
	],
	['firstNonBlank', {}, 'Further Fields must be filled in'],
	['regexReplace', { pattern: '(a' }, 'it has a "(" without its ")"'],
	['regexReplace', { pattern: '(a)\\1' }, 'it refers back to a group ("\\1")'],
	['regexReplace', { pattern: 'a(?=b)' }, 'it looks ahead or behind'],
	['regexReplace', { pattern: '(?<!b)a' }, 'it looks ahead or behind'],
	['regexReplace', { pattern: '(((a{200}){200}){200})' }, 'it is too long, or repeats too much'],
	['regexReplace', { pattern: 'a{1000}' }, 'it repeats more than 200 times'],
])('%s %j is refused: %s', (rule, parameters, message) => {
	expect(failure(() => prepareRule({ rule, parameters }))).toContain(message);
});

it.each<[string, Parameters, FieldValue, string]>([
	['rounding', {}, 'twelve', '"twelve" is no number'],
	['decimalFormat', {}, 'x', '"x" is no number'],
	['dateFormat', {}, 'tomorrow', '"tomorrow" is no date'],
	['lookupTable', { values: [{ from: 'a', to: 'b' }], otherwise: 'fail' }, 'c', '"c" is not in the list'],
])('%s %j cannot be applied to %j', (rule, parameters, value, message) => {
	expect(failure(() => apply(rule, parameters, value))).toContain(message);
});
