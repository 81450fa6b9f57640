import type { Baseline, Coupling, FieldBaseline } from '../../model/coupling';
import { type PassDirection, opposite } from '../../model/direction';
import { type FieldMark, type FieldSet, hashOf, isPartlySeen, markOn, partlySeen } from '../../model/fieldSet';

/** The fields that couplings are compared with now, and those that they may have been compared with before. */
export interface FieldSets {
	current: FieldSet;
	known: ReadonlyMap<string, FieldSet>;
}

/** A couple whose fields are not those it was compared with last. */
export interface ComparedAgain {
	/** With the baselines that still mean something, under the keys that the fields have now. */
	coupling: Coupling;
	/** Whether there is anything to compare: fields that only went away leave nothing to do. */
	needed: boolean;
	/** Keys of fields whose values cross otherwise than before: they are delivered though nobody edited them. */
	due: ReadonlySet<string>;
	/** The same in the opposite direction. */
	dueBack: readonly string[];
	/** Keys of all fields because of which it is needed. */
	concerned: readonly string[];
}

/**
 * What a couple needs because the fields of its mapping are not those it was compared with last: a field was added, switched on, hidden for a while, its
 * direction turned, its column or its transformation changed. Null where the fields are the same. Pure.
 *
 * The baseline of a field that went away is kept aside, under a key that says which columns it speaks of: when the field comes back, both sides are still
 * compared with the values they last agreed on, however long ago that was, so that an edit made meanwhile is told from a value that never changed.
 */
export function comparedAgain({ current, known }: FieldSets, coupling: Coupling, direction: PassDirection): ComparedAgain | null {
	const { baseline, fieldSet } = coupling;
	if (!baseline || fieldSet === current.hash) return null;
	const hash = fieldSet === undefined ? undefined : hashOf(fieldSet);
	const former = hash === current.hash ? current : hash === undefined ? undefined : known.get(hash);
	const kept = rekeyed(baseline, former, current);
	const due = new Set<string>();
	const dueBack: string[] = [];
	// Of an unknown set nothing is known but that it was ours.
	let needed = isPartlySeen(fieldSet) || (fieldSet !== undefined && former === undefined);
	const concerned: string[] = [];
	for (const [key, mark] of Object.entries(current.fields)) {
		const same = former?.fields[key]?.identity === mark.identity ? former.fields[key] : undefined;
		// What an earlier version compared counts as compared with the fields as they are.
		const isNew = former === undefined ? kept[key] === undefined : same === undefined;
		// How a field crossed before it went away is not known any more: with a baseline that came back, it is delivered where the sides differ.
		const followed = former !== undefined && (same !== undefined || kept[key] !== undefined);
		const turned = followed && isTurned(mark, same, direction);
		const turnedBack = followed && isTurned(mark, same, opposite(direction));
		if (turned) due.add(key);
		if (turnedBack) dueBack.push(key);
		if (isNew || turned || turnedBack) concerned.push(key);
	}
	needed ||= concerned.length > 0;
	return { coupling: { ...coupling, baseline: kept, fieldSet: current.hash }, needed, due, dueBack, concerned };
}

/** Whether such a couple is to be looked at although neither of its records changed. */
export const isToBeCompared = (sets: FieldSets, coupling: Coupling): boolean => comparedAgain(sets, coupling, 'toCrm')?.needed ?? false;

const isTurned = (now: FieldMark, then: FieldMark | undefined, direction: PassDirection): boolean => {
	const crossing = markOn(now, direction);
	return crossing !== null && (then === undefined || markOn(then, direction) !== crossing);
};

const aside = (key: string, { identity }: FieldMark): string => `${key}\t${identity}`;
const isAside = (key: string): boolean => key.includes('\t');

function rekeyed(baseline: Baseline, former: FieldSet | undefined, current: FieldSet): Baseline {
	const kept: Record<string, FieldBaseline> = {};
	for (const [key, marks] of Object.entries(baseline)) {
		const before = former?.fields[key];
		if (isAside(key) || former === undefined || before?.identity === current.fields[key]?.identity) kept[key] = marks;
		else if (before) kept[aside(key, before)] = marks;
	}
	for (const [key, mark] of Object.entries(current.fields)) {
		const name = aside(key, mark);
		const marks = kept[name];
		if (marks === undefined) continue;
		delete kept[name];
		kept[key] ??= marks;
	}
	return kept;
}

/** The hash that a couple is given once it was dealt with. */
export const comparedWith = ({ current }: FieldSets, allSeen: boolean): string => (allSeen ? current.hash : partlySeen(current.hash));
