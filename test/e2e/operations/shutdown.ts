import type { Checks } from '../checks';
import { checkChildren } from './shutdown/children';
import { checkInN8n } from './shutdown/inN8n';

/** What becomes of runs when their process is ended: many processes at random moments, and n8n itself. */
export async function shutdown(checks: Checks): Promise<void> {
	await checkChildren(checks);
	await checkInN8n(checks);
}
