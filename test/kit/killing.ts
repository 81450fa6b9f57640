import { RunStopped } from '../../engine/model/errors';
import type { SyncStore } from '../../engine/ports/syncStore';
import { clearBusinessCentralMetadata } from '../../engine/systems/businessCentral';
import { clearDataverseMetadata } from '../../engine/systems/dataverse';
import type { Transport } from '../../engine/systems/odata/transport';
import { requestStep, storeStep, type Step } from './step';
import type { SessionOptions } from './world';

/** The process is gone: whatever it was doing stays undone. */
export class Killed extends Error {}

export interface Death {
	options: SessionOptions;
	/** Rejects with Killed at the moment of death. */
	happened: Promise<never>;
	/** Requests and store transactions that went through before it. */
	steps(): number;
	/** What they were, in their order. */
	walked(): readonly Step[];
}

/** Calls of the store that change something, each a transaction of its own. */
const TRANSACTIONS: ReadonlySet<keyof SyncStore> = new Set([
	'commit',
	'acquireLease',
	'releaseLease',
	'saveSettings',
	'deleteFullSyncLines',
	'deleteJobs',
	'noteKeys',
	'moveIdentity',
]);

type Through = <T>(what: Step, action: () => Promise<T>) => Promise<T>;

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * A process that dies at its n-th step (from 1; a step is a request or a store transaction). `before`: the step is not carried out; `after`: it
 * is, but nobody hears of it. From then on nothing it does reaches a service or the store.
 */
export function dieAt(step: number, when: 'before' | 'after'): Death {
	const walked: Step[] = [];
	let dead = false;
	let die: (error: Killed) => void = () => undefined;
	const happened = new Promise<never>((_, reject) => (die = reject));
	happened.catch(() => undefined);
	const kill = <T>(): Promise<T> => {
		dead = true;
		// What a process remembers dies with it, requests under way included.
		clearBusinessCentralMetadata();
		clearDataverseMetadata();
		die(new Killed());
		return never<T>();
	};
	const through: Through = async <T>(what: Step, action: () => Promise<T>): Promise<T> => {
		if (dead) return await never<T>();
		const mine = walked.push(what);
		if (mine === step && when === 'before') return await kill<T>();
		try {
			const result = await action();
			return mine === step || dead ? await kill<T>() : result;
		} catch (error) {
			if (mine === step || dead) return await kill<T>();
			throw error;
		}
	};
	return {
		happened,
		steps: () => walked.length,
		walked: () => walked,
		options: {
			transport: (transport: Transport) => (request) => through(requestStep(request), () => transport(request)),
			store: (store) => new Proxy(store, { get: (target, name) => wrapped(target, name as keyof SyncStore, through, () => dead) }),
		},
	};
}

/**
 * A process that is asked to end at its n-th step (from 1), before or after the step is carried out; it lives on until its work has ended.
 * `cancelled`: its execution is cancelled instead.
 */
export function endAt(
	step: number,
	when: 'before' | 'after',
	how: 'asked' | 'cancelled' = 'asked',
): { options: SessionOptions; steps(): number; walked(): readonly Step[]; asked(): boolean } {
	const ending = new AbortController();
	const walked: Step[] = [];
	const ask = (): void => ending.abort(how === 'asked' ? new RunStopped('shutdown') : undefined);
	const through: Through = async <T>(what: Step, action: () => Promise<T>): Promise<T> => {
		const mine = walked.push(what);
		if (mine === step && when === 'before') ask();
		const result = await action();
		if (mine === step && when === 'after') ask();
		return result;
	};
	return {
		steps: () => walked.length,
		walked: () => walked,
		asked: () => ending.signal.aborted,
		options: {
			...(how === 'asked' ? { ending: ending.signal } : { signal: ending.signal }),
			transport: (transport: Transport) => (request) => through(requestStep(request), () => transport(request)),
			store: (store) => new Proxy(store, { get: (target, name) => wrapped(target, name as keyof SyncStore, through, () => false) }),
		},
	};
}

function wrapped(store: SyncStore, name: keyof SyncStore, through: Through, isDead: () => boolean): unknown {
	const value = store[name];
	if (typeof value !== 'function' || name === 'close') return typeof value === 'function' ? value.bind(store) : value;
	const call = (...parameters: unknown[]): Promise<unknown> => Reflect.apply(value, store, parameters) as Promise<unknown>;
	if (TRANSACTIONS.has(name)) return (...parameters: unknown[]) => through(storeStep(name, parameters), () => call(...parameters));
	return (...parameters: unknown[]) => (isDead() ? never() : call(...parameters));
}
