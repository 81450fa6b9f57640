import type { CompanyData } from '../data/companyData';
import type { Row } from '../data/row';
import { badRequest, badToken, BcError, changed, notAllowed, notFound } from '../errors';
import { blankOf, type View } from '../model/view';
import type { Right } from '../permissions';
import { entityWriter, readQuery, schemaVersion } from '../read/entity';
import { readFilter } from '../read/filterRules';
import { withinFlowFilters } from '../read/flowFilters';
import { temporaryRow } from '../read/navigation';
import { etagOf, reader } from '../read/values';
import { rulesOf } from '../write/tableRules';
import type { Session } from '../write/session';
import { deleteThrough, insertThrough, updateThrough, type Body } from '../write/writer';
import type { Address } from './address';
import { answer, type Answer } from './answer';
import { countCollection, readCollection } from './collection';
import { isEtag } from './etag';
import { checkHeaders } from './headers';
import { checkOptions, notACollection, type OptionScope } from './queryOptions';
import { entityDefinitions, metadata, serviceDocument } from './documents';
import type { ServiceState } from './state';
import { isDocument, resolve, type Document, type Target } from './target';

/** One request or one part of a batch. */
export interface Operation {
	method: string;
	address: Address;
	/** Absolute, as sent. */
	url: string;
	headers: Readonly<Record<string, string>>;
	body: string;
	user: string;
	/** Whether somebody else changes the row just before this update (fault `stale`). */
	stale: () => boolean;
}

const rights: Readonly<Record<string, Right>> = { GET: 'Read', POST: 'Insert', PATCH: 'Modify', PUT: 'Modify', DELETE: 'Delete' };

/** Carries out one operation at once; throws BcError. What it wrote before an error is undone by the writer. */
export function carryOut(operation: Operation, state: ServiceState): Answer {
	const { address, headers } = operation;
	const options = readQuery(address.query);
	const target = resolve(address, { query: options.other.get('company'), header: headers['company'] }, state);
	checkHeaders(operation.method, headers, target.kind === 'property' && target.property.kind === 'stream');
	checkOptions(address.query, scopeOf(operation.method, target));
	if (isDocument(target)) {
		if (operation.method !== 'GET') throw notAllowed(operation.method);
		if (target.kind === 'metadata') return answer(200, metadata(address, state), 0, { 'content-type': 'application/xml' });
		return answer(200, target.kind === 'root' ? serviceDocument(address, state) : entityDefinitions(address, state));
	}
	const right = rights[operation.method];
	if (!right) throw notAllowed(operation.method);
	state.permissions.require(operation.user, target.kind === 'action' ? 'Modify' : right, target.view);
	const session: Session = { company: target.company, user: operation.user };
	if (operation.method === 'GET') return read(operation, target, options, state);
	if (target.kind === 'collection' && operation.method === 'POST') {
		const row = insertThrough(session, target.view, parseBody(operation.body), target.parent);
		return created(operation, target, row, entityOf(operation, target.view, row, target.company, options));
	}
	if (target.kind === 'action' && operation.method === 'POST') {
		if (operation.body.trim() && Object.keys(parseBody(operation.body)).length > 0) {
			throw badRequest(`The action '${target.action}' takes no parameters.`);
		}
		matchIfSent(operation, target.view, current(operation, target.view, target.row, target.company), target.company);
		const { actions, afterCommit } = rulesOf(target.view.table);
		const run = actions?.[target.action];
		if (!run) throw new BcError(501, 'BadRequest_MethodNotImplemented', `The action ${target.action} is not available in the sandbox.`);
		target.company.atomically(() => run(session, target.row));
		const rest = afterCommit?.[target.action];
		const row = target.company.table(target.view.table).get(target.row.id);
		if (rest && row) target.company.atomically(() => rest(session, row));
		return answer(204, undefined, 1);
	}
	if (target.kind === 'property' && target.property.kind === 'stream' && operation.method === 'PATCH') {
		const before = current(operation, target.view, target.row, target.company);
		match(operation, target.view, before, target.company);
		const bytes = bytesOf(operation);
		const fields = { ...before.fields, [target.property.field]: bytes, 'Byte Size': bytes.length };
		target.company.modify(target.view.table, before, fields, operation.user);
		return answer(204, undefined, 1);
	}
	if (target.kind !== 'entity') throw notAllowed(operation.method);
	const row = current(operation, target.view, target.row, target.company);
	if (operation.method === 'DELETE') {
		matchIfSent(operation, target.view, row, target.company);
		deleteThrough(session, target.view, row);
		return answer(204, undefined, 1);
	}
	if (operation.method === 'POST') throw notAllowed('POST');
	match(operation, target.view, row, target.company);
	const after = updateThrough(session, target.view, row, parseBody(operation.body));
	return answer(200, entityOf(operation, target.view, after, target.company, options), after === row ? 0 : 1, {
		etag: etagOf(target.view, after, target.company),
	});
}

/** What the query options of a request can be about. */
function scopeOf(method: string, target: Target): OptionScope {
	if (isDocument(target)) return 'document';
	if (target.kind === 'collection') return method === 'POST' ? 'written' : 'collection';
	if (target.kind === 'count') return 'count';
	if (target.kind !== 'entity' || method === 'DELETE') return 'none';
	if (method !== 'GET') return 'written';
	return target.view.properties.some(({ filterOnly }) => filterOnly) ? 'flowFiltered' : 'entity';
}

