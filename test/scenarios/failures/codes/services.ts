import { retryAll } from '../../../../engine';
import type { JobResult } from '../../../../engine/jobs/jobResult';
import type { FaultRule } from '../../../../sandbox/core/types';
import { NoAnswer, type Transport } from '../../../../engine/systems/odata/transport';
import { serviceRules } from '../../../../engine/systems/odata/serviceRules';
import { BC_ROOT, CRM_ROOT } from '../../../kit/world';
import { openStage, type Stage } from '../kit';
import { failedWith, type Walks } from './kit';

/**
 * What the services answer. One couple of customer and account stands for all: it is edited, the service answers as given, the person cures the cause that
 * the remedy names (which lies in the service, so that the fault ends), retries the record where it was skipped, and the edit arrives.
 */
type System = 'businessCentral' | 'crm';
interface Answer {
	status: number;
	/** Error code of the service, and its text. */
	service?: string;
	text?: string;
	/** What is answered so: the write of the record (default), the read of its table, or whatever is asked. */
	to?: 'write' | 'read' | 'all';
}

let stage: Stage;
export const open = async (): Promise<void> => {
	stage = await openStage(2);
};
export const close = async (): Promise<void> => await stage.world.close();

let edits = 0;
/** A new value on the side that the fault does not lie on, so that it must be written there. */
function edit(to: System): () => void {
	const value = `+44 20 ${++edits}`;
	if (to === 'crm') stage.inBc(1, { phoneNumber: value });
	else stage.inCrm(1, { telephone1: value });
	return () => {
		expect([stage.customer(1)!['phoneNumber'], stage.account(1)!['telephone1']]).toEqual([value, value]);
	};
}

const later = (): void => stage.world.minutes(15);
const run = async (): Promise<JobResult[]> => {
	later();
	return await stage.run();
};

