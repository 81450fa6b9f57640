import type { CompanyData } from '../data/companyData';
import { isGuid, type Row, type Value } from '../data/row';
import { badKey, badRequest, noCompany, noSegment, notFound, notImplemented } from '../errors';
import { apiViews, targetOf } from '../model/schema';
import { shows, type Property, type View } from '../model/view';
import { childFields, follow, temporaryRow } from '../read/navigation';
import { reader } from '../read/values';
import { isQuoted, parseKey, unquote, type Address, type Endpoint, type Segment } from './address';
import type { ServiceState } from './state';

/** An answer that is about the service, not about records. */
export interface Document {
	kind: 'root' | 'metadata' | 'entityDefinitions';
	company: CompanyData | null;
}

export const isDocument = (target: Target): target is Document => ['root', 'metadata', 'entityDefinitions'].includes(target.kind);

/** What a path leads to. */
export type Target =
	| Document
	| { kind: 'collection'; view: View; company: CompanyData; rows?: Row[]; parent?: Readonly<Record<string, Value>> }
	| { kind: 'count'; view: View; company: CompanyData; rows?: Row[] }
	| { kind: 'entity'; view: View; company: CompanyData; row: Row }
	| { kind: 'property'; view: View; company: CompanyData; row: Row; property: Property; /** `/$value`: the bare value. */ raw: boolean }
	| { kind: 'action'; view: View; company: CompanyData; row: Row; action: string };

export interface CompanyHint {
	/** `?company=` */
	query: string | undefined;
	/** Header `Company` of a part of a batch. */
	header: string | undefined;
}

/** Walks a path from the service root. Throws 404 BadRequest_ResourceNotFound for what is not there. */
export function resolve(address: Address, hint: CompanyHint, state: ServiceState): Target {
	const { endpoint, segments } = address;
	const sets = endpoint === 'odata' ? state.published : state.routes.entitySets(address.route);
	const [first, ...rest] = segments;
	if (!first) return { kind: 'root', company: null };
	if (first.name === '$metadata') return { kind: 'metadata', company: null };
	if (first.name === 'entityDefinitions' && endpoint === 'api') return { kind: 'entityDefinitions', company: null };
	if (endpoint === 'api' && first.name === 'companies') {
		if (first.key === null || rest.length === 0) return walk(apiViews.get('companies')!, state.platform, [first, ...rest], endpoint);
		const company = state.companyById(companyId(first.key));
		if (!company) throw noCompany(first.key);
		return start(endpoint, rest, company, sets);
	}
	if (endpoint === 'api' && first.name === 'subscriptions') return walk(apiViews.get('subscriptions')!, state.platform, segments, endpoint);
	if (endpoint === 'odata' && first.name === 'Company') {
		if (first.key === null) return walk({ ...apiViews.get('companies')!, service: 'odata' }, state.platform, segments, endpoint);
		const { single, named } = parseKey(first.key);
		const id = named.get('Id') ?? named.get('id');
		const name = named.get('Name') ?? single ?? '';
		if (id !== undefined ? isQuoted(id) : !isQuoted(name)) throw badKey(first.key);
		const company = id !== undefined ? state.companyById(id.toLowerCase()) : state.companyByName(unquote(name));
		if (!company) throw noCompany(id ?? unquote(name));
		return rest.length === 0 ? { kind: 'root', company } : start(endpoint, rest, company, sets);
	}
	return start(endpoint, segments, impliedCompany(hint, state), sets);
}

function companyId(key: string): string {
	const { single, named } = parseKey(key);
	const id = (named.get('id') ?? single ?? '').toLowerCase();
	if (!isGuid(id)) throw badKey(key);
	return id;
}

/** The company that a request names beside its path, or the only one. */
export function impliedCompany(hint: CompanyHint, state: ServiceState): CompanyData {
	const named = hint.header ?? (hint.query === undefined ? undefined : unquote(hint.query));
	if (named !== undefined) {
		const company = isGuid(named) ? state.companyById(named.toLowerCase()) : state.companyByName(named);
		if (!company) throw noCompany(named);
		return company;
	}
	const all = state.companies();
	if (all.length !== 1) throw noCompany('');
	return all[0]!;
}

function start(endpoint: Endpoint, segments: readonly Segment[], company: CompanyData, sets: ReadonlyMap<string, View>): Target {
	const [first] = segments;
	if (!first) return { kind: 'root', company };
	const view = sets.get(first.name);
	if (!view || view.name === 'companies' || view.name === 'subscriptions') throw noSegment(first.name);
	return walk(view, company, segments, endpoint);
}

function walk(view: View, company: CompanyData, [first, ...rest]: readonly Segment[], endpoint: Endpoint): Target {
	const only = view.name === 'companyInformation' ? [...company.table(view.table).rows()][0] : undefined;
	if (first!.key === null && only && rest.length > 0 && rest[0]!.name !== '$count') return member(view, company, only, rest, endpoint);
	if (first!.key === null) {
		if (rest.length === 0) return { kind: 'collection', view, company };
		if (rest[0]!.name === '$count' && rest.length === 1) return { kind: 'count', view, company };
		throw noSegment(rest[0]!.name);
	}
	const row = rowByKey(view, company, first!.key);
	return rest.length === 0 ? { kind: 'entity', view, company, row } : member(view, company, row, rest, endpoint);
}

