/**
 * The engine as the nodes see it. The only file of the nodes that names engine modules, so that a move inside the engine changes one place here.
 */
export {
	coupleRecords,
	createAndCouple,
	deleteOldEntries,
	exportState,
	importState,
	listCouplings,
	loadMappings,
	mappingCatalog,
	matchCouple,
	partnerByBeginning,
	recordHistory,
	renderReport,
	restartMapping,
	resumeFullSync,
	reviewFullSync,
	runFullSync,
	synchronizeAll,
	synchronizeMapping,
	uncouple as uncoupleWithDependents,
	uncoupleMappings,
} from '../../engine';
export type { MatchCriterion, MatchedRecord, MatchResult } from '../../engine';
export type {
	CouplingView,
	FailedRecord,
	JobResult,
	RecordChange,
	FullSyncOptions,
	HistoryEvent,
	ReviewLine,
	RunRequest,
} from '../../engine';
export { describeProgress } from '../../engine/sync/pass/progress';
export { processIdentity } from '../../engine/jobs/processes';
export { Pulse } from '../../engine/ports/pulse';
export { withPulse } from '../../engine/store/withPulse';
export { eventsOf } from '../../engine/jobs/describeEnd';
export { systemClock } from '../../engine/ports/clock';
export { RunStopped, SyncError, type ErrorClass } from '../../engine/model/errors';
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
	type FailedRecordView,
} from '../../engine/failures';
export { earlierStoreOf, newStore } from '../../engine/sync/run/nothingCoupled';
export { companyRow } from '../../engine/mapping/companyIdentity';
export { findMapping } from '../../engine/defaults/catalog';
export * from '../../engine/tableMappings';
export type { MappingProblem } from '../../engine/mapping/validation';
export { TRANSFORMATIONS } from '../../engine/mapping/transformations/registry';
export type { ParameterSpec } from '../../engine/mapping/transformations/transformation';
export type { RecordTemplate, TableMapping } from '../../engine/model/tableMapping';
export type { FieldMapping, TransformationRule } from '../../engine/model/fieldMapping';
export type { Condition, ConditionOperator, Filter } from '../../engine/model/filter';
export { optionValues, type OptionValues } from '../../engine/tableMappings/optionValues';
export { sideFilter, type SideFilter } from '../../engine/mapping/filter';
export { searchInside, valuesInside } from '../../engine/mapping/filters/reading';
export type { Log, Progress, StoreMemory, SyncSession } from '../../engine/ports/session';
export { openPostgresStore, openSqliteStore, type ConnectionIdentity, type PostgresSettings } from '../../engine/store/openStore';
export { findEarlierStore, knownStoresFrom, lastUsedStore, noteStore, storeToRemember } from '../../engine/store/witness/earlierStore';
export type { EarlierStore, LeaseHolder, SyncStore } from '../../engine/ports/syncStore';
export type { LogQuery } from '../../engine/ports/storeQueries';
export type { LogEntry } from '../../engine/model/logEntry';
export type { Job, JobStatus } from '../../engine/model/job';
export { refuseInQueueMode, stateFile, stateFiles } from '../../engine/store/storeLocation';
export { createBusinessCentral } from '../../engine/systems/businessCentral';
export { compositeId, keyValues } from '../../engine/model/compositeId';
export { createDataverse } from '../../engine/systems/dataverse';
export type { Authenticator } from '../../engine/systems/odata/authenticator';
export { createAxiosTransport } from '../../engine/systems/odata/axiosTransport';
export { NoAnswer, type Transport } from '../../engine/systems/odata/transport';
export { type RecordSystem } from '../../engine/ports/recordSystem';
export { type TableSource } from '../../engine/model/record';
export { otherSide, type Side } from '../../engine/model/side';
