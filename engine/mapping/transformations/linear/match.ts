import { compilePattern, type Instruction } from './program';
import { isWord, parsePattern } from './syntax';
import { expanded, type Piece, piecesOf } from './replacement';

/**
 * Work spent on one text before it is given up: a few milliseconds, and far from fifty on a slow machine. Whatever takes time counts: each
 * instruction that is followed, each place that is copied, each part of a class that is looked at, each character that is written.
 */
export const MOST_STEPS = 150_000;

/** Characters of which a class remembers what it said. */
const REMEMBERED = 1_024;

/** The text is too long for the pattern, or what is put in place of the matches is. */
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
	/** In which turn an instruction was followed last: at one place of the text each is followed once. */
	private readonly seen: Float64Array;
	private turn = 0;
	/** Groups that the replacement speaks of, by the place of their beginning among the slots; where others begin and end is nobody's business. */
	private kept: ReadonlyMap<number, number> = new Map();
	private slotCount = 2;

	/** Work spent on the last text, in steps; never more than `MOST_STEPS`. */
	get spent(): number {
		return this.steps;
	}

	/** @throws PatternError */
	constructor(source: string, ignoreCase: boolean) {
		const { pattern, groups } = parsePattern(source, ignoreCase);
		this.program = compilePattern(pattern);
		this.groups = groups;
		this.seen = new Float64Array(this.program.length);
	}

	/**
	 * All matches replaced. In `replacement`, `$1` to `$99` stand for groups, `$&` for the match, `$$` for a dollar sign.
	 * @throws TooManySteps
	 */
	replace(text: string, replacement: string): string {
		this.steps = 0;
		this.spend(replacement.length);
		const pieces = piecesOf(replacement, this.groups);
		this.keep(pieces);
		const parts: string[] = [];
		let from = 0;
		for (let start = 0; start <= text.length;) {
			const slots = this.search(text, start);
			if (!slots) break;
			const [begin = 0, end = 0] = slots;
			parts.push(text.slice(from, begin), this.expand(pieces, text, slots));
			from = end;
			start = end > begin ? end : end + 1;
		}
		return parts.join('') + text.slice(from);
	}

	/** To be called before the work is done, so that no more is ever done than may be. */
	private spend(steps: number): void {
		if (this.steps + steps > MOST_STEPS) throw new TooManySteps();
		this.steps += steps;
	}

	private keep(pieces: readonly Piece[]): void {
		const named = new Set(pieces.flatMap((piece) => (typeof piece === 'number' && piece > 0 ? [piece] : [])));
		this.kept = new Map([...named].map((group, index) => [group, 2 + 2 * index]));
		this.slotCount = 2 + 2 * named.size;
	}

	private expand(pieces: readonly Piece[], text: string, slots: Slots): string {
		const of = (group: number): readonly [number, number] => {
			const place = group === 0 ? 0 : this.kept.get(group)!;
			return [slots[place] ?? -1, slots[place + 1] ?? -1];
		};
		for (const piece of pieces) {
			const [begin, end] = typeof piece === 'number' ? of(piece) : [0, piece.length];
			this.spend(1 + Math.max(0, end - begin));
		}
		return expanded(pieces, text, of);
	}

	private search(text: string, start: number): Slots | null {
		let threads: Thread[] = [];
		let found: Slots | null = null;
		for (let position = start; ; position++) {
			const ready: Thread[] = [];
			this.turn++;
			for (const thread of threads) this.follow(thread, text, position, ready);
			// A match that begins later comes after all that began before.
			if (!found) this.follow({ at: 0, slots: [] }, text, position, ready);
			threads = [];
			for (const { at, slots } of ready) {
				const instruction = this.program[at]!;
				if (instruction.op === 'match') {
					found = slots;
					break;
				}
				if (instruction.op === 'char' && position < text.length && this.fits(instruction, text.charCodeAt(position)))
					threads.push({ at: at + 1, slots });
			}
			if (position >= text.length || (threads.length === 0 && found)) return found;
		}
	}

	/** What a class says of a character is remembered: looking at its parts costs as many steps as there are. */
	private fits({ set }: Extract<Instruction, { op: 'char' }>, character: number): boolean {
		const known = set.known.get(character);
		if (known !== undefined) return known;
		this.spend(set.weight);
		const fits = set.test(character);
		if (set.known.size >= REMEMBERED) set.known.clear();
		set.known.set(character, fits);
		return fits;
	}

	private save(slot: number, position: number, slots: Slots): Slots {
		const group = slot >> 1;
		const first = group === 0 ? 0 : this.kept.get(group);
		if (first === undefined) return slots;
		this.spend(this.slotCount);
		const saved = new Array<number>(this.slotCount);
		for (let index = 0; index < this.slotCount; index++) saved[index] = slots[index] ?? -1;
		saved[first + (slot & 1)] = position;
		return saved;
	}

	/** Everything that can be reached without reading a character, in order of preference. */
	private follow(thread: Thread, text: string, position: number, ready: Thread[]): void {
		const places = [thread.at];
		const all = [thread.slots];
		while (places.length > 0) {
			const [at, slots] = [places.pop()!, all.pop()!];
			this.spend(1);
			if (this.seen[at] === this.turn) continue;
			this.seen[at] = this.turn;
			const instruction = this.program[at]!;
			switch (instruction.op) {
				case 'jump':
					places.push(instruction.to);
					all.push(slots);
					break;
				case 'split':
					places.push(instruction.second, instruction.first);
					all.push(slots, slots);
					break;
				case 'save':
					places.push(at + 1);
					all.push(this.save(instruction.slot, position, slots));
					break;
				case 'assert':
					if (!holds(instruction.what, text, position)) break;
					places.push(at + 1);
					all.push(slots);
					break;
				default:
					ready.push({ at, slots });
			}
		}
	}
}

function holds(what: Extract<Instruction, { op: 'assert' }>['what'], text: string, position: number): boolean {
	if (what === 'start') return position === 0;
	if (what === 'end') return position === text.length;
	const before = position > 0 && isWord(text.charCodeAt(position - 1));
	const after = position < text.length && isWord(text.charCodeAt(position));
	return (before !== after) === (what === 'wordBorder');
}
