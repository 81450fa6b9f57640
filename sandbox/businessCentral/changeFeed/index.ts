import type { CompanyData } from '../data/companyData';
import { badRequest, noSegment, notAllowed, notImplemented } from '../errors';
import { answer, type Answer } from '../http/answer';
import { checkHeaders } from '../http/headers';
import type { Operation } from '../http/operation';
import { checkOptions } from '../http/queryOptions';
import type { ServiceState } from '../http/state';
import { impliedCompany } from '../http/target';
import { readQuery } from '../read/entity';
import { type ChangeIndex, type FeedField, feedTables, type FeedTable } from './objects';
import { byIds, cursorOf, page, pageSizeOf } from './records';
import { formatStamp } from './values';

const SERVICE = 'MDMCrossEnvSource';
/** Names and types of the parameters, as the actions take them. */
const ACTIONS: Readonly<Record<string, Readonly<Record<string, 'number' | 'string'>>>> = {
	GetCapabilities: {},
	GetRecords: { tableId: 'number', fieldIds: 'string', selector: 'string', pageSize: 'number', filter: 'string' },
	LastModifiedAtPerTable: { tableIds: 'string' },
};
/** Tenant Media, Tenant Media Set, Tenant Media Thumbnails. */
const BLOCKED = new Set([2000000184, 2000000183, 2000000182]);

/**
 * The source of Master Data Management across environments, as Business Central 29 has it: codeunit 7241 published as a web service, with actions that
 * answer JSON in a text (microsoft/BCApps, src/Apps/W1/MasterDataManagement, MDMCrossEnvSourceAPI.Codeunit.al).
 */
export class ChangeFeed {
	/** Published on the page Web Services. */
	published = true;
	/** The privacy notice is agreed to. */
	consented = false;
	version = 1;
	features: readonly string[] = ['records', 'lastModifiedPerTable'];
	/** Users with a permission set that lets them execute the codeunit. */
	private readonly permitted = new Set<string>();
	/** Keys that extensions of the installation add to tables. */
	private readonly keys = new Map<number, ChangeIndex>();

	/** The permission set *Master Data Mgt. - Cross Environment* is assigned. */
	permit(user: string): void {
		this.permitted.add(user);
	}

	/** An extension adds a key on SystemModifiedAt and SystemId to a table. */
	index(tableNo: number, index: ChangeIndex = 'composite'): void {
		this.keys.set(tableNo, index);
	}

	/** Whether the path leads here. */
	serves({ address }: Operation): boolean {
		const [first, ...rest] = address.segments;
		return this.published && address.endpoint === 'odata' && rest.length === 0 && first?.name.startsWith(`${SERVICE}_`) === true;
	}

	carryOut(operation: Operation, state: ServiceState): Answer {
		const { address, method, headers, user } = operation;
		const action = address.segments[0]!.name.slice(SERVICE.length + 1);
		const parameters = ACTIONS[action];
		if (!parameters || address.segments[0]!.key !== null) throw noSegment(address.segments[0]!.name);
		if (method !== 'POST') throw notAllowed(method);
		checkHeaders(method, headers, false);
		checkOptions(address.query, 'none');
		const company = impliedCompany({ query: readQuery(address.query).other.get('company'), header: headers['company'] }, state);
		if (!this.permitted.has(user))
			throw state.permissions.refusal('Codeunit 7241 MDM Cross-Env Source API Execute: Master Data Management');
		const value = JSON.stringify(this.called(action, argumentsOf(operation.body, parameters), { company, state, user }));
		return answer(200, { '@odata.context': `${address.root}/$metadata#Edm.String`, value });
	}

	private called(action: string, given: Record<string, unknown>, call: Call): unknown {
		if (action === 'GetCapabilities') return { version: this.version, features: this.features };
		if (!this.consented) return { consentRequired: true };
		return action === 'GetRecords' ? this.records(given, call) : this.lastModified(String(given['tableIds']), call);
	}

