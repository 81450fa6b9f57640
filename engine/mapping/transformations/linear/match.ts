import { compilePattern, type Instruction } from './program';
import { isWord, parsePattern } from './syntax';

/** Work spent on one text before it is given up, in steps: some milliseconds. Copying a place counts as a step. */
export const MOST_STEPS = 300_000;

/** The text is too long for the pattern. */
export class TooManySteps extends Error {}

/** Where the match and its groups begin and end, in turn; -1 for a group that took no part. */
type Slots = readonly number[];

interface Thread {
	at: number;
	slots: Slots;
}

/**
 * A regular expression that is matched without going back: all ways to match are followed at once, so the time grows with the text and the
 * pattern, never beyond. (JavaScript's own can take for ever on patterns such as `(a+)+$`.)
 */
export class LinearRegex {
	private readonly program: Instruction[];
	private readonly groups: number;
	private steps = 0;

	/** Work spent on the last text, in steps. */
	get spent(): number {
		return this.steps;
	}

	/** Groups that the replacement speaks of; where others begin and end is nobody's business. */
	private kept: readonly number[] = [];

	/** @throws PatternError */
	constructor(source: string, ignoreCase: boolean) {
		const { pattern, groups } = parsePattern(source, ignoreCase);
		this.program = compilePattern(pattern);
		this.groups = groups;
	}

	/**
	 * All matches replaced. In `replacement`, `$1` to `$99` stand for groups, `$&` for the match, `$$` for a dollar sign.
	 * @throws TooManySteps
	 */
	replace(text: string, replacement: string): string {
		this.steps = 0;
		this.kept = groupsIn(replacement).filter((group) => group <= this.groups);
		let result = '';
		let from = 0;
		for (let start = 0; start <= text.length;) {
			const slots = this.search(text, start);
			if (!slots) break;
			const [begin = 0, end = 0] = slots;
			result += text.slice(from, begin) + this.expand(replacement, text, slots);
			from = end;
			start = end > begin ? end : end + 1;
		}
		return result + text.slice(from);
	}

	private expand(replacement: string, text: string, slots: Slots): string {
		return replacement.replace(/\$(\$|&|\d{1,2})/g, (whole, what: string) => {
			if (what === '$') return '$';
			const group = what === '&' ? 0 : Number(what);
			if (group > this.groups || what === '0' || what === '00') return whole;
			const place = group === 0 ? 0 : 2 + 2 * this.kept.indexOf(group);
			const [begin = -1, end = -1] = [slots[place], slots[place + 1]];
			return begin < 0 || end < 0 ? '' : text.slice(begin, end);
		});
	}

	private search(text: string, start: number): Slots | null {
		let threads: Thread[] = [];
		let found: Slots | null = null;
		for (let position = start; ; position++) {
			const ready: Thread[] = [];
			const place = { text, position };
			const seen = new Set<number>();
			for (const { at, slots } of threads) this.follow({ at, slots }, place, seen, ready);
			// A match that begins later comes after all that began before.
			if (!found) this.follow({ at: 0, slots: [] }, place, seen, ready);
			threads = [];
			for (const { at, slots } of ready) {
				const instruction = this.program[at]!;
				if (instruction.op === 'match') {
					found = slots;
					break;
				}
				if (instruction.op === 'char' && position < text.length && instruction.test(text.charCodeAt(position)))
					threads.push({ at: at + 1, slots });
			}
			if (position >= text.length || (threads.length === 0 && found)) return found;
		}
	}

	private save(slot: number, position: number, slots: Slots): Slots {
		const group = slot >> 1;
		const place = group === 0 ? slot : this.kept.indexOf(group) < 0 ? -1 : 2 + 2 * this.kept.indexOf(group) + (slot & 1);
		if (place < 0) return slots;
		const saved = Array.from({ length: 2 * this.kept.length + 2 }, (_, index) => slots[index] ?? -1);
		saved[place] = position;
		return saved;
	}

	/** Everything that can be reached without reading a character, in order of preference. */
	private follow(thread: Thread, { text, position }: { text: string; position: number }, seen: Set<number>, ready: Thread[]): void {
		const open: Thread[] = [thread];
		while (open.length > 0) {
			const { at, slots } = open.pop()!;
			if (seen.has(at)) continue;
			seen.add(at);
			if (++this.steps > MOST_STEPS) throw new TooManySteps();
			const instruction = this.program[at]!;
			switch (instruction.op) {
				case 'jump':
					open.push({ at: instruction.to, slots });
					break;
				case 'split':
					open.push({ at: instruction.second, slots }, { at: instruction.first, slots });
					break;
				case 'save': {
					const saved = this.save(instruction.slot, position, slots);
					this.steps += saved === slots ? 0 : saved.length;
					open.push({ at: at + 1, slots: saved });
					break;
				}
				case 'assert':
					if (holds(instruction.what, text, position)) open.push({ at: at + 1, slots });
					break;
				default:
					ready.push({ at, slots });
			}
		}
	}
}

/** Numbers of the groups that a replacement speaks of. */
const groupsIn = (replacement: string): number[] => [
	...new Set(
		[...replacement.matchAll(/\$(\$|\d{1,2})/g)].flatMap(([, what]) => (what === '$' ? [] : [Number(what)])).filter((group) => group > 0),
	),
];

function holds(what: Extract<Instruction, { op: 'assert' }>['what'], text: string, position: number): boolean {
	if (what === 'start') return position === 0;
	if (what === 'end') return position === text.length;
	const before = position > 0 && isWord(text.charCodeAt(position - 1));
	const after = position < text.length && isWord(text.charCodeAt(position));
	return (before !== after) === (what === 'wordBorder');
}
