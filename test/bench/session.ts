import { systemClock, type Clock } from '../../engine/ports/clock';
import type { SyncSession } from '../../engine/ports/session';
import { type ConnectionIdentity, openSqliteStore } from '../../engine/store/openStore';
import { createBusinessCentral } from '../../engine/systems/businessCentral';
import { createDataverse } from '../../engine/systems/dataverse';
import type { Authenticator } from '../../engine/systems/odata/authenticator';
import { createAxiosTransport } from '../../engine/systems/odata/axiosTransport';
import type { Transport } from '../../engine/systems/odata/transport';
import type { Setting } from './messages';

export interface OpenBench {
	session: SyncSession;
	/** Value of the Authorization header for either system. */
	authorization(system: 'businessCentral' | 'crm'): Promise<string>;
	close(): Promise<void>;
}

/** A session as the nodes open it (`more`: what it has besides), over real HTTP and with the embedded store in a file; tokens come from the sandbox's token endpoint. */
export async function openBench(
	setting: Setting,
	more: Pick<SyncSession, 'ending' | 'pulse' | 'holder'> & { clock?: Clock; owner?: string } = {},
): Promise<OpenBench> {
	const { addresses, companyId, stateFile } = setting;
	const transport = createAxiosTransport({ maxSockets: 64, userAgent: 'n8n-nodes-dynamics365-sync bench' });
	const bcRoot = `${addresses.businessCentral}/v2.0/sandbox`;
	const authenticators = {
		businessCentral: authenticator(transport, setting, 'https://api.businesscentral.dynamics.com/.default'),
		crm: authenticator(transport, setting, `${addresses.crm}/.default`),
	};
	const { clock = systemClock, owner = 'bench', ...rest } = more;
	const common = { transport, clock, log: () => undefined, ending: more.ending, pulse: more.pulse };
	const store = await openSqliteStore({ file: stateFile, clock, connection: connectionOf(setting) });
	const session: SyncSession = {
		businessCentral: createBusinessCentral({
			...common,
			apiRoot: `${bcRoot}/api/v2.0`,
			odataRoot: `${bcRoot}/ODataV4`,
			companyId,
			authenticator: authenticators.businessCentral,
		}),
		crm: createDataverse({ ...common, environmentUrl: addresses.crm, authenticator: authenticators.crm }),
		...rest,
		store,
		clock,
		log: () => undefined,
		owner,
		companyId,
		ownershipModel: 'team',
	};
	return {
		session,
		authorization: (system) => authenticators[system].header(),
		close: async () => {
			await store.close();
			transport.close();
		},
	};
}

export const connectionOf = ({ addresses, companyId, companyName }: Setting): ConnectionIdentity => ({
	bcAddress: `${addresses.businessCentral}/v2.0/sandbox/api/v2.0`,
	companyId,
	companyName,
	crmAddress: addresses.crm,
});

function authenticator(transport: Transport, { addresses, application }: Setting, scope: string): Authenticator {
	let header: Promise<string> | undefined;
	const fetchToken = async (): Promise<string> => {
		const { clientId, clientSecret, tenantId } = application;
		const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope });
		const answer = await transport({
			method: 'POST',
			url: `${addresses.login}/${tenantId}/oauth2/v2.0/token`,
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			body: form.toString(),
		});
		if (answer.status !== 200) throw new Error(`The token endpoint answered ${answer.status}.`);
		return `Bearer ${(JSON.parse(answer.body) as { access_token: string }).access_token}`;
	};
	return {
		header: () => (header ??= fetchToken()),
		refresh: () => {
			header = undefined;
			return Promise.resolve();
		},
	};
}
