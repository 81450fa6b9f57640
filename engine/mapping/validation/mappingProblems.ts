import type { TableMapping } from '../../model/tableMapping';
import { fieldProblems } from './fieldProblems';
import { type MappingProblem, problem, warning } from './problem';
import { type PassDirection, targetSide } from '../../model/direction';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';

const LONGEST_NAME = 20;
const ARROWS = { toCrm: 'Business Central to CRM', fromCrm: 'CRM to Business Central' };

/**
 * What is wrong with a table mapping, as far as it can be judged without asking a system: cheap enough for every run.
 * @param mappings names of all mappings of the connection
 */
export function mappingProblems(mapping: TableMapping, mappings: ReadonlySet<string>): MappingProblem[] {
	return [
		...nameProblems(mapping),
		...mapping.fields.flatMap((field) => (field.enabled ? fieldProblems(mapping, field, mappings) : [])),
		...sameTargets(mapping),
		...sameKeys(mapping),
		...dependencyProblems(mapping),
	];
}

function nameProblems({ name }: TableMapping): MappingProblem[] {
	if (name.trim() === '') return [problem('It has no name.', 'Enter a name of 1 to 20 characters.')];
	if (name.length > LONGEST_NAME) {
		return [problem(`The name "${name}" has ${name.length} characters.`, `Use a name of 1 to ${LONGEST_NAME} characters.`)];
	}
	if (name.startsWith('@') || name !== name.trim()) {
		return [problem(`The name "${name}" begins with "@" or has spaces at an end.`, 'Begin the name with a letter or digit.')];
	}
	return [];
}

/** A direction needs a field that runs in it, and option mappings run one way only. */
export function directionProblems({ direction, fields, crm }: TableMapping): MappingProblem[] {
	const found: MappingProblem[] = [];
	if (crm.choice && direction === 'bidirectional') {
		found.push(problem('Values of a choice column cannot travel both ways.', 'Choose one direction for the table mapping.'));
	}
	for (const way of ['toCrm', 'fromCrm'] as const) {
		if (direction !== 'bidirectional' && direction !== way) continue;
		if (fields.some((field) => field.enabled && travels(field, way))) continue;
		found.push(
			problem(
				`No enabled field travels from ${ARROWS[way]}.`,
				'Enable or add a field mapping for this direction, or change the direction of the table mapping.',
			),
		);
	}
	return found;
}

const travels = ({ direction }: FieldMapping, way: PassDirection): boolean => direction === 'bidirectional' || direction === way;

/** Two fields must not write one column: the last one would win, and the other would look changed for ever. */
function sameTargets({ fields }: TableMapping): MappingProblem[] {
	const found: MappingProblem[] = [];
	for (const way of ['toCrm', 'fromCrm'] as const) {
		const writers = new Map<string, FieldMapping>();
		for (const field of fields) {
			const target = fieldOn(field, targetSide(way));
			if (!field.enabled || target === null || !travels(field, way)) continue;
			const first = writers.get(target);
			if (first) {
				const message = `it writes ${target} from ${ARROWS[way]}, as the field "${first.caption}" does.`;
				found.push(problem(message, 'Disable one of the two, or change its direction.', field.caption));
			} else writers.set(target, field);
		}
	}
	return found;
}

function sameKeys({ fields }: TableMapping): MappingProblem[] {
	const keys = fields.map(({ key }) => key);
	const twice = keys.find((key, index) => keys.indexOf(key) !== index);
	return twice === undefined ? [] : [problem(`Two field mappings have the key "${twice}".`, 'Give each field mapping a key of its own.')];
}

const dependencyProblems = ({ name, dependsOn }: TableMapping): MappingProblem[] =>
	dependsOn.includes(name) ? [problem('It depends on itself.', 'Remove it from its own dependencies.')] : [];

/** A warning: with couplings removed and creation allowed, the next run creates and couples the record anew. */
export const deletionProblems = ({ deletion, onlyCoupled }: TableMapping): MappingProblem[] =>
	deletion === 'removeCoupling' && !onlyCoupled
		? [
				warning(
					'Couplings of deleted records are removed while "synch. only coupled records" is off, so the remaining record may be created and coupled again.',
					'Switch "synch. only coupled records" on, or choose another deletion-conflict strategy.',
				),
			]
		: [];
