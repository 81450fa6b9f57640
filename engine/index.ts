/** What the nodes use of the engine. */
export {
	deleteOther,
	findForDeleted,
	listFailedRecords,
	restoreRecords,
	retryAll,
	retryRecords,
	synchronizeWithSide,
	type ActedRecord,
	type ActionResult,
	type FailedRecordQuery,
	type FailedRecordView,
	type FailureSelectionRequest,
	type FoundDeleted,
	type RetriedMapping,
} from './failures';
export { coupleRecords, type CoupleRequest } from './coupling/couple';
export { createAndCouple, type CreateAndCoupleRequest } from './coupling/createAndCouple';
export { reviewMatches, type MatchReview } from './coupling/firstSync';
export { listCouplings } from './coupling/list';
export { matchCouple, type MatchRequest, type MatchResult } from './coupling/matchCouple';
export type { MatchCriterion } from './coupling/matchCriteria';
export type { MatchedRecord, MatchOutcome } from './coupling/matchRecords';
export { partnerByBeginning } from './coupling/partnerByName';
export { uncouple, uncoupleMappings, uncoupleRecords, type UncoupleRequest } from './coupling/uncouple';
export type { CouplingView } from './coupling/types';
export { deleteOldEntries } from './log/cleanUp';
export { recordHistory, type HistoryEvent, type HistoryQuery } from './log/history';
export { renderReport, type Report, type ReportRequest } from './log/report';
export { checkSetup, type CheckedSetup } from './setup/checkSetup';
export { loadMappings, mappingCatalog } from './defaults/catalog';
export { optionValues, type OptionPair, type OptionValues } from './tableMappings/optionValues';
export {
	resetFullSync,
	restartMapping,
	resumeFullSync,
	reviewFullSync,
	runFullSync,
	type FullSyncOptions,
	type FullSyncRequest,
	type RestartRequest,
	type ResumeRequest,
	type ReviewLine,
} from './fullSync';
export { exportState, type ExportedState } from './state/exportState';
export { importState, type ImportedState, type ImportOptions } from './state/importState';
export { synchronizeAll, synchronizeMapping } from './sync/run/synchronize';
export type { RunRequest } from './sync/contract/runRequest';
export type { FailedRecord, JobResult, RecordChange } from './jobs/jobResult';
