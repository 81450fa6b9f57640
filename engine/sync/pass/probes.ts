import { idOn } from '../../model/coupling';
import type { Failure } from '../../model/failure';
import { isLasting } from '../../model/lastingStates';
import type { PassContext } from '../contract/passContext';
import { forgetOutside } from './leftOutside';
import type { LeftRecord } from './lookAgain';

const DAY_MS = 24 * 60 * 60_000;
/** Causes that are remembered in one run; more of them are no common causes. */
const MOST_CAUSES = 1_000;

/** What only a decision about the very record ends: another try comes to the same. */
const DECISIONS: ReadonlySet<string> = new Set([
	...['CONFLICT', 'ROLLED_BACK', 'PARTNER_DELETED', 'DELETION_CONFLICT', 'DELETION_NOT_SERVED', 'ROW_CAME_BACK', 'COUPLED_ELSEWHERE'],
	...['INSERT_AMBIGUOUS', 'INSERT_PARTNERLESS', 'PARTNER_TAKEN', 'PARTNER_UNCLEAR', 'PARTNER_OUTSIDE_FILTER', 'COUPLING_TAKEN'],
]);

interface Cause {
	/** Tried longest ago. */
	next: Failure;
	/** When the cause was met last: ISO, UTC. */
	lastMet: string;
}

/**
 * Skipped records whose common cause may be cured by now: a number series that ran out, a permission, a missing code. One record for each cause is tried
 * once a day; where it passes, all others of the cause are freed. So nobody has to remember to ask for another try, and what is still broken costs one
 * write a day.
 */
export class Probes {
	private readonly causes = new Map<string, Cause>();

	constructor(private readonly context: PassContext) {}

	/** Takes note of what was left by earlier runs and is not tried by this one anyway. */
	note(records: readonly LeftRecord[]): void {
		for (const { failure } of records) {
			if (!failure || !isProbed(failure)) continue;
			const key = causeOf(failure);
			const known = this.causes.get(key);
			if (!known && this.causes.size >= MOST_CAUSES) continue;
			const lastMet = known && known.lastMet > failure.failedAt ? known.lastMet : failure.failedAt;
			this.causes.set(key, { lastMet, next: known && known.next.failedAt <= failure.failedAt ? known.next : failure });
		}
	}

	/** Those to be tried now: one for each cause that nobody met for a day, or that was met in what is the future now. */
	async due(): Promise<Failure[]> {
		const now = this.context.session.clock.now();
		const due = [...this.causes.values()].filter(({ lastMet }) => Math.abs(now - Date.parse(lastMet)) >= DAY_MS).map(({ next }) => next);
		if (due.length === 0) return [];
		const outside = await forgetOutside(this.context, due);
		return await this.creatable(due.filter(({ sourceId }) => !outside.has(sourceId)));
	}

	/** Source ids of all skipped records that share the cause of a probe that passed, page by page. */
	async *freedBy(probes: readonly Failure[], pageSize: number): AsyncGenerator<string[]> {
		const { session, mapping, direction } = this.context;
		const left = await session.store.failuresOf(
			mapping.name,
			direction,
			probes.map(({ sourceId }) => sourceId),
		);
		const passed = new Set(probes.filter(({ sourceId }) => !left.has(sourceId)).map(causeOf));
		let afterSourceId: string | undefined;
		while (passed.size > 0) {
			const page = await session.store.failures(mapping.name, direction, {
				...{ includeSkipped: true, only: 'skipped', limit: pageSize },
				...(afterSourceId === undefined ? {} : { afterSourceId }),
			});
			if (page.length === 0) return;
			afterSourceId = page.at(-1)!.sourceId;
			const freed = page.filter((failure) => isProbed(failure) && passed.has(causeOf(failure)));
			const outside = await forgetOutside(this.context, freed);
			const ids = freed.map(({ sourceId }) => sourceId).filter((id) => !outside.has(id));
			if (ids.length > 0) yield ids;
		}
	}

	/** A run that creates nothing tries no record without a partner. */
	private async creatable(probes: Failure[]): Promise<Failure[]> {
		const { session, mapping, source, options } = this.context;
		if (options.createUncoupled) return probes;
		const ids = probes.map(({ sourceId }) => sourceId);
		const couplings = [...(await session.store.couplingsOf(mapping.name, source.side, ids)).values()];
		const coupled = new Set(couplings.map((coupling) => idOn(coupling, source.side)));
		return probes.filter(({ sourceId }) => coupled.has(sourceId));
	}
}

/** What waits for a reference is tried as soon as that is there. */
const isProbed = ({ skipped, errorClass, errorCode, unresolved }: Failure): boolean =>
	skipped && errorClass === 'data' && !isLasting(errorCode) && !DECISIONS.has(errorCode) && !unresolved?.length;

/** Code and text without what differs from record to record: ids, numbers, quoted values. */
const causeOf = ({ errorCode, message }: Failure): string =>
	`${errorCode} ${message.replace(/"[^"]*"|'[^']*'|“[^”]*”|[0-9a-f]{8}-[0-9a-f-]{27}|\d+/gi, '#')}`;
