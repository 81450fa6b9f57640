import { comparable } from './operators';
import type { Query } from './query';
import type { ResultRow } from './results';
import { invalidXml, parseXml } from './xml';

const escaped = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Whether the service gives a cookie: not for aggregates, distinct rows and orders of linked tables. */
export const cookieFits = (query: Query): boolean => !query.aggregate && !query.distinct && query.orders.every(({ link }) => link === null);

/**
 * The paging cookie with the order columns and the id of the first and last row of a page.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
 */
export function cookieOf(query: Query, page: ResultRow[]): string {
	const [first, last] = [page[0]!, page.at(-1)!];
	const names = query.orders.map(({ column }) => column!.logicalName);
	const columns = names.map((name) => {
		const end = (which: 'last' | 'first', row: ResultRow): string => {
			const value = row.row?.[name] ?? null;
			return value === null ? `${which}null="1"` : `${which}="${escaped(String(value))}"`;
		};
		return `<${name} ${end('last', last)} ${end('first', first)} />`;
	});
	const id = names.includes(query.table.primaryId) ? '' : `<${query.table.primaryId} last="{${last.id.toUpperCase()}}" first="{${first.id.toUpperCase()}}" />`; // prettier-ignore
	const inner = `<cookie page="${query.page}">${columns.join('')}${id}</cookie>`;
	const twice = encodeURIComponent(encodeURIComponent(inner)).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
	return `<cookie pagenumber="${query.page + 1}" pagingcookie="${twice}" istracking="False" />`;
}

/** The place a cookie names: rows after it come next. Throws 400 for a cookie of another query. */
export function placeOf(query: Query, text: string): Pick<ResultRow, 'keys' | 'id'> {
	const cookie = parseXml(text);
	const at = (name: string) => cookie.children.find((child) => child.name === name);
	const id = at(query.table.primaryId)
		?.attributes.last?.replace(/^\{|\}$/g, '')
		.toLowerCase();
	const keys = query.orders.map(({ column }) => {
		const element = at(column!.logicalName);
		if (!element) throw invalidXml(`The paging cookie does not fit the order by '${column!.logicalName}'.`);
		const { last } = element.attributes;
		if (last === undefined) return null;
		if (['Integer', 'BigInt', 'Decimal', 'Double', 'Money', 'Picklist', 'State', 'Status'].includes(column!.type)) return Number(last);
		if (column!.type === 'Boolean') return last === 'true' || last === '1';
		return comparable(column!, last.replace(/^\{|\}$/g, ''));
	});
	if (id === undefined) throw invalidXml('The paging cookie names no row.');
	return { keys, id };
}
