/** What the nodes use of the engine. */
export { coupleRecords, type CoupleRequest } from './coupling/couple';
export { createAndCouple, type CreateAndCoupleRequest } from './coupling/createAndCouple';
export { listCouplings } from './coupling/list';
export { uncoupleRecords, type UncoupleRequest } from './coupling/uncouple';
export type { CouplingView } from './coupling/types';
export { loadMappings, mappingCatalog } from './mapping/catalog';
export { reviewFullSync, runFullSync, type FullSyncRequest } from './sync/fullSync';
export { synchronizeAll, synchronizeMapping } from './sync/synchronize';
export type { FailedRecord, JobResult, RecordChange, ReviewLine, RunRequest } from './sync/types';
