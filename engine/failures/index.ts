/** What to do about records that could not be delivered. */
export { coupleWithSurvivor, type CoupleWithSurvivorRequest } from './coupleWithSurvivor';
export { deleteOther } from './deleteOther';
export { findForDeleted, type FindForDeletedRequest, type FoundDeleted } from './findForDeleted';
export { listFailedRecords, type FailedRecordQuery } from './list';
export { listWaitingRecords, type WaitingRecordQuery, type WaitingRecordView } from './listWaiting';
export { restoreRecords } from './restore';
export { retryAll, retryRecords, type RetriedMapping } from './retry';
export { synchronizeWithSide, type SynchronizeWithSideRequest } from './synchronizeWithSide';
export type { ActedRecord, ActionResult, FailedRecordView, FailureAction, FailureOfDirection, FailureSelectionRequest } from './types';
