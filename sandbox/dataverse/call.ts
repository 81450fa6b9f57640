import { decodeQueryText, parseQuery, QuerySyntaxError, splitTop, type QueryOptions } from '../odata/query';
import { DataverseError, segmentMissing } from './errors';
import type { Session } from './environment';

/** One piece of a resource path: `accounts(…)` has name and key. */
export interface Segment {
	name: string;
	key: string | null;
}

/** One operation as the service carries it out: a request, or a part of a batch. */
export interface Call {
	method: string;
	/** Service root with trailing slash, e.g. http://crm.sandbox/api/data/v9.2/ */
	root: string;
	/** Absolute address without the query. */
	address: string;
	segments: Segment[];
	/** Query as sent, without `?`. */
	rawQuery: string;
	query: QueryOptions;
	headers: Record<string, string>;
	prefer: Prefer;
	body: string;
	session: Session;
	/** Addresses of rows by Content-ID, inside a change set. */
	references: ReadonlyMap<string, string>;
	/** Whether somebody else changes the row just before this write reaches it. */
	stale: () => boolean;
}

export interface Prefer {
	representation: boolean;
	/** Patterns of annotation names; empty: none. */
	annotations: string[];
	maxPageSize: number | null;
	trackChanges: boolean;
	continueOnError: boolean;
}

const rootPattern = /^(https?:\/\/[^/]+)?(\/api\/data\/v9\.\d+)(?:\/|$)/i;

/** Service root of an absolute address; null when it is not one of the Web API. */
export function rootOf(url: string): string | null {
	const match = rootPattern.exec(url);
	return match?.[1] ? `${match[1]}${match[2]!}/` : null;
}

/** Brings an address, however written, into the part after the service root. Content-ID references are replaced. */
export function relativeAddress(url: string, root: string, references: ReadonlyMap<string, string>): string {
	let text = url;
	const reference = /^\/?\$(\w+)(?=$|[/?])/.exec(text);
	if (reference && !['batch', 'metadata'].includes(reference[1]!))
		text = referenced(reference[1]!, references) + text.slice(reference[0].length);
	const match = rootPattern.exec(text);
	if (match) return text.slice(match[0].length);
	if (/^https?:/i.test(text)) throw new DataverseError(404, '', `No HTTP resource was found that matches the request URI '${text}'.`);
	return text.replace(/^\//, '');
}

/** Address of the row a `$1` stands for. */
export function referenced(contentId: string, references: ReadonlyMap<string, string>): string {
	const address = references.get(contentId);
	if (address === undefined)
		throw new DataverseError(400, '0x80048d19', `Content-ID Reference: '$${contentId}' does not exist in the batch context.`);
	return address;
}

export function parseAddress(
	url: string,
	root: string,
	references: ReadonlyMap<string, string>,
): Pick<Call, 'address' | 'segments' | 'rawQuery' | 'query'> {
	const relative = relativeAddress(url, root, references);
	const at = relative.indexOf('?');
	const path = at < 0 ? relative : relative.slice(0, at);
	const rawQuery = at < 0 ? '' : relative.slice(at + 1).replace(/#.*$/, '');
	return { address: root + path, segments: parsePath(path), rawQuery, query: readQuery(rawQuery) };
}

export function parsePath(path: string): Segment[] {
	return splitTop(decodeQueryText(path.replace(/\+/g, '%2B')), '/').map((piece) => {
		const match = /^([^()]+)(?:\((.*)\))?$/s.exec(piece);
		if (!match) throw segmentMissing(piece);
		return { name: match[1]!, key: match[2] ?? null };
	});
}

function readQuery(text: string): QueryOptions {
	try {
		return parseQuery(text);
	} catch (error) {
		if (error instanceof QuerySyntaxError) throw new DataverseError(400, '0x0', error.message);
		throw error;
	}
}

const preferItems = (header: string | undefined): Array<[name: string, value: string]> =>
	(header?.match(/[^,"]*(?:"[^"]*"[^,"]*)*/g) ?? [])
		.filter((item) => item.trim() !== '')
		.map((item) => {
			const [name = '', value = ''] = item.trim().split(/=(.*)/s);
			return [name.trim().toLowerCase(), value.trim().replace(/^"|"$/g, '')];
		});

/** Annotations a request asks for, whatever else its preferences say: errors carry them too. */
export function annotationsOf(header: string | undefined): string[] {
	const found = preferItems(header).find(([name]) => name === 'odata.include-annotations');
	return found ? found[1].split(',').map((each) => each.trim()) : [];
}

/** Reads the preferences of a request. Throws 400 for one the service does not document, so that none is ignored. */
export function parsePrefer(header: string | undefined): Prefer {
	const annotations = annotationsOf(header);
	const prefer: Prefer = { representation: false, annotations, maxPageSize: null, trackChanges: false, continueOnError: false };
	const unknown = (text: string) => new DataverseError(400, '0x80060888', `The preference '${text}' is not supported.`);
	for (const [name, value] of preferItems(header)) {
		switch (name) {
			case 'return':
				if (value !== 'representation' && value !== 'minimal') throw unknown(`return=${value}`);
				prefer.representation = value === 'representation';
				break;
			case 'odata.include-annotations':
				break;
			case 'odata.maxpagesize':
				if (!/^\d+$/.test(value) || Number(value) === 0) throw unknown(`odata.maxpagesize=${value}`);
				prefer.maxPageSize = Math.min(Number(value), 5000);
				break;
			case 'odata.track-changes':
				prefer.trackChanges = true;
				break;
			case 'odata.continue-on-error':
				prefer.continueOnError = true;
				break;
			case 'respond-async':
				throw new DataverseError(501, '0x80040800', "The preference 'respond-async' is only for custom APIs that run in the background.");
			default:
				throw unknown(name);
		}
	}
	return prefer;
}

/** Condition header; the literal text "null" is no condition. */
export function condition(call: Pick<Call, 'headers'>, name: 'if-match' | 'if-none-match'): string | null {
	const value = call.headers[name]?.trim();
	return value === undefined || value === '' || value === 'null' ? null : value;
}
