import type { JobRecorder } from '../../jobs/recorder';
import type { LogEntry } from '../../model/logEntry';
import { type Side, SYSTEM_NAMES } from '../../model/side';

/** Says how many records a comparison of versions has found that no run had read; answers what is to be logged. */
export function overlooked(recorder: JobRecorder, side: Side, count: number): LogEntry[] {
	const records = count === 1 ? '1 record was' : `${count.toLocaleString('en-US')} records were`;
	recorder.warn(
		`${SYSTEM_NAMES[side]}: ${records} changed without a time stamp that runs read; the comparison of versions has found ${count === 1 ? 'it' : 'them'}.`,
		{
			code: 'CHANGED_UNSEEN',
			hint: 'Nothing to do: what was found is synchronized as a change. A long transaction, an import with back-dated stamps or a clock that was set back looks like this.',
		},
	);
	return recorder.takeLog();
}
