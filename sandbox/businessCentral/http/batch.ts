import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../../core/context';
import { ConnectionDropped, type SandboxRequest, type SandboxResponse } from '../../core/http';
import { buildBatchAnswer, type BatchAnswer } from '../../odata/multipart';
import { OpenTransaction } from '../data/companyData';
import { badRequest, BcError } from '../errors';
import { answer, errorAnswer, rowsOf, toResponse, type Answer } from './answer';
import type { Operation } from './operation';
import { parseSegments, type Address } from './address';
import { readUnits, type Part, type Unit } from './batchParts';
import { checkOptions } from './queryOptions';
import { transactionOver } from './snapshot';
import type { ServiceState } from './state';

const mostUnits = 100;

/** Carries one operation out; the service hands it in, so that subscriptions may be answered asynchronously. */
export type CarryOut = (operation: Operation) => Answer | Promise<Answer>;

type Outcome = { unit: Unit; answers: Answer[] };

/**
 * `$batch`: parts one after another, outer status 200; stops at the first failure unless `odata.continue-on-error`; under
 * `Isolation: snapshot` any failure rolls everything back while earlier parts keep the success they were answered with. A change set (multipart) is
 * carried out whole or not at all, and answers once when it fails (OData 4.0 Part 1, section 11.7.4).
 */
export async function runBatch(
	request: SandboxRequest,
	address: Address,
	context: OperationContext,
	state: ServiceState,
	carryOut: CarryOut,
): Promise<SandboxResponse> {
	checkOptions(address.query, 'none');
	const { multipart, units } = readUnits(request);
	if (units.length > mostUnits) {
		const text = `The current batch message contains too many parts. A maximum number of '${mostUnits}' query operations and change sets are allowed in a batch message.`;
		throw new BcError(400, 'Unknown', text);
	}
	const goOn = /continue-on-error(?!\s*=\s*false)/i.test(request.headers['prefer'] ?? '');
	const transaction = request.headers['isolation'] ? new OpenTransaction() : null;
	const run = new BatchRun(request, address, context, state, carryOut);
	const outcomes: Outcome[] = [];
	const failed = new Set<string>();
	for (const unit of units) {
		const answers = await run.unit(unit, transaction, failed);
		outcomes.push({ unit, answers });
		if (answers.every(({ status }) => status < 400)) continue;
		for (const { id } of unit.parts) if (id !== null) failed.add(id);
		if (!goOn) break;
	}
	if (transaction && outcomes.every(({ answers }) => answers.every(({ status }) => status < 400)))
		transactionOver(state).commit(transaction);
	return multipart || !/json/i.test(request.headers['accept'] ?? '') ? multipartAnswer(outcomes) : jsonAnswer(outcomes);
}

class BatchRun {
	constructor(
		private readonly request: SandboxRequest,
		private readonly address: Address,
		private readonly context: OperationContext,
		private readonly state: ServiceState,
		private readonly carryOut: CarryOut,
	) {}

	async unit(unit: Unit, outer: OpenTransaction | null, failed: ReadonlySet<string>): Promise<Answer[]> {
		const missing = unit.parts[0]?.dependsOn.find((id) => failed.has(id));
		if (missing !== undefined) {
			const text = `The request was not carried out because request '${missing}', on which it depends, failed.`;
			return [errorAnswer(new BcError(424, 'BadRequest', text))];
		}
		const own = unit.changeSet && !outer ? new OpenTransaction() : null;
		const answers: Answer[] = [];
		for (const part of unit.parts) {
			const result = await this.part(part, own ?? outer);
			if (unit.changeSet && result.status >= 400) return [result];
			answers.push(result);
		}
		if (own) transactionOver(this.state).commit(own);
		return answers;
	}

	private async part(part: Part, transaction: OpenTransaction | null): Promise<Answer> {
		const ordered = await this.context.beginOperation(part.method, part.url);
		if (ordered) {
			this.context.endOperation(ordered.status, 0);
			return answer(ordered.status, parseAnswer(ordered.body), 0, ordered.headers);
		}
		let result: Answer;
		try {
			const operation = this.operation(part);
			const { carryOut } = this;
			result = await (transaction ? transactionOver(this.state).within(transaction, () => carryOut(operation)) : carryOut(operation));
			if (transaction && result.status < 400 && commits(operation.address)) transactionOver(this.state).commit(transaction);
		} catch (error) {
			if (error instanceof ConnectionDropped || !(error instanceof BcError) || error.status === 408) throw error;
			result = errorAnswer(error);
		}
		await this.context.serveRows(rowsOf(result));
		this.context.endOperation(result.status, result.writes);
		return result;
	}

