import { z } from 'zod/v4';
import { type ErrorClass, SyncError } from '../../model/errors';
import { retryAfterMs } from './retryAfter';
import { type ServiceRule, serviceRules } from './serviceRules';
import type { NoAnswer } from './transport';
import type { Side } from '../../model/side';

/** What was being done, so that the error can say so. */
export interface ErrorContext {
	system: Side;
	/** `Business Central` or `Dataverse`, as people call it. */
	systemName: string;
	/** Address the session talks to; named in set-up errors. */
	host: string;
	/** A refused read concerns the whole table (filter, privilege), so it is never an error of one record. */
	reading: boolean;
	table?: string;
	recordId?: string;
	now: number;
}

export interface ServiceAnswer {
	status: number;
	headers: Record<string, string>;
	/** Text, or parsed JSON. */
	body: unknown;
}

const errorBody = z.object({ error: z.object({ code: z.unknown(), message: z.unknown() }).partial() });
const gatewayBody = z.object({ Message: z.string() });

/** Code and text of an OData error; empty where the answer holds none. */
export function serviceText(body: unknown): { code: string; message: string } {
	const json = typeof body === 'string' ? jsonOrNull(body) : body;
	const parsed = errorBody.safeParse(json);
	if (parsed.success) return { code: textOf(parsed.data.error.code), message: cleaned(textOf(parsed.data.error.message)) };
	const gateway = gatewayBody.safeParse(json);
	return { code: '', message: gateway.success ? cleaned(gateway.data.Message) : '' };
}

/** The SyncError for an answer that is not a success. Status and service code choose a row of the table in `serviceRules`. */
export function serviceError(answer: ServiceAnswer, context: ErrorContext): SyncError {
	const { code, message } = serviceText(answer.body);
	// A redirect or a refused sign-in says what is wrong by its status; gateways and on-premises servers dress both up as web pages.
	const plain = answer.status === 401 || (answer.status >= 300 && answer.status < 400);
	if (isWebPage(answer.body) && !plain) return webPageError(answer, context);
	const found = ruleFor(answer.status, code, message, context.system);
	const rule = context.reading ? { ...found, ...found.reading } : found;
	return new SyncError({
		code: `${prefix(context.system)}_${rule.code}`,
		errorClass: classOf(rule, context.reading),
		system: context.system,
		table: context.table,
		recordId: context.recordId,
		httpStatus: answer.status,
		retryAfterMs: retryAfterMs(answer, context.now) ?? undefined,
		message: `${context.systemName} answered ${answer.status}${code ? ` (${code})` : ''}${inTable(context)}${message ? `: ${message}` : '.'}`,
		hint: rule.hint,
	});
}

/** The answer was a success by its status, but not what the service is documented to send. */
export function unreadableError(answer: ServiceAnswer, context: ErrorContext): SyncError {
	if (isWebPage(answer.body)) return webPageError(answer, context);
	return new SyncError({
		code: `${prefix(context.system)}_UNREADABLE_ANSWER`,
		errorClass: 'transient',
		system: context.system,
		table: context.table,
		httpStatus: answer.status,
		message: `${context.systemName} (${context.host}) sent an answer that is not the JSON it should be${inTable(context)}.`,
		hint: 'It is tried again with the next run. If it stays, check that no proxy changes the answers.',
	});
}

/** The service leads from page to page without an end: read on, the run would never finish. */
export function pagingLoopError(context: ErrorContext): SyncError {
	return new SyncError({
		code: `${prefix(context.system)}_PAGING_LOOP`,
		errorClass: 'setup',
		system: context.system,
		table: context.table,
		message: `${context.systemName} (${context.host}) names a page as the next one that was read already${inTable(context)}.`,
		hint: 'Check that no proxy or cache changes the addresses of the service. What was read before is recorded; the next run goes on from there.',
	});
}

/** Records came without what tells one state of a record from another, so that nobody could be kept from overwriting changes of others. */
export function noVersionError(context: ErrorContext): SyncError {
	return new SyncError({
		code: `${prefix(context.system)}_NO_VERSION`,
		errorClass: 'setup',
		system: context.system,
		table: context.table,
		message: `${context.systemName} (${context.host}) sent records without their id or version (@odata.etag)${inTable(context)}.`,
		hint: 'Check that no proxy changes the answers, and that the table is one whose rows have versions (optimistic concurrency).',
	});
}