type Content = Exclude<Target, Document>;

function read(operation: Operation, target: Content, options: ReturnType<typeof readQuery>, state: ServiceState): Answer {
	const { address } = operation;
	const { view, company } = target;
	switch (target.kind) {
		case 'count':
			return answer(200, String(countCollection(view, company, options, target.rows)));
		case 'collection':
			return answer(
				200,
				readCollection({
					view,
					company,
					...(target.rows ? { rows: target.rows } : {}),
					options,
					url: operation.url.split('?')[0]!,
					query: address.query,
					root: address.root,
					context: contextOf(address, view, company),
					prefer: operation.headers['prefer'] ?? '',
					pageSize: state.pageSize,
				}),
			);
		case 'entity':
			return oneEntity(operation, target, options);
		case 'property': {
			const value = reader(view, target.property)(target.row, company) ?? blankOf(target.property);
			if (target.property.kind === 'stream') return answer(200, String(value), 0, { 'content-type': 'application/octet-stream' });
			if (target.raw) return answer(200, String(value), 0, { 'content-type': 'text/plain' });
			return answer(200, {
				'@odata.context': contextOf(address, view, company),
				value,
			});
		}
		default:
			throw notAllowed('GET');
	}
}

/** One entity; a filter on it may only set FlowFilters (use-flowfilters-in-odata-uris). */
function oneEntity(
	operation: Operation,
	{ view: base, row, company }: Content & { kind: 'entity' },
	options: ReturnType<typeof readQuery>,
): Answer {
	const { view, filter } = withinFlowFilters(base, readFilter(options.filter, base, schemaVersion(options)));
	if (filter) throw notACollection();
	return answer(200, entityOf(operation, view, row, company, options), 0, base.query ? {} : { etag: etagOf(base, row, company) });
}

function entityOf(
	{ address }: Operation,
	view: View,
	row: Row,
	company: CompanyData,
	options: ReturnType<typeof readQuery>,
): Record<string, unknown> {
	return { '@odata.context': `${contextOf(address, view, company)}/$entity`, ...entityWriter(view, options, company, address.root)(row) };
}

function contextOf({ root, endpoint }: Address, view: View, company: CompanyData): string {
	if (view.name === 'companies' || view.name === 'subscriptions')
		return `${root}/$metadata#${endpoint === 'odata' ? 'Company' : view.name}`;
	return `${root}/$metadata#${endpoint === 'api' ? `companies(${company.id})` : `Company(Id=${company.id})`}/${view.name}`;
}

function created(operation: Operation, target: Content, row: Row, entity: Record<string, unknown>): Answer {
	const location = `${operation.url.split('?')[0]!}(${keyText(target.view, row, target.company)})`;
	const headers = { location, 'odata-entityid': location, etag: etagOf(target.view, row, target.company) };
	// Honoured on create only: asking for a minimal answer has no effect on PATCH.
	if (/return-no-content|return=minimal/i.test(operation.headers['prefer'] ?? '')) return answer(204, undefined, 1, headers);
	return answer(201, entity, 1, headers);
}

/** Entity sets have one id, written bare; pages the key of their table. */
function keyText(view: View, row: Row, company: CompanyData): string {
	const values = view.key.map((property) => {
		const value = String(reader(view, property)(row, company) ?? '');
		return ['integer', 'guid'].includes(property.kind) ? value : `'${value.replaceAll("'", "''")}'`;
	});
	return values.length === 1 ? values[0]! : view.key.map(({ name }, index) => `${name}=${values[index]!}`).join(',');
}

/** The row at the time of the write; a `stale` fault lets somebody else change it first. */
function current(operation: Operation, view: View, row: Row, company: CompanyData): Row {
	const found = company.table(view.table).get(row.id) ?? temporaryRow(view, row.id, company);
	if (!found) throw notFound();
	return operation.stale() ? company.touch(view.table, found, 'ANOTHER') : found;
}

function match(operation: Operation, view: View, row: Row, company: CompanyData): void {
	const sent = operation.headers['if-match']?.trim();
	if (!isEtag(sent)) throw badToken();
	if (sent !== '*' && sent !== etagOf(view, row, company)) throw changed();
}

/** DELETE and actions check the etag only when one is sent. */
function matchIfSent(operation: Operation, view: View, row: Row, company: CompanyData): void {
	if (operation.headers['if-match'] !== undefined) match(operation, view, row, company);
}

/** Bytes of a stream: the body as it came, or in a batch, where bodies are JSON, the `value` of an object (use-odata-batch). */
function bytesOf({ headers, body }: Operation): string {
	if (!/json/i.test(headers['content-type'] ?? '')) return body;
	const value = parseBody(body)['value'];
	if (typeof value !== 'string') throw badRequest('The value of a stream property must be text.');
	return value;
}

function parseBody(text: string): Body {
	let body: unknown;
	try {
		body = JSON.parse(text);
	} catch {
		throw badRequest('The request body is not well formed JSON.');
	}
	if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest('The request body must be a JSON object.');
	return body as Body;
}