function member(view: View, company: CompanyData, row: Row, [next, ...rest]: readonly Segment[], endpoint: Endpoint): Target {
	const name = next!.name;
	const called = /^(?:Microsoft\.)?NAV\.(\w+)$/.exec(name)?.[1]?.toLowerCase();
	if (called !== undefined) {
		const action = view.actions.find((one) => one.toLowerCase() === called);
		if (!action || rest.length > 0)
			throw notImplemented(view.actions.length === 0 ? 'Entity does not support bound actions.' : `The action '${name}' does not exist.`);
		return { kind: 'action', view, company, row, action };
	}
	const property = view.byName.get(name);
	if (property) {
		const raw = rest[0]?.name === '$value';
		if (rest.length > 0 && !(raw && rest.length === 1)) throw noSegment(rest[0]!.name);
		return { kind: 'property', view, company, row, property, raw };
	}
	const navigation = view.navigation.find((one) => one.name === name);
	if (!navigation) throw noSegment(name);
	const target = targetOf(navigation);
	const rows = follow(view, row, navigation, company);
	if (!navigation.many) {
		if (!rows[0]) throw notFound();
		if (next!.key !== null) childByKey(target, company, rows, next!.key);
		return rest.length === 0 ? { kind: 'entity', view: target, company, row: rows[0] } : member(target, company, rows[0], rest, endpoint);
	}
	if (next!.key !== null) {
		const child = childByKey(target, company, rows, next!.key);
		return rest.length === 0 ? { kind: 'entity', view: target, company, row: child } : member(target, company, child, rest, endpoint);
	}
	if (rest.length === 0) return { kind: 'collection', view: target, company, rows, parent: childFields(view, row, navigation) };
	if (rest[0]!.name === '$count' && rest.length === 1) return { kind: 'count', view: target, company, rows };
	throw noSegment(rest[0]!.name);
}

/** A row of a navigation by its key. */
function childByKey(view: View, company: CompanyData, rows: readonly Row[], key: string): Row {
	const [property] = view.key;
	const literal = parseKey(key).single ?? parseKey(key).named.get(property!.name) ?? '';
	if (!isGuid(literal)) throw badKey(key);
	const child = rows.find((row) => reader(view, property!)(row, company) === literal.toLowerCase());
	if (!child) throw notFound();
	return child;
}

function rowByKey(view: View, company: CompanyData, key: string): Row {
	const table = company.table(view.table);
	const { single, named } = parseKey(key);
	let row: Row | undefined;
	if (view.key.length === 1 && view.key[0]!.kind === 'guid') {
		const id = (single ?? named.get(view.key[0]!.name) ?? '').toLowerCase();
		if (!isGuid(id)) throw badKey(key);
		row = view.key[0]!.flow ? byCalculatedKey(view, company, id) : (table.get(id) ?? temporaryRow(view, id, company));
	} else if (view.name === 'subscriptions') {
		row = table.get(unquote(single ?? '').toLowerCase());
	} else {
		row = byPageKey(view, company, single, named);
	}
	if (!row || !shows(view, row)) throw notFound();
	return row;
}

/** A key that is worked out: of an invoice its own id, or that of the draft where it was none. */
const byCalculatedKey = (view: View, company: CompanyData, id: string): Row | undefined => {
	const read = reader(view, view.key[0]!);
	const table = company.table(view.table);
	return [...table.withField(view.key[0]!.field, id), table.get(id)].find((row) => row !== undefined && read(row, company) === id);
};

function byPageKey(view: View, company: CompanyData, single: string | null, named: ReadonlyMap<string, string>): Row | undefined {
	const table = company.table(view.table);
	const id = named.get('SystemId') ?? named.get('id');
	if (id !== undefined) return isGuid(id) ? table.get(id.toLowerCase()) : refuseKey(id);
	const values = view.key.map((property, index) => {
		const text = named.get(property.name) ?? (index === 0 && view.key.length === 1 ? single : null);
		if (text === null || text === undefined) throw badRequest(`The key property ${property.name} is missing.`);
		if (property.kind === 'integer') return /^-?\d+$/.test(text) ? Number(text) : refuseKey(text);
		if (property.kind === 'guid') return isGuid(text) ? text.toLowerCase() : refuseKey(text);
		return isQuoted(text) ? unquote(text) : refuseKey(text);
	});
	const fields = view.key.map(({ field }) => field);
	if (fields.join() === table.primaryKey.join()) return table.getByKey(...values);
	return table
		.withField(fields.at(-1)!, values.at(-1)!)
		.find(
			(row) =>
				shows(view, row) &&
				fields.every((field, index) => String(row.fields[field] ?? '').toUpperCase() === String(values[index]).toUpperCase()),
		);
}

function refuseKey(key: string): never {
	throw badKey(key);
}
