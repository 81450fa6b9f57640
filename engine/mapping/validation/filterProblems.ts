import { SyncError } from '../../model/errors';
import { sideFilter } from '../filter';
import { evaluator } from '../filters/evaluate';
import { resolveFilter } from '../filters/resolve';
import type { TableMapping } from '../../model/tableMapping';
import { type MappingProblem, problem } from './problem';
import type { Side } from '../../model/side';
import type { Condition, Filter } from '../../model/filter';

const ANY_ROW = '00000000-0000-0000-0000-000000000001';
const PARTS = ['contains', 'startswith', 'endswith'];
const ORDER = ['gt', 'ge', 'lt', 'le'];

/** Filters and templates, as far as they can be judged without asking a system. */
export function filterProblems(mapping: TableMapping): MappingProblem[] {
	const templates = mapping.templates ?? { businessCentral: [], crm: [] };
	return [
		...problemsOf(mapping.bcFilter, 'businessCentral', 'The filter on Business Central', false),
		...problemsOf(mapping.crmFilter, 'crm', 'The filter on CRM', false),
		...templates.crm.flatMap(({ name, filter }) => problemsOf(filter, 'businessCentral', `The filter of the template "${name}"`, true)),
		...templates.businessCentral.flatMap(({ name, filter }) => problemsOf(filter, 'crm', `The filter of the template "${name}"`, true)),
		...templateProblems(mapping),
	];
}

function templateProblems({ templates }: TableMapping): MappingProblem[] {
	if (!templates) return [];
	return [...templates.businessCentral, ...templates.crm].flatMap(({ name, values, priority }) => [
		...(Object.keys(values).length === 0
			? [problem(`The template "${name}" gives no values.`, 'Add at least one value to the template, or remove it.')]
			: []),
		...(priority < 0
			? [problem(`The template "${name}" has the priority ${priority}.`, 'Use 0 or more; lower numbers are tried first.')]
			: []),
	]);
}

function problemsOf(filter: Filter, side: Side, what: string, local: boolean): MappingProblem[] {
	const found = conditionsOf(filter).flatMap((condition) => conditionProblems(condition, what));
	if (found.length > 0) return found;
	try {
		sideFilter(filter, side, ANY_ROW);
		if (local) evaluator(resolveFilter(filter, side, ANY_ROW), side);
		return [];
	} catch (error) {
		if (!(error instanceof SyncError)) throw error;
		if (error.code === 'FILTER_RAW_INSIDE' && local)
			return [problem(`${what} holds OData text, which cannot be looked at in a record.`, 'Use conditions in the filters of templates.')];
		return [problem(`${what} cannot be understood: ${error.message}`, error.hint)];
	}
}

const conditionsOf = (filter: Filter): Condition[] => [...filter.conditions, ...(filter.groups ?? []).flatMap(conditionsOf)];

function conditionProblems({ field, operator, type, value }: Condition, what: string): MappingProblem[] {
	const blank = value === null || value === '' || (Array.isArray(value) && value.some((each) => each === null || each === ''));
	if (field.startsWith('@')) {
		return [problem(`${what} names ${field}, which is worked out while synchronizing.`, 'Choose a field that the table has.')];
	}
	if (PARTS.includes(operator) && type !== 'text' && type !== 'code') {
		return [problem(`${what} looks for a part of ${field}, which is no text.`, 'Compare it with "is" or "is one of".')];
	}
	if ((PARTS.includes(operator) || ORDER.includes(operator)) && blank) {
		return [problem(`${what} compares ${field} with nothing.`, 'Enter a value, or use "is blank".')];
	}
	if (ORDER.includes(operator) && ['boolean', 'guid', 'lookup', 'enum'].includes(type)) {
		return [problem(`${what} asks for more or less of ${field}, which has no order.`, 'Compare it with "is", "is not" or "is one of".')];
	}
	return [];
}
