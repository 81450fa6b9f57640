import { COMPANY_COLUMN } from '../../model/companyColumn';
import { fieldsOf } from '../filters/evaluate';
import { resolveFilter } from '../filters/resolve';
import { sourcesOf } from '../transformations/derivedSources';
import { givesFor } from '../transformations/gives';
import type { TableMapping } from '../../model/tableMapping';
import { meet } from './columnTypes';
import { constantColumn } from './constantColumn';
import { type MappingProblem, problem, warning } from './problem';
import { otherSide, type Side, SYSTEM_NAMES } from '../../model/side';
import type { FieldName } from '../../model/record';
import type { ColumnShape, TableShape } from '../../model/shape';
import { type PassDirection, targetSide } from '../../model/direction';
import type { Filter } from '../../model/filter';
import type { FieldMapping } from '../../model/fieldMapping';

const ARROWS = { toCrm: 'Business Central to CRM', fromCrm: 'CRM to Business Central' };
const SYSTEMS: Readonly<Record<Side, string>> = { businessCentral: 'Business Central', crm: 'CRM' };

export type Shapes = Readonly<Record<Side, TableShape>>;

/** What both systems' metadata say against a mapping. Fields of default mappings are Microsoft's own pairs and are not judged again. */
export function metadataProblems(mapping: TableMapping, shapes: Shapes): MappingProblem[] {
	return [
		...mapping.fields.flatMap((field) => (field.enabled && field.own ? columnProblems(field, shapes) : [])),
		...filterColumns(mapping.bcFilter, 'businessCentral', shapes, 'The filter on Business Central'),
		...filterColumns(mapping.crmFilter, 'crm', shapes, 'The filter on CRM'),
		...templateColumns(mapping, shapes),
	];
}

function columnProblems(field: FieldMapping, shapes: Shapes): MappingProblem[] {
	const { caption, bcField, crmField } = field;
	const bc = bcField === null ? undefined : shapes.businessCentral.columns.get(bcField);
	const crm = crmField === null ? undefined : shapes.crm.columns.get(crmField);
	const found: MappingProblem[] = [];
	if (bcField !== null && !bc) found.push(unknown(bcField, 'businessCentral', shapes, caption));
	if (crmField !== null && !crm) found.push(unknown(crmField, 'crm', shapes, caption));
	for (const name of sourcesOf(field) ?? []) {
		const side: Side = field.direction === 'toCrm' ? 'businessCentral' : 'crm';
		if (!shapes[side].columns.has(name)) found.push(unknown(name, side, shapes, caption));
	}
	for (const way of waysOf(field)) {
		const target = way === 'toCrm' ? crm : bc;
		if (target && !target.writable && !(target.creatable && field.insertOnly)) found.push(readOnly(target, way, caption));
	}
	if (bc && crm) found.push(...meetingProblems(field, bc, crm));
	else found.push(...constantColumn(field, bc ?? crm));
	return found;
}

export const waysOf = ({ direction }: Pick<FieldMapping, 'direction'>): PassDirection[] =>
	direction === 'bidirectional' ? ['toCrm', 'fromCrm'] : [direction];

function meetingProblems(field: FieldMapping, bc: ColumnShape, crm: ColumnShape): MappingProblem[] {
	const { caption } = field;
	const meeting = meet(bc, crm, waysOf(field), givesFor(field));
	if ('refused' in meeting) {
		return [problem(`${meeting.refused}.`, 'Choose two columns of the same kind, or a transformation rule that makes them meet.', caption)];
	}
	if (writesDays(field, bc, crm)) {
		const message = `days cannot be written into a column for dates and times as the field is kept (${bc.name}, ${crm.name}).`;
		return [problem(message, 'Take the field out and add it anew with Set Field Mappings, which looks at the columns.', caption)];
	}
	const found: MappingProblem[] = [];
	if (meeting.warning) found.push(warning(`${meeting.warning}.`, 'Choose two columns of the same kind if that matters.', caption));
	for (const way of waysOf(field)) {
		const [from, to] = way === 'toCrm' ? [bc, crm] : [crm, bc];
		if (meeting.kind !== 'text' && meeting.kind !== 'code') continue;
		if (to.maxLength === null || (from.maxLength !== null && from.maxLength <= to.maxLength) || from.type === 'enum') continue;
		const longer = from.maxLength === null ? 'may be longer' : `may have ${from.maxLength} characters`;
		const consequence = meeting.kind === 'code' ? 'a longer code fails its record' : 'longer text is cut';
		const remedy = meeting.kind === 'code' ? 'Keep the codes short.' : 'Keep the text short, or use "Part of a Text".';
		found.push(warning(`${from.name} ${longer}; ${to.name} takes ${to.maxLength}, so ${consequence}.`, remedy, caption));
	}
	return found;
}

