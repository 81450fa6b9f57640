import { decodeQueryText, splitTop } from '../../odata/query';
import { badRequest, notImplemented, type BcError } from '../errors';
import { unsupportedType } from './headers';

/** What a query is about: decides which options mean anything. */
export type OptionScope = 'collection' | 'count' | 'entity' | 'flowFiltered' | 'written' | 'document' | 'none' | 'resources';

const shape = ['$select', '$expand'];
const allowed: Readonly<Record<OptionScope, ReadonlySet<string>>> = {
	collection: new Set([...shape, '$filter', '$orderby', '$top', '$skip', '$count', '$skiptoken']),
	count: new Set(['$filter']),
	entity: new Set(shape),
	/** One entity of a page with FlowFilters: `$filter` may set them. */
	flowFiltered: new Set([...shape, '$filter']),
	/** POST of an entity and PATCH: the options shape the answer. */
	written: new Set(shape),
	document: new Set(),
	none: new Set(),
	resources: new Set(['$filter']),
};

/** Taken on every address: company and tenant, `aid` (an environment's application id), the schema version. */
const everywhere = new Set(['company', 'tenant', 'aid', '$schemaversion', '$format']);
const schemaVersions = new Set(['1.0', '2.0', '2.1']);
const unsupported = new Set(['$apply', '$search', '$compute', '$levels', '$deltatoken', '$id', '$index']);
const ofCollections = new Set(['$filter', '$orderby', '$count', '$skip', '$top']);
const inExpand = new Set([...shape, '$filter', '$orderby', '$top', '$skip', '$count']);

/**
 * Refuses the options of a query string that the service does not know, that are of no meaning for what the path leads to, or that stand
 * there twice. OData 4.0 Part 1, section 11.2.1: a service fails a request with a system query option it does not support. Options without
 * `$` are the service's own; BC publishes four, and a mistyped one must not pass in silence.
 */
export function checkOptions(query: string, scope: OptionScope): void {
	const seen = new Set<string>();
	for (const pair of query.split('&').filter(Boolean)) {
		const at = pair.indexOf('=');
		const name = decodeQueryText(at < 0 ? pair : pair.slice(0, at)).trim();
		const value = at < 0 ? '' : decodeQueryText(pair.slice(at + 1));
		if (seen.has(name)) throw badRequest(`Query option '${name}' was specified more than once, but it must be specified at most once.`);
		seen.add(name);
		checkOption(name, value, scope);
	}
}

function checkOption(name: string, value: string, scope: OptionScope): void {
	if (name === '$schemaversion' && !schemaVersions.has(value)) throw badRequest(`The schema version '${value}' is not supported.`);
	// OData 4.0 Part 2, section 5.1.6: JSON is what the service has; another format is refused.
	if (name === '$format' && !/^(json|application\/json(;.*)?)$/i.test(value.trim())) throw unsupportedType(value);
	if (everywhere.has(name)) return;
	if (unsupported.has(name)) throw notImplemented(`The ${name} query option is not supported.`);
	if (!allowed[scope].has(name)) {
		if (ofCollections.has(name) && (scope === 'entity' || scope === 'flowFiltered' || scope === 'written')) {
			throw notACollection();
		}
		throw badRequest(`The query parameter '${name}' is not supported.`);
	}
	if (name === '$expand') checkExpand(value);
}

export const notACollection = (): BcError =>
	badRequest(
		'The requested resource is not a collection. Query options $filter, $orderby, $count, $skip, and $top can be applied only on collections.',
	);

/** The same for the options in the parentheses of `$expand`. */
function checkExpand(text: string): void {
	for (const item of splitTop(text, ',')) {
		const open = item.indexOf('(');
		if (open < 0) continue;
		const seen = new Set<string>();
		for (const pair of splitTop(item.slice(open + 1, item.lastIndexOf(')')), ';')) {
			const at = pair.indexOf('=');
			const name = (at < 0 ? pair : pair.slice(0, at)).trim();
			if (unsupported.has(name)) throw notImplemented(`The ${name} query option is not supported in $expand.`);
			if (!inExpand.has(name)) throw badRequest(`The query option '${name}' is not supported in $expand.`);
			if (seen.has(name)) throw badRequest(`Query option '${name}' was specified more than once, but it must be specified at most once.`);
			seen.add(name);
			if (name === '$expand') checkExpand(pair.slice(at + 1));
		}
	}
}
