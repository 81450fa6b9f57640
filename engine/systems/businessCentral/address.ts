import { SyncError } from '../../model/errors';
import { isGuid } from '../../model/guid';
import type { FeedOffer } from './changeFeed/offer';
import { EXTENSION_PAGES, EXTENSION_ROUTE, type ExtensionPage } from './extensionPages';

export interface Addresses {
	apiRoot: string;
	odataRoot: string;
	companyId: string;
	/** Entity sets of the extension that the environment offers, with their properties; empty where it is not installed. */
	offered?: ReadonlyMap<string, ReadonlySet<string>>;
	/** What the environment says of its change feed; absent while nobody asked. */
	feed?: FeedOffer;
	/** Published pages, by service name, that are not there: their tables are read through the change feed even where mappings write them. */
	away?: ReadonlySet<string>;
	/** Companions, by service name, whose published page is not there: what API v2.0 has of their fields is read from it. */
	withoutPage?: Set<string>;
	/** Tables that are read from their published page although a better place shows them: it lacks a field that is asked for. */
	keptOnPages?: Set<string>;
}

/** The page of the extension that stands for a published page, by its usual service name; null where there is none, or it is not offered. */
export function extensionPageOf({ offered }: Addresses, standardName: string): ExtensionPage | null {
	const page = EXTENSION_PAGES[standardName];
	return page && offered?.has(page.set) ? page : null;
}

/** An entity set of API v2.0, of a custom API, or a page of ODataV4. */
export interface EntityAddress {
	/** Root that `$batch` and `$metadata` hang under. */
	root: string;
	/** Path of the entity set from the root. */
	path: string;
	/** Name of the entity set. */
	set: string;
}

/**
 * `customers` is an entity set of API v2.0. An own API page is named with its route: `publisher/group/version/entitySet`
 * ("Endpoints for the APIs for Microsoft Dynamics 365 Business Central").
 */
export function apiAddress({ apiRoot, companyId }: Addresses, table: string): EntityAddress {
	const segments = table.split('/').filter((segment) => segment !== '');
	const set = segments.pop() ?? '';
	if (set === '' || (segments.length !== 0 && segments.length !== 3)) {
		throw new SyncError({
			code: 'BC_TABLE_NAME',
			errorClass: 'setup',
			system: 'businessCentral',
			table,
			message: `"${table}" is not the name of a Business Central API page.`,
			hint: 'Use the entity set of API v2.0, e.g. customers, or publisher/group/version/entitySet for an own API page.',
		});
	}
	const root = segments.length === 0 ? apiRoot : otherApi(apiRoot, segments);
	return { root, path: `companies(${company(companyId)})/${encodeURIComponent(set)}`, set };
}

/** Root of the extension's API. */
export const extensionRoot = ({ apiRoot }: Addresses): string => otherApi(apiRoot, EXTENSION_ROUTE.split('/'));

const otherApi = (apiRoot: string, route: readonly string[]): string =>
	`${apiRoot.replace(/\/v\d+\.\d+$/, '')}/${route.map(encodeURIComponent).join('/')}`;

/** As `apiAddress`, and `ODataV4/PriceListLineReview` for a page published as web service. */
export function anyAddress(addresses: Addresses, name: string): EntityAddress {
	const [, service] = /^ODataV4\/([^/]+)$/.exec(name) ?? [];
	return service === undefined ? apiAddress(addresses, name) : pageAddress(addresses, service);
}

/** A page published as web service. The company is named by its id, which a rename leaves alone. */
export function pageAddress({ odataRoot, companyId }: Addresses, service: string): EntityAddress {
	return { root: odataRoot, path: `Company(Id=${company(companyId)})/${encodeURIComponent(service)}`, set: service };
}

function company(companyId: string): string {
	if (isGuid(companyId)) return companyId.toLowerCase();
	throw new SyncError({
		code: 'BC_COMPANY_MISSING',
		errorClass: 'setup',
		system: 'businessCentral',
		message: companyId === '' ? 'No Business Central company is chosen.' : `"${companyId}" is not the id of a Business Central company.`,
		hint: 'Choose the company in the node.',
	});
}

/** Rows of one parent wait for its lock, so their batches go one after another. */
export const sharesParent = (set: string): boolean => /Lines$/.test(set);

/** Entity sets of API v2.0 without `lastModifiedDateTime` (API v2.0 reference). */
const WITHOUT_STAMP = new Set([
	'salesOrderLines',
	'salesQuoteLines',
	'salesInvoiceLines',
	'contactsInformation',
	'customerContacts',
	'companies',
]);
export const hasStamp = (set: string): boolean => !WITHOUT_STAMP.has(set);
