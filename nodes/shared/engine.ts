/**
 * The engine as the nodes see it. The only file of the nodes that names engine modules for their functions, so that a move inside the engine
 * changes one place here.
 */
import type { ClientConfig } from 'pg';
import type { Clock } from '../../engine/clock';
import type { Log, SyncSession } from '../../engine/session';
import type { SyncStore } from '../../engine/store/store';
import type { TableMapping } from '../../engine/mapping/tableMapping';
import type { JobResult, RecordChange, ReviewLine, RunRequest } from '../../engine/sync/types';
import type { Transport } from '../../engine/systems/odata/transport';
import type { RecordSystem, TableSource } from '../../engine/systems/system';

export interface CouplingView {
	mapping: string;
	businessCentral: { id: string; number: string; name: string; url: string | null; exists: boolean | null } | null;
	crm: { id: string; name: string; url: string | null; exists: boolean | null } | null;
	state: 'coupled' | 'pending' | 'failed' | 'skipped' | 'uncoupled';
	lastSyncedAt: string | null;
	lastError?: { code: string; message: string; hint: string };
	outcome?: string;
	job?: JobResult;
}

export interface MappingSummary {
	name: string;
	caption: string;
	bc: TableSource;
	crm: TableSource;
}

export interface FullSyncOptions {
	mappings?: string[];
	afterwards: 'keep' | 'allowCreate';
	preview?: boolean;
	returnChanges?: number;
	returnFailures?: number;
	timeBudgetMs?: number;
	onProgress?: (text: string) => void;
}

interface Engine {
	synchronizeMapping(session: SyncSession, request: RunRequest): Promise<JobResult[]>;
	synchronizeAll(session: SyncSession, request: Omit<RunRequest, 'mapping'>): Promise<JobResult[]>;
	reviewFullSync(session: SyncSession, options: { mappings?: string[] }): Promise<ReviewLine[]>;
	runFullSync(session: SyncSession, options: FullSyncOptions): Promise<JobResult[]>;
	coupleRecords(
		session: SyncSession,
		request: { mapping: string; bcId: string; crmId: string; initial: 'send' | 'get' | 'none'; preview?: boolean },
	): Promise<CouplingView>;
	createAndCouple(
		session: SyncSession,
		request: { mapping: string; side: 'businessCentral' | 'crm'; ids: readonly string[]; preview?: boolean },
	): Promise<JobResult>;
	uncoupleRecords(
		session: SyncSession,
		request: { mapping: string; side: 'businessCentral' | 'crm'; ids?: readonly string[]; preview?: boolean },
	): Promise<JobResult>;
	listCouplings(
		session: SyncSession,
		query: { mapping?: string; state?: 'coupled' | 'pending' | 'failed' | 'skipped'; text?: string; limit: number; next?: string },
	): Promise<{ rows: CouplingView[]; next?: string }>;
	mappingCatalog(): MappingSummary[];
	loadMappings(session: SyncSession): Promise<TableMapping[]>;
	openSqliteStore(options: { file: string; connectionId: string; clock: Clock }): Promise<SyncStore>;
	openPostgresStore(options: { connection: ClientConfig; schema: string; connectionId: string; clock: Clock }): Promise<SyncStore>;
	storeLocation(): string;
}

const engine = (): Engine => require('../../engine') as Engine;

export const synchronizeMapping: Engine['synchronizeMapping'] = (...args) => engine().synchronizeMapping(...args);
export const synchronizeAll: Engine['synchronizeAll'] = (...args) => engine().synchronizeAll(...args);
export const reviewFullSync: Engine['reviewFullSync'] = (...args) => engine().reviewFullSync(...args);
export const runFullSync: Engine['runFullSync'] = (...args) => engine().runFullSync(...args);
export const coupleRecords: Engine['coupleRecords'] = (...args) => engine().coupleRecords(...args);
export const createAndCouple: Engine['createAndCouple'] = (...args) => engine().createAndCouple(...args);
export const uncoupleRecords: Engine['uncoupleRecords'] = (...args) => engine().uncoupleRecords(...args);
export const listCouplings: Engine['listCouplings'] = (...args) => engine().listCouplings(...args);
export const mappingCatalog: Engine['mappingCatalog'] = () => engine().mappingCatalog();
export const loadMappings: Engine['loadMappings'] = (...args) => engine().loadMappings(...args);
export const openSqliteStore: Engine['openSqliteStore'] = (...args) => engine().openSqliteStore(...args);
export const openPostgresStore: Engine['openPostgresStore'] = (...args) => engine().openPostgresStore(...args);
export const storeLocation: Engine['storeLocation'] = () => engine().storeLocation();

export { createBusinessCentral } from '../../engine/systems/businessCentral';
export { createDataverse } from '../../engine/systems/dataverse';
export { createAxiosTransport } from '../../engine/systems/odata/axiosTransport';
export type { Authenticator } from '../../engine/systems/odata/authenticator';
export { SyncError, RunStopped } from '../../engine/errors';
export { systemClock } from '../../engine/clock';
export type {
	JobResult,
	Log,
	RecordChange,
	RecordSystem,
	ReviewLine,
	RunRequest,
	SyncSession,
	SyncStore,
	TableMapping,
	TableSource,
	Transport,
};
export type { FailedRecord } from '../../engine/sync/types';
export type { Job, JobStatus, LogEntry, LogQuery } from '../../engine/store/store';
export type { Side } from '../../engine/systems/system';
export type { ErrorClass } from '../../engine/errors';
