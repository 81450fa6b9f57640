import { QuerySyntaxError, parseQuery, type ExpandItem, type QueryOptions } from '../../odata/query';
import type { CompanyData } from '../data/companyData';
import type { Row } from '../data/row';
import { badRequest } from '../errors';
import { targetOf } from '../model/schema';
import { typeName, type Property, type View } from '../model/view';
import { readFilter } from './filterRules';
import { follow } from './navigation';
import { run, type Order } from './query';
import { etagOf, reader } from './values';

export type EntityWriter = (row: Row) => Record<string, unknown>;

export function readQuery(text: string): QueryOptions {
	try {
		return parseQuery(text);
	} catch (error) {
		if (error instanceof QuerySyntaxError) throw badRequest(error.message);
		throw error;
	}
}

export const schemaVersion = (options: QueryOptions): string => {
	for (const [name, value] of options.other) if (name.toLowerCase() === '$schemaversion') return value;
	return '2.0';
};

/** How rows of a view are written to JSON: `$select` (any case) and `$expand` (several levels), each entity starting with its etag. */
export function entityWriter(
	view: View,
	options: QueryOptions,
	company: CompanyData,
	root: string,
	version = schemaVersion(options),
): EntityWriter {
	const selected = options.select?.filter((name) => name !== '*') ?? [];
	const properties = selected.length > 0 && !options.select?.includes('*') ? selectProperties(view, selected) : view.properties;
	const columns = properties
		.filter(({ kind }) => kind !== 'stream')
		// A filter element of a query holds nothing (dynamics_customersale_get).
		.map((property) => ({ name: property.name, read: reader(view, property), none: view.query && property.filterOnly }));
	const streams = properties.filter(({ kind }) => kind === 'stream');
	const expands = (options.expand ?? []).map((item) => expander(view, item, company, root, version));
	return (row) => {
		const entity: Record<string, unknown> = view.query ? {} : { '@odata.etag': etagOf(view, row, company) };
		for (const { name, read, none } of columns) entity[name] = none ? null : read(row, company);
		for (const { name } of streams) {
			const link = `${root}/companies(${company.id})/${view.name}(${row.id})/${name}`;
			entity[`${name}@odata.mediaEditLink`] = link;
			entity[`${name}@odata.mediaReadLink`] = link;
		}
		for (const expand of expands) expand(entity, row);
		return entity;
	};
}

function selectProperties(view: View, names: readonly string[]): Property[] {
	const chosen: Property[] = [];
	for (const name of names) {
		const property = view.byLowerName.get(name.toLowerCase());
		if (property) {
			if (!chosen.includes(property)) chosen.push(property);
		} else if (!view.navigation.some((navigation) => navigation.name === name)) {
			throw badRequest(`Could not find a property named '${name}' on type '${typeName(view)}'.`);
		}
	}
	return chosen;
}

function expander(
	view: View,
	{ property: name, options }: ExpandItem,
	company: CompanyData,
	root: string,
	version: string,
): (entity: Record<string, unknown>, row: Row) => void {
	const navigation = view.navigation.find((one) => one.name === name);
	if (!navigation) throw badRequest(`Could not find a property named '${name}' on type '${typeName(view)}'.`);
	const target = targetOf(navigation);
	const write = entityWriter(target, options, company, root, version);
	const filter = readFilter(options.filter, target, version);
	const order = readOrder(target, options);
	return (entity, row) => {
		const rows = follow(view, row, navigation, company);
		const page = run({
			view: { ...target, constants: {} },
			company,
			filter,
			order,
			after: null,
			skip: options.skip ?? 0,
			limit: options.top ?? Infinity,
			rows,
		});
		const written = page.rows.map(write);
		entity[name] = navigation.many ? written : (written[0] ?? null);
	};
}

export function readOrder(view: View, options: QueryOptions): Order[] {
	return (options.orderby ?? []).map(({ path, descending }) => {
		const name = path.join('/');
		const property = view.byLowerName.get(name.toLowerCase());
		if (!property) throw badRequest(`Could not find a property named '${name}' on type '${typeName(view)}'.`);
		if (property.computed || property.kind === 'stream') {
			throw badRequest(`The property '${name}' cannot be used for $orderby because it is not bound directly to a table field.`);
		}
		return { property, descending };
	});
}
