import type { PageRecord } from '../record/pageRecord';
import { coupleAsFirst, withoutRivals } from './beforeCreating';
import { evidenceInBusinessCentral } from './evidenceInBusinessCentral';
import { evidenceInCrm } from './evidenceInCrm';
import type { PassContext } from '../contract/passContext';
import type { WorkItem } from '../contract/workItem';

/**
 * What comes before couples end, or records follow their deleted partners: numbers are used again. A partner that was deleted may have been entered
 * anew under its number, mostly by an import; then the new record takes the place of the gone one, and the record keeps its life. One batch for a page
 * with such couples. Answers the records that have a partner again, to be decided as a couple; the others stay to be removed.
 */
export async function askBeforeRemoving(context: PassContext, page: PageRecord): Promise<WorkItem[]> {
	const { session, mapping, target } = context;
	const removals = page.takeRemovals();
	if (removals.length === 0 || mapping.crm.choice) {
		for (const removal of removals) page.remove(removal);
		return [];
	}
	const items = removals.map(({ item }) => item);
	const findings = await (target.side === 'crm' ? evidenceInCrm(context, items) : evidenceInBusinessCentral(context, items, 'byKey'));
	const settled = withoutRivals(context, findings);
	const found: WorkItem[] = [];
	const partners = [...settled.values()].flatMap((finding) => ('partner' in finding ? [finding.partner.id] : []));
	const held = await session.store.couplingsOf(mapping.name, target.side, partners);
	for (const removal of removals) {
		const finding = settled.get(removal.item);
		// What only looks alike is no reason to keep a couple whose partner is gone.
		if (finding && 'partner' in finding && finding.certain) {
			coupleAsFirst(context, removal.item, finding.partner, held.get(finding.partner.id));
			found.push(removal.item);
		} else page.remove(removal);
	}
	return found;
}
