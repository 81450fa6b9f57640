import { decodeQueryText, type QueryOptions } from '../../odata/query';
import { equalityOf, type FilterNode } from '../../odata/filter';
import type { CompanyData } from '../data/companyData';
import { BcError, badRequest, dialog } from '../errors';
import type { Row } from '../data/row';
import type { View } from '../model/view';
import { contactsByFilter } from '../read/contactsInformation';
import { entityWriter, readOrder, schemaVersion } from '../read/entity';
import { readFilter } from '../read/filterRules';
import { withinFlowFilters } from '../read/flowFilters';
import { count, run, type Position } from '../read/query';

export interface CollectionRead {
	view: View;
	company: CompanyData;
	rows?: Row[];
	options: QueryOptions;
	/** Address of the request without the query, and the query as it was sent. */
	url: string;
	query: string;
	root: string;
	context: string;
	prefer: string;
	/** Entities of one page when the client asks for nothing. */
	pageSize: number;
}

/** One page of a collection with server-driven paging. */
export function readCollection(read: CollectionRead): Record<string, unknown> {
	const { company, options } = read;
	const { view, filter } = withinFlowFilters(read.view, readFilter(options.filter, read.view, schemaVersion(options)));
	const rows = read.rows ?? sourceRows(view, company, filter);
	const size = pageSize(read);
	const limit = Math.min(size, options.top ?? Infinity);
	const after = options.skiptoken === undefined ? null : decodeToken(options.skiptoken, orderOf(read.query));
	const query = { view, company, filter, order: readOrder(view, options), after, skip: after ? 0 : (options.skip ?? 0), limit, rows };
	const page = run(query);
	const write = entityWriter(view, options, company, read.root);
	const more = page.next && (options.top === undefined || options.top > limit);
	return {
		'@odata.context': read.context,
		...(options.count ? { '@odata.count': count(query) } : {}),
		value: page.rows.map(write),
		...(more ? { '@odata.nextLink': nextLink(read, page.next!, options.top === undefined ? null : options.top - limit) } : {}),
	};
}

export function countCollection(base: View, company: CompanyData, options: QueryOptions, rows?: Row[]): number {
	const { view, filter } = withinFlowFilters(base, readFilter(options.filter, base, schemaVersion(options)));
	return count({ view, company, filter, rows: rows ?? sourceRows(view, company, filter) });
}

const lineViews = new Set(['salesQuoteLines', 'salesOrderLines', 'salesInvoiceLines', 'salesCreditMemoLines']);
/** Temporary tables that are filled for one parent (labels of the pages of API v2.0). */
const needParent: Readonly<Record<string, string>> = {
	pictures: 'You must get to the parent first to get to the picture.',
	dimensionSetLines: 'You must get to the parent first to get to the dimension set line.',
	defaultDimensions: 'You must get to the parent first to get to the default dimensions.',
	pdfDocument: 'You must specify a parentId in the request body.',
	agedAccountsReceivables: 'You must get to the customer first to get to the aged accounts receivable.',
	customerPayments: 'You must specify a journal batch ID or a journal ID to get a journal line.',
};

function sourceRows(view: View, company: CompanyData, filter: FilterNode | null): Row[] | undefined {
	if (view.custom) return undefined;
	if (view.name === 'contactsInformation') return contactsByFilter(company, filter);
	const refusal = needParent[view.name];
	if (refusal !== undefined) throw dialog(refusal);
	if (!lineViews.has(view.name)) return undefined;
	const conditions = filter ? (filter.kind === 'and' ? filter.operands : [filter]) : [];
	const limited = conditions.some((condition) => ['documentId', 'id'].includes(equalityOf(condition)?.path.path[0] ?? ''));
	if (
		!limited &&
		!conditions.some((condition) => condition.kind === 'or' && condition.operands.every((one) => equalityOf(one)?.path.path[0] === 'id'))
	) {
		throw dialog('You must specify an Id or a Document Id to get the lines.');
	}
	return undefined;
}

function pageSize({ prefer, pageSize: usual }: CollectionRead): number {
	const asked = /(?:odata\.)?maxpagesize\s*=\s*(\d+)/i.exec(prefer)?.[1];
	if (asked === undefined) return usual;
	if (Number(asked) > 20_000)
		throw new BcError(413, 'RequestEntityTooLarge', `The page size ${asked} exceeds the maximum of 20000 entities.`);
	return Number(asked) === 0 ? usual : Math.min(usual, Number(asked));
}

function nextLink({ url, query }: CollectionRead, next: Position, top: number | null): string {
	const kept = query.split('&').filter((pair) => pair && !/^(\$|%24)(skiptoken|skip|top)=/i.test(pair));
	if (top !== null) kept.push(`$top=${top}`);
	kept.push(`$skiptoken=${Buffer.from(JSON.stringify([next.values, next.key, orderOf(query)])).toString('base64url')}`);
	return `${url}?${kept.join('&')}`;
}

/** What a token is good for: it holds values of the order it was made for. */
const orderOf = (query: string): string => decodeQueryText(query.split('&').find((pair) => /^(\$|%24)orderby=/i.test(pair)) ?? '');

function decodeToken(token: string, wanted: string): Position {
	try {
		const [values, key, order] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as [Position['values'], string, string];
		if (Array.isArray(values) && typeof key === 'string' && order === wanted) return { values, key };
	} catch {
		// Falls through: any other token is refused alike.
	}
	throw badRequest('The $skiptoken is not valid.');
}
