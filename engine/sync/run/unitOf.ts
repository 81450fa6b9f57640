import type { InDoubt } from '../contract/insertsInDoubt';
import type { PassContext } from '../contract/passContext';
import type { SyncUnit } from '../unit/syncUnit';
import { recordUnit } from '../records/recordUnit';

/** What the mapping keeps in step. Every kind of unit is entered here, and nowhere else in runs and passes. */
export const unitOf = (context: PassContext, inDoubt: InDoubt): SyncUnit => recordUnit(context, inDoubt);
