import { cutText } from '../model/cutText';
import { spelledCode } from '../model/upperCase';
/** Length of a code that Business Central makes of a label. */
export const CODE_LENGTH = 10;

/** A value of a choice with its label. */
export interface Option {
	value: string | number;
	label: string;
}

/** Which codes and values belong together by their labels alone. */
export interface LabelPairs {
	/** Value by code, upper case: whole labels and, where they are one label's alone, their first ten characters. */
	byCode: ReadonlyMap<string, number>;
	byValue: ReadonlyMap<number, string>;
	/** Labels that would become the same code, by that code and by each of their values. */
	sharing: ReadonlyMap<string | number, readonly string[]>;
	/** What people call each value. */
	labels: ReadonlyMap<number, string>;
}

/** A label as it is compared: without regard to case and blanks around it. */
export const wholeCode = (label: string): string => spelledCode(label);

/** What Business Central makes of a label: ten characters in upper case. */
export const shortCode = (label: string): string => cutText(wholeCode(label), CODE_LENGTH);

/**
 * Codes against labels: the whole label is tried first, then its first ten characters. A label that is the code itself keeps it; labels that only
 * begin with it have no code of their own, and a code that two labels share stands for neither.
 */
export function labelPairs(options: readonly Option[]): LabelPairs {
	const byCode = new Map<string, number>();
	const byValue = new Map<number, string>();
	const sharing = new Map<string | number, readonly string[]>();
	for (const [code, alike] of grouped(options, shortCode)) {
		const exact = alike.filter(({ label }) => wholeCode(label) === code);
		const owner = alike.length === 1 ? alike[0] : exact.length === 1 ? exact[0] : undefined;
		if (owner) {
			byCode.set(code, Number(owner.value));
			byValue.set(Number(owner.value), code);
		}
		if (alike.length === 1) continue;
		const labels = alike.map(({ label }) => label.trim());
		for (const key of [code, ...alike.map(({ value }) => Number(value))]) sharing.set(key, labels);
	}
	for (const [code, alike] of grouped(options, wholeCode)) if (alike.length === 1) byCode.set(code, Number(alike[0]!.value));
	return { byCode, byValue, sharing, labels: new Map(options.map(({ value, label }) => [Number(value), label.trim()])) };
}

function grouped(options: readonly Option[], codeOf: (label: string) => string): Map<string, Option[]> {
	const groups = new Map<string, Option[]>();
	for (const option of options) {
		const code = codeOf(option.label);
		groups.set(code, [...(groups.get(code) ?? []), option]);
	}
	return groups;
}
