import type { PassContext } from '../contract/passContext';
import { withoutInFlight } from '../record/inFlight';
import type { WorkItem } from '../contract/workItem';

/**
 * A coupled CRM row may be another one than the couple knows: it was deleted, and before anybody noticed, CRM carried out an insert of ours that had
 * gone unanswered long ago (or somebody made it anew under its id). What stands in it is old and no edit. The couple starts over, and Business
 * Central's values count, unless the mapping only reads CRM.
 */
export function startOverIfRecreated({ source, mapping }: Pick<PassContext, 'source' | 'mapping'>, item: WorkItem): void {
	const { coupling } = item;
	const row = source.side === 'crm' ? item.source : typeof item.partner === 'string' ? null : item.partner;
	if (!coupling?.crmCreatedAt || !row?.createdAt || row.createdAt === coupling.crmCreatedAt) return;
	item.recreated = true;
	item.coupling = {
		...withoutInFlight(coupling),
		bcVersion: null,
		crmVersion: null,
		crmCreatedAt: row.createdAt,
		baseline: null,
		initial: mapping.direction === 'fromCrm' ? 'get' : 'send',
	};
}
