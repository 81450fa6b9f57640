import type { IExecuteFunctions } from 'n8n-workflow';
import { emptyStore, type Finding, SyncError, type SyncSession, systemClock } from '../../../engine';
import { businessCentralAddress, crmAddress } from '../../shared/connection';
import { type ConnectionSettings, executionOpener, openSession, type OpenSession } from '../../shared/openSession';
import { openSystems } from '../../shared/openSystems';
import { storeInUse } from './storeFindings';

/** What a check works with: the session, what opening it has told already, and whether it has a store. */
interface CheckedSession {
	session: SyncSession;
	known: Finding[];
	hasStore: boolean;
}

/** Stands for the company where nobody can tell which it is; no company has it. */
const NO_COMPANY = '00000000-0000-0000-0000-000000000000';

/**
 * A session for a check. What keeps a session from being opened is a finding like any other, and the check goes on with what there is: without the store
 * both systems are looked at with the default mappings, without the company CRM is.
 * @throws SyncError `CREDENTIAL_MISSING` and what is wrong with an address: then there is nobody to ask
 */
export async function withCheckedSession<T>(
	context: IExecuteFunctions,
	settings: ConnectionSettings,
	work: (checked: CheckedSession) => Promise<T>,
): Promise<T> {
	const businessCentral = await businessCentralAddress(context, settings.authentication);
	const crm = await crmAddress(context, settings.crmAuthentication);
	const opener = executionOpener(context);
	const opened = await openSession(context, settings, opener).catch((error: unknown): SyncError => {
		if (error instanceof SyncError) return error;
		throw error;
	});
	if (!(opened instanceof SyncError)) return await within(opened, async (session) => work({ session, known: [await storeInUse(context)], hasStore: true })); // prettier-ignore
	const companyId = settings.company.mode === 'name' ? NO_COMPANY : settings.company.value.toLowerCase();
	const systems = await openSystems(context, { businessCentral, crm, companyId, companyName: '' }, opener);
	try {
		const { ownershipModel } = crm;
		const session = { ...opener, ...systems, store: emptyStore(), clock: systemClock, companyId, ownershipModel };
		return await work({ session, known: [findingOf(opened)], hasStore: false });
	} finally {
		systems.release();
	}
}

async function within<T>({ session, close, explain }: OpenSession, work: (session: SyncSession) => Promise<T>): Promise<T> {
	try {
		return await work(session);
	} catch (error) {
		throw await explain(error);
	} finally {
		await close();
	}
}

/** Why a session could not be opened: the store, the company, or whoever was asked for the company. */
function findingOf({ code, system, message, hint }: SyncError): Finding {
	const common = { severity: 'error', neededBy: [], message, remedy: hint } as const satisfies Partial<Finding>;
	const side = system === 'crm' ? 'crm' : 'businessCentral';
	if (system === 'store' || system === 'engine') {
		const more = `${message} Own mappings and settings were not looked at.`;
		return { ...common, neededBy: [], area: 'store', system: 'n8n', subject: 'State store', message: more, page: 'queue-mode.md' };
	}
	if (code.startsWith('COMPANY_'))
		return { ...common, neededBy: [], area: 'company', system: side, subject: 'company', page: 'nodes/full-sync.md#check-set-up' };
	const [name, page] = side === 'crm' ? ['CRM', 'dataverse'] : ['Business Central', 'business-central-oauth2'];
	return { ...common, neededBy: [], area: 'sign-in', system: side, subject: `Sign-in to ${name}`, page: `connections/${page}.md#test` };
}
