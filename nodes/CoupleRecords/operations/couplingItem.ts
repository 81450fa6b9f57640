import type { IDataObject } from 'n8n-workflow';
import type { CouplingView, WaitingRecordView } from '../../../engine';
import { jobResultJson } from '../../shared/items';

/** A couple of records as the node shows it. `outcome` and `job` only where something was done. */
export const couplingJson = ({
	mapping,
	businessCentral,
	crm,
	state,
	lastSyncedAt,
	lastError,
	outcome,
	job,
	released,
	warnings,
}: CouplingView): IDataObject => ({
	mapping,
	businessCentral: businessCentral && { ...businessCentral },
	crm: crm && { ...crm },
	state,
	lastSyncedAt,
	...(lastError ? { lastError: { ...lastError } } : {}),
	...(outcome === undefined ? {} : { outcome }),
	...(job ? { job: jobResultJson(job) } : {}),
	...(released ? { released: { ...released } } : {}),
	...(warnings && warnings.length > 0 ? { warnings: [...warnings] } : {}),
});

/** A record that did not fail and is looked at again, with what it waits for. */
export const waitingJson = (view: WaitingRecordView): IDataObject => ({
	...couplingJson(view),
	direction: view.direction,
	reason: view.reason,
	message: view.message,
	waitsFor: view.waitsFor.map((reference) => ({ ...reference })),
	since: view.since,
});

/** Coupling reads both records first, so they exist when it succeeds, whatever was looked at afterwards. */
export const bothExist = (view: CouplingView): CouplingView => ({
	...view,
	businessCentral: view.businessCentral && { ...view.businessCentral, exists: true },
	crm: view.crm && { ...view.crm, exists: true },
});
