import type { QueryOptions } from '../odata/query';
import type { Call } from './call';
import { DataverseError, queryOption } from './errors';

/** Kinds of resources by the query options they know. */
const known = {
	none: [],
	select: ['$select', '$expand'],
	/** Answers to PATCH: `$expand` is let through and ignored. */
	update: ['$select', '$expand'],
	selectOnly: ['$select'],
	row: ['$select', '$expand'],
	set: ['$select', '$expand', '$filter', '$orderby', '$top', '$count', '$skiptoken'],
	aggregate: ['$apply'],
	tracked: ['$select', '$deltatoken', '$skiptoken', '$count'],
	count: ['$filter', '$deltatoken'],
	fetch: ['fetchXml', '$count'],
	savedQuery: ['savedQuery', '$count'],
	userQuery: ['userQuery', '$count'],
	sql: ['sql', '$skiptoken'],
	reference: [],
	removeReference: ['$id'],
	document: ['annotations'],
	metadata: ['$select', '$expand', '$filter'],
	metadataItem: ['$select', '$expand'],
} satisfies Record<string, string[]>;

export type ResourceKind = keyof typeof known;

/** Options every request may carry: `tag` reaches plug-ins and webhooks. */
const everywhere = new Set(['tag']);

const collectionOnly = new Set(['$filter', '$orderby', '$count', '$skip', '$top']);

/** Names of the options a query uses. */
function usedOptions(query: QueryOptions): string[] {
	const named = ['select', 'expand', 'orderby', 'filter', 'apply', 'top', 'skip', 'count', 'skiptoken', 'deltatoken'] as const;
	return [...named.filter((name) => query[name] !== undefined).map((name) => `$${name}`), ...query.other.keys()];
}

/**
 * Refuses a query option the resource does not know, so that none is ever ignored. Names are case-sensitive and need their `$`.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview ("OData query options")
 */
export function allowOptions(call: Pick<Call, 'query'>, kind: ResourceKind): void {
	const allowed: readonly string[] = known[kind];
	for (const name of usedOptions(call.query)) {
		if (allowed.includes(name) || everywhere.has(name)) continue;
		throw refusal(name, kind);
	}
}

const single = new Set<ResourceKind>(['row', 'metadataItem', 'selectOnly']);

function refusal(name: string, kind: ResourceKind): DataverseError {
	if (name === '$skip' && !single.has(kind)) return queryOption('Skip Clause is not supported in CRM');
	if (kind === 'tracked') {
		return queryOption(`The "${name}" query parameter isn't supported when Change Tracking is enabled.`);
	}
	if (kind === 'count') return queryOption('Only $filter is supported with $count.');
	if (collectionOnly.has(name) && single.has(kind)) {
		return new DataverseError(400, '0x0', 'The query specified in the URI is not valid. The requested resource is not a collection. Query options $filter, $orderby, $count, $skip, and $top can be applied only on collections.'); // prettier-ignore
	}
	if (kind === 'metadata') return queryOption(`The query parameter ${name} is not supported for metadata.`);
	if (name === 'partitionId') return queryOption('The query parameter partitionId is only supported for elastic tables.');
	return queryOption(`The query parameter ${name} is not supported.`);
}

/** The kind of read a GET on a set is, by the options that change its nature. */
export function setKind(call: Pick<Call, 'query' | 'prefer'>): ResourceKind {
	const { query, prefer } = call;
	for (const [name, kind] of [
		['fetchXml', 'fetch'],
		['savedQuery', 'savedQuery'],
		['userQuery', 'userQuery'],
		['sql', 'sql'],
	] as const) {
		// prettier-ignore
		if (query.other.has(name)) return kind;
	}
	if (query.apply !== undefined) return 'aggregate';
	return prefer.trackChanges || query.deltatoken !== undefined ? 'tracked' : 'set';
}

const booleanHeaders = new Set(['mscrm.suppressduplicatedetection', 'mscrm.bypasscustompluginexecution', 'mscrm.suppresscallbackregistrationexpanderjob', 'mscrm.mergelabels']); // prettier-ignore
const textHeaders = new Set(['mscrm.bypassbusinesslogicexecution', 'mscrm.bypassbusinesslogicexecutionstepids', 'mscrm.sessiontoken', 'mscrm.solutionuniquename', 'mscrm.solutionname']); // prettier-ignore

/**
 * Refuses headers of the service (`MSCRM.…`, `Consistency`) that are not modelled, and values that say nothing.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors and /optional-parameters
 */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
	for (const [name, value] of Object.entries(headers)) {
		if (name === 'consistency' && value !== 'Strong') throw headerRefused('Consistency', value);
		if (!name.startsWith('mscrm.')) continue;
		if (booleanHeaders.has(name)) {
			if (!/^(true|false)$/i.test(value.trim())) throw headerRefused(name, value);
		} else if (name === 'mscrm.bypassbusinesslogicexecution') {
			if (value.split(',').some((part) => !['CustomSync', 'CustomAsync'].includes(part.trim()))) throw headerRefused(name, value);
		} else if (!textHeaders.has(name)) throw queryOption(`The request header ${name} is not supported.`);
	}
}

const headerRefused = (name: string, value: string) => new DataverseError(400, '0x80040203', `The value '${value}' of the request header ${name} is not valid.`); // prettier-ignore
