import { SyncError } from '../../../model/errors';
import type { FeedRefusal } from './offer';

const EXTENSION = 'install the extension that comes with this package (docs/extension.md)';

/** The feed can be read, and the mapping writes. */
export const feedReadOnly = (table: string): SyncError =>
	new SyncError({
		code: 'BC_CHANGE_FEED_READ_ONLY',
		errorClass: 'setup',
		system: 'businessCentral',
		table,
		message: `Of what Business Central offers, only the change feed shows "${table}", and nothing can be written through it.`,
		hint: `To write, ${EXTENSION}. Or choose the direction "Business Central to CRM" for the table mapping: then the change feed is enough.`,
	});

/** The service answers no more than 10,000 changes at a time of a table that has no key for them. */
export const feedTooLarge = (table: string, tableNo: number): SyncError =>
	new SyncError({
		code: 'BC_CHANGE_FEED_TOO_LARGE',
		errorClass: 'setup',
		system: 'businessCentral',
		table,
		message: `The change feed of Business Central cannot show "${table}" (table ${tableNo}): it has more than 10,000 records, and no key that the feed could page by.`,
		hint: `For large tables ${EXTENSION}. Or let an extension of your own add a key on SystemModifiedAt and SystemId to table ${tableNo}.`,
	});

/** The feed offered a table and refuses its records. */
export const feedSilent = (table: string): SyncError =>
	new SyncError({
		code: 'BC_SURFACE_GONE',
		errorClass: 'setup',
		system: 'businessCentral',
		table,
		message: `The set-up of Business Central has changed: "${table}" was read through the change feed, which says that it shows it, and refuses its records.`,
		hint: `Look at the consent and the permissions of the change feed (docs/change-feed.md), or ${EXTENSION}.`,
	});

/** A filter that only the service could read. */
export const feedFilter = (table: string): SyncError =>
	new SyncError({
		code: 'BC_CHANGE_FEED_FILTER',
		errorClass: 'setup',
		system: 'businessCentral',
		table,
		message: `"${table}" is read through the change feed of Business Central, and the filter of the table mapping asks for what the feed does not show, or in words that only OData can answer.`,
		hint: `Use conditions on fields of the mapping in its filter, or ${EXTENSION}.`,
	});

/** What an administrator can do about it, as a further sentence; nothing can be done about a table that is not there. */
export const REFUSALS: Readonly<Record<FeedRefusal, string>> = {
	consent:
		'For mappings that only read, the change feed of Business Central could serve: an administrator has to agree to it on the page Master Data Management Setup (docs/change-feed.md).',
	permission:
		'For mappings that only read, the change feed of Business Central could serve: the user of the credential lacks the permission to call it, or to read the table (docs/change-feed.md).',
	table: '',
	size: 'The change feed of Business Central cannot show the table: it has more than 10,000 records and no key for changes.',
};

/** A run meets a feed that serves less than was seen before. Not for people: another surface is looked for. */
export class FeedRefused extends Error {
	constructor(readonly why: FeedRefusal) {
		super(`The change feed does not serve the table: ${why}.`);
	}
}
