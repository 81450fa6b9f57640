import { LinearRegex, TooManySteps } from '../linear/match';
import { PatternError } from '../linear/syntax';
import { isOn, textOf } from '../parameters';
import { TransformationProblem, type Transformation } from '../transformation';

const LONGEST_PATTERN = 500;

/** Matched in linear time, so that no pattern can hold a run up (see `linear/match.ts`). */
export const regexReplace: Transformation = {
	name: 'regexReplace',
	caption: 'Replace by Regular Expression',
	description:
		'Replaces what a regular expression matches. Groups come back as `$1`, the whole match as `$&`. Back references and looking ahead or behind are not supported.',
	example: '`+49 (30) 123-45`, `[^+\\d]` by nothing → `+493012345`',
	parameters: [
		{
			name: 'pattern',
			caption: 'Pattern',
			description: 'The regular expression, without slashes around it.',
			type: 'text',
			default: '',
			required: true,
			placeholder: '^0+(\\d)',
		},
		{
			name: 'with',
			caption: 'Replace With',
			description: 'What is put in place of a match; empty to take it away.',
			type: 'text',
			default: '',
		},
		{
			name: 'ignoreCase',
			caption: 'Ignore Case',
			description: 'Whether capital and small letters are alike.',
			type: 'switch',
			default: false,
		},
	],
	gives: 'text',
	prepare(parameters) {
		const pattern = textOf(parameters, 'pattern');
		const replacement = textOf(parameters, 'with');
		if (pattern.length > LONGEST_PATTERN) throw problem(pattern, `it has more than ${LONGEST_PATTERN} characters`);
		const regex = compiled(pattern, isOn(parameters, 'ignoreCase'));
		return (value) => {
			try {
				return regex.replace(String(value), replacement);
			} catch (error) {
				if (!(error instanceof TooManySteps)) throw error;
				throw new TransformationProblem(
					`the text is too long (${String(value).length} characters) for the regular expression "${pattern.slice(0, 60)}" and what it puts in place of the matches`,
					'Make the pattern simpler, or cut the text first with "Part of a Text".',
				);
			}
		};
	},
};

function compiled(pattern: string, ignoreCase: boolean): LinearRegex {
	try {
		return new LinearRegex(pattern, ignoreCase);
	} catch (error) {
		if (error instanceof PatternError) throw problem(pattern, error.message);
		throw error;
	}
}

const problem = (pattern: string, why: string): TransformationProblem =>
	new TransformationProblem(
		`the regular expression "${pattern.slice(0, 60)}" cannot be used: ${why}`,
		'Write the pattern without it. Groups, alternatives, classes, counts, ^, $ and \\b are there.',
	);