	private operation(part: Part): Operation {
		const { address, request, context } = this;
		const target = partAddress(part.url, address);
		if (target.segments[0]?.name === '$batch') throw badRequest('Nested batch requests are not supported.');
		const url = `${address.root}/${relativeTo(address.root, part.url)}`;
		const shared = Object.fromEntries(
			['company', 'data-access-intent'].flatMap((name) => (request.headers[name] ? [[name, request.headers[name]]] : [])),
		);
		return {
			method: part.method,
			address: target,
			url,
			headers: { ...shared, ...part.headers },
			body: part.body,
			user: context.user!,
			stale: () => context.stale(),
		};
	}
}

/** Posting and conversion actions hold a COMMIT: what came before them in the transaction is final too. */
const commits = ({ segments }: Address): boolean =>
	/^(Microsoft\.)?NAV\.(post|postAndSend|shipAndInvoice|makeOrder|makeInvoice|cancel|cancelAndSend|makeCorrectiveCreditMemo)$/.test(
		segments.at(-1)?.name ?? '',
	);

/**
 * Address of a part from the service root on. OData 4.0 Part 1, section 11.7.2: absolute, absolute path with a Host header, or relative to the batch.
 * One that leads to another service root is refused: a batch is carried out where it was sent.
 */
function relativeTo(root: string, url: string): string {
	const [, origin = '', path = ''] = /^(https?:\/\/[^/]+)?(.*)$/is.exec(url)!;
	if (origin === '' && !path.startsWith('/')) return path;
	const rootPath = root.replace(/^https?:\/\/[^/]+/i, '');
	// Whatever host a client knows the service by: proxies stand in between.
	const lower = path.toLowerCase();
	for (const prefix of [rootPath, rootPath.replace(/^.*?(?=\/(api|ODataV4)\b)/i, '')]) {
		if (lower === prefix.toLowerCase() || lower.startsWith(`${prefix.toLowerCase()}/`))
			return path.slice(prefix.length).replace(/^\/+/, '');
	}
	if (origin !== '' || /^\/(v\d+\.\d+|api)\//i.test(path))
		throw badRequest(`The request '${url}' is not below the service root '${root}'.`);
	return path.replace(/^\/+/, '');
}

function partAddress(url: string, address: Address): Address {
	const relative = relativeTo(address.root, url);
	const at = relative.indexOf('?');
	const path = at < 0 ? relative : relative.slice(0, at);
	return { ...address, segments: parseSegments(path), query: at < 0 ? '' : relative.slice(at + 1) };
}

function jsonAnswer(outcomes: readonly Outcome[]): SandboxResponse {
	const responses = outcomes.flatMap(({ unit, answers }) =>
		answers.map((one, index) => {
			const { status, headers } = toResponse({ ...one, body: undefined });
			return {
				id: unit.parts[index]?.id ?? null,
				status,
				headers: { 'content-type': 'application/json; odata.metadata=minimal', ...headers },
				...(one.body === undefined ? {} : { body: one.body }),
			};
		}),
	);
	return toResponse(answer(200, { responses }));
}

function multipartAnswer(outcomes: readonly Outcome[]): SandboxResponse {
	const items = outcomes.map(({ unit, answers }): BatchAnswer => {
		if (!unit.changeSet || answers[0]!.status >= 400) return { kind: 'response', response: toResponse(answers[0]!) };
		const responses = answers.map((one, index) => ({ contentId: unit.parts[index]?.id ?? null, response: toResponse(one) }));
		return { kind: 'changeset', responses };
	});
	const { contentType, body } = buildBatchAnswer(items, randomUUID);
	return { status: 200, headers: { 'content-type': contentType, 'odata-version': '4.0' }, body };
}

function parseAnswer(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
