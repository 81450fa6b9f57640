import { type Parameters, type ParameterSpec, TransformationProblem } from './transformation';
import type { FieldValue } from '../../model/record';

/** Parameters with their defaults, each checked against what the rule asks for. */
export function checked(specs: readonly ParameterSpec[], given: Parameters): Parameters {
	const values: Record<string, Parameters[string]> = {};
	for (const spec of specs) {
		const value = given[spec.name];
		values[spec.name] = value === undefined || value === null ? spec.default : value;
		const problem = problemOf(spec, values[spec.name]!);
		if (problem) throw new TransformationProblem(`${spec.caption} ${problem}`, spec.description);
	}
	const unknown = Object.keys(given).filter((name) => !specs.some((spec) => spec.name === name));
	if (unknown.length > 0) {
		throw new TransformationProblem(
			`it has no parameter "${unknown.join('", "')}"`,
			specs.length === 0 ? 'This rule takes no parameters.' : `It takes ${specs.map(({ name }) => name).join(', ')}.`,
		);
	}
	return values;
}

function problemOf(spec: ParameterSpec, value: Parameters[string]): string | null {
	const blank = value === '' || value === null || (Array.isArray(value) && value.length === 0);
	if (blank) return spec.required ? 'must be filled in' : null;
	switch (spec.type) {
		case 'number':
			if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number';
			return spec.least !== undefined && value < spec.least ? `must be ${spec.least} or more` : null;
		case 'switch':
			return typeof value === 'boolean' ? null : 'must be on or off';
		case 'choice':
			return spec.choices?.some((choice) => choice.value === value)
				? null
				: `must be one of ${spec.choices?.map((choice) => choice.value).join(', ')}`;
		case 'pairs':
			return isRows(value, 'from') ? null : 'must be a list of values and what they become';
		case 'fields':
			return isRows(value, 'field') ? null : 'must be a list of fields';
		case 'text':
			return Array.isArray(value) ? 'must be text' : null;
	}
}

const isRows = (value: Parameters[string], key: string): boolean =>
	Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null && String(row[key] ?? '') !== '');

export const textOf = (parameters: Parameters, name: string): string => {
	const value = parameters[name];
	return value === null || value === undefined || Array.isArray(value) ? '' : String(value);
};

export const numberOf = (parameters: Parameters, name: string): number => Number(parameters[name]);

export const isOn = (parameters: Parameters, name: string): boolean => parameters[name] === true;

export const rowsOf = (parameters: Parameters, name: string): ReadonlyArray<Readonly<Record<string, FieldValue>>> => {
	const value = parameters[name];
	return Array.isArray(value) ? value : [];
};
