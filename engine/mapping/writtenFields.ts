import type { FieldName } from '../model/record';
import type { TableMapping } from '../model/tableMapping';

/** Business Central's fields that runs of the mapping may write: those that travel there, and those of templates. Empty for a mapping that only reads. */
export function writtenFields({ direction, fields, templates }: TableMapping): FieldName[] {
	if (direction === 'toCrm') return [];
	const mapped = fields.flatMap((field) => (field.enabled && field.direction !== 'toCrm' && field.bcField !== null ? [field.bcField] : []));
	return [...new Set([...mapped, ...(templates?.businessCentral ?? []).flatMap(({ values }) => Object.keys(values))])];
}

/** The mapping, whose table says what is written to it. */
export const withWrittenFields = (mapping: TableMapping): TableMapping => ({
	...mapping,
	bc: { ...mapping.bc, written: writtenFields(mapping) },
});

/** The mapping as it is kept and exported: what is written to its table follows from the rest. */
export function withoutWrittenFields(mapping: TableMapping): TableMapping {
	const { written: _written, ...bc } = mapping.bc;
	return { ...mapping, bc };
}
