import type { Compilable, CompiledQuery } from 'kysely';
import type { Scope } from './scope';

/** Stands in a query for a value that is given when the query is carried out. */
class Slot {
	constructor(readonly name: string) {}
}

/**
 * A query whose text is always the same. In a file, building and compiling it takes longer than carrying it out; so that is done once, and then only its
 * values change. A database on the network gets it built each time: there the way takes longest, and the schema is part of the text.
 *
 * @param build must not look at the values, only place them
 */
export function compiledOnce<V extends object, R>(
	build: (scope: Scope, values: V) => Compilable<R>,
): (scope: Scope, values: V) => Promise<R[]> {
	let compiled: CompiledQuery<R> | undefined;
	return async (scope, values) => {
		if (scope.dialect !== 'sqlite') return (await scope.db.executeQuery<R>(build(scope, values).compile())).rows;
		compiled ??= build(scope, slots<V>()).compile();
		const parameters = compiled.parameters.map((each) => (each instanceof Slot ? values[each.name as keyof V] : each));
		return (await scope.db.executeQuery<R>({ ...compiled, parameters })).rows;
	};
}

const slots = <V extends object>(): V => new Proxy({}, { get: (_, name) => new Slot(String(name)) }) as V;
