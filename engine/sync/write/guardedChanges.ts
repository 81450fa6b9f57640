import { SyncError } from '../../model/errors';
import type { MassChange } from '../../model/massChange';
import type { MassChangeGuard } from '../guard/massChangeGuard';
import { lossOf } from '../guard/lossOf';
import type { InDoubt } from '../contract/insertsInDoubt';
import type { PassContext } from '../contract/passContext';
import type { TakenAlong } from '../cascades/takenAlong';
import type { PendingWrite } from '../contract/plannedWrite';
import type { Removal } from '../contract/removal';
import type { WorkItem } from '../contract/workItem';
import type { PageRecord } from '../record/pageRecord';
import { prepareInsertion } from './insertion';

/**
 * Asks the guard for all that a page is about to do: before anything of it is done.
 * @throws SyncError `MASS_CHANGE` (setup)
 */
export async function askGuard(
	context: PassContext,
	inDoubt: InDoubt,
	{ pending, doomed, along }: { pending: readonly PendingWrite[]; doomed: readonly Removal[]; along: readonly TakenAlong[] },
	page: PageRecord,
): Promise<void> {
	const { guard } = context;
	const changes = [
		...doomed.map(({ item, edited }) => lossOf(item.coupling!, edited ? 'delete' : 'uncouple')),
		...along.flatMap(({ coupling }) => (coupling ? [lossOf(coupling, 'delete')] : [])),
		...pending.flatMap((write) => lossBy(guard, write)),
		...(await created(context, inDoubt, pending)),
	];
	await guard.spend(changes);
	if (guard.manner !== 'open') page.guarded.add(changes);
}

/** What an update takes away: a value that lost, one that a first synchronization replaces unasked, or one that a blank takes the place of. */
function lossBy(guard: MassChangeGuard, { item, decision }: PendingWrite): MassChange[] {
	if (decision.action !== 'modify') return [];
	const { overwritten, replaced = [], emptied = [] } = decision;
	// Couples that a person made are to agree: that one value gives way is what the person asked for.
	const unasked = replaced.length > 0 && !guard.consents('replace') && Boolean(item.matched ?? item.met ?? item.again);
	if (overwritten.length > 0 || unasked) return [lossOf(item.coupling!, 'overwrite')];
	return emptied.length > 0 ? [lossOf(item.coupling!, 'empty')] : [];
}

/** Where they come to more than is left of the day, those that cannot be created are told apart: they fail, and nothing comes of them. */
async function created(context: PassContext, inDoubt: InDoubt, pending: readonly PendingWrite[]): Promise<MassChange[]> {
	const { guard, mapping } = context;
	if (guard.consents('create')) return [];
	const inserts = pending.flatMap(({ item, decision }) => (decision.action === 'insert' ? [item] : []));
	if (inserts.length === 0) return [];
	const all = await guard.allowsCreations(inserts.length);
	return (all ? inserts : inserts.filter((item) => canBeCreated(context, inDoubt, item))).map(({ source }) => ({
		mapping: mapping.name,
		recordId: source.id,
		action: 'create',
		title: [source.number, source.name].filter(Boolean).join(' ') || source.id,
	}));
}

const canBeCreated = (context: PassContext, inDoubt: InDoubt, item: WorkItem): boolean =>
	inDoubt.blocked(item.source.id) === undefined && !(prepareInsertion(context, inDoubt, item) instanceof SyncError);
