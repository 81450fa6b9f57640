import type { FieldName, FieldValue } from '../../model/record';

/** Parameters of a rule as a mapping holds them: plain values, or a list of rows. */
export type Parameters = Readonly<Record<string, FieldValue | ReadonlyArray<Readonly<Record<string, FieldValue>>>>>;

/** What a rule asks for, as people see it. */
export interface ParameterSpec {
	name: string;
	caption: string;
	/** What it means, in a sentence. */
	description: string;
	/** `pairs`: rows of {from, to}; `fields`: rows of {field}, fields of the source. */
	type: 'text' | 'number' | 'switch' | 'choice' | 'pairs' | 'fields';
	/** Of a choice. */
	choices?: ReadonlyArray<{ value: string; caption: string }>;
	default: FieldValue;
	/** Must be filled in. */
	required?: boolean;
	/** Least value of a number. */
	least?: number;
	placeholder?: string;
}

/** A transformation rule: one file under `rules`, one line in the registry. */
export interface Transformation {
	/** Stored in mappings; never changes once released. */
	name: string;
	caption: string;
	description: string;
	example: string;
	parameters: readonly ParameterSpec[];
	/** Sees blank values, too; the others leave them blank. */
	seesBlank?: boolean;
	/** What comes out: text whatever goes in, a number, or the kind of value that went in. */
	gives: 'text' | 'number' | 'same';
	/** Further source fields it reads. */
	sources?(parameters: Parameters): FieldName[];
	/**
	 * The rule with its parameters in place, as a pure function.
	 * @throws TransformationProblem when the parameters make no sense
	 */
	prepare(parameters: Parameters): (value: FieldValue) => FieldValue;
}

/** A rule that cannot be used as it is (parameters), or a value it cannot be applied to. The message is a sentence without a full stop. */
export class TransformationProblem extends Error {
	constructor(
		message: string,
		readonly hint: string,
	) {
		super(message);
		this.name = 'TransformationProblem';
	}
}
