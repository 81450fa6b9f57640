import type { IExecuteFunctions } from 'n8n-workflow';
import { type JobResult, loadMappings, type SyncSession } from '../../engine';

/**
 * After a full synchronization everything seems to be in step, but scheduled runs create no partners for records that are entered from now on, as long as
 * the mapping synchronizes only coupled records. Whoever ran it is told, and where to change it.
 */
export async function tellNewRecordsStay(context: IExecuteFunctions, session: SyncSession, results: readonly JobResult[]): Promise<void> {
	const finished = new Set(results.flatMap(({ job }) => (job.status === 'finished' && !job.preview ? [job.mapping] : [])));
	const closed = (await loadMappings(session)).filter(({ name, onlyCoupled }) => onlyCoupled && finished.has(name)).map(({ name }) => name);
	if (closed.length === 0) return;
	const message = `Records that are entered from now on will not travel: scheduled runs of ${closed.join(', ')} synchronize only coupled records. To have partners created, choose "New Records From Now On → Scheduled Runs Create Their Partners", or switch off "Synch. Only Coupled Records" in Table Mappings.`; // prettier-ignore
	context.addExecutionHints({ type: 'info', message, location: 'outputPane' });
	session.log('info', message);
}
