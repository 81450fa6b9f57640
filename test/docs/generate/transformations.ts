import { TRANSFORMATIONS } from '../../../engine/mapping/transformations/registry';
import type { ParameterSpec } from '../../../engine/mapping/transformations/transformation';
import { code, table } from './markdown';
import type { Sections } from './sections';

/** All transformation rules with their parameters, from the registry. */
export const transformationSections = (): Sections => ({
	'transformation-rules': table(
		['Rule', 'Name in mappings', 'What it does', 'Parameters', 'Example'],
		TRANSFORMATIONS.map(({ caption, name, description, parameters, example }) => [
			`**${caption}**`,
			code(name),
			description,
			parameters.map(parameterInWords).join('; '),
			example,
		]),
	),
});

function parameterInWords({ caption, name, description, required, choices, default: usual }: ParameterSpec): string {
	const what = `*${caption}* (${code(name)}): ${description.charAt(0).toLowerCase()}${description.slice(1).replace(/\.$/, '')}`;
	const kinds = choices ? ` (${choices.map(({ value }) => code(value)).join(', ')})` : '';
	const without = required && usual === '' ? ', required' : usual === '' ? '' : `, usually ${typeof usual === 'boolean' ? (usual ? 'on' : 'off') : code(String(usual))}`;
	return `${what}${kinds}${without}`;
}
