import { accessKeyAuthenticator, oAuth2Authenticator } from './authenticators';
import { companyName, withTenant } from './companies';
import type { BusinessCentralAddress, CrmAddress, NodeContext } from './connection';
import { isServicePrincipal, servicePrincipalAuthenticator } from './signIn/servicePrincipal';
import {
	type Authenticator,
	createBusinessCentral,
	createDataverse,
	type LeaseHolder,
	type Log,
	type Pulse,
	type RecordSystem,
	type Side,
	type SurfaceMemory,
	type SyncSession,
	systemClock,
} from '../../engine';
import { leaseTransport } from './transports';

/** Where the connection leads. */
export interface Address {
	businessCentral: BusinessCentralAddress;
	crm: CrmAddress;
	companyId: string;
	/** Empty when it is not known without asking. */
	companyName: string;
}

export interface Systems {
	businessCentral: RecordSystem;
	crm: RecordSystem;
	/** Gives the connections back. */
	release(): void;
}

/** Who works with the session: an execution, or somebody in the editor. */
export interface Opener {
	log: Log;
	/** See `SyncSession.progress`. */
	progress?: SyncSession['progress'];
	/** Holder of leases. */
	owner: string;
	/** The same for people. */
	holder?: LeaseHolder;
	signal?: AbortSignal;
	/** The process is to end; see `SyncSession.ending`. */
	ending?: AbortSignal;
}

/** Both systems, ready to be asked; nothing is asked yet, except the name of the company where links can be built with it. */
export async function openSystems(
	context: NodeContext,
	address: Address,
	{ log, signal, ending, pulse, surfaceMemory }: Opener & { pulse?: Pulse; surfaceMemory?: () => SurfaceMemory | null },
): Promise<Systems> {
	const { businessCentral, crm, companyId } = address;
	const toBusinessCentral = await leaseTransport(context, 'businessCentral', businessCentral.rootUrl);
	const toCrm = await leaseTransport(context, 'crm', crm.rootUrl).catch((error: unknown) => {
		toBusinessCentral.release();
		throw error;
	});
	const common = { clock: systemClock, signal, ending, pulse, log };
	const { webClient } = businessCentral;
	// Without a name there are no links; whatever is wrong, the run itself will say.
	const name = webClient ? await companyName(context, businessCentral, companyId).catch(() => '') : '';
	return {
		businessCentral: createBusinessCentral({
			...common,
			apiRoot: businessCentral.apiRoot,
			odataRoot: businessCentral.odataRoot,
			tenant: businessCentral.tenant,
			companyId,
			...(surfaceMemory ? { surfaceMemory } : {}),
			transport: toBusinessCentral.transport,
			authenticator: authenticatorOf(
				context,
				'businessCentral',
				businessCentral.credentialType,
				withTenant(`${businessCentral.apiRoot}/companies`, businessCentral.tenant),
			),
			webClient: webClient && name ? { ...webClient, companyName: name } : null,
			budgetKey: budgetKey(context, businessCentral.credentialType, withTenant(businessCentral.rootUrl, businessCentral.tenant)),
		}),
		crm: createDataverse({
			...common,
			environmentUrl: crm.rootUrl,
			transport: toCrm.transport,
			authenticator: authenticatorOf(context, 'crm', crm.credentialType, `${crm.rootUrl}/api/data/v9.2/WhoAmI`),
			budgetKey: budgetKey(context, crm.credentialType, crm.rootUrl),
		}),
		release: () => {
			toBusinessCentral.release();
			toCrm.release();
		},
	};
}

function authenticatorOf(context: NodeContext, system: Side, credentialType: string, probeUrl: string): Authenticator {
	if (credentialType === 'businessCentralApi') return accessKeyAuthenticator(context);
	if (isServicePrincipal(credentialType)) return servicePrincipalAuthenticator(context, system, credentialType);
	return oAuth2Authenticator(context, system, credentialType, probeUrl);
}

/** Runs of one process that sign in as the same user share the user's request budget. */
const budgetKey = (context: NodeContext, credentialType: string, rootUrl: string): string =>
	`${rootUrl}|${context.getNode().credentials?.[credentialType]?.id ?? ''}`;
