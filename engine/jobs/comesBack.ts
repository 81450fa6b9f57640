import type { SyncError } from '../model/errors';

/** From so many times in a row on, what should pass by itself is not left at that. */
const OFTEN = 5;

/**
 * An error that should have passed by itself, and came back: says how often, and what may hold it. "Nothing needs to be done" would be untrue by now.
 */
export function comesBack(error: SyncError, attempts: number): SyncError {
	if (error.errorClass !== 'transient' || attempts < OFTEN) return error;
	const { code, message } = error;
	return error.with({
		message: `${message} It came back ${attempts} times in a row.`,
		hint: `It is tried again by every run, but does not pass by itself. ${MAY_BE[code] ?? 'Change the record by hand in the system named above: if that is refused, too, its text says why; otherwise a process there holds or changes the record again and again.'}`,
	});
}

const MAY_BE: Readonly<Record<string, string>> = {
	CHANGED_MEANWHILE:
		'A process (a Power Automate flow, a job queue entry, another integration) changes the record whenever it is written: look into its change history, and let that process leave the record alone for a while.',
	INSERT_UNSETTLED:
		'Look in the target system whether the record is there: couple it in Couple Records, or delete it there, then use Couple Records → Retry.',
};
