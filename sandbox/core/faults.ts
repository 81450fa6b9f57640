import type { FaultRule, System } from './types';

/** The request, or part of a batch, a rule is held against. */
export interface FaultTarget {
	system: System;
	method: string;
	/** Path and query, decoded. */
	path: string;
}

type FaultOf<Kind extends FaultRule['fault']['kind']> = Extract<FaultRule['fault'], { kind: Kind }>;

interface Armed {
	rule: FaultRule;
	seen: number;
	struck: number;
}

/** The faults that were ordered. A rule counts what matches it, strikes at its `nth` (or at each) and is used up after `times`. */
export class Faults {
	private armed: Armed[] = [];

	add(rule: FaultRule): void {
		this.armed.push({ rule, seen: 0, struck: 0 });
	}

	clear(): void {
		this.armed = [];
	}

	/** The fault of one of the given kinds that strikes this target; counts the target for every rule of those kinds. */
	strike<Kind extends FaultRule['fault']['kind']>(
		target: FaultTarget,
		kinds: readonly Kind[],
		alternative?: FaultTarget,
	): FaultOf<Kind> | undefined {
		return this.find(kinds, (rule) => matches(rule, target) || (alternative !== undefined && matches(rule, alternative)));
	}

	/**
	 * The answer ordered for one part of a batch. Only rules that name a method or url and do not match the batch request itself are meant for
	 * parts; the others have had their chance on the whole request.
	 */
	strikePart(target: FaultTarget, batch: FaultTarget): FaultOf<'answer' | 'html'> | undefined {
		const forParts = (rule: FaultRule) => (rule.method !== undefined || rule.url !== undefined) && !matches(rule, batch);
		return this.find(['answer', 'html'], (rule) => forParts(rule) && matches(rule, target));
	}

	private find<Kind extends FaultRule['fault']['kind']>(
		kinds: readonly Kind[],
		applies: (rule: FaultRule) => boolean,
	): FaultOf<Kind> | undefined {
		let found: FaultOf<Kind> | undefined;
		for (const armed of this.armed) {
			const { rule } = armed;
			if (!(kinds as readonly string[]).includes(rule.fault.kind) || !applies(rule)) continue;
			armed.seen++;
			if (found || armed.struck >= (rule.times ?? 1) || armed.seen < (rule.nth ?? 1)) continue;
			armed.struck++;
			found = rule.fault as FaultOf<Kind>;
		}
		return found;
	}
}

const matches = (rule: FaultRule, target: FaultTarget): boolean =>
	(rule.system === undefined || rule.system === target.system) &&
	(rule.method === undefined || rule.method.toUpperCase() === target.method.toUpperCase()) &&
	(rule.url === undefined || new RegExp(rule.url.source, rule.url.flags.replace('g', '')).test(target.path));
