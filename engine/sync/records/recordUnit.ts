import { SyncError } from '../../model/errors';
import type { InDoubt } from '../contract/insertsInDoubt';
import type { PassContext } from '../contract/passContext';
import type { SyncUnit } from '../unit/syncUnit';
import { askBeforeCreating } from '../evidence/beforeCreating';
import { askBeforeRemoving } from '../evidence/beforeRemoving';
import { matchUncoupled, pairPage } from '../pair/pairPage';
import { deferredReferences } from '../references/deferredReferences';
import { prepareReferences } from '../references/prepareReferences';
import { unresolvedReferences } from '../references/unresolvedReferences';
import { plan } from '../write/plan';
import { carryOutRemovals } from '../write/removals';
import { announce, settle } from '../write/write';
import { decideRecords, readPartners } from './decideRecords';

/** Records of a table mapping, as a pass keeps them in step. */
export function recordUnit(context: PassContext, inDoubt: InDoubt): SyncUnit {
	return {
		async begin() {
			if (context.options.createUncoupled) await context.rules.beforePass?.(context);
		},
		pair: (seen, records, page, origin) => pairPage(context, seen, records, page, origin),
		matchAgain: async (items) => {
			if (context.rules.findPartner) await matchUncoupled(context, inDoubt, items);
		},
		prepare: (items) =>
			prepareReferences(
				context,
				items.map(({ source }) => source),
			),
		lacks: (items) =>
			items.flatMap(({ source, coupling }) => [...unresolvedReferences(context, source, coupling), ...deferredReferences(context, source)]),
		decide: (items, page) => decideRecords(context, items, page),
		async askFirst(pending, page) {
			const { open, found } = await askBeforeCreating(context, inDoubt, pending, page);
			const met = [...found, ...(await askBeforeRemoving(context, page))];
			return met.length === 0 ? open : [...open, ...(await decideRecords(context, met, page)).pending];
		},
		remove: (pending, page) => carryOutRemovals(context, inDoubt, pending, page),
		plan: (pending, page) => plan(context, inDoubt, pending, page),
		announce: (planned, page) => announce(context, planned, page),
		settle: (planned, outcomes, page) => settle(context, planned, outcomes, page),
		refresh: (stale) =>
			readPartners(
				context,
				stale.filter(({ coupling, partner }) => coupling && partner === 'unread'),
			),
		giveUp(stale, page) {
			// What got no answer each time was not changed by anybody.
			for (const item of stale) page.fail(item, item.unanswered ?? changedMeanwhile(context), []);
		},
	};
}

const changedMeanwhile = ({ target }: PassContext): SyncError =>
	new SyncError({
		code: 'CHANGED_MEANWHILE',
		errorClass: 'transient',
		system: target.side,
		message: 'The record kept being changed by others while it was being written.',
		hint: 'Nothing to do: the next run tries again.',
	});
