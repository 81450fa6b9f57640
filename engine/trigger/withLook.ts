import type { News, TriggerSide } from '../model/trigger';
import type { Looked } from './look';

const MOST_ROWS = 20;

/**
 * What is known of a side after a look. News stays until a run has read it, or until a look that would have met it again does not.
 * @param told a webhook had told of changes
 * @param now epoch milliseconds
 */
export function withLook(side: TriggerSide, looked: Looked, { told, now }: { told: boolean; now: number }): TriggerSide {
	if ('failed' in looked) {
		if (looked.failed.errorClass !== 'setup') return side;
		return { ...side, notLooked: 'error', problem: `${looked.failed.code}: ${looked.failed.message}` };
	}
	return { ...side, notLooked: null, problem: null, mark: looked.mark, news: newsAfter(side.news, looked, { told, now }) };
}

function newsAfter(
	before: News | null,
	{ news, atLeast, from, seenAt }: Exclude<Looked, { failed: unknown }>,
	{ told, now }: { told: boolean; now: number },
): News | null {
	const found = news.length > 0 || atLeast;
	const wouldMeet = before !== null && !before.atLeast && before.since !== null && Date.parse(before.since) >= Date.parse(from);
	if (!found) return wouldMeet ? null : before;
	const stamps = news.map(({ modifiedAt }) => modifiedAt).filter((stamp) => stamp !== '');
	const kept = wouldMeet ? null : before;
	const rows = new Map([...(kept?.rows ?? []), ...news.map(({ id, version }) => [id, version] as const)]);
	const since = [...stamps, ...(kept?.since ? [kept.since] : [])].sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
	return {
		changed: kept?.atLeast ? Math.max(kept.changed, rows.size) : rows.size,
		atLeast: atLeast || (kept?.atLeast ?? false),
		since,
		rows: [...rows].slice(-MOST_ROWS),
		seenAt,
		foundMs: before?.foundMs ?? now,
		...(told || before?.told ? { told: true } : {}),
	};
}
