import type { TableMapping } from '../../model/tableMapping';
import type { JobRecorder } from '../../jobs/recorder';

/** References named one by one; of more, their number is told. */
const NAMED = 50;

/**
 * A run that met missing dependencies ends with one list of what must be coupled first, as a warning of the job and one
 * line of the log. Answers the sentence for the job's message; empty when no record failed for that reason.
 */
export function tellWaiting(recorder: JobRecorder, mappings: readonly TableMapping[]): string {
	const { failed, earlier } = recorder.waiting;
	if (failed === 0) return '';
	const wanted = recorder.waiting.all();
	const named = wanted.slice(0, NAMED);
	const groups = new Map<string, string[]>();
	for (const { mapping, caption, value, name, records } of named) {
		const group = mapping ?? `choices of ${caption}`;
		const text = `${name ?? (value || 'local currency')} (${count(records, 'record')})`;
		groups.set(group, [...(groups.get(group) ?? []), text]);
	}
	const list = [...groups].map(([group, texts]) => `${group}: ${texts.join(', ')}`).join('; ');
	const more = wanted.length > NAMED ? `; and ${wanted.length - NAMED} more` : '';
	const waiting = failed + earlier;
	const head = `${count(waiting, 'record')} ${waiting === 1 ? 'waits' : 'wait'} for others. To be coupled or added first: ${list}${more}.`;
	recorder.warn(head, {
		code: 'DEPENDENCIES_MISSING',
		hint: `${wayOn(mappings, [...groups.keys()])} The waiting records are tried again by the first run after that.`,
	});
	return ` ${head}`;
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

/** What is switched off synchronizes nothing: it has to be enabled first. */
function wayOn(mappings: readonly TableMapping[], wanted: readonly string[]): string {
	const off = mappings.filter(({ name, enabled }) => !enabled && wanted.includes(name)).map(({ name }) => name);
	const first =
		off.length === 0 ? '' : `Enable ${off.join(' and ')} in Table Mappings: ${off.length === 1 ? 'it is' : 'they are'} switched off. `;
	return `${first}Synchronize those mappings first, or let the run bring in missing records (option "Bring In Missing Records").`;
}
