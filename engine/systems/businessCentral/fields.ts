import { type Addresses, type EntityAddress, apiAddress, extensionPageOf, pageAddress } from './address';
import { EXTENSION_ROUTE } from './extensionPages';
import { type Naming, namingOf, unchanged } from './naming';
import type { PrimarySet } from './primary';
import { identityFields } from './records';
import type { CompanionSource, FieldName, TableSource } from '../../model/record';

/** Fields of the entity set itself. */
export const ownFields = (fields: readonly FieldName[]): FieldName[] => fields.filter((field) => !field.includes('/'));

/** One place that shows further fields of a table: the published page of a companion, or the page of the extension that stands for it. */
export interface CompanionPlace extends EntityAddress, Naming {
	/** Prefix of the fields' names in mappings. */
	service: string;
	/** Field of the record that joins a row to it. */
	primaryKey: FieldName;
	/** Property of the row with the same value, by its name there. */
	rowKey: string;
	extension: boolean;
}

/** A place and the properties asked of it, by the mapping's names without the prefix. */
export interface CompanionRead {
	place: CompanionPlace;
	properties: string[];
}

/**
 * Properties asked of each companion that has a field in the list. The extension comes first for what it shows of them, by the id of the record; the rest
 * is asked of the published page.
 */
export function companionFields(addresses: Addresses, table: TableSource, fields: readonly FieldName[]): CompanionRead[] {
	return (table.companions ?? []).flatMap((companion) => {
		const prefix = `${companion.service}/`;
		const properties = [...new Set(fields.filter((field) => field.startsWith(prefix)).map((field) => field.slice(prefix.length)))];
		const own = extensionPlace(addresses, companion);
		const there = own ? properties.filter((property) => addresses.offered!.get(own.set)!.has(own.there(property))) : [];
		const rest = properties.filter((property) => !there.includes(property));
		return [
			...(own && there.length > 0 ? [{ place: own, properties: there }] : []),
			...(rest.length > 0 ? [{ place: publishedPlace(addresses, companion), properties: rest }] : []),
		];
	});
}

/** The published page of a companion. */
export const publishedPlace = (addresses: Addresses, { service, primaryKey, companionKey }: CompanionSource): CompanionPlace => ({
	...pageAddress(addresses, service),
	...unchanged,
	service,
	primaryKey,
	rowKey: companionKey,
	extension: false,
});

/** The page of the extension that stands for a companion; null where it is not offered. */
export function extensionPlace(addresses: Addresses, { service, standardName }: CompanionSource): CompanionPlace | null {
	const page = extensionPageOf(addresses, standardName ?? service);
	if (!page) return null;
	const address = apiAddress(addresses, `${EXTENSION_ROUTE}/${page.set}`);
	return { ...address, ...namingOf(page), service, primaryKey: 'id', rowKey: 'id', extension: true };
}

/** `$select` of a read, with the names of that set: what identifies a record, the fields asked for, and what joins the companions asked for. */
export function selection(addresses: Addresses, table: TableSource, set: PrimarySet, fields: readonly FieldName[]): string {
	const names = [
		...identityFields(table),
		...(set.stamped ? ['lastModifiedDateTime'] : []),
		...(table.numberField === null ? [] : [table.numberField]),
		table.nameField,
		...companionFields(addresses, table, fields).map(({ place }) => place.primaryKey),
		...ownFields(fields),
	];
	return [...new Set(names.map((name) => set.there(name)))].join(',');
}
