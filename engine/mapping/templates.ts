import { evaluator, fieldsOf } from './filters/evaluate';
import { resolveFilter } from './filters/resolve';
import type { RecordTemplate, TableMapping } from '../model/tableMapping';
import type { FieldName, SystemRecord } from '../model/record';
import { type PassDirection, sourceSide, targetSide } from '../model/direction';

/** Chooses the template of a record about to be created: the first by priority whose filter the source record meets. */
export type TemplateChoice = (source: SystemRecord) => RecordTemplate | null;

/** Templates for records that a pass creates, in order of priority. */
const templatesOf = (mapping: TableMapping, direction: PassDirection): RecordTemplate[] =>
	[...(mapping.templates?.[targetSide(direction)] ?? [])].sort((a, b) => a.priority - b.priority);

/**
 * The choice for a pass. Filters are looked at in the source record; they are of the source's side.
 * @throws SyncError (setup) when a filter cannot be looked at in a record (OData text)
 */
export function templateChoice(mapping: TableMapping, direction: PassDirection, companyRowId: string | null): TemplateChoice {
	const side = sourceSide(direction);
	const templates = templatesOf(mapping, direction).map((template) => ({
		template,
		accepts: evaluator(resolveFilter(template.filter, side, companyRowId), side),
	}));
	return (source) => templates.find(({ accepts }) => accepts(source))?.template ?? null;
}

/** Source fields that the filters of the templates look at. */
export const templateFields = (mapping: TableMapping, direction: PassDirection): FieldName[] => [
	...new Set(templatesOf(mapping, direction).flatMap(({ filter }) => fieldsOf(resolveFilter(filter, sourceSide(direction), '')))),
];
