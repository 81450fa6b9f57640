import '../kit/n8nEgressGuardButLocalhost';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { loadList, runNode, type CredentialVault } from '../kit/workflow';

let systems: LocalSystems;
beforeAll(async () => {
	systems = await startLocalSystems();
});
afterAll(async () => await systems.close());

/** Both services are allowed, by name; the service that gives tokens is not. */
function vault(): CredentialVault {
	const credentials = systems.vault();
	const local = (address: unknown): string => String(address).replace('127.0.0.1', 'localhost');
	for (const type of ['businessCentralOAuth2Api', 'businessCentralServicePrincipalApi']) {
		credentials.change(type, { baseUrlOverride: local(credentials.raw(type)['baseUrlOverride']) });
	}
	for (const type of ['dataverseOAuth2Api', 'dataverseServicePrincipalApi']) {
		credentials.change(type, { environmentUrl: local(credentials.raw(type)['environmentUrl']) });
	}
	return credentials;
}
const parameters = () => ({ company: systems.company, mapping: by('name', 'CUSTOMER') });
const message = /^(This n8n does not allow requests to the sign-in service of (Business Central|CRM)\. ?){1,2}$/;

it('a sign-in service that may not be called is named, whatever first needs a token', async () => {
	for (const company of [systems.company, by('name', 'CRONUS International Ltd.')]) {
		const { error } = await runNode(SyncMapping, { ...parameters(), company }, { credentials: vault() });
		expect(error?.message).toMatch(message);
		expect(error?.description).toContain('(ADDRESS_BLOCKED)');
	}
	await expect(loadList(SyncMapping, 'searchCompanies', {}, vault())).rejects.toThrow(/does not allow requests to the sign-in service/);
});

it('also for a service principal, in runs and lists; a name that is not known is no forbidden address', async () => {
	const principals = { authentication: 'servicePrincipal', crmAuthentication: 'servicePrincipal' };
	const { error } = await runNode(SyncMapping, { ...parameters(), ...principals }, { credentials: vault() });
	expect(error?.message).toMatch(message);
	expect(error?.description).toContain('(ADDRESS_BLOCKED)');
	await expect(loadList(SyncMapping, 'searchCompanies', principals, vault())).rejects.toThrow(
		/does not allow requests to the sign-in service/,
	);
	const elsewhere = vault();
	elsewhere.change('businessCentralServicePrincipalApi', { authority: 'https://no-such-login.invalid' });
	const unknown = await loadList(SyncMapping, 'searchCompanies', principals, elsewhere).catch((refusal: Error) => refusal.message);
	expect(unknown).toMatch(/Signing in to Business Central failed: The sign-in service cannot be reached: its name/);
});

it('also when a token that was fetched before is to be renewed', async () => {
	const credentials = vault();
	for (const type of ['businessCentralOAuth2Api', 'dataverseOAuth2Api']) {
		const system = type === 'dataverseOAuth2Api' ? 'crm' : 'businessCentral';
		credentials.change(type, {
			oauthTokenData: { access_token: systems.sandbox.login.token(system), n8n_expires_at: String(Date.now() + 30_000) },
		});
	}
	const { error } = await runNode(SyncMapping, parameters(), { credentials });
	expect(error?.message).toMatch(message);
});
