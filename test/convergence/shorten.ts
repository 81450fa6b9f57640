import { playScript, type StoryOutcome } from './story';
import type { Script, Step } from './script';

/** Tellings of a story while a shorter one is looked for. */
const TRIES = 150;

/** The same story with all steps taken out that it breaks without; the longest parts are tried first. */
export async function shorten(broken: StoryOutcome): Promise<StoryOutcome> {
	let best = broken;
	let tries = TRIES;
	const attempt = async (change: Partial<Script>): Promise<boolean> => {
		if (tries-- <= 0) return false;
		const outcome = await playScript({ ...best.script, ...change }).catch(() => null);
		if (!outcome || outcome.violations.length === 0) return false;
		best = outcome;
		return true;
	};
	for (let size = Math.ceil(best.script.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
		for (let start = best.script.steps.length - size; start > -size; start -= size) {
			const from = Math.max(0, start);
			await attempt({ steps: without(best.script.steps, from, size) });
		}
	}
	while (best.script.start > 0 && (await attempt({ start: best.script.start - 1 })));
	return best;
}

const without = (steps: readonly Step[], from: number, size: number): Step[] => [...steps.slice(0, from), ...steps.slice(from + size)];

export function describeBroken(outcome: StoryOutcome, short: StoryOutcome, wholePlot: boolean): string {
	const { seed, family, steps } = outcome.script;
	return [
		`BROKEN seed ${seed} family ${family}: ${outcome.violations.join('; ')}`,
		`  ${short.script.steps.length} of ${steps.length} steps are enough: ${short.violations.join('; ')}`,
		...(wholePlot ? outcome : short).plot.map((line) => `    ${line}`),
	].join('\n');
}
