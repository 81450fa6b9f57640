import fc from 'fast-check';
import { LinearRegex, MOST_STEPS, TooManySteps } from '../../../../engine/mapping/transformations/linear/match';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.info(`linear regex: seed ${seed}`);

/** Patterns whose repetitions cannot match nothing: there JavaScript has rules of its own. */
const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', '[a-c1]', 'ä', '\\.', '[\\d-]');
const pattern: fc.Arbitrary<string> = fc.letrec<{ node: string; filled: string }>((tie) => ({
	filled: fc.oneof(
		{ depthSize: 'small' },
		atom,
		fc.tuple(tie('filled'), tie('node')).map(([a, b]) => a + b),
		fc.tuple(tie('filled'), tie('filled')).map(([a, b]) => `(?:${a}|${b})`),
	),
	node: fc.oneof(
		{ depthSize: 'small' },
		tie('filled'),
		fc
			.tuple(tie('filled'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '*?', '+?', '??', '{1,}'))
			.map(([inner, count]) => `(?:${inner})${count}`),
		fc.constantFrom('^', '$', '\\b', '\\B', ''),
		tie('filled').map((inner) => `(${inner})`),
	),
})).node;

it('replaces what the regular expressions of JavaScript replace', () => {
	fc.assert(
		fc.property(
			pattern,
			fc.string({ unit: fc.constantFrom('a', 'b', 'A', '1', '.', ' ', '-', 'ä', '\n'), maxLength: 12 }),
			fc.boolean(),
			(source, text, ignoreCase) => {
				const expected = text.replace(new RegExp(source, ignoreCase ? 'gi' : 'g'), '<$&>');
				expect(new LinearRegex(source, ignoreCase).replace(text, '<$&>')).toBe(expected);
			},
		),
		{ seed, numRuns: 5_000 },
	);
});

it.each([
	['(\\d+)-(\\d+)', '12-34 5-6', '$2/$1'],
	['(a)|(b)', 'ab', '[$1$2]'],
	['(a*)(b?)', 'aab', '$2$1'],
])('groups of %s', (source, text, replacement) => {
	expect(new LinearRegex(source, false).replace(text, replacement)).toBe(text.replace(new RegExp(source, 'g'), replacement));
});

it.each(['(a+)+$', '(a|aa)+$', '(a*)*b', 'a*a*a*a*a*a*b', '(.*)(.*)(.*)(.*)x', '\\s+$'])(
	'%s, which can hold JavaScript up for ever, is done or given up at once',
	(source) => {
		const text = `${source.startsWith('\\s') ? ' ' : 'a'}`.repeat(3_000) + '!';
		let steps = 'done';
		try {
			new LinearRegex(source, false).replace(text, '');
		} catch (error) {
			if (!(error instanceof TooManySteps)) throw error;
			steps = 'given up';
		}
		expect(['done', 'given up']).toContain(steps);
	},
);

describe('the work spent on one text is bounded, whatever the pattern', () => {
	const patterns = [
		'()'.repeat(240),
		'(a)'.repeat(99),
		'((((a)?)?)?)*',
		'(a|a|a|a|a)*'.repeat(20),
		'(?:()a?){0,200}',
		'(.*b|a)',
		'',
		'.*',
		`[${'bcdefghij'.repeat(50)}]*`,
		`${'[\\s\\d\\w]'.repeat(50)}x`,
	];
	const replacements = [
		'',
		'$1$2$3$99',
		Array.from({ length: 99 }, (_, index) => `$${index + 1}`).join(''),
		'$&'.repeat(5_000),
		'x'.repeat(10_000),
	];
	it.each(patterns)('%s', (source) => {
		const regex = new LinearRegex(source, true);
		for (const replacement of replacements) {
			let length = 0;
			try {
				length = regex.replace('a'.repeat(2_000), replacement).length;
			} catch (error) {
				if (!(error instanceof TooManySteps)) throw error;
			}
			expect(regex.spent).toBeLessThanOrEqual(MOST_STEPS);
			// What is written is work, too.
			expect(length).toBeLessThanOrEqual(MOST_STEPS + 2_000);
		}
	});

	/** Counts what is really done, beside the machine's own count: the parts of classes that are asked. */
	it('a class with many parts counts each of them, once for each character', () => {
		const large = new LinearRegex(`[${'bcdefghijk'.repeat(40)}a]+`, false);
		const small = new LinearRegex('[a]+', false);
		for (const regex of [large, small]) regex.replace('a'.repeat(500), '');
		expect(large.spent - small.spent).toBe(400);
	});

	it.each(['(?:(?:(?:){200}){200}){200}', `${'(?:'.repeat(8)}a${'){200}'.repeat(8)}`, '(?:(?:|){200}){200}'])(
		'%s, which repeats more than can be gone through, is refused',
		(source) => expect(() => new LinearRegex(source, false)).toThrow(/too long, or repeats too much/),
	);

	it('groups that the replacement does not name cost nothing', () => {
		const regex = new LinearRegex('(a)(b)(c)(d)(e)(f)(g)(h)', false);
		regex.replace('abcdefgh'.repeat(100), '');
		const without = regex.spent;
		regex.replace('abcdefgh'.repeat(100), '$8');
		expect(without).toBeLessThan(regex.spent);
		expect(regex.replace('abcdefgh', '$8$1')).toBe('ha');
	});
});
