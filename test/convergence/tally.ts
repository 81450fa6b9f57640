import { NO_FIGURES, type StoryFigures, type StoryOutcome } from './story';

export interface TallyLine extends StoryFigures {
	stories: number;
	broken: number;
	ms: number;
}

const EMPTY: TallyLine = { ...NO_FIGURES, stories: 0, broken: 0, ms: 0 };

/** Figures of many stories, in all and for each family. */
export class Tally {
	readonly lines = new Map<string, TallyLine>();
	private readonly began = Date.now();

	add(family: string, { figures, violations }: Pick<StoryOutcome, 'figures' | 'violations'>, ms: number): void {
		this.merge(family, { ...figures, stories: 1, broken: violations.length > 0 ? 1 : 0, ms });
	}

	merge(family: string, more: TallyLine): void {
		const line = { ...(this.lines.get(family) ?? EMPTY) };
		for (const name of Object.keys(EMPTY) as Array<keyof TallyLine>) line[name] += more[name];
		this.lines.set(family, line);
	}

	get total(): TallyLine {
		const total = { ...EMPTY };
		for (const line of this.lines.values()) for (const name of Object.keys(EMPTY) as Array<keyof TallyLine>) total[name] += line[name];
		return total;
	}

	get broken(): number {
		return this.total.broken;
	}

	/** One line for each family, and one for all. */
	table(): string {
		const row = (name: string, line: TallyLine, seconds: number): string =>
			[
				name.padEnd(16),
				...[line.stories, line.runs, line.edits, line.faults, line.kills, line.broken].map((each) => String(each).padStart(8)),
				seconds.toFixed(1).padStart(9),
			].join(' ');
		const head = [
			'family'.padEnd(16),
			...['stories', 'runs', 'edits', 'faults', 'kills', 'broken'].map((each) => each.padStart(8)),
			'  seconds',
		];
		const seconds = (Date.now() - this.began) / 1000;
		const { total } = this;
		return [
			head.join(' '),
			...[...this.lines].map(([family, line]) => row(family, line, line.ms / 1000)),
			row('all', total, seconds),
			`${total.runs} runs, ${total.edits} edits, ${total.faults} faults, ${total.kills} kills in ${seconds.toFixed(1)} s (${Math.round((total.runs * 60) / seconds)} runs a minute); ${total.broken} stories with violations`,
		].join('\n');
	}
}