/** Which requests the fault strikes. */
const strikes = (system: System, to: Answer['to']): Pick<FaultRule, 'system' | 'method' | 'url' | 'times'> => ({
	system,
	times: 100_000,
	...(to === 'all'
		? {}
		: to === 'read'
			? { method: 'GET', url: system === 'crm' ? /\/accounts\?/ : /\/customers\?/ }
			: { method: 'PATCH', url: system === 'crm' ? /accounts\(/ : /customers\(/ }),
});

/** Answers the remedy that was followed. */
async function walkFault(system: System, code: string, rule: FaultRule): Promise<string> {
	const { faults } = stage.world.sandbox;
	const delivered = edit(system);
	faults.add(rule);
	const first = await run();
	const seen = failedWith(code, first);
	const dataError = seen.item!['errorClass'] === 'data';
	if (dataError) {
		// The same once more, and the record is skipped: from now on it is looked at once a day, or when somebody retries it.
		await run();
		expect(await skipped()).toBe(1);
	}
	faults.clear();
	if (dataError) expect((await stage.with((session) => retryAll(session, { mapping: 'CUSTOMER' }))).length).toBe(1);
	const last = await run();
	expect(last.map(({ job }) => [job.status, job.failed])).toEqual(last.map(() => ['finished', 0]));
	delivered();
	expect(await skipped()).toBe(0);
	return seen.hint;
}

/** A walk that fails leaves its fault to no other one. */
const clearing =
	(walk: () => Promise<void>): (() => Promise<void>) =>
	async () => {
		try {
			await walk();
		} finally {
			stage.world.sandbox.faults.clear();
		}
	};

const skipped = async (): Promise<number> =>
	await stage.with(async ({ store }) => {
		const { failed, skipped: count } = await store.countFailures('CUSTOMER');
		return failed + count;
	});

const body = ({ service = '', text = '' }: Answer): string => JSON.stringify({ error: { code: service, message: text || 'It says so.' } });

/** Answers by code; where several answers have one code, each of its remedies is walked. */
const ANSWERS: Readonly<Record<System, Readonly<Record<string, readonly Answer[]>>>> = {
	businessCentral: {
		SIGN_IN_REFUSED: [{ status: 401, to: 'all' }],
		PERMISSION_MISSING: [
			{ status: 403 },
			{ status: 400, text: 'You do not have the following permissions on TableData Customer: Modify.' },
		],
		THROTTLED: [{ status: 429 }, { status: 503 }, { status: 400, service: 'Application_TooManyRequests' }],
		UNAVAILABLE: [{ status: 504 }, { status: 400, service: 'Internal_TenantUnavailable' }],
		COMPANY_NOT_FOUND: [{ status: 404, service: 'Internal_CompanyNotFound' }],
		STALE: [
			{ status: 412, to: 'read' },
			{ status: 409, service: 'Request_EntityChanged', to: 'read' },
		],
		DUPLICATE_KEY: [{ status: 400, service: 'Internal_EntityWithSameKeyExists' }],
		LOCKED: [
			{ status: 500, service: 'Internal_ServerError', text: 'The row is locked by another user.' },
			{ status: 409, text: 'A deadlock was detected.' },
		],
		TABLE_NOT_FOUND: [
			{ status: 404, service: 'BadRequest_ResourceNotFound', text: "Resource not found for the segment 'customers'.", to: 'read' },
		],
		ENVIRONMENT_NOT_FOUND: [{ status: 404, service: 'NoEnvironment', to: 'read' }],
		NOT_FOUND: [{ status: 404, service: 'Internal_RecordNotFound', text: 'The Marketing Setup does not exist.' }],
		ADDRESS_NOT_FOUND: [{ status: 404, to: 'read' }],
		NOT_ALLOWED: [{ status: 405 }],
		TOO_LARGE: [{ status: 413 }],
		FILTER_NOT_SUPPORTED: [{ status: 501, to: 'read' }],
		FILTER_INVALID: [{ status: 400, service: 'Application_FilterErrorException', to: 'read' }],
		VALUE_TOO_LONG: [{ status: 400, service: 'Application_StringExceededLength' }],
		RELATED_RECORD_MISSING: [
			{ status: 400, service: 'Internal_InvalidTableRelation' },
			{ status: 400, service: 'Internal_DataNotFoundFilter' },
		],
		VERSION_REFUSED: [{ status: 400, service: 'BadRequest_InvalidToken', to: 'read' }],
		FIELD_READ_ONLY: [{ status: 400, service: 'BadRequest_InvalidOperation' }],
		VALUE_REQUIRED: [{ status: 400, service: 'BadRequest_RequiredParamNotProvided' }],
		FIELD_NOT_FOUND: [{ status: 400, text: "The property 'phoneNumber' does not exist on type 'customer'." }],
		VALIDATION: [
			{ status: 400, service: 'Application_DialogException' },
			{ status: 400, service: 'Application_FieldValidationException' },
		],
		BAD_REQUEST: [{ status: 400, service: 'BadRequest' }],
		INTERNAL_ERROR: [{ status: 500, service: 'Internal_ServerError' }],
		REDIRECTED: [{ status: 302, to: 'read' }],
		REFUSED: [{ status: 422, service: 'Something_New' }],
	},
	crm: {
		SIGN_IN_REFUSED: [{ status: 401, to: 'all' }],
		USER_NOT_IN_ENVIRONMENT: [{ status: 403, service: '0x80072560', to: 'all' }],
		ROW_OUT_OF_REACH: [{ status: 403, service: '0x80048306' }],
		PERMISSION_MISSING: [{ status: 403, text: 'Principal user is missing prvWriteAccount privilege.' }],
		THROTTLED: [{ status: 429, service: '0x80072322' }, { status: 503 }],
		UNAVAILABLE: [{ status: 502 }],
		LOCKED: [{ status: 500, service: '0x80044151' }],
		DUPLICATE_KEY: [
			{ status: 412, service: '0x80060892' },
			{ status: 412, service: '0x80040237' },
		],
		DUPLICATE_DETECTED: [{ status: 412, service: '0x80040333' }],
		STALE: [{ status: 412, to: 'read' }],
		TABLE_NOT_FOUND: [
			{ status: 404, service: '0x8006088a', to: 'read' },
			{ status: 404, text: "Resource not found for the segment 'accounts'.", to: 'read' },
		],
		NOT_FOUND: [{ status: 404, service: '0x80040217', text: 'systemuser With Id = 1 Does Not Exist' }],
		ADDRESS_NOT_FOUND: [{ status: 404, to: 'read' }],
		NO_CONCURRENCY_CONTROL: [{ status: 400, service: '0x80060883' }],
		STILL_IN_USE: [{ status: 400, service: '0x80040227' }],
		NOT_ALLOWED: [{ status: 405 }],
		TOO_LARGE: [{ status: 413 }],
		VALUE_TOO_LONG: [{ status: 400, service: '0x80044331' }],
		STATE_NOT_ALLOWED: [{ status: 400, service: '0x80048408' }],
		PLUGIN_REFUSED: [{ status: 400, service: '0x80040265' }],
		FIELD_NOT_FOUND: [
			{ status: 400, service: '0x80048d19', text: "Error: invalid property 'telephone1' was found." },
			{ status: 400, text: "Could not find a property named 'telephone1'.", to: 'read' },
		],
		VALUE_REFUSED: [{ status: 400, service: '0x80048d19', text: 'Cannot convert the literal.' }],
		QUERY_REFUSED: [{ status: 400, service: '0x80060888', to: 'read' }],
		INTERNAL_ERROR: [{ status: 500, service: '0x80040216' }],
		REDIRECTED: [{ status: 301, to: 'read' }],
		REFUSED: [{ status: 400, service: '0x80099999' }],
	},
};

const PREFIX: Readonly<Record<System, string>> = { businessCentral: 'BC', crm: 'CRM' };

function walksOf(system: System): Walks {
	const named = (code: string) => [
		...serviceRules[system].filter((rule) => rule.code === code).map(({ hint }) => hint),
		...serviceRules[system].flatMap(({ reading }) => (reading?.code === code ? [reading.hint] : [])),
	];
	return Object.fromEntries(
		Object.entries(ANSWERS[system]).map(([code, answers]) => [
			`${PREFIX[system]}_${code}`,
			clearing(async () => {
				const walked = new Set<string>();
				for (const answer of answers) {
					const fault = { kind: 'answer' as const, status: answer.status, body: body(answer) };
					walked.add(await walkFault(system, `${PREFIX[system]}_${code}`, { ...strikes(system, answer.to), fault }));
				}
				expect([...walked].sort()).toEqual([...new Set(named(code))].sort());
			}),
		]),
	);
}

/** No answer, or one that cannot be used: what stands between the two, seen as the transport sees it. */
type Wrap = (transport: Transport) => Transport;
const strikesRead = (system: System, url: string): boolean => (system === 'crm' ? /\/accounts\?/ : /\/customers\?/).test(decodeURI(url));

const rewriting =
	(system: System, change: (page: Page, url: string) => void): Wrap =>
	(transport) =>
	async (request) => {
		const answer = await transport(request);
		if (request.method !== 'GET' || !strikesRead(system, request.url)) return answer;
		const page = JSON.parse(answer.body) as Page;
		change(page, request.url);
		return { ...answer, body: JSON.stringify(page) };
	};
interface Page {
	value: Array<Record<string, unknown>>;
	'@odata.nextLink'?: string;
}
const failing =
	(system: System, error: () => NoAnswer, method = 'GET'): Wrap =>
	(transport) =>
	async (request) => {
		const own =
			method === 'GET'
				? strikesRead(system, request.url)
				: ownHost(system, request.url) && /\$batch|PATCH/.test(`${request.method} ${request.url}`);
		if (own) throw error();
		return await transport(request);
	};
const ownHost = (system: System, url: string): boolean => url.startsWith(system === 'crm' ? CRM_ROOT : BC_ROOT);

/** By code without its prefix: what goes wrong, and a word of the remedy. */
const BETWEEN: Readonly<Record<string, (system: System) => { wrap?: Wrap; fault?: FaultRule }>> = {
	NOT_REACHABLE: (system) => ({ wrap: failing(system, () => new NoAnswer('connect ECONNREFUSED', false)) }),
	ANSWER_LOST: (system) => ({ wrap: failing(system, () => new NoAnswer('The connection was reset.', true)) }),
	ANSWER_TOO_LARGE: (system) => ({
		wrap: failing(system, () => new NoAnswer('The answer is larger than 64 MB.', true, { tooLarge: true })),
	}),
	UNREADABLE_ANSWER: (system) => ({ fault: { ...strikes(system, 'read'), fault: { kind: 'answer', status: 200, body: '{"value":5}' } } }),
	WEB_PAGE: (system) => ({ fault: { ...strikes(system, 'read'), fault: { kind: 'html', status: 200 } } }),
	PAGING_LOOP: (system) => ({ wrap: rewriting(system, (page, url) => void (page['@odata.nextLink'] = url)) }),
	NO_VERSION: (system) => ({ wrap: rewriting(system, ({ value }) => value.forEach((row) => delete row['@odata.etag'])) }),
	FOREIGN_NEXT_LINK: (system) => ({ wrap: rewriting(system, (page) => void (page['@odata.nextLink'] = 'https://elsewhere.example/next')) }),
};

/** The person looks at the address and at what stands between (proxy, cache, network), as the remedy says; then it is gone, and the edit arrives. */
async function walkBetween(system: System, code: string): Promise<void> {
	const { wrap, fault } = BETWEEN[code]!(system);
	const delivered = edit(system === 'crm' ? 'businessCentral' : 'crm');
	if (fault) stage.world.sandbox.faults.add(fault);
	later();
	failedWith(`${PREFIX[system]}_${code}`, await stage.world.run({ mapping: 'CUSTOMER', fromStart: true }, wrap ? { transport: wrap } : {}));
	stage.world.sandbox.faults.clear();
	expect((await run()).map(({ job }) => [job.status, job.failed])).toEqual([
		['finished', 0],
		['finished', 0],
	]);
	delivered();
}

const betweenWalks: Walks = Object.fromEntries(
	Object.keys(BETWEEN).flatMap((code) =>
		(['businessCentral', 'crm'] as const).map((system) => [`${PREFIX[system]}_${code}`, clearing(() => walkBetween(system, code))]),
	),
);

export const serviceWalks: Walks = { ...betweenWalks, ...walksOf('businessCentral'), ...walksOf('crm') };
