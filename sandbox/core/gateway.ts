import type { Clock } from './clock';
import type { OperationContext } from './context';
import { Faults, type FaultTarget } from './faults';
import { ConnectionDropped, type SandboxRequest, type SandboxResponse } from './http';
import { readablePath, RequestLog } from './requestLog';
import { orderedAnswer } from './serviceAnswers';
import type { FaultRule, Latency, LoggedRequest, OperationKind, System } from './types';

/** One of the three services behind the gateway. */
export interface Service {
	handle(request: SandboxRequest, context: OperationContext): Promise<SandboxResponse>;
	/** Who sent it, by its `Authorization` header; null when nobody we know. */
	authenticate(authorization: string | undefined): string | null;
}

/** Carries a request to its service and does to it what was ordered: latency, faults, log. */
export class Gateway {
	readonly faults = new Faults();
	readonly log = new RequestLog();
	latency: Latency = { roundTripMs: 0, perOperationMs: 0 };

	constructor(
		private readonly clock: Clock,
		private readonly services: Record<System, Service>,
	) {}

	/** Throws ConnectionDropped when a fault cuts the connection. */
	async answer(system: System, request: SandboxRequest): Promise<SandboxResponse> {
		const method = request.method.toUpperCase();
		const started = this.clock.now();
		const entry = this.log.open(system, method, readablePath(request.url), request.body);
		const target: FaultTarget = { system, method, path: entry.path };
		try {
			await this.clock.wait(this.latency.roundTripMs);
			const response = this.dated(system, await this.carry(target, { ...request, method }, entry));
			entry.status = response.status;
			if (this.log.keepBodies) entry.responseBody = response.body;
			return response;
		} finally {
			entry.durationMs = this.clock.now() - started;
		}
	}

	/** Every answer carries the service's own time, which may differ from the client's. */
	private dated(system: System, response: SandboxResponse): SandboxResponse {
		const time = system === 'login' ? this.clock.now() : this.clock.stamp(system);
		return { ...response, headers: { date: new Date(time).toUTCString(), ...response.headers } };
	}

	private async carry(target: FaultTarget, request: SandboxRequest, entry: LoggedRequest): Promise<SandboxResponse> {
		const before = this.faults.strike(target, ['dropBefore', 'answer', 'html', 'delay', 'dropAfter', 'truncate']);
		if (before?.kind === 'dropBefore') throw new ConnectionDropped(false);
		if (before?.kind === 'answer' || before?.kind === 'html') return orderedAnswer(target.system, before);
		if (before?.kind === 'delay') await this.clock.wait(before.ms);
		const service = this.services[target.system];
		entry.user = service.authenticate(request.headers['authorization']);
		const response = await service.handle(request, this.context(target, entry));
		if (before?.kind === 'dropAfter') throw new ConnectionDropped(true);
		if (before?.kind === 'truncate') return { ...response, body: response.body.slice(0, before.characters) };
		return response;
	}

	private context(request: FaultTarget, entry: LoggedRequest): OperationContext {
		const batch = /\/\$batch(\?|$)/i.test(request.path);
		let half: Extract<FaultRule['fault'], { kind: 'halfBatch' }> | undefined;
		let operation = request;
		let begun = 0;
		return {
			user: entry.user,
			beginOperation: async (method, path) => {
				operation = { system: request.system, method: method.toUpperCase(), path: readablePath(path) };
				if (batch && begun === 0) half = this.faults.strike(request, ['halfBatch'], operation);
				if (half && begun >= half.parts) throw new ConnectionDropped(true);
				begun++;
				await this.clock.wait(this.latency.perOperationMs + (this.latency.perKindMs?.[kindOf(operation)] ?? 0));
				if (!batch) return undefined;
				entry.parts.push({ method: operation.method, path: operation.path, status: null });
				const ordered = this.faults.strikePart(operation, request);
				return ordered && orderedAnswer(request.system, ordered);
			},
			endOperation: (status, writes) => {
				entry.writes += writes;
				const part = entry.parts.at(-1);
				if (part) part.status = status;
			},
			serveRows: (rows) => this.clock.wait(rows * (this.latency.perRowMs ?? 0)),
			stale: () => this.faults.strike(operation, ['stale'], batch ? request : undefined) !== undefined,
		};
	}
}

const kinds: Readonly<Record<string, OperationKind>> = { POST: 'create', PATCH: 'update', PUT: 'update', DELETE: 'delete' };

/** Both services name actions and functions with their namespace, Dataverse's unbound ones with a capital first letter. */
function kindOf({ system, method, path }: FaultTarget): OperationKind {
	const last = path.split('?')[0]!.split('/').pop() ?? '';
	if (/^(Microsoft\.(NAV|Dynamics\.CRM)|NAV)\./.test(last) || (system === 'crm' && method === 'POST' && /^[A-Z]/.test(last)))
		return 'action';
	return kinds[method] ?? 'read';
}