/** No answer came, and repeating did not help or was not safe. */
export function noAnswerError(cause: NoAnswer, context: ErrorContext): SyncError {
	if (cause.tooLarge && context.reading) return tooLargeError(cause, context);
	if (cause.late) return lateError(cause, context);
	if (cause.ending) return endingError(cause, context);
	return new SyncError({
		code: `${prefix(context.system)}_${cause.delivered ? 'ANSWER_LOST' : 'NOT_REACHABLE'}`,
		errorClass: 'transient',
		system: context.system,
		table: context.table,
		recordId: context.recordId,
		message: `${context.systemName} gave no answer${inTable(context)}: ${cause.message}`,
		hint: cause.delivered
			? 'Nothing needs to be done: the next run finds out what was carried out and goes on.'
			: `Check the address ${context.host}, the network and, where one is used, the proxy.`,
		cause,
	});
}

function lateError(cause: NoAnswer, context: ErrorContext): SyncError {
	return new SyncError({
		code: 'BC_NOT_SENT',
		errorClass: 'transient',
		system: context.system,
		table: context.table,
		recordId: context.recordId,
		message: `The record was not sent to ${context.systemName}: too much time had passed since it was prepared.`,
		hint: 'Nothing needs to be done: it is tried again by the next run.',
		cause,
	});
}

/** See `isRunEnding`. */
function endingError(cause: NoAnswer, context: ErrorContext): SyncError {
	return new SyncError({
		code: 'RUN_ENDING',
		errorClass: 'transient',
		system: context.system,
		table: context.table,
		recordId: context.recordId,
		message: `n8n was asked to end, so nothing more was sent to ${context.systemName}.`,
		hint: 'Nothing was lost. Run it again when n8n is back; scheduled runs go on by themselves.',
		cause,
	});
}

function tooLargeError(cause: NoAnswer, context: ErrorContext): SyncError {
	return new SyncError({
		code: `${prefix(context.system)}_ANSWER_TOO_LARGE`,
		errorClass: 'setup',
		system: context.system,
		table: context.table,
		message: `${context.systemName} (${context.host}) sent an answer larger than the 64 MB that are read${inTable(context)}.`,
		hint: 'Check that the address leads to the service itself. If records carry very large texts, take those fields out of the mapping.',
		cause,
	});
}

/** The service is told to continue at another address: refused, or the credentials would travel there. */
export function foreignLinkError(link: string, context: ErrorContext): SyncError {
	return new SyncError({
		code: `${prefix(context.system)}_FOREIGN_NEXT_LINK`,
		errorClass: 'setup',
		system: context.system,
		table: context.table,
		message: `${context.systemName} (${context.host}) says the next page is at ${originOf(link)}; pages are only read from the address of the credential.`,
		hint: 'Use the public address of the service in the credential, or correct the public base URL of the server.',
	});
}

/** True when the write may be sent again: the service rolled it back because of a lock or time-out of the moment. */
export function isMomentary(answer: ServiceAnswer, system: Side): boolean {
	if (answer.status < 400) return false;
	const { code, message } = serviceText(answer.body);
	return ruleFor(answer.status, code, message, system).momentary === true;
}

function ruleFor(status: number, code: string, message: string, system: Side): ServiceRule {
	const rules = serviceRules[system];
	return (
		rules.find(
			(rule) =>
				(rule.status === undefined || rule.status.includes(status)) &&
				(rule.service === undefined || rule.service.test(code)) &&
				(rule.text === undefined || rule.text.test(message)),
		) ?? rules.at(-1)!
	);
}

function classOf(rule: ServiceRule, reading: boolean): ErrorClass {
	return reading && rule.errorClass === 'data' ? 'setup' : rule.errorClass;
}

function webPageError(answer: ServiceAnswer, context: ErrorContext): SyncError {
	const passing = answer.status >= 500 || answer.status === 408 || answer.status === 429;
	return new SyncError({
		code: `${prefix(context.system)}_WEB_PAGE`,
		errorClass: passing ? 'transient' : 'setup',
		system: context.system,
		table: context.table,
		httpStatus: answer.status,
		message: `${context.systemName} (${context.host}) answered ${answer.status} with a web page instead of data${inTable(context)}.`,
		hint: passing
			? 'A gateway in front of the service reports trouble; the next run tries again.'
			: 'Check the address in the credential: it may lead to a sign-in page, a proxy or the web client instead of the API.',
	});
}

const isWebPage = (body: unknown): boolean => typeof body === 'string' && /^\s*</.test(body);
const prefix = (system: Side): string => (system === 'businessCentral' ? 'BC' : 'CRM');
const inTable = (context: ErrorContext): string => (context.table ? ` on ${context.table}` : '');
const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

/** Without the correlation id, which differs each time, and not longer than people read. */
const cleaned = (message: string): string =>
	message
		.replace(/\s*CorrelationId:\s*[0-9a-f-]{36}\.?/i, '')
		.trim()
		.slice(0, 500);

function jsonOrNull(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return null;
	}
}

function originOf(link: string): string {
	try {
		return new URL(link).origin;
	} catch {
		return 'an address that cannot be read';
	}
}
