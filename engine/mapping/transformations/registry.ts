import { constantWhenBlank } from './rules/constantWhenBlank';
import { dateFormat } from './rules/dateFormat';
import { decimalFormat } from './rules/decimalFormat';
import { firstNonBlank } from './rules/firstNonBlank';
import { lookupTable } from './rules/lookupTable';
import { lowercase } from './rules/lowercase';
import { prefix } from './rules/prefix';
import { regexReplace } from './rules/regexReplace';
import { replace } from './rules/replace';
import { rounding } from './rules/rounding';
import { substring } from './rules/substring';
import { suffix } from './rules/suffix';
import { timeFormat } from './rules/timeFormat';
import { titleCase } from './rules/titleCase';
import { trim } from './rules/trim';
import { uppercase } from './rules/uppercase';
import type { Transformation } from './transformation';

/** Transformation rules by name; a new one is one file and one line here. In alphabetical order of their captions. */
export const TRANSFORMATIONS: readonly Transformation[] = [
	constantWhenBlank,
	dateFormat,
	decimalFormat,
	firstNonBlank,
	lookupTable,
	lowercase,
	substring,
	prefix,
	replace,
	regexReplace,
	rounding,
	suffix,
	timeFormat,
	titleCase,
	trim,
	uppercase,
];

export const transformationOf = (name: string): Transformation | undefined => TRANSFORMATIONS.find((each) => each.name === name);
