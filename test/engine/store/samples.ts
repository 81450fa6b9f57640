import type { Clock } from '../../../engine/ports/clock';
import type { ConnectionIdentity } from '../../../engine/store/openStore';
import type { Coupling } from '../../../engine/model/coupling';
import type { Intent } from '../../../engine/model/intent';
import type { RequeuedRecord } from '../../../engine/model/requeued';
import type { Failure } from '../../../engine/model/failure';
import type { Job } from '../../../engine/model/job';
import type { LogEntry } from '../../../engine/model/logEntry';

export const CONNECTION: ConnectionIdentity = {
	bcAddress: 'https://api.businesscentral.dynamics.com/v2.0/tenant/Production/api/v2.0',
	companyId: '0e4b5a3e-0000-4000-8000-000000000001',
	companyName: 'CRONUS',
	crmAddress: 'https://contoso.crm4.dynamics.com',
};

export const NOON = '2026-03-01T12:00:00.000Z';

/** Stands still until it is moved. */
export class ManualClock implements Clock {
	constructor(private time = Date.parse(NOON)) {}
	now = (): number => this.time;
	sleep = async (ms: number): Promise<void> => this.advance(ms);
	advance = (ms: number): void => void (this.time += ms);
}

export const bcId = (n: number): string => `b0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const crmId = (n: number): string => `c0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const coupling = (n: number, change: Partial<Coupling> = {}): Coupling => ({
	mapping: 'CUSTOMER',
	bcId: bcId(n),
	crmId: crmId(n),
	bcNumber: `N${n}`,
	bcName: `Customer ${n}`,
	crmName: `Account ${n}`,
	bcVersion: `W/"bc${n}"`,
	crmVersion: `W/"crm${n}"`,
	bcStamp: '2026-03-01T11:00:00.123Z',
	crmStamp: '2026-03-01T11:00:05Z',
	baseline: { name: ['f1', 'f1'], currency: ['f2', 'f3'] },
	initial: null,
	coupledAt: NOON,
	lastSyncedAt: NOON,
	...change,
});

export const failure = (sourceId: string, change: Partial<Failure> = {}): Failure => ({
	mapping: 'CUSTOMER',
	direction: 'toCrm',
	sourceId,
	errorClass: 'data',
	errorCode: 'CONFLICT',
	message: 'Both sides changed the name.',
	hint: 'Choose a side.',
	attempts: 1,
	skipped: false,
	sourceVersion: 'W/"1"',
	firstFailedAt: NOON,
	failedAt: NOON,
	...change,
});

export const requeuedRecord = (sourceId: string, change: Partial<RequeuedRecord> = {}): RequeuedRecord => ({
	mapping: 'CUSTOMER',
	direction: 'toCrm',
	sourceId,
	reason: 'followUpDue',
	fields: [],
	unresolved: [],
	sourceVersion: null,
	attempts: 1,
	since: NOON,
	...change,
});

export const intent = (sourceId: string, change: Partial<Intent> = {}): Intent => ({
	mapping: 'CUSTOMER',
	direction: 'toCrm',
	sourceId,
	targetId: crmId(1),
	values: { name: 'Adatum', creditlimit: 12.5, donotemail: false, fax: null },
	createdAt: NOON,
	...change,
});

export const job = (id: string, change: Partial<Job> = {}): Job => ({
	id,
	mapping: 'CUSTOMER',
	direction: 'toCrm',
	type: 'synchronization',
	status: 'finished',
	preview: false,
	startedAt: NOON,
	finishedAt: NOON,
	message: '',
	inserted: 1,
	modified: 2,
	deleted: 3,
	unchanged: 4,
	skipped: 5,
	failed: 6,
	coupled: 7,
	uncoupled: 8,
	requests: { businessCentral: 9, crm: 10 },
	writes: { businessCentral: 11, crm: 12 },
	...change,
});

export const entry = (jobId: string, change: Partial<LogEntry> = {}): LogEntry => ({
	jobId,
	mapping: 'CUSTOMER',
	direction: 'toCrm',
	kind: 'error',
	errorClass: 'data',
	code: 'CONFLICT',
	message: 'Both sides changed the name.',
	hint: 'Choose a side.',
	businessCentral: { id: bcId(1), number: 'N1', name: 'Customer 1', url: 'https://bc.example/1' },
	crm: null,
	fields: [{ name: 'Name', businessCentral: 'A', crm: null }],
	attempts: 1,
	skipped: false,
	at: NOON,
	...change,
});
