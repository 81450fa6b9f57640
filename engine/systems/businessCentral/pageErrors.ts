import { SyncError } from '../../model/errors';
import { STANDARD_PAGES } from './standardPages';
import type { TableSource } from '../../model/record';
import { pageOf } from '../../model/recordIdentity';
import type { PrimarySet } from './primary';

/** A page that a table mapping needs is not published as a web service. */
export function pageNotPublished(service: string, standardName: string = service): SyncError {
	const known = STANDARD_PAGES[standardName];
	const object = known
		? `object type Page, object ID ${known.page} ("${known.caption}"), service name ${service}`
		: `service name ${service}`;
	return new SyncError({
		code: 'BC_PAGE_NOT_PUBLISHED',
		errorClass: 'setup',
		system: 'businessCentral',
		table: service,
		message: `The page "${service}" is not published as a web service in Business Central.`,
		hint: `Publish it on the page Web Services: ${object}. From Business Central version 30 on, pages of Microsoft can no longer be published: install the extension that comes with this package (docs/extension.md), or publish a copy of the page in an extension of your own and enter its service name in the settings of the company.`,
	});
}

/** Records are known by SystemIds that nothing shows any more; their keys are there. */
export const extensionGone = (table: TableSource): SyncError =>
	new SyncError({
		code: 'BC_EXTENSION_GONE',
		errorClass: 'setup',
		system: 'businessCentral',
		table: table.name,
		message: `The extension, by whose SystemIds the records of "${table.name}" are known, is not offered any more. Business Central still shows them, by their keys.`,
		hint: 'Synchronize the table mapping once with Sync Mapping, without Preview: its records are known by the keys of the page again. Or install the extension again (docs/extension.md).',
	});

/** What a failure means where a page was asked: an address that is not there is a page that is not published. */
export function pageFailure(error: unknown, service: string, standardName?: string): unknown {
	if (!(error instanceof SyncError) || error.httpStatus !== 404) return error;
	if (error.code !== 'BC_TABLE_NOT_FOUND' && error.code !== 'BC_ADDRESS_NOT_FOUND') return error;
	return pageNotPublished(service, standardName);
}

/** As `pageFailure`, where the table is a page. A page of the extension that is not there is an API page that is not there. */
export const pageError = (error: unknown, table: TableSource, { set, extension }: Pick<PrimarySet, 'set' | 'extension'>): unknown =>
	table.page && !extension ? pageFailure(error, set, set === table.name ? table.page.standardName : undefined) : error;

/** Rows of several pages cannot be told apart when they are written. */
export const pageReadOnly = (table: TableSource): SyncError =>
	new SyncError({
		code: 'BC_PAGE_READ_ONLY',
		errorClass: 'setup',
		system: 'businessCentral',
		table: table.name,
		message: `The table shown by the pages ${[table.name, ...(pageOf(table)?.also ?? []).map(({ service }) => service)].join(' and ')} can be read, but not written.`,
		hint: 'Choose the direction "Business Central to CRM" for the table mapping.',
	});

/** A page whose rows are named by other properties than the mapping says. */
export const pageKeyDiffers = (table: TableSource, keys: readonly string[]): SyncError =>
	new SyncError({
		code: 'BC_PAGE_KEY',
		errorClass: 'setup',
		system: 'businessCentral',
		table: table.name,
		message: `Rows of the page "${table.name}" are addressed by ${keys.join(', ')}, but the table mapping names ${table.page?.keys.join(', ') ?? ''}.`,
		hint: 'Correct the key of the page in the table mapping, or let the mapping only read from Business Central.',
	});

/** Where rows are known by their key, another key is another record; where they are not, a key is still given by people in Business Central. */
export const pageRename = (table: TableSource, id: string, property: string, value: string): SyncError =>
	new SyncError({
		code: 'BC_PAGE_RENAME',
		errorClass: 'data',
		system: 'businessCentral',
		table: table.name,
		recordId: id,
		field: property,
		message: `The key ${property} of a record of the page "${table.name}" would change to "${value}", and the keys of pages are not written.`,
		hint: 'Rename the record in Business Central by hand, or correct the value in CRM; or let this field travel from Business Central to CRM only.',
	});

const CALLED = { extension: 'the extension', changeFeed: 'the change feed', publishedPages: 'its published page' } as const;

/** A table was read somewhere within the day, and is shown nowhere any more. `nothing`: what a check says now. */
export const surfaceGone = (table: TableSource, before: keyof typeof CALLED, nothing: SyncError): SyncError =>
	nothing.with({
		code: 'BC_SURFACE_GONE',
		message: `The set-up of Business Central has changed: "${table.name}" was read through ${CALLED[before]}, which no longer shows it, and nothing else does. ${nothing.message}`,
	});
