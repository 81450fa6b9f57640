import { prepareRule } from '../transformations/apply';
import { sourcesOf } from '../transformations/derivedSources';
import { transformationOf } from '../transformations/registry';
import { TransformationProblem } from '../transformations/transformation';
import type { TableMapping } from '../../model/tableMapping';
import { type MappingProblem, problem } from './problem';
import { type PassDirection, sourceSide } from '../../model/direction';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';

const LONGEST_CONSTANT = 100;
const REFERENCES = ['lookup', 'currency', 'owner'];
const ARROWS = { toCrm: 'Business Central to CRM', fromCrm: 'CRM to Business Central', bidirectional: 'both directions' };

/** What is wrong with one field mapping, as far as it can be judged without asking a system. */
export function fieldProblems(mapping: TableMapping, field: FieldMapping, mappings: ReadonlySet<string>): MappingProblem[] {
	const { caption } = field;
	const found: MappingProblem[] = [];
	const add = (message: string, remedy: string): void => void found.push(problem(message, remedy, caption));
	// A one-way field of a default mapping is merely not used where its mapping runs the other way.
	if (field.own && mapping.direction !== 'bidirectional' && field.direction !== 'bidirectional' && field.direction !== mapping.direction) {
		add(
			`it travels from ${ARROWS[field.direction]}, but the table mapping runs from ${ARROWS[mapping.direction]} only.`,
			'Change the direction of the field or of the table mapping, or disable the field.',
		);
	}
	if (field.clearOnFailure && field.notNull) {
		add('"Clear on failure" and "not null" exclude each other.', 'Choose one: empty the target, or leave it as it is.');
	}
	if (field.notNull && !REFERENCES.includes(field.kind)) {
		add('"Not null" is for lookups only.', 'Switch it off, or let the field refer to a record of the other system.');
	}
	if (REFERENCES.includes(field.kind)) found.push(...referenceProblems(field, mappings));
	found.push(...constantProblems(field));
	if (field.match && (!Number.isInteger(field.match.priority) || field.match.priority < 0)) {
		add(`the priority for matching is ${field.match.priority}.`, 'Use a whole number of 0 or more; lower numbers are tried first.');
	}
	if (field.match && (field.bcField === null || field.crmField === null)) {
		add('it is used for matching, but has a field on one side only.', 'Switch matching off, or choose fields on both sides.');
	}
	return [...found, ...ruleProblems(field)];
}

/** A reference needs the mapping of the table it refers to. A field of a default mapping that may be emptied can do without it. */
function referenceProblems(
	{ caption, mapping, crmTable, clearOnFailure, own }: FieldMapping,
	mappings: ReadonlySet<string>,
): MappingProblem[] {
	if (!mapping || !crmTable) {
		return [
			problem(
				'it refers to records of another table, but no table mapping tells which record is which.',
				'Choose the table mapping of the table it refers to; create it first if there is none.',
				caption,
			),
		];
	}
	if (mappings.has(mapping) || (clearOnFailure && !own)) return [];
	return [
		problem(
			`it refers to records of the table mapping ${mapping}, which does not exist.`,
			`Create or reset the table mapping ${mapping}, choose another one, or disable the field.`,
			caption,
		),
	];
}

function constantProblems({ caption, bcField, crmField, constant, direction }: FieldMapping): MappingProblem[] {
	const say = (message: string, remedy: string): MappingProblem[] => [problem(message, remedy, caption)];
	if (bcField === null && crmField === null) {
		return say(
			'it has neither a Business Central field nor a CRM column.',
			'Choose the fields on both sides, or one field and a constant.',
		);
	}
	if (bcField !== null && crmField !== null) {
		return constant === undefined || constant === null || constant === ''
			? []
			: say('it has a constant and fields on both sides.', 'Leave the constant empty, or the field on the side it comes from.');
	}
	if (constant === undefined || constant === null || constant === '') {
		return say('one side is empty and there is no constant.', 'Choose a field on the other side, or enter a constant.');
	}
	if (String(constant).length > LONGEST_CONSTANT) {
		return say(`the constant has ${String(constant).length} characters.`, `Use ${LONGEST_CONSTANT} characters at most.`);
	}
	const way: PassDirection = bcField === null ? 'toCrm' : 'fromCrm';
	return direction === way
		? []
		: say(`a constant can travel from ${ARROWS[way]} only, to the side that has a field.`, 'Correct the direction of the field.');
}

/** Transformation rules run in a direction of their field, and on values only: not on references and choices. */
function ruleProblems(field: FieldMapping): MappingProblem[] {
	const { caption, transform, direction, kind } = field;
	const found: MappingProblem[] = [];
	for (const way of ['toCrm', 'fromCrm'] as const) {
		const rules = transform?.[way] ?? [];
		if (rules.length === 0) continue;
		if (direction !== 'bidirectional' && direction !== way) {
			const message = `a transformation rule is meant for the way from ${ARROWS[way]}, which the field does not travel.`;
			found.push(problem(message, 'Correct the direction of the rule or of the field.', caption));
		}
		if (kind === 'choice' || REFERENCES.includes(kind)) {
			const message = 'transformation rules do not apply to references and choices.';
			found.push(problem(message, 'Remove the rules; pair option values, or couple the records instead.', caption));
			continue;
		}
		rules.forEach((rule, index) => {
			try {
				prepareRule(rule);
			} catch (error) {
				if (!(error instanceof TransformationProblem)) throw error;
				const name = transformationOf(rule.rule)?.caption ?? rule.rule;
				found.push(problem(`the transformation rule "${name}" cannot be used: ${error.message}.`, error.hint, caption));
				return;
			}
			if (!transformationOf(rule.rule)?.sources) return;
			if (index > 0) {
				found.push(problem('the rule "First Non-Blank Of" follows other rules.', 'Put it first in the list of rules.', caption));
			}
			if (direction === 'bidirectional') {
				const message = 'the rule "First Non-Blank Of" takes a value from several fields, so the field cannot travel both ways.';
				found.push(problem(message, 'Let the field travel one way only.', caption));
			} else if (!sourcesOf(field) || fieldOn(field, sourceSide(way)) === null) {
				found.push(problem('the rule "First Non-Blank Of" needs a source field.', 'Choose the field it begins with.', caption));
			}
		});
	}
	return found;
}
