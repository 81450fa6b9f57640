import type { Intent } from '../../model/intent';
import type { CompanySettings } from '../../model/companySettings';
import type { HeldLease } from '../../jobs/lease';
import type { RunningJob } from '../../jobs/jobPlan';
import type { SyncSession } from '../../ports/session';
import type { RunLookups } from './loadLookups';
import type { OrderColumns } from './readOrders';
import type { OrderReport } from './orderReport';

/** What a run of order import is, before it knows of any order that is due. */
export interface ImportStart {
	readonly session: SyncSession;
	readonly job: RunningJob;
	readonly held: HeldLease;
	readonly settings: CompanySettings;
	/** Id of the company's row in CRM; null where there is none. */
	readonly companyRowId: string | null;
	readonly columns: OrderColumns;
	readonly report: OrderReport;
	/** Open creations of earlier runs, by CRM id. */
	readonly intents: ReadonlyMap<string, Intent>;
	/** A person named the orders: one that cannot be imported is told so, whatever its state. */
	readonly chosen: boolean;
	/** A person accepts the orders of Business Central as they are: amounts and contents are no longer questioned, and no money is written. */
	readonly accepts: boolean;
	/** Nothing is written. */
	readonly preview: boolean;
	/** Orders that were handed over before, by whomever, are imported nevertheless. */
	readonly importStamped: boolean;
}

/** What it works with once there are orders. */
export interface ImportContext extends ImportStart {
	readonly run: RunLookups;
}