/** A field of an older version, or of an import, that does not know that one of its columns holds a time: each record would fail. */
const writesDays = ({ kind, dayOf }: FieldMapping, bc: ColumnShape, crm: ColumnShape): boolean =>
	kind === 'date' && ((bc.type === 'dateTime' && !dayOf?.businessCentral) || (crm.type === 'dateTime' && !dayOf?.crm));

function unknown(name: FieldName, side: Side, shapes: Shapes, caption: string | null): MappingProblem {
	const holds = shapes[side].uncarried?.get(name);
	return holds === undefined
		? notThere(name, side, shapes, caption)
		: problem(
				`${name} in the table ${shapes[side].name} of ${SYSTEM_NAMES[side]} holds ${holds}, which a field mapping cannot carry.`,
				'Choose another field, or carry it by a workflow of your own.',
				caption,
			);
}

const notThere = (name: FieldName, side: Side, shapes: Shapes, caption: string | null): MappingProblem =>
	problem(
		`${SYSTEMS[side]} has no ${side === 'crm' ? 'column' : 'field'} "${name}" in the table ${shapes[side].name}.`,
		`Choose one from the list${nearest(name, shapes[side]) ?? ''}; a field of an additional page is named page/field.`,
		caption,
	);

/** A column that only differs in letter case or in signs. */
function nearest(name: FieldName, shape: TableShape): string | null {
	const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
	const found = [...shape.columns.values()].find((column) => plain(column.name) === plain(name) || plain(column.label) === plain(name));
	return found ? ` (${found.name}?)` : null;
}

const readOnly = ({ name, creatable }: ColumnShape, way: PassDirection, caption: string): MappingProblem =>
	problem(
		creatable
			? `${name} can be written only when a record is created, not later.`
			: `${name} is read-only in ${SYSTEM_NAMES[targetSide(way)]}, so it cannot be written from ${ARROWS[way]}.`,
		creatable
			? 'Let the field travel "only when a record is created", or choose another column.'
			: 'Turn the direction round, or choose another column.',
		caption,
	);

/**
 * Whether it names a column of the row that a lookup points at, as a filter of the Web API does: `parentcustomerid_account/accountid` ("Filter rows using
 * lookup properties"). Of a lookup that takes several tables the table is part of the name. Whether that table has the column only the service knows.
 */
function isOfReferred(name: FieldName, { columns }: TableShape): boolean {
	const [way, column, ...more] = name.split('/');
	if (!way || !column || more.length > 0) return false;
	return [...columns.values()].some(({ name: lookup, targets = [] }) => {
		const ways = targets.length === 1 ? [lookup, `${lookup}_${targets[0]}`] : targets.map((target) => `${lookup}_${target}`);
		return ways.some((each) => each.toLowerCase() === way.toLowerCase());
	});
}

function filterColumns(filter: Filter, side: Side, shapes: Shapes, what: string): MappingProblem[] {
	return fieldsOf(resolveFilter(filter, side, ''))
		.filter((name) => !shapes[side].columns.has(name) && !(side === 'crm' && isOfReferred(name, shapes.crm)))
		.map((name) => {
			const { message, remedy } = unknown(name, side, shapes, null);
			return problem(`${what} names a field that does not exist: ${message}`, remedy);
		});
}

function templateColumns({ templates, companyStamp }: TableMapping, shapes: Shapes): MappingProblem[] {
	if (!templates) return [];
	return (['businessCentral', 'crm'] as const).flatMap((side) =>
		templates[side].flatMap(({ name, filter, values }) => [
			...filterColumns(filter, otherSide(side), shapes, `The filter of the template "${name}"`),
			...Object.keys(values).flatMap((column) => {
				const shape = shapes[side].columns.get(column);
				const what = `The template "${name}"`;
				if (!shape)
					return [
						problem(
							`${what} gives a value to "${column}", which the table ${shapes[side].name} does not have.`,
							'Choose a field from the list.',
						),
					];
				if (!shape.creatable && !shape.writable)
					return [problem(`${what} gives a value to ${column}, which is read-only.`, 'Choose another field.')];
				if (companyStamp && column === COMPANY_COLUMN)
					return [problem(`${what} gives a value to the company of the row, which the run sets.`, 'Remove it.')];
				return [];
			}),
		]),
	);
}
