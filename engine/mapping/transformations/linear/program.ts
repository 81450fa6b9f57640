import { type CharacterSet, PatternError, type Pattern } from './syntax';

export type Instruction =
	| { op: 'char'; set: CharacterSet }
	| { op: 'assert'; what: Extract<Pattern, { kind: 'assert' }>['what'] }
	/** The first place is preferred. */
	| { op: 'split'; first: number; second: number }
	| { op: 'jump'; to: number }
	| { op: 'save'; slot: number }
	| { op: 'match' };

/** Longer programs are refused: each character of a text costs up to one step per instruction. */
const LONGEST = 2_000;
/** Parts of a pattern that are gone through to make the program, each as often as it is repeated. */
const MOST_VISITS = 10_000;

/** Instructions for the machine in `match.ts`; slots 0 and 1 hold where the whole match begins and ends. */
export function compilePattern(pattern: Pattern): Instruction[] {
	const program: Instruction[] = [];
	const add = (instruction: Instruction): number => {
		if (program.length >= LONGEST) throw new PatternError('it is too long, or repeats too much');
		return program.push(instruction) - 1;
	};
	let visited = 0;
	const emit = (node: Pattern): void => {
		// Repetitions of nothing make no instructions, and take their time all the same.
		if (++visited > MOST_VISITS) throw new PatternError('it is too long, or repeats too much');
		switch (node.kind) {
			case 'char':
				add({ op: 'char', set: node.set });
				return;
			case 'assert':
				add({ op: 'assert', what: node.what });
				return;
			case 'sequence':
				node.parts.forEach(emit);
				return;
			case 'group':
				if (node.index !== null) add({ op: 'save', slot: 2 * node.index });
				emit(node.inner);
				if (node.index !== null) add({ op: 'save', slot: 2 * node.index + 1 });
				return;
			case 'either': {
				const ends: number[] = [];
				node.options.forEach((option, index) => {
					if (index === node.options.length - 1) return emit(option);
					const split = add({ op: 'split', first: 0, second: 0 });
					emit(option);
					ends.push(add({ op: 'jump', to: 0 }));
					program[split] = { op: 'split', first: split + 1, second: program.length };
				});
				for (const end of ends) program[end] = { op: 'jump', to: program.length };
				return;
			}
			case 'repeat':
				repeat(node);
		}
	};
	const repeat = ({ inner, least, most, lazy }: Extract<Pattern, { kind: 'repeat' }>): void => {
		for (let count = 0; count < least; count++) emit(inner);
		const choose = (split: number, stay: number, leave: number): void => {
			program[split] = lazy ? { op: 'split', first: leave, second: stay } : { op: 'split', first: stay, second: leave };
		};
		if (most === Infinity) {
			const split = add({ op: 'split', first: 0, second: 0 });
			emit(inner);
			add({ op: 'jump', to: split });
			choose(split, split + 1, program.length);
			return;
		}
		const splits: number[] = [];
		for (let count = least; count < most; count++) {
			splits.push(add({ op: 'split', first: 0, second: 0 }));
			emit(inner);
		}
		for (const split of splits) choose(split, split + 1, program.length);
	};
	add({ op: 'save', slot: 0 });
	emit(pattern);
	add({ op: 'save', slot: 1 });
	add({ op: 'match' });
	return program;
}
