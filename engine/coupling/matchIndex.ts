import { createHash } from 'node:crypto';

/** Enough of a record to name it. */
export interface Mention {
	id: string;
	number: string;
	name: string;
}

const BLANK = 0;
/** A value that no candidate has. */
const UNKNOWN = -1;

/**
 * Records with the values they are matched by, and no more: each value is a small number that stands for its hash, so that a hundred thousand
 * records fit in a few megabytes whatever their fields hold.
 */
export class MatchRecords {
	readonly mentions: Mention[] = [];
	private readonly positions = new Map<string, number>();
	private readonly columns: number[][];

	constructor(readonly width: number) {
		this.columns = Array.from({ length: width }, () => []);
	}

	get size(): number {
		return this.mentions.length;
	}

	/** A record that was read before (it moved while its pages were read) takes its newer values. */
	add({ id, number, name }: Mention, values: readonly number[]): void {
		const position = this.positions.get(id) ?? this.mentions.length;
		this.positions.set(id, position);
		this.mentions[position] = { id, number, name };
		values.forEach((value, column) => (this.columns[column]![position] = value));
	}

	has(id: string): boolean {
		return this.positions.has(id);
	}

	/** Which of the columns hold something. */
	filled(position: number, columns: readonly number[]): number[] {
		return columns.filter((column) => this.columns[column]![position] !== BLANK);
	}

	/** The columns of which both records hold something, and not the same. */
	differing(position: number, other: MatchRecords, at: number, columns: readonly number[]): number[] {
		return columns.filter((column) => {
			const [own, theirs] = [this.columns[column]![position]!, other.columns[column]![at]!];
			return own !== BLANK && theirs !== BLANK && (own !== theirs || own === UNKNOWN);
		});
	}

	/** The values of the columns in one text; null when one of them is blank or equals nothing. */
	key(position: number, columns: readonly number[]): string | null {
		const values = columns.map((column) => this.columns[column]![position]!);
		return values.some((value) => value === BLANK || value === UNKNOWN) ? null : values.join(' ');
	}

	/** Positions by the values of the columns. */
	index(columns: readonly number[]): Map<string, number[]> {
		const found = new Map<string, number[]>();
		for (let position = 0; position < this.size; position++) {
			const key = this.key(position, columns);
			if (key === null) continue;
			const same = found.get(key);
			if (same) same.push(position);
			else found.set(key, [position]);
		}
		return found;
	}
}

/** Numbers the values of one criterion. */
export class ValueNumbers {
	private readonly numbers = new Map<string, number>();

	/** Of a candidate: a value not met before gets the next number. `null` equals nothing. */
	learn(key: string | null): number {
		if (key === '') return BLANK;
		if (key === null) return UNKNOWN;
		const hash = hashOf(key);
		const known = this.numbers.get(hash);
		if (known !== undefined) return known;
		const next = this.numbers.size + 1;
		this.numbers.set(hash, next);
		return next;
	}

	/** Of a record that looks for a partner. */
	find(key: string | null): number {
		if (key === '') return BLANK;
		return key === null ? UNKNOWN : (this.numbers.get(hashOf(key)) ?? UNKNOWN);
	}
}

/** 96 bits: two different values share it with a chance of about 1 in 10^28. */
const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 16);
