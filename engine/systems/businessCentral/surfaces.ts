import type { FieldName, TableSource } from '../../model/record';
import type { Surface } from '../../model/shape';
import type { Addresses } from './address';
import { companionFields, ownFields } from './fields';
import { primarySets } from './primary';

/** "Deprecated features in the platform": OData on pages of Microsoft ends with this release. */
const PAGES_END_WITH = '30';

const ORDER: ReadonlyArray<Surface['kind']> = ['apiV2', 'ownApi', 'extension', 'publishedPages'];

/** The places that the fields of a table are read from, in order of preference. */
export function surfacesOf(addresses: Addresses, table: TableSource, fields: readonly FieldName[]): Surface[] {
	const found = new Map<Surface['kind'], Surface>();
	const add = (kind: Surface['kind'], names: readonly string[], more: readonly FieldName[]): void => {
		const known = found.get(kind) ?? { kind, names: [], fields: [], endsWith: kind === 'publishedPages' ? PAGES_END_WITH : null };
		found.set(kind, { ...known, names: [...new Set([...known.names, ...names])], fields: [...known.fields, ...more] });
	};
	const sets = primarySets(addresses, table);
	const own = sets[0]!.extension ? 'extension' : table.page ? 'publishedPages' : table.name.includes('/') ? 'ownApi' : 'apiV2';
	add(
		own,
		sets.map(({ set }) => set),
		[...new Set(ownFields(fields))],
	);
	for (const { place, properties } of companionFields(addresses, table, fields)) {
		const named = properties.map((property) => `${place.service}/${property}`);
		add(place.kind === 'published' ? 'publishedPages' : place.kind, [place.set], named);
	}
	return ORDER.flatMap((kind) => found.get(kind) ?? []);
}
