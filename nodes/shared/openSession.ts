import type { IExecuteFunctions } from 'n8n-workflow';
import { accessKeyAuthenticator, oAuth2Authenticator } from './authenticators';
import { companyName, resolveCompany } from './companies';
import {
	businessCentralAddress,
	crmAddress,
	type Authentication,
	type BusinessCentralAddress,
	type CrmAddress,
	type NodeContext,
} from './connection';
import {
	createBusinessCentral,
	createDataverse,
	systemClock,
	type ConnectionIdentity,
	type Log,
	type RecordSystem,
	type SyncSession,
	type SyncStore,
} from './engine';
import type { Locator } from './locators';
import { openStore } from './openStore';
import { logOf } from './progress';
import { leaseTransport } from './transports';

/** What of a node decides which connection it works on. */
export interface ConnectionSettings {
	authentication: Authentication;
	company: Locator;
}

interface Address {
	businessCentral: BusinessCentralAddress;
	crm: CrmAddress;
	companyId: string;
	/** Empty when it is not known without asking. */
	companyName: string;
}

interface Systems {
	businessCentral: RecordSystem;
	crm: RecordSystem;
	/** Gives the connections back. */
	release(): void;
}

/** Who works with the session: an execution, or somebody in the editor. */
export interface Opener {
	log: Log;
	/** Holder of leases. */
	owner: string;
	signal?: AbortSignal;
}

export interface OpenSession {
	session: SyncSession;
	/** Closes the store and gives the connections back. */
	close(): Promise<void>;
}

/** For an execution: cancelled with it, and holder of leases as this node of this execution. */
export const executionOpener = (context: IExecuteFunctions): Opener => ({
	log: logOf(context),
	owner: `${context.getInstanceId()}:${context.getExecutionId() || crypto.randomUUID()}:${context.getNode().id}`,
	signal: context.getExecutionCancelSignal(),
});

/**
 * A session on the connection the node is set to. Nothing is asked of the services before the engine does, except the companies where a name
 * must be looked up.
 * @throws SyncError of class setup that says what is wrong with credential, address, company or store
 */
export async function openSession(context: NodeContext, settings: ConnectionSettings, opener: Opener): Promise<OpenSession> {
	const address = await addressOf(context, settings);
	const { businessCentral, crm, release } = await openSystems(context, address, opener);
	const store = await openStore(context, identityOf(address)).catch((error: unknown) => {
		release();
		throw error;
	});
	const { companyId } = address;
	const { ownershipModel } = address.crm;
	return {
		session: { ...opener, businessCentral, crm, store, clock: systemClock, companyId, ownershipModel },
		close: async () => {
			release();
			await store.close();
		},
	};
}

/** Only what the connection has stored; neither system is asked anything, except for the company where it is given by name. */
export async function openStoreOnly(context: IExecuteFunctions, settings: ConnectionSettings): Promise<SyncStore> {
	return await openStore(context, identityOf(await addressOf(context, settings)));
}

async function addressOf(context: NodeContext, { authentication, company }: ConnectionSettings): Promise<Address> {
	const businessCentral = await businessCentralAddress(context, authentication);
	const crm = await crmAddress(context);
	const companyId = await resolveCompany(context, businessCentral, company);
	return { businessCentral, crm, companyId, companyName: company.label ?? (company.mode === 'name' ? company.value : '') };
}

/** The triple that all state belongs to. */
const identityOf = ({ businessCentral, companyId, companyName, crm }: Address): ConnectionIdentity => ({
	bcAddress: businessCentral.apiRoot,
	companyId,
	companyName,
	crmAddress: crm.rootUrl,
});

async function openSystems(context: NodeContext, address: Address, { log, signal }: Opener): Promise<Systems> {
	const { businessCentral, crm, companyId } = address;
	const toBusinessCentral = await leaseTransport(context, 'businessCentral', businessCentral.rootUrl);
	const toCrm = await leaseTransport(context, 'crm', crm.rootUrl).catch((error: unknown) => {
		toBusinessCentral.release();
		throw error;
	});
	const common = { clock: systemClock, signal, log };
	const { webClient } = businessCentral;
	// Without a name there are no links; whatever is wrong, the run itself will say.
	const name = webClient ? await companyName(context, businessCentral, companyId).catch(() => '') : '';
	return {
		businessCentral: createBusinessCentral({
			...common,
			apiRoot: businessCentral.apiRoot,
			odataRoot: businessCentral.odataRoot,
			companyId,
			transport: toBusinessCentral.transport,
			authenticator:
				businessCentral.credentialType === 'businessCentralApi'
					? accessKeyAuthenticator(context)
					: oAuth2Authenticator(context, 'businessCentral', businessCentral.credentialType, `${businessCentral.apiRoot}/companies`),
			webClient: webClient && name ? { ...webClient, companyName: name } : null,
			budgetKey: budgetKey(context, businessCentral.credentialType, businessCentral.rootUrl),
		}),
		crm: createDataverse({
			...common,
			environmentUrl: crm.rootUrl,
			transport: toCrm.transport,
			authenticator: oAuth2Authenticator(context, 'crm', crm.credentialType, `${crm.rootUrl}/api/data/v9.2/WhoAmI`),
			budgetKey: budgetKey(context, crm.credentialType, crm.rootUrl),
		}),
		release: () => {
			toBusinessCentral.release();
			toCrm.release();
		},
	};
}

/** Runs of one process that sign in as the same user share the user's request budget. */
const budgetKey = (context: NodeContext, credentialType: string, rootUrl: string): string =>
	`${rootUrl}|${context.getNode().credentials?.[credentialType]?.id ?? ''}`;
