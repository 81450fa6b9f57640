/** What the nodes use of the engine. */
export {
	coupleWithSurvivor,
	deleteOther,
	findForDeleted,
	listFailedRecords,
	listWaitingRecords,
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
	type WaitingRecordView,
} from './failures';
export { coupleRecords, type CoupleRequest } from './coupling/couple';
export { createAndCouple, createAndCoupleAll, type CreateAndCoupleRequest } from './coupling/createAndCouple';
export { reviewMatches, type MatchReview } from './coupling/firstSync';
export { listUncoupled, type UncoupledView } from './coupling/listUncoupled';
export { listCouplings } from './coupling/list';
export { matchCouple, type MatchRequest, type MatchResult } from './coupling/matchCouple';
export type { MatchCriterion } from './coupling/matchCriteria';
export type { MatchedRecord, MatchOutcome } from './coupling/matchRecords';
export { partnerByBeginning } from './coupling/partnerByName';
export { uncouple, uncoupleMappings, uncoupleRecords, type UncoupleRequest } from './coupling/uncouple';
export type { CouplingView } from './coupling/types';
export { deleteOldEntries } from './log/cleanUp';
export { notCoupledInWords } from './jobs/uncoupledRecords';
export { withoutDeadLinks } from './log/deadLinks';
export { requireLoggedJob, requireLoggedMapping } from './log/known';
export { isGuid } from './model/guid';
export { recordHistory, type HistoryEvent, type HistoryQuery } from './log/history';
export { renderReport, type Report, type ReportRequest } from './log/report';
export { checkEverything, emptyStore, type CheckRequest } from './setup/check';
export { worstFirst, type Finding } from './model/finding';
export { checkSetup, type CheckedSetup } from './setup/checkSetup';
export { type LostField, type MappingSurfaces, surfacesOfMappings } from './setup/surfacesOfMappings';
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
export { settleRestored, type RestoredWay, type SettleRequest } from './restored/settleRestored';
export { settleCopied, type CopiedWay } from './environments/settleCopied';
export { exportState, type ExportedState } from './state/exportState';
export { importState, type ImportedState, type ImportOptions } from './state/importState';
export { notServing, synchronizeAll, synchronizeMapping } from './sync/run/synchronize';
export { previewOf } from './overlay/previewOf';
export type { RunRequest } from './sync/contract/runRequest';
export type { FailedRecord, JobResult, RecordChange } from './jobs/jobResult';
export { describeProgress } from './sync/pass/progress';
export { processIdentity } from './jobs/processes';
export { Pulse } from './ports/pulse';
export { withPulse } from './store/withPulse';
export { eventsOf } from './jobs/describeEnd';
export { systemClock } from './ports/clock';
export { RunStopped, SyncError, type ErrorClass } from './model/errors';
export { earlierStoreOf, newStore } from './sync/run/nothingCoupled';
export { companyRow, companyRowOf } from './mapping/companyIdentity';
export { importOrders, type ImportRequest, type ImportResult } from './documents/orderImport/importOrders';
export { updateOrders, type UpdateOrdersRequest } from './documents/orderLife/updateOrders';
export { listOrders, type OrderListQuery, type OrderView } from './documents/orderImport/listOrders';
export { releaseClaims, type ReleasedClaim } from './documents/orderImport/releaseClaim';
export { CRM_ORDERS, ORDER_IMPORT as orderSummary } from './documents/orderImport/tables';
export type { OrderOutcome } from './documents/orderImport/orderWork';
export { synchronizeInvoices, type InvoiceRequest } from './documents/invoices/synchronizeInvoices';
export { acceptInvoices } from './documents/invoices/acceptInvoices';
export { listInvoices, type InvoiceListQuery, type InvoiceView } from './documents/invoices/listInvoices';
export { updatePaymentStatus } from './documents/invoices/updatePaymentStatus';
export type { InvoiceJobRequest, InvoiceResult } from './documents/invoices/invoiceJob';
export type { InvoiceOutcome } from './documents/invoices/invoiceWork';
export { updateStatistics } from './documents/statistics/updateStatistics';
export type { StatisticsOutcome } from './documents/statistics/statisticsWork';
export { STATISTICS_FLOW as statisticsSummary } from './documents/statistics/tables';
export { updateAvailability } from './documents/availability/updateAvailability';
export type { AvailabilityOutcome } from './documents/availability/deliver';
export {
	availabilityItems,
	getAvailability,
	type Availability,
	type AvailabilityReference,
} from './documents/availability/getAvailability';
export { AVAILABILITY_FLOW as availabilitySummary } from './documents/availability/tables';
export type { FlowRequest, FlowResult } from './documents/kernel/flowJob';
export { INVOICES as invoiceSummary, POSTED as POSTED_INVOICES } from './documents/invoices/tables';
export { findMapping } from './defaults/catalog';
export * from './tableMappings';
export type { MappingProblem } from './mapping/validation';
export { TriggerLoop } from './trigger/loop';
export { lookOnce } from './trigger/lookOnce';
export type { Accelerator, OpenedSession, TriggerHost } from './trigger/host';
export type { NewsItem, TriggerItem } from './trigger/items';
export { triggerViews, type TriggerView } from './trigger/view';
export * from './trigger/subscriptions';
export type { TriggerSignal } from './model/trigger';
export { TRIGGER_DEFAULTS, type TriggerSettings, WEBHOOK_LOOK_MS } from './trigger/triggerSettings';
export { TRANSFORMATIONS } from './mapping/transformations/registry';
export type { ParameterSpec } from './mapping/transformations/transformation';
export type { RecordTemplate, TableMapping } from './model/tableMapping';
export type { FieldMapping, TransformationRule } from './model/fieldMapping';
export type { Condition, ConditionOperator, Filter } from './model/filter';
export { sideFilter, type SideFilter } from './mapping/filter';
export { searchInside, valuesInside } from './mapping/filters/reading';
export type { Log, Progress, StoreMemory, SyncSession } from './ports/session';
export { openPostgresStore, openSqliteStore, type ConnectionIdentity, type PostgresSettings } from './store/openStore';
export { openPostgresMailbox, openSqliteMailbox } from './store/triggerMailbox';
export type { TriggerMailbox } from './ports/triggerMailbox';
export { findEarlierStore, knownStoresFrom, lastUsedStore, noteStore, storeToRemember } from './store/witness/earlierStore';
export { environmentKey } from './store/connections/spelling';
export type { DoubledState, KnownSystems } from './model/knownSystems';
export { TimedCache } from './systems/odata/timedCache';
export type { SurfaceMemory } from './ports/surfaceMemory';
export type { SyncStore } from './ports/syncStore';
export type { EarlierStore } from './model/storeIdentity';
export type { LeaseHolder } from './model/lease';
export type { LogQuery } from './ports/storeQueries';
export type { LogEntry } from './model/logEntry';
export type { Job, JobStatus } from './model/job';
export { refuseInQueueMode, stateFile, stateFiles } from './store/storeLocation';
export { createBusinessCentral } from './systems/businessCentral';
export { compositeId, keyValues } from './model/compositeId';
export { pageOf } from './model/recordIdentity';
export { idsOfKeys } from './mapping/idsOfKeys';
export { createDataverse } from './systems/dataverse';
export type { Authenticator } from './systems/odata/authenticator';
export { createAxiosTransport } from './systems/odata/axiosTransport';
export { NoAnswer, type Transport } from './systems/odata/transport';
export type { RecordSystem } from './ports/recordSystem';
export type { TableSource } from './model/record';
export type { TableShape } from './model/shape';
export { otherSide, type Side } from './model/side';
export { backUpStateFile, discardBackup, readBackup, type StateBackup } from './store/sqlite/backup';
