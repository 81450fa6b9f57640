import type { IDataObject } from 'n8n-workflow';
import type { CouplingView } from '../../shared/engine';
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
}: CouplingView): IDataObject => ({
	mapping,
	businessCentral: businessCentral && { ...businessCentral },
	crm: crm && { ...crm },
	state,
	lastSyncedAt,
	...(lastError ? { lastError: { ...lastError } } : {}),
	...(outcome === undefined ? {} : { outcome }),
	...(job ? { job: jobResultJson(job) } : {}),
});
