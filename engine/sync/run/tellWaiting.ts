import type { TableMapping } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import type { JobRecorder } from '../../jobs/recorder';
import type { WaitedFor } from '../../jobs/waitingList';

/** References named one by one; of more, their number is told. */
const NAMED = 50;

/**
 * A run that met missing dependencies ends with one list of what must be coupled first, as a warning of the job and one
 * line of the log. Answers the sentence for the job's message; empty when no record failed for that reason.
 */
export async function tellWaiting(session: SyncSession, recorder: JobRecorder, mappings: readonly TableMapping[]): Promise<string> {
	const { failed, earlier } = recorder.waiting;
	if (failed === 0) return '';
	const wanted = recorder.waiting.all();
	const named = wanted.slice(0, NAMED);
	const names = recorder.job.direction === 'fromCrm' ? await namesInCrm(session, mappings, named) : new Map<string, string>();
	const groups = new Map<string, string[]>();
	for (const { mapping, caption, value, records } of named) {
		const group = mapping ?? `choices of ${caption}`;
		const text = `${names.get(`${mapping} ${value}`) ?? (value || 'local currency')} (${count(records, 'record')})`;
		groups.set(group, [...(groups.get(group) ?? []), text]);
	}
	const list = [...groups].map(([group, texts]) => `${group}: ${texts.join(', ')}`).join('; ');
	const more = wanted.length > NAMED ? `; and ${wanted.length - NAMED} more` : '';
	const waiting = failed + earlier;
	const head = `${count(waiting, 'record')} ${waiting === 1 ? 'waits' : 'wait'} for others. To be coupled or added first: ${list}${more}.`;
	recorder.warn(head, {
		code: 'DEPENDENCIES_MISSING',
		hint: 'Synchronize those mappings first, or let the run bring in missing records. The waiting records are tried again by the first run after that.',
	});
	return ` ${head}`;
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

/** In CRM a reference is an id, which people cannot read: one batch per table for the names. */
async function namesInCrm(
	session: SyncSession,
	mappings: readonly TableMapping[],
	wanted: readonly WaitedFor[],
): Promise<Map<string, string>> {
	const names = new Map<string, string>();
	for (const name of new Set(wanted.flatMap(({ mapping }) => mapping ?? []))) {
		const table = mappings.find((each) => each.name === name)?.crm;
		if (!table) continue;
		const ids = wanted.filter(({ mapping }) => mapping === name).map(({ value }) => value);
		for (const record of (await session.crm.readByIds(table, ids, [])).values()) names.set(`${name} ${record.id}`, record.name);
	}
	return names;
}
