import { randomUUID } from 'node:crypto';
import { isRunEnding, type SyncError } from '../model/errors';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { JobRecorder } from './recorder';
import type { Job } from '../model/job';
import type { JobResult } from './jobResult';

/** The outcome of a mapping that could not even begin; like a run that found the mapping busy it leaves no job in the log. */
export function failedToStart(session: SyncSession, mapping: TableMapping, type: Job['type'], error: SyncError): JobResult {
	const options = { type, returnChanges: 0, returnFailures: 1 };
	// It did not fail: nobody let it begin.
	const ending = isRunEnding(error);
	const recorder = new JobRecorder(session, mapping, randomUUID(), null, options);
	if (!ending) recorder.stoppedBy(error);
	return recorder.finish(ending ? 'stopped' : 'failed', `${error.message} ${error.hint}`.trim());
}
