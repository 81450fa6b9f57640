import type { RunFollower } from '../../jobs/runFollower';
import type { Progress } from '../../ports/session';
import type { InsertsInDoubt } from '../contract/insertsInDoubt';
import type { PassContext } from '../contract/passContext';
import type { Pull } from '../contract/pull';
import type { SyncUnit } from '../unit/syncUnit';
import type { DeletedPartners } from '../comparison/deletedPartners';
import type { Frontier } from '../reading/frontier';
import { Handled } from './handled';

/** One pass: what it is and works with, what it carries, what it does besides, and what it has found out so far. */
export interface Pass {
	readonly context: PassContext;
	readonly unit: SyncUnit;
	readonly duties: PassDuties;
	readonly state: PassState;
}

/** What a pass does besides delivering changes, where the run wants it. */
export interface PassDuties {
	/** Pairs found to have lost a record; null when this run leaves them alone. */
	readonly deletedPartners: DeletedPartners | null;
	/** Brings in missing records that others refer to; absent when the run is not to. */
	readonly pull?: Pull;
	readonly follower?: RunFollower;
}

/** What a pass has found out so far. It belongs to the pass: stages are told what they need of it, and answer what they found. */
export interface PassState {
	readonly inDoubt: InsertsInDoubt;
	/** Source records already dealt with in this pass. */
	readonly handled: Handled;
	/** Skipped records that are to be tried again: what they lacked has been created. */
	readonly retryNow: Set<string>;
	/** References that were to be brought in already, whatever came of it. */
	readonly pulled: Set<string>;
	/** How far the pass has come; null until it begins to read changes. */
	progress: Omit<Progress, 'mapping' | 'direction'> | null;
	/** Until when the changes are dealt with; null until it begins to read them, and for records without stamps. */
	frontier: Frontier | null;
}

export const newPassState = (inDoubt: InsertsInDoubt): PassState => ({
	inDoubt,
	handled: new Handled(),
	retryNow: new Set(),
	pulled: new Set(),
	progress: null,
	frontier: null,
});
