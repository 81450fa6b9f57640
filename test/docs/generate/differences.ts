import { differences, nameOf } from '../masterMappings/compare';
import { explanationOf } from '../masterMappings/explained';
import { referenceMappings } from '../masterMappings/reference';
import { code, table } from './markdown';
import type { Sections } from './sections';

/** Where default mappings differ from Business Central's own, and fields that no public service shows. */
export function differenceSections(): Sections {
	const rows = new Map<string, string[]>();
	for (const { mapping, item, reference, ours } of differences()) {
		const row = [code(mapping), item, reference, ours, explanationOf(mapping, item)?.why ?? ''];
		rows.set(row.join('\n'), row);
	}
	const hidden = referenceMappings.flatMap(({ name, fields }) =>
		fields
			.filter(({ bc, properties, constant }) => bc !== null && constant === undefined && properties.length === 0)
			.map(({ bc, crm, optional }) => [code(name), bc!, code(nameOf(crm, '')), optional ? 'offered there beside the defaults' : 'part of the defaults there']),
	);
	return {
		'default-differences': table(['Mapping', 'What', 'Built-in integration', 'Here', 'Why'], [...rows.values()]),
		'fields-without-service': table(['Mapping', 'Field', 'CRM column', 'In the built-in integration'], hidden),
	};
}
