import type { IExecuteFunctions } from 'n8n-workflow';
import { hostname } from 'node:os';
import { companyMeant, requireCompany, resolveCompany, withCompanies } from './companies';
import { type Authentication, businessCentralAddress, type CrmAuthentication, crmAddress, type NodeContext } from './connection';
import {
	type ConnectionIdentity,
	type DoubledState,
	type KnownSystems,
	type LeaseHolder,
	processIdentity,
	Pulse,
	SyncError,
	type SyncSession,
	type SyncStore,
	systemClock,
	withPulse,
} from '../../engine';
import { askKnownSystems, rememberedSystems, requireOrganization, tenantOf } from './knownSystems';
import type { Locator } from './locators';
import { openStore } from './openStore';
import { type Address, type Opener, openSystems } from './openSystems';
import { logOf, progressOf } from './progress';
import { storeMemory } from './storeMemory';

/** What of a node decides which connection it works on. */
export interface ConnectionSettings {
	authentication: Authentication;
	crmAuthentication: CrmAuthentication;
	company: Locator;
	/** See `ConnectionIdentity.doubled`. */
	doubled?: DoubledState;
	/** See `SyncSession.waitForTurnMs`. */
	waitForTurnMs?: number;
}

export interface OpenSession {
	session: SyncSession;
	/** An error of work on the session, with what only the node knows about its cause. */
	explain(error: unknown): Promise<unknown>;
	/** Closes the store and gives the connections back. */
	close(): Promise<void>;
}

/** In queue mode n8n gives an execution whose worker was not heard of to another one, under the same id, while the first may still be at work. */
const PROCESS = crypto.randomUUID();

/** As people find it in n8n: the workflow and execution in its lists, the node on the canvas. */
function holderOf(context: IExecuteFunctions): LeaseHolder {
	const { id, name } = context.getWorkflow();
	const workflow = `workflow "${name ?? ''}"${id ? ` (id ${id})` : ''}`;
	const execution = context.getExecutionId();
	return {
		what: [workflow, `node "${context.getNode().name}"`, ...(execution ? [`execution ${execution}`] : [])].join(', '),
		host: hostname(),
		pid: process.pid,
		process: processIdentity(),
	};
}

/** For an execution: cancelled with it, and holder of leases as this node of this execution in this process. */
export const executionOpener = (context: IExecuteFunctions): Opener => ({
	holder: holderOf(context),
	log: logOf(context),
	progress: progressOf(context),
	owner: `${context.getInstanceId()}:${context.getExecutionId() || crypto.randomUUID()}:${PROCESS}:${context.getNode().id}`,
	signal: context.getExecutionCancelSignal(),
});

/**
 * A session on the connection the node is set to. Nothing is asked of the services before the engine does, except the companies where a name
 * must be looked up.
 * @throws SyncError of class setup that says what is wrong with credential, address, company or store
 */
export async function openSession(context: NodeContext, settings: ConnectionSettings, opener: Opener): Promise<OpenSession> {
	const address = await addressOf(context, settings);
	const pulse = new Pulse(systemClock);
	// The systems are asked nothing before the store is there.
	let opened: SyncStore | null = null;
	const { businessCentral, crm, release } = await openSystems(context, address, { ...opener, pulse, surfaceMemory: () => opened });
	const systems = await askKnownSystems(context, address.businessCentral, address.crm);
	const identity = {
		...identityOf(context, address, systems),
		// A run whose environment is out of reach says so itself, and its job is kept.
		confirm: async () => await requireCompany(context, address.businessCentral, address.companyId, { lenient: true }),
		...(settings.doubled ? { doubled: settings.doubled } : {}),
	};
	const store = await openStore(context, identity).catch((error: unknown) => {
		release();
		throw error;
	});
	opened = store;
	const { companyId } = address;
	const { ownershipModel } = address.crm;
	const memory = storeMemory(context, store);
	return {
		session: {
			...opener,
			pulse,
			businessCentral,
			crm,
			store: withPulse(store, pulse),
			storeMemory: memory,
			clock: systemClock,
			companyId,
			ownershipModel,
			...(settings.waitForTurnMs === undefined ? {} : { waitForTurnMs: settings.waitForTurnMs }),
		},
		explain: async (error) => await withCompanies(context, address.businessCentral, companyId, error),
		close: async () => {
			release();
			await memory.remember();
			await store.close();
		},
	};
}

/**
 * Only what the connection has stored; neither system is asked anything, except for the company where it is given by name, and whether company and
 * environment are there where the store does not know the connection yet.
 * @throws SyncError as `openSession`; `COMPANY_NOT_FOUND` and what is wrong with an environment that is new to the store
 */
export async function openStoreOnly(context: NodeContext, settings: ConnectionSettings): Promise<SyncStore> {
	const address = await addressOf(context, settings);
	return await openStoreAt(context, address, async () => {
		await requireCompany(context, address.businessCentral, address.companyId, { lenient: false });
		await requireOrganization(context, address.crm);
	});
}

/** As `openStoreOnly`, for lists of the editor: null where the store does not know the connection yet, and nothing is kept of it. */
export async function openKnownStore(context: NodeContext, settings: ConnectionSettings): Promise<SyncStore | null> {
	const unknown = new SyncError({
		code: 'COMPANY_NOT_FOUND',
		errorClass: 'setup',
		system: 'store',
		message: 'The state store does not know this company yet.',
		hint: 'Synchronize it once.',
	});
	const address = await addressOf(context, settings);
	return await openStoreAt(context, address, () => Promise.reject(unknown)).catch((error: unknown) => {
		if (error === unknown) return null;
		throw error;
	});
}

async function openStoreAt(context: NodeContext, address: Address, confirm: () => Promise<void>): Promise<SyncStore> {
	const systems = await rememberedSystems(context, address.businessCentral, address.crm);
	return await openStore(context, { ...identityOf(context, address, systems), confirm });
}

async function addressOf(context: NodeContext, settings: ConnectionSettings): Promise<Address> {
	const { authentication, crmAuthentication } = settings;
	const businessCentral = await businessCentralAddress(context, authentication);
	const crm = await crmAddress(context, crmAuthentication);
	const company = companyMeant(businessCentral, settings.company);
	const companyId = await resolveCompany(context, businessCentral, company);
	return { businessCentral, crm, companyId, companyName: company.label ?? (company.mode === 'name' ? company.value : '') };
}

/** What all state belongs to. */
const identityOf = (
	context: NodeContext,
	{ businessCentral, companyId, companyName, crm }: Address,
	systems: KnownSystems,
): ConnectionIdentity => ({
	// Tenants of one server are as far apart as servers.
	bcAddress: businessCentral.tenant ? `${businessCentral.apiRoot}/${encodeURIComponent(businessCentral.tenant)}` : businessCentral.apiRoot,
	companyId,
	companyName,
	crmAddress: crm.rootUrl,
	systems,
	tenantOf: async (domain) => (businessCentral.online ? await tenantOf(context, businessCentral.online.authority, domain) : null),
});
