import type { StoredTrigger } from '../model/trigger';
import { isAlive } from './alive';

/** Other triggers of the connection that are at work on one of the mappings. */
export function startedTwice(triggers: readonly StoredTrigger[], trigger: string, mappings: ReadonlySet<string>, now: number): string[] {
	return triggers
		.filter((other) => other.trigger !== trigger && isAlive(other, now))
		.flatMap(({ state, mappings: theirs }) => {
			const both = theirs.map(({ mapping }) => mapping).filter((name) => mappings.has(name));
			return both.length > 0 ? [`TRIGGER_TWICE: ${state.name} starts ${both.join(', ')} as well. Each mapping needs one trigger.`] : [];
		});
}
