import type { Expectation } from '../../badInput/expectation';
import { topics } from '../../badInput/topics';
import { code, table } from './markdown';
import type { Sections } from './sections';

/** Bad input and hostile answers, and what happens to them, from the very tables the suites of test/badInput run. */
export const whatHappensWhenSections = (): Sections =>
	Object.fromEntries(
		Object.entries(topics).map(([name, { cases }]) => [
			`when-${kebab(name)}`,
			table(
				['What happens', 'What comes of it'],
				cases.map(({ what, expect }) => [visible(what), outcome(expect)]),
			),
		]),
	);

function outcome(expected: Expectation): string {
	if ('works' in expected) return `Works: ${expected.works}`;
	// What a parameter may not hold is said before the node runs; such messages have no code.
	return expected.code === 'PARAMETER'
		? `The node does not start: “${visible(expected.message)}”`
		: `${code(expected.code)} (${expected.errorClass}): “… ${visible(expected.message)} …”`;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Angle brackets would be taken for HTML, and characters nobody sees for nothing. */
const visible = (text: string): string =>
	text
		.replaceAll('<', '&lt;')
		.replace(/[\p{Cc}\p{Cs}]/gu, (character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
