import type { SyncStore } from '../../ports/syncStore';
import { chunksOf, groupBy } from '../../model/chunks';
import { withoutDeadLinks } from '../deadLinks';
import { eachRow } from '../pages';
import type { AttentionRow, List } from './types';
import { sourceSide } from '../../model/direction';
import type { Failure } from '../../model/failure';
import type { LogEntry } from '../../model/logEntry';

export interface Attention {
	failing: List<AttentionRow>;
	skipped: List<AttentionRow>;
	recovering: number;
}

interface Couple {
	skipped: boolean;
	failures: Failure[];
}

/** Records that could not be delivered, as they stand now: a couple that fails both ways counts once. */
export async function gatherAttention(store: SyncStore, rows: number): Promise<Attention> {
	const couples = new Map<string, Couple>();
	const totals = { failing: 0, skipped: 0 };
	let recovering = 0;
	const page: Failure[] = [];
	const take = async (): Promise<void> => {
		for (const [key, failure] of await withCouples(store, page.splice(0))) {
			const known = couples.get(key);
			if (known) {
				known.failures.push(failure);
				if (failure.skipped && !known.skipped) {
					known.skipped = true;
					totals.failing--;
					totals.skipped++;
				}
				continue;
			}
			couples.set(key, { skipped: failure.skipped, failures: [failure] });
			totals[failure.skipped ? 'skipped' : 'failing']++;
		}
	};
	for await (const failure of eachRow<Failure>((limit, next) => store.listFailures({ limit, ...(next ? { next } : {}) }))) {
		if (failure.errorClass === 'transient' && !failure.skipped) recovering++;
		else if (page.push(failure) >= 500) await take();
	}
	await take();
	const first = async (skipped: boolean): Promise<AttentionRow[]> => {
		const chosen = [...couples.values()]
			.filter((couple) => couple.skipped === skipped)
			.sort(newestFirst)
			.slice(0, rows);
		const found = await Promise.all(chosen.map((couple) => rowOf(store, couple)));
		return await withoutDeadLinks(store, found);
	};
	return {
		failing: { total: totals.failing, rows: await first(false) },
		skipped: { total: totals.skipped, rows: await first(true) },
		recovering,
	};
}

const newest = ({ failures }: Couple): number => Math.max(...failures.map(({ failedAt }) => Date.parse(failedAt)));
const newestFirst = (a: Couple, b: Couple): number => newest(b) - newest(a);

/** Each failure with what stands for its couple, whichever side it fails on. */
async function withCouples(store: SyncStore, failures: readonly Failure[]): Promise<Array<[key: string, failure: Failure]>> {
	const keyed: Array<[string, Failure]> = [];
	for (const [, group] of groupBy(failures, ({ mapping, direction }) => `${mapping}\n${direction}`)) {
		for (const chunk of chunksOf(group)) {
			const { mapping, direction } = chunk[0]!;
			const side = sourceSide(direction);
			const couplings = await store.couplingsOf(
				mapping,
				side,
				chunk.map(({ sourceId }) => sourceId),
			);
			for (const failure of chunk) {
				const coupling = couplings.get(failure.sourceId);
				keyed.push([`${mapping} ${coupling ? coupling.bcId : `${side} ${failure.sourceId}`}`, failure]);
			}
		}
	}
	return keyed;
}

/** Names and links come from the newest entry of the log; where that was cleaned away, from the coupling. */
async function rowOf(store: SyncStore, couple: Couple): Promise<AttentionRow> {
	const failures = [...couple.failures].sort((a, b) => Date.parse(b.failedAt) - Date.parse(a.failedAt));
	const failure = failures[0]!;
	const entry = await newestEntry(store, failure);
	const side = sourceSide(failure.direction);
	const coupling = (await store.couplingsOf(failure.mapping, side, [failure.sourceId])).get(failure.sourceId);
	const bcId = coupling?.bcId ?? (side === 'businessCentral' ? failure.sourceId : null);
	const crmId = coupling?.crmId ?? (side === 'crm' ? failure.sourceId : null);
	return {
		mapping: failure.mapping,
		directions: [...new Set(failures.map(({ direction }) => direction))],
		businessCentral:
			entry?.businessCentral ??
			(bcId === null ? null : { id: bcId, number: coupling?.bcNumber ?? '', name: coupling?.bcName ?? '', url: null }),
		crm: entry?.crm ?? (crmId === null ? null : { id: crmId, number: '', name: coupling?.crmName ?? '', url: null }),
		code: failure.errorCode,
		message: failure.message,
		hint: failure.hint,
		fields: entry?.fields ?? [],
		since: failures.map((each) => each.firstFailedAt ?? each.failedAt).sort()[0]!,
		skipped: couple.skipped,
	};
}

async function newestEntry(store: SyncStore, failure: Failure): Promise<LogEntry | undefined> {
	const { mapping, direction, sourceId } = failure;
	const { rows } = await store.log({ mapping, direction, recordId: sourceId, kind: 'error', limit: 1 });
	return rows[0];
}
