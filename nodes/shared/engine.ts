/**
 * The engine as the nodes see it. The only file of the nodes that names engine modules, so that a move inside the engine changes one place here.
 */
export {
	coupleRecords,
	createAndCouple,
	deleteOldEntries,
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
export { systemClock } from '../../engine/clock';
export { RunStopped, SyncError, type ErrorClass } from '../../engine/errors';
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
export { companyRow } from '../../engine/mapping/companyIdentity';
export { findMapping } from '../../engine/mapping/catalog';
export * from '../../engine/mapping/admin';
export type { MappingProblem } from '../../engine/mapping/validation';
export { TRANSFORMATIONS } from '../../engine/mapping/transformations/registry';
export type { ParameterSpec } from '../../engine/mapping/transformations/transformation';
export type {
	Condition,
	ConditionOperator,
	FieldMapping,
	Filter,
	RecordTemplate,
	TableMapping,
	TransformationRule,
} from '../../engine/mapping/tableMapping';
export { optionValues, type OptionValues } from '../../engine/mapping/optionValues';
export { sideFilter, type SideFilter } from '../../engine/mapping/filter';
export { searchInside, valuesInside } from '../../engine/mapping/filters/reading';
export type { Log, SyncSession } from '../../engine/session';
export { backUpStateFile, discardBackup, readBackup, type StateBackup } from '../../engine/store/sqlite/backup';
export { openPostgresStore, openSqliteStore, type ConnectionIdentity, type PostgresSettings } from '../../engine/store/openStore';
export type { Job, JobStatus, LogEntry, LogQuery, SyncStore } from '../../engine/store/store';
export { refuseInQueueMode, stateFile } from '../../engine/store/storeLocation';
export { createBusinessCentral } from '../../engine/systems/businessCentral';
export { compositeId, keyValues } from '../../engine/systems/compositeId';
export { createDataverse } from '../../engine/systems/dataverse';
export type { Authenticator } from '../../engine/systems/odata/authenticator';
export { createAxiosTransport } from '../../engine/systems/odata/axiosTransport';
export type { Transport } from '../../engine/systems/odata/transport';
export { otherSide, type RecordSystem, type Side, type TableSource } from '../../engine/systems/system';
