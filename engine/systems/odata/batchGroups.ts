import type { BatchPart, PartAnswer } from './batch';

/** Status of a part that was not carried out because another one of its group was not ("424 Failed Dependency", RFC 4918). */
export const GROUP_FAILED = 424;

const NOT_CARRIED_OUT: PartAnswer = { status: GROUP_FAILED, headers: {}, body: undefined };

/**
 * Answers as a group deserves them: where one part was refused, none was carried out, whatever the service says of those before it ("earlier parts still
 * show" success under `Isolation: snapshot`); where one has no answer, nobody knows of any.
 */
export function settleGroups(parts: readonly BatchPart[], answers: ReadonlyArray<PartAnswer | null>): Array<PartAnswer | null> {
	const refused = new Set<string>();
	const open = new Set<string>();
	parts.forEach(({ group }, index) => {
		if (group === undefined) return;
		const answer = answers[index] ?? null;
		if (answer === null) open.add(group);
		else if (answer.status >= 400) refused.add(group);
	});
	return parts.map(({ group }, index) => {
		const answer = answers[index] ?? null;
		if (group === undefined) return answer;
		if (refused.has(group)) return answer !== null && answer.status >= 400 ? answer : NOT_CARRIED_OUT;
		return open.has(group) ? null : answer;
	});
}

/** Positions to be sent again, with all of their groups. */
export function withGroups(parts: readonly BatchPart[], again: readonly number[]): number[] {
	const groups = new Set(again.flatMap((index) => parts[index]!.group ?? []));
	if (groups.size === 0) return [...again];
	const wanted = new Set(again);
	return parts.flatMap(({ group }, index) => (wanted.has(index) || (group !== undefined && groups.has(group)) ? [index] : []));
}
