import type { Row } from '../odata/envelope';
import { type Addresses, apiAddress, type EntityAddress, hasStamp, pageAddress } from './address';
import type { FieldName, TableSource } from '../../model/record';

/**
 * One place where rows of a mapping's primary table are: the entity set, or a page. A table that several pages show has one for each; the
 * mapping speaks the names of the first.
 */
export interface PrimarySet extends EntityAddress {
	/** Rows carry `lastModifiedDateTime`. */
	stamped: boolean;
	/** The property's name there. */
	there(property: FieldName): FieldName;
	/** OData text with the names there. */
	textThere(text: string | null): string | null;
	/** A row from there with the mapping's names. */
	here(row: Row): Row;
}

/** Never empty; the first is the one whose names the mapping uses. */
export function primarySets(addresses: Addresses, table: TableSource): PrimarySet[] {
	if (!table.page) {
		const address = apiAddress(addresses, table.name);
		return [{ ...address, stamped: hasStamp(address.set), ...unchanged }];
	}
	const first: PrimarySet = { ...pageAddress(addresses, table.name), stamped: false, ...unchanged };
	return [
		first,
		...(table.page.also ?? []).map((page): PrimarySet => ({
			...pageAddress(addresses, page.service),
			stamped: false,
			...renaming(page.properties),
		})),
	];
}

/** The entity set or page whose names the mapping uses. */
export const primarySet = (addresses: Addresses, table: TableSource): PrimarySet => primarySets(addresses, table)[0]!;

type Naming = Pick<PrimarySet, 'there' | 'textThere' | 'here'>;

const unchanged: Naming = { there: (property) => property, textThere: (text) => text, here: (row) => row };

function renaming(properties: Readonly<Record<FieldName, FieldName>>): Naming {
	const back = Object.entries(properties);
	const there = (property: FieldName): FieldName => properties[property] ?? property;
	return {
		there,
		textThere: (text) => text && renamedOutsideQuotes(text, there),
		here: (row) => ({ ...row, ...Object.fromEntries(back.flatMap(([ours, theirs]) => (theirs in row ? [[ours, row[theirs]]] : []))) }),
	};
}

/** Text literals stand in single quotes, with inner ones doubled; nothing in them is a name. */
const renamedOutsideQuotes = (text: string, there: (name: string) => string): string =>
	text.replace(/'(?:[^']|'')*'|[A-Za-z_]\w*/g, (part) => (part.startsWith("'") ? part : there(part)));