	private records(given: Record<string, unknown>, { company, state, user }: Call): unknown {
		const tableId = given['tableId'] as number;
		const table = BLOCKED.has(tableId) ? undefined : feedTables.get(tableId);
		if (!table) return { tableId, tableAvailable: false, records: [], hasMore: false };
		// The engine has no use for it, and AL reads views in more ways than are known here.
		if (given['filter'] !== '') throw notImplemented('The sandbox reads no filter of the change feed.');
		const { fields, unavailable } = projection(table, String(given['fieldIds']));
		const head = { tableId, tableAvailable: true };
		if (unavailable.length > 0) return { ...head, unavailableFields: unavailable, records: [], hasMore: false };
		state.permissions.require(user, 'Read', { table: table.name, tableNo: table.no });
		const selector = objectIn(String(given['selector']));
		const ids = selector['systemIds'];
		if (Array.isArray(ids) && ids.length > 0) return { ...head, ...byIds(company, table, fields, ids) };
		const index = this.keys.get(table.no) ?? table.index;
		const pageSize = pageSizeOf(given['pageSize'] as number);
		return { ...head, ...page(company, { table, index, fields, cursor: cursorOf(selector), pageSize }) };
	}

	private lastModified(tableIds: string, { company, state, user }: Call): unknown {
		const ids = listIn(tableIds).filter((each): each is number => Number.isInteger(each));
		return {
			tables: ids.map((tableId) => {
				const table = BLOCKED.has(tableId) ? undefined : feedTables.get(tableId);
				if (!table) return { tableId, tableAvailable: false };
				if ((this.keys.get(tableId) ?? table.index) === 'none') return { tableId, tableAvailable: true, indexed: false };
				state.permissions.require(user, 'Read', { table: table.name, tableNo: table.no });
				const stamps = [...company.table(table.name).rows()].map(({ modifiedAt }) => modifiedAt);
				return { tableId, tableAvailable: true, lastModifiedAt: stamps.length === 0 ? '' : formatStamp(Math.max(...stamps)) };
			}),
		};
	}
}

interface Call {
	company: CompanyData;
	state: ServiceState;
	user: string;
}

/** Fields that are no plain values are left out; fields that are not there stop the answer. */
function projection(table: FeedTable, fieldIds: string): { fields: FeedField[]; unavailable: number[] } {
	const fields: FeedField[] = [];
	const unavailable: number[] = [];
	for (const no of listIn(fieldIds)) {
		if (!Number.isInteger(no)) continue;
		const field = table.fields.get(no as number);
		if (!field) unavailable.push(no as number);
		else if (!field.type.flowField && field.type.name !== 'MediaSet') fields.push(field);
	}
	return { fields, unavailable };
}

function argumentsOf(body: string, parameters: Readonly<Record<string, 'number' | 'string'>>): Record<string, unknown> {
	const given = body.trim() === '' ? {} : parsed(body);
	if (typeof given !== 'object' || given === null || Array.isArray(given)) throw badRequest('The request body must be a JSON object.');
	for (const name of Object.keys(given))
		if (!(name in parameters))
			throw badRequest(`The parameter '${name}' in the request payload is not a valid parameter for the operation.`);
	for (const [name, type] of Object.entries(parameters)) {
		const value = (given as Record<string, unknown>)[name];
		if (value === undefined) throw badRequest(`The parameter '${name}' is missing in the request payload.`);
		if (typeof value !== type || (type === 'number' && !Number.isInteger(value)))
			throw badRequest(`Cannot convert the value of the parameter '${name}' to ${type === 'number' ? 'Edm.Int32' : 'Edm.String'}.`);
	}
	return given as Record<string, unknown>;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw badRequest('The request body is not well formed JSON.');
	}
}

/** AL's ReadFrom: what cannot be read is nothing. */
const listIn = (text: string): unknown[] => {
	const value = quietly(text);
	return Array.isArray(value) ? value : [];
};
const objectIn = (text: string): Record<string, unknown> => {
	const value = quietly(text);
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
};
function quietly(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
