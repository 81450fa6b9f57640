import type { StoreChanges } from '../../../engine/ports/storeChanges';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { Killed } from '../../kit/killing';
import type { SessionOptions } from '../../kit/world';

/** A process that dies where a created record is written down: `before`, so that it is found again by what was announced, or right `after`. */
export function dieAtCreation(when: 'before' | 'after'): { options: SessionOptions; happened: Promise<never> } {
	let dead = false;
	let die: (error: Killed) => void = () => undefined;
	const happened = new Promise<never>((_, reject) => (die = reject));
	happened.catch(() => undefined);
	const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
	const kill = <T>(): Promise<T> => {
		dead = true;
		die(new Killed());
		return never<T>();
	};
	const through = async <T>(isIt: boolean, action: () => Promise<T>): Promise<T> => {
		if (dead) return await never<T>();
		if (isIt && when === 'before') return await kill<T>();
		const result = await action();
		return isIt || dead ? await kill<T>() : result;
	};
	const wrap = (store: SyncStore): SyncStore =>
		new Proxy(store, {
			get: (target, name: keyof SyncStore) => {
				const value = target[name];
				if (typeof value !== 'function' || name === 'close') return typeof value === 'function' ? value.bind(target) : value;
				return (...parameters: unknown[]) => {
					const changes = name === 'commit' ? (parameters[0] as StoreChanges) : undefined;
					const records = (changes?.intentsDone?.length ?? 0) > 0;
					return through(records, () => Reflect.apply(value, target, parameters) as Promise<unknown>);
				};
			},
		});
	return { happened, options: { store: wrap, transport: (transport) => (request) => through(false, () => transport(request)) } };
}
