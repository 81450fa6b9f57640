import { processPage } from './page';
import type { PassContext } from '../contract/passContext';
import type { DeletedPartners } from '../comparison/deletedPartners';
import type { Pass } from './passState';
import type { Coupling } from '../../model/coupling';
import type { DeletedPartner } from '../../model/deletion';

interface Range {
	pageSize: number;
	checkpoint(): Promise<void>;
}

/** Deals with the records of the pass's source side whose partners were found deleted: each is read, and decided like any other. */
export async function handleDeleted(pass: Pass, range: Range): Promise<void> {
	const { context } = pass;
	const list = pass.duties.deletedPartners;
	if (!list) return;
	const { source, target, session, mapping } = context;
	for await (const pairs of list.parts(target.side, range.pageSize)) {
		await range.checkpoint();
		const couplings = await session.store.couplingsOf(
			mapping.name,
			'businessCentral',
			pairs.map((pair) => pair.bcId),
		);
		const open = pairs.filter((pair) => couplings.get(pair.bcId)?.crmId === pair.crmId && !pass.state.handled.has(idOn(context, pair)));
		const records = await source.system.readByIds(
			source.table,
			open.map((pair) => idOn(context, pair)),
			source.fields,
		);
		const unread = open.filter((pair) => !records.has(idOn(context, pair)));
		const bothGone = await goneTogether(context, list, unread);
		await processPage(pass, [...records.values()], 'deleted', {
			found: { pairs, bothGone: bothGone.map((pair): Coupling => couplings.get(pair.bcId)!) },
		});
	}
}

const idOn = (context: PassContext, pair: DeletedPartner, side = context.source.side): string => (side === 'crm' ? pair.crmId : pair.bcId);

/**
 * Pairs of which neither record is left. Both sides are asked: a record may be hidden from the user, and one found missing
 * earlier may be back.
 */
async function goneTogether(context: PassContext, list: DeletedPartners, pairs: readonly DeletedPartner[]): Promise<DeletedPartner[]> {
	if (pairs.length === 0) return [];
	const { source, target } = context;
	const left = await source.system.existing(
		source.table,
		pairs.map((pair) => idOn(context, pair)),
	);
	const back = await target.system.existing(
		target.table,
		pairs.map((pair) => idOn(context, pair, target.side)),
	);
	const lost = pairs.filter((pair) => !left.has(idOn(context, pair)));
	// The other record is back, and this one is gone: that is for the opposite direction.
	const turned = lost.filter((pair) => back.has(idOn(context, pair, target.side)));
	await list.found(
		source.side,
		turned.map((pair) => ({ ...pair, side: source.side })),
	);
	return lost.filter((pair) => !back.has(idOn(context, pair, target.side)));
}
