import { createDataverse, type Log, type Registrar, SyncError, systemClock } from '../../../engine';
import { crmAddressOf, type NodeContext } from '../../shared/connection';
import { servicePrincipalAuthenticator } from '../../shared/signIn/servicePrincipal';
import { leaseTransport } from '../../shared/transports';

export const REGISTRATION = 'dataverseRegistrationApi';

/**
 * Dataverse with the credential that may register webhooks; it is used for nothing else.
 * @throws SyncError (setup) `CREDENTIAL_MISSING`, `WEBHOOK_OTHER_ENVIRONMENT`, or what is wrong with its address
 */
export async function openRegistrar(context: NodeContext, environmentUrl: string, log: Log): Promise<Registrar> {
	const { rootUrl } = await crmAddressOf(context, REGISTRATION, 'CRM Registration of Webhooks');
	if (rootUrl.toLowerCase() !== environmentUrl.toLowerCase())
		throw new SyncError({
			code: 'WEBHOOK_OTHER_ENVIRONMENT',
			errorClass: 'setup',
			system: 'crm',
			message: `The credential for the registration of webhooks leads to ${rootUrl}, and the CRM connection to ${environmentUrl}.`,
			hint: 'Choose credentials of the same environment in the node.',
		});
	const { transport, release } = await leaseTransport(context, 'crm', rootUrl);
	const { serviceEndpoints } = createDataverse({
		...{ environmentUrl: rootUrl, transport, clock: systemClock, log },
		authenticator: servicePrincipalAuthenticator(context, 'crm', REGISTRATION),
		budgetKey: `${rootUrl}|${context.getNode().credentials?.[REGISTRATION]?.id ?? ''}`,
	});
	return { serviceEndpoints: serviceEndpoints!, close: release };
}
