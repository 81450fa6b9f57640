import { badRequest, BcError, noSegment } from '../errors';

/** One step of a path: `customers(0a1b…)`. */
export interface Segment {
	name: string;
	/** What stands in the parentheses, decoded; null without. */
	key: string | null;
}

export type Endpoint = 'api' | 'odata' | 'runtime' | 'automation' | 'environments';

export interface Address {
	endpoint: Endpoint;
	/** Absolute address of the service root, without a slash at the end. */
	root: string;
	/** Behind `/api/`: `v2.0`, or publisher, group and version of another API. Empty under ODataV4. */
	route: string;
	segments: Segment[];
	/** After `?`, still encoded. */
	query: string;
}

const roots: ReadonlyArray<[RegExp, Endpoint]> = [
	[/^\/environments\/v\d+\.\d+/i, 'environments'],
	[/^(.*?)\/api\/microsoft\/runtime\/beta(?=\/|$)/i, 'runtime'],
	[/^(.*?)\/api\/microsoft\/automation\/v2\.0(?=\/|$)/i, 'automation'],
	[/^(.*?)\/api\/v2\.0(?=\/|$)/i, 'api'],
	[/^(.*?)\/ODataV4(?=\/|$)/i, 'odata'],
	[/^(.*?)\/api\/[^/()]+\/[^/()]+\/[^/()]+(?=\/|$)/i, 'api'],
];

/** SaaS addresses `/v2.0[/{tenant}]/{environment}` and on-premises ones `/{instance}`. */
export function parseAddress(url: string, environments: ReadonlySet<string>): Address {
	const [, origin = '', path = '', , query = ''] = /^(https?:\/\/[^/?#]+)([^?#]*)(\?([^#]*))?/i.exec(url) ?? [];
	for (const [pattern, endpoint] of roots) {
		const found = pattern.exec(path);
		if (!found) continue;
		if (endpoint !== 'environments') checkEnvironment(found[1] ?? '', environments);
		const route = decode(/\/api\/(.*)$/i.exec(found[0])?.[1] ?? '');
		return { endpoint, root: origin + found[0], route, segments: parseSegments(path.slice(found[0].length)), query };
	}
	throw noSegment(path);
}

/** The environment or server instance a prefix names, as written; undefined when it has another shape. */
function namedIn(prefix: string): string | undefined {
	const parts = prefix.split('/').filter(Boolean).map(decode);
	if (parts[0]?.toLowerCase() === 'v2.0') return parts.length === 2 || parts.length === 3 ? parts.at(-1) : undefined;
	return parts.length === 1 ? parts[0] : undefined;
}

/** Environment a request goes to, lower case; undefined when its address names none. */
export function environmentOf(url: string): string | undefined {
	const [, path = ''] = /^https?:\/\/[^/?#]+([^?#]*)/i.exec(url) ?? [];
	for (const [pattern, endpoint] of roots) {
		const found = endpoint === 'environments' ? null : pattern.exec(path);
		if (found) return (found[1] ?? '').split('/').at(-1)!.toLowerCase();
	}
	return undefined;
}

function checkEnvironment(prefix: string, environments: ReadonlySet<string>): void {
	const environment = namedIn(prefix);
	if (environment === undefined || !environments.has(environment.toLowerCase())) {
		throw new BcError(404, 'NoEnvironment', `Environment does not exist. Environment: ${environment ?? prefix}.`);
	}
}

/** Splits at `/`, but not inside parentheses or quotes, and decodes. */
export function parseSegments(path: string): Segment[] {
	const parts: string[] = [];
	let part = '';
	let depth = 0;
	let quoted = false;
	for (const character of decode(path.replace(/%2F/gi, '\u0002'))) {
		if (character === "'") quoted = !quoted;
		if (!quoted && character === '(') depth++;
		if (!quoted && character === ')') depth--;
		if (character === '/' && !quoted && depth === 0) {
			if (part) parts.push(part);
			part = '';
		} else {
			part += character === '\u0002' ? '/' : character;
		}
	}
	if (part) parts.push(part);
	return parts.map((text) => {
		const at = text.indexOf('(');
		if (at < 0) return { name: text, key: null };
		if (!text.endsWith(')')) throw badRequest(`Syntax error in the segment '${text}'.`);
		return { name: text.slice(0, at), key: text.slice(at + 1, -1) };
	});
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw new BcError(400, 'BadRequest_InvalidRequestUrl', 'The request URL is not well encoded.');
	}
}

/** `'10000'` → `single`, `Document_Type='Order',No='1'` → the literals by name, as they are written: the quotes tell text from GUIDs and numbers. */
export function parseKey(key: string): { single: string | null; named: Map<string, string> } {
	const parts = key.match(/(?:'(?:[^']|'')*'|[^,'])+/g) ?? [];
	const named = new Map<string, string>();
	for (const part of parts) {
		const [, name, value] = /^\s*([A-Za-z_]\w*)\s*=\s*(.*)$/s.exec(part) ?? [];
		if (name !== undefined && value !== undefined) named.set(name, value.trim());
	}
	return { single: named.size === 0 && parts.length === 1 ? key.trim() : null, named };
}

export const unquote = (text: string): string =>
	text.startsWith("'") && text.endsWith("'") && text.length > 1 ? text.slice(1, -1).replaceAll("''", "'") : text;

export const isQuoted = (text: string): boolean => /^'.*'$/s.test(text) && text.length > 1;
