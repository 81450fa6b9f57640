import type { CoupledDocument } from '../../model/document';
import type { CompanySettings } from '../../model/companySettings';
import type { SystemRecord } from '../../model/record';
import type { HeldLease } from '../../jobs/lease';
import type { RunningJob } from '../../jobs/jobPlan';
import type { SyncSession } from '../../ports/session';
import type { RunLookups } from '../orderImport/loadLookups';
import type { OrderReport } from '../orderImport/orderReport';
import type { OrderWork } from '../orderImport/orderWork';
import type { OrderColumns } from '../orderImport/readOrders';
import type { PostedPart, Progress } from './progress';

/** What a run over imported orders is and works with. */
export interface LifeContext {
	readonly session: SyncSession;
	readonly job: RunningJob;
	readonly held: HeldLease;
	readonly settings: CompanySettings;
	readonly columns: OrderColumns;
	readonly companyRowId: string | null;
	readonly report: OrderReport;
	readonly preview: boolean;
	/** A person named the orders: those that are up to date are told, too. */
	readonly chosen: boolean;
	/** Read once it is needed: a run with nothing to do asks for none of it. */
	readonly lookups: () => Promise<RunLookups>;
}

/** An imported order that is looked at: both sides as they are now. */
export interface LifeWork extends OrderWork {
	document: CoupledDocument;
	bcLines: readonly SystemRecord[];
	posted: readonly PostedPart[];
	/** Day of the last shipment; null for none. */
	shippedOn: string | null;
	progress: Progress;
}
