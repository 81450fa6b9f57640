/** Options of a query string or of an expanded navigation property, split but not judged: each service refuses what it does not know. */
export interface QueryOptions {
	/** Column names as written; absent when there is no `$select` (or an empty one). */
	select?: string[];
	expand?: ExpandItem[];
	orderby?: Array<{ path: string[]; descending: boolean }>;
	/** Text of `$filter`, decoded. */
	filter?: string;
	apply?: string;
	top?: number;
	skip?: number;
	count?: boolean;
	skiptoken?: string;
	deltatoken?: string;
	/** `@p1=…` */
	aliases: Map<string, string>;
	/** Everything else by name as written, decoded (e.g. `$search`, `tag`, `fetchXml`). */
	other: Map<string, string>;
}

export interface ExpandItem {
	/** e.g. `primarycontactid`, without the ending `/$ref`. */
	property: string;
	ref: boolean;
	options: QueryOptions;
}

/** An option that cannot be read, such as a `$top` that is no number. */
export class QuerySyntaxError extends Error {
	constructor(
		message: string,
		readonly option: string,
	) {
		super(message);
		this.name = 'QuerySyntaxError';
	}
}

/** Percent-decoding as servers do it: `+` is a blank. Text that is not well encoded stays as it is. */
export function decodeQueryText(text: string): string {
	const spaced = text.replace(/\+/g, ' ');
	try {
		return decodeURIComponent(spaced);
	} catch {
		return spaced;
	}
}

/** Splits the part after `?` (still encoded) and reads the OData options in it. */
export function parseQuery(query: string): QueryOptions {
	const pairs: Array<[string, string]> = [];
	for (const pair of query.split('&')) {
		if (!pair) continue;
		const at = pair.indexOf('=');
		pairs.push(at < 0 ? [decodeQueryText(pair), ''] : [decodeQueryText(pair.slice(0, at)), decodeQueryText(pair.slice(at + 1))]);
	}
	return fromPairs(pairs);
}

function fromPairs(pairs: Array<[string, string]>): QueryOptions {
	const options: QueryOptions = { aliases: new Map(), other: new Map() };
	const seen = new Set<string>();
	for (const [name, value] of pairs) {
		if (name.startsWith('$') && seen.size === seen.add(name).size) {
			throw new QuerySyntaxError(`Query option '${name}' was specified more than once, but it must be specified at most once.`, name);
		}
		if (name.startsWith('@')) options.aliases.set(name, value);
		else readOption(options, name.trim(), value);
	}
	return options;
}

function readOption(options: QueryOptions, name: string, value: string): void {
	switch (name) {
		case '$select': {
			const columns = splitTop(value, ',');
			if (columns.length) options.select = columns;
			break;
		}
		case '$expand':
			options.expand = splitTop(value, ',').map(parseExpandItem);
			break;
		case '$orderby':
			options.orderby = splitTop(value, ',').map(parseOrder);
			break;
		case '$filter':
			options.filter = value;
			break;
		case '$apply':
			options.apply = value;
			break;
		case '$top':
			options.top = wholeNumber(value, name);
			break;
		case '$skip':
			options.skip = wholeNumber(value, name);
			break;
		case '$count':
			if (value !== 'true' && value !== 'false')
				throw new QuerySyntaxError(`Invalid value '${value}' for $count query option found.`, name);
			options.count = value === 'true';
			break;
		case '$skiptoken':
			options.skiptoken = value;
			break;
		case '$deltatoken':
			options.deltatoken = value;
			break;
		default:
			options.other.set(name, value);
	}
}

function wholeNumber(value: string, name: string): number {
	if (!/^\d+$/.test(value.trim()))
		throw new QuerySyntaxError(
			`Invalid value '${value}' for ${name} query option found. The ${name} query option requires a non-negative integer value.`,
			name,
		);
	return Number(value);
}

function parseOrder(text: string): { path: string[]; descending: boolean } {
	const [property, direction, ...rest] = text.trim().split(/\s+/);
	if (!property || rest.length || (direction !== undefined && direction !== 'asc' && direction !== 'desc')) {
		throw new QuerySyntaxError(`Syntax error in $orderby '${text}'.`, '$orderby');
	}
	return { path: property.split('/'), descending: direction === 'desc' };
}

function parseExpandItem(text: string): ExpandItem {
	const open = text.indexOf('(');
	const name = (open < 0 ? text : text.slice(0, open)).trim();
	const ref = name.endsWith('/$ref');
	const property = ref ? name.slice(0, -5) : name;
	if (open < 0) return { property, ref, options: fromPairs([]) };
	if (!text.trimEnd().endsWith(')')) throw new QuerySyntaxError(`Syntax error in $expand '${text}'.`, '$expand');
	const pairs = splitTop(text.trimEnd().slice(open + 1, -1), ';').map((pair): [string, string] => {
		const at = pair.indexOf('=');
		if (at < 0) throw new QuerySyntaxError(`Syntax error in $expand '${text}'.`, '$expand');
		return [pair.slice(0, at).trim(), pair.slice(at + 1)];
	});
	return { property, ref, options: fromPairs(pairs) };
}

/** Splits at a separator that stands outside quotes and parentheses; blanks around the pieces go. */
export function splitTop(text: string, separator: string): string[] {
	const pieces: string[] = [];
	let depth = 0;
	let quote = false;
	let from = 0;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === "'") quote = !quote;
		else if (quote) continue;
		else if (character === '(' || character === '[') depth++;
		else if (character === ')' || character === ']') depth--;
		else if (character === separator && depth === 0) {
			pieces.push(text.slice(from, at));
			from = at + 1;
		}
	}
	pieces.push(text.slice(from));
	return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');
}
