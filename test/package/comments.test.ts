import { readSources, type Sources } from './house/importGraph';
import { projectRoot } from './stagedProject';

const sources = readSources(projectRoot, ['engine', 'nodes', 'sandbox', 'credentials', 'scripts', 'test']);
// Its own examples are what it looks for.
sources.delete('test/package/comments.test.ts');

const COMMENT = /\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$(?:\n\s*\/\/.*$)*/gm;
/** The title of a test or of a group of tests, also after a table of cases. */
const TITLE = /(?:\b(?:test|it|describe)(?:\.\w+)?|\))\(\s*(?:'[^'\n]*'|"[^"\n]*"|`[^`\n]*`)/g;

/** The comments and titles of a file, each as one line without its signs. */
function wordsOf(text: string): string[] {
	const comments = [...text.matchAll(COMMENT)].map(([comment]) =>
		comment
			.replace(/^\s*(?:\/\*\*?|\*\/|\*|\/\/)/gm, '')
			.replace(/\*\/$/, '')
			.replace(/\s+/g, ' ')
			.trim(),
	);
	const titles = [...text.matchAll(TITLE)].map(([title]) => title.slice(title.search(/['"`]/) + 1, -1));
	return [...comments, ...titles];
}

/** A paragraph such as 22.7, 3.3a or B5. */
const PARAGRAPH = String.raw`(?:\d{1,2}\.\d{1,2}[a-e]?|B\d)`;

/** Ways to cite a document that the repository does not hold. RFCs are public, and versions of programs are no paragraphs. */
const CITATIONS = [
	/(?<!RFC \d+ )§/,
	/\bsync[ -]semantics\b/i,
	/\bsemantics,? \d/i,
	/\bfacts? \d|\(facts\b|\bfacts(?: say|:)/i,
	/\b[Dd]efault mappings, [A-Z]{3}/,
	/\bmission: /i,
	/\bissue \d/i,
	new RegExp(String.raw`\(${PARAGRAPH}(?:[,;:)]| and ${PARAGRAPH})`),
	new RegExp(String.raw`^${PARAGRAPH}(?:[:;,] | and ${PARAGRAPH}| \(better| [a-z])`),
];

const ISE = /\b\w*(?:synchron|recogn|normal|summar|organ|initial|custom)is(?:e|es|ed|er|ing|able|ations?)\b/i;

const findings = (among: Sources, patterns: readonly RegExp[]): string[] =>
	[...among].flatMap(([file, text]) =>
		wordsOf(text)
			.filter((words) => patterns.some((pattern) => pattern.test(words.replace(/`[^`]*`/g, '`'))))
			.map((words) => `${file}: ${words}`),
	);

describe('comments and titles of tests', () => {
	it('give the rule, and cite no document outside the repository', () => {
		expect(findings(sources, CITATIONS)).toEqual([]);
	});

	it('spell -ize', () => {
		expect(findings(sources, [ISE])).toEqual([]);
	});

	it.each([
		['a paragraph in parentheses', '/** Records outside the filter are left alone (5.7). */'],
		['several', '\t// One counter per record (17.1, 23.2): what came after.'],
		['a paragraph at the beginning', '// 5.7: ignored without a counter.'],
		['a document by name', '/** Rows of another company (sync-semantics 10.8). */'],
		['a citation over two lines', '/**\n * The price times the quantity (default\n * mappings, ITEM UOM).\n */'],
		['facts about a service', '/** A page holds 5,000 rows (Web API facts §4). */'],
		['a title', "test('22.7: the next run delivers it', async () => {})"],
		['a title after a table', "] as const)('B7: %s stops the run', async () => {})"],
	])('%s is noticed', (_what, text) => {
		expect(findings(new Map([['a.ts', text]]), CITATIONS)).toHaveLength(1);
	});

	it.each([
		'/** Seconds or an HTTP date (RFC 9110 §10.2.3). */',
		'/** n8n 2.41 and later (2.36 runs on Node 24). */',
		'// -0.00 and 0.00 are one value',
		"it('refuses what schema version 2.1 does not know', () => {})",
		'/** See `(5.7)`. */',
	])('%s is no citation', (text) => {
		expect(findings(new Map([['a.ts', text]]), CITATIONS)).toEqual([]);
	});

	it('a word in -ise is noticed in a comment, and not in code', () => {
		expect(findings(new Map([['a.ts', '// what is synchronised']]), [ISE])).toHaveLength(1);
		expect(findings(new Map([['a.ts', "const normalise = 'synchronised';"]]), [ISE])).toEqual([]);
	});
});
