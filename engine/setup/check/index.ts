import { EVERY_CONNECTION, neededRights } from '../access/neededRights';
import { type Finding, worstFirst } from '../../model/finding';
import { findMapping } from '../../defaults/catalog';
import type { SyncSession } from '../../ports/session';
import { toBeChecked } from './checked';
import { checkChoices } from './choices';
import { checkClocks } from './clocks';
import { checkCompany, checkCompanyRow } from './company';
import { checkCurrencies } from './currencies';
import { checkFields } from './fields';
import { checkHidden } from './hidden';
import { checkPricing, checkTracking } from './organization';
import { checkPermissions } from './permissions';
import { checkPrivileges } from './privileges';
import { checkSignIns, type KnownUsers } from './signIns';
import { checkSurfaces } from './surfaces';

export { emptyStore } from './emptyStore';
export { EVERY_CONNECTION };

export interface CheckRequest {
	/** Names; default all enabled mappings. */
	mappings?: readonly string[];
	/** Who signs in, as far as the credentials say it. */
	users?: KnownUsers;
}

/**
 * Everything that keeps a connection from running, or that somebody should know of it, before anything is synchronized: one finding each, the worst first.
 * Nothing is written, in neither system nor the store; nothing remembered of metadata counts. The number of requests depends on the tables of the mappings,
 * not on their records.
 * @throws SyncError (transient) when a system stops answering in the middle; `MAPPING_UNKNOWN` for a name that there is not
 */
export async function checkEverything(session: SyncSession, { mappings, users = {} }: CheckRequest = {}): Promise<Finding[]> {
	session.businessCentral.lookAfresh?.();
	session.crm.lookAfresh?.();
	const { findings, reachable } = await checkSignIns(session, users);
	if (reachable.has('businessCentral')) {
		const gone = await checkCompany(session);
		// Without its company Business Central has nothing that could be looked at.
		if (gone) reachable.delete('businessCentral');
		if (gone) findings.push(gone);
	}
	const checked = await toBeChecked(session, mappings, reachable);
	for (const name of mappings ?? []) findMapping(checked.all, name);
	const rights = neededRights(checked.mappings, checked.setup, checked.all);
	findings.push(...(await checkPrivileges(checked, rights)), ...(await checkPermissions(checked, rights)));
	const { read, findings: missing } = await checkFields(checked);
	findings.push(...missing, ...(await checkSurfaces(checked, read.businessCentral)));
	findings.push(...(await checkChoices(session, read)));
	if (reachable.has('crm')) {
		findings.push(...(await checkHidden(session, read.crm)), ...(await checkCompanyRow(session, read.crm)));
	}
	findings.push(...(await checkCurrencies(checked)), ...(await checkPricing(checked)), ...(await checkTracking(checked)));
	findings.push(...checkClocks(session, reachable));
	return worstFirst(findings);
}
