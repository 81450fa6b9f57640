import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../core/context';
import type { SandboxRequest, SandboxResponse } from '../core/http';
import { buildBatchAnswer, MultipartError, parseBatch, type BatchAnswer, type BatchItem, type BatchRequest } from '../odata/multipart';
import { errorAnswer, rowsServed } from './answers';
import { parsePrefer } from './call';
import type { Database } from './database';
import { DataverseError } from './errors';

const mostOperations = 1000;

/** How a batch gets its parts carried out. */
export interface PartRunner {
	db: Database;
	/** One part; never throws a DataverseError: errors come as answers. */
	run(part: BatchRequest, references: ReadonlyMap<string, string>, context: OperationContext): SandboxResponse;
	/** Whether writes have to wait for synchronous steps of webhooks. */
	waits(): boolean;
	/** Gathers calls of synchronous steps while `work` runs. */
	gathering<T>(work: () => Promise<T>): Promise<T>;
	/** Makes the calls gathered; the refusal of the first that fails. */
	settle(): Promise<SandboxResponse | null>;
	/** Keeps other requests out while a change set is open. */
	exclusively<T>(work: () => Promise<T>): Promise<T>;
	/** Runs `work` once no change set is open, without giving anyone else a turn in between. */
	whenFree<T>(work: () => T): Promise<T>;
}

/**
 * `$batch`: requests one after another, up to the first failure unless `odata.continue-on-error`; a change set is carried out whole or
 * not at all (learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api).
 */
export async function runBatch(runner: PartRunner, request: SandboxRequest, context: OperationContext): Promise<SandboxResponse> {
	const items = readItems(request);
	const { continueOnError } = parsePrefer(request.headers.prefer);
	const answers: BatchAnswer[] = [];
	let outer = 200;
	for (const item of items) {
		const answer = item.kind === 'request' ? { kind: 'response' as const, response: await single(runner, item.request, context) } : await changeSet(runner, item.requests, context); // prettier-ignore
		answers.push(answer);
		const failed = answer.kind === 'response' && answer.response.status >= 400 ? answer.response.status : null;
		if (failed === null || continueOnError) continue;
		outer = failed;
		break;
	}
	const { contentType, body } = buildBatchAnswer(answers, randomUUID);
	const headers: Record<string, string> = { 'content-type': contentType, 'odata-version': '4.0' };
	if (continueOnError) headers['preference-applied'] = 'odata.continue-on-error';
	return { status: outer, headers, body };
}

function readItems(request: SandboxRequest): BatchItem[] {
	let items: BatchItem[];
	try {
		items = parseBatch(request.body, request.headers['content-type']);
	} catch (error) {
		if (error instanceof MultipartError) throw new DataverseError(400, '0x80048d19', error.message);
		throw error;
	}
	const count = items.reduce((sum, item) => sum + (item.kind === 'request' ? 1 : item.requests.length), 0);
	if (count > mostOperations) {
		throw new DataverseError(400, '0x80048d19', `The maximum number of requests in a batch (${mostOperations}) was exceeded.`);
	}
	return items;
}

/** One operation outside of change sets; also how a plain request is carried out. */
export async function single(runner: PartRunner, part: BatchRequest, context: OperationContext): Promise<SandboxResponse> {
	const ordered = await context.beginOperation(part.method, part.url);
	const held = !ordered && part.method !== 'GET' && runner.waits();
	const { response, writes } = held
		? await runner.exclusively(() => runner.gathering(() => inTransaction(runner, part, context)))
		: await runner.whenFree(() => {
				const before = runner.db.writes;
				const answer = ordered ?? runner.run(part, new Map(), context);
				return { response: answer, writes: runner.db.writes - before };
			});
	await context.serveRows(Math.max(writes, rowsServed(response)));
	context.endOperation(response.status, writes);
	return response;
}

/** An operation whose transaction stays open until synchronous steps have answered. */
async function inTransaction(
	runner: PartRunner,
	part: BatchRequest,
	context: OperationContext,
): Promise<{ response: SandboxResponse; writes: number }> {
	const unit = runner.db.begin();
	const before = runner.db.writes;
	const answer = runner.run(part, new Map(), context);
	const refusal = answer.status < 400 ? await runner.settle() : null;
	if (refusal || answer.status >= 400) unit.rollback();
	else unit.commit();
	return { response: refusal ?? answer, writes: runner.db.writes - before };
}

/** All or nothing; a failure is one plain answer in place of the set. */
async function changeSet(runner: PartRunner, parts: BatchRequest[], context: OperationContext): Promise<BatchAnswer> {
	return await runner.exclusively(() => runner.gathering(() => openChangeSet(runner, parts, context)));
}

async function openChangeSet(runner: PartRunner, parts: BatchRequest[], context: OperationContext): Promise<BatchAnswer> {
	const unit = runner.db.begin();
	const references = new Map<string, string>();
	const responses: Array<{ contentId: string | null; response: SandboxResponse }> = [];
	try {
		for (const part of parts) {
			const ordered = await context.beginOperation(part.method, part.url);
			const before = runner.db.writes;
			const carried = ordered ?? changeSetPart(runner, part, references, context);
			const response = carried.status < 400 ? ((await runner.settle()) ?? carried) : carried;
			const writes = runner.db.writes - before;
			await context.serveRows(writes);
			context.endOperation(response.status, writes);
			if (response.status >= 400) {
				unit.rollback();
				return { kind: 'response', response };
			}
			const address = response.headers['odata-entityid'];
			if (part.contentId !== null && address) references.set(part.contentId, address);
			responses.push({ contentId: part.contentId, response: located(response) });
		}
	} catch (error) {
		unit.rollback();
		throw error;
	}
	unit.commit();
	return { kind: 'changeset', responses };
}

function changeSetPart(
	runner: PartRunner,
	part: BatchRequest,
	references: ReadonlyMap<string, string>,
	context: OperationContext,
): SandboxResponse {
	if (part.method !== 'GET') return runner.run(part, references, context);
	return errorAnswer(new DataverseError(400, '0x80048d19', 'A change set cannot contain GET requests.'), []);
}

/** Inside a batch, creates name their row in Location too. */
function located(response: SandboxResponse): SandboxResponse {
	const address = response.headers['odata-entityid'];
	return address ? { ...response, headers: { ...response.headers, location: address } } : response;
}
