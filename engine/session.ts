import type { Clock } from './clock';
import type { SyncStore } from './store/store';
import type { RecordSystem } from './systems/system';

/** One line about progress; levels as in n8n's logger. Never holds data of a record or a secret. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, details?: Record<string, unknown>) => void;

/** Everything a run works with. Opened by a node, or by a test. */
export interface SyncSession {
	businessCentral: RecordSystem;
	crm: RecordSystem;
	store: SyncStore;
	clock: Clock;
	signal?: AbortSignal;
	log: Log;
	/** Identifies this run as holder of leases, e.g. the n8n execution id. */
	owner: string;
	/** BC company, by its system id. */
	companyId: string;
	/** Who owns CRM rows: the user coupled to the salesperson, or the company's team. */
	ownershipModel: 'person' | 'team';
}
