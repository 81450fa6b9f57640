import type { ICredentialTestFunctions, ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { Side } from '../../../engine';
import { isBlocked } from '../egress';
import { mayTravel } from '../privateNetwork';
import { requestToken, servicePrincipalOf, unreachable } from './requestToken';
import { SignInRefused } from './signInRefused';
import { testRequest } from './testRequest';
import { answerInWords, NAMES } from './testWords';

const text = z.string().catch('');
const fields = z.object({
	rootUrl: text,
	grantType: text,
	environmentType: text,
	tenant: text,
	username: text,
	accessKey: text,
	oauthTokenData: z.object({ access_token: z.string() }).optional().catch(undefined),
});
type Fields = z.infer<typeof fields>;

type Test = (this: ICredentialTestFunctions, credential: ICredentialsDecrypted) => Promise<INodeCredentialTestResult>;

/** Test of the credentials of Business Central: signs in and lists the companies, which proves address, sign-in and the permission to use the API. */
export const businessCentralTest: Test = async function (credential) {
	return await tested('businessCentral', this, credential, ({ rootUrl, tenant, environmentType }) => {
		const named = environmentType === 'online' ? '' : tenant.trim();
		return `${rootUrl}/api/v2.0/companies${named ? `?tenant=${encodeURIComponent(named)}` : ''}`;
	});
};

/** Test of the credentials of CRM. WhoAmI fails also when the token is good but the application user is missing in the environment. */
export const crmTest: Test = async function (credential) {
	return await tested('crm', this, credential, ({ rootUrl }) => `${rootUrl}/api/data/v9.2/WhoAmI`);
};

async function tested(
	side: Side,
	context: ICredentialTestFunctions,
	{ type, data }: ICredentialsDecrypted,
	urlOf: (fields: Fields) => string,
): Promise<INodeCredentialTestResult> {
	const failed = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });
	const known = fields.parse(data ?? {});
	const address = URL.parse(urlOf(known));
	if (!address || !/^https?:$/.test(address.protocol))
		return failed(`The address of ${NAMES[side]} is empty or begins with neither https:// nor http://.`);
	if (!mayTravel(address)) return failed(`The credential would send password or token unencrypted to ${address.hostname}. Let the address begin with https://.`); // prettier-ignore
	let authorization: string;
	try {
		authorization = await authorizationOf(context, type, known, data);
	} catch (error) {
		if (error instanceof SignInRefused) return failed(error.message);
		if (isBlocked(error)) return failed(`This n8n does not allow requests to the sign-in service. ${ALLOW}`);
		// Whatever else it says may hold the request.
		return failed('Signing in failed, and no reason was given. Check all fields of the credential; if they are right, try again later.');
	}
	try {
		const headers = { Accept: 'application/json', Authorization: authorization };
		const { statusCode, body } = await testRequest(context, { url: address.href, headers });
		const message = answerInWords(side, type, statusCode, body);
		return message === null ? { status: 'OK', message: 'Connection successful!' } : failed(message);
	} catch (error) {
		if (isBlocked(error)) return failed(`This n8n does not allow requests to ${address.host}. ${ALLOW}`);
		const { code } = error as { code?: unknown };
		return failed(`${NAMES[side]} cannot be reached at ${address.host}${unreachable(code)}. Check the address in the credential, and the network of the machine n8n runs on.`); // prettier-ignore
	}
}

const ALLOW = 'Its administrator can allow the address in the settings of its SSRF protection.';

/** @throws SignInRefused in words; what n8n's protection against server-side request forgery says, as it is */
async function authorizationOf(context: ICredentialTestFunctions, type: string, known: Fields, data: unknown): Promise<string> {
	if (type === 'businessCentralApi') return `Basic ${Buffer.from(`${known.username}:${known.accessKey}`).toString('base64')}`;
	// A person who signed in: the token that n8n has got, and renews with the next run.
	if (known.grantType === 'authorizationCode') {
		const token = known.oauthTokenData?.access_token;
		if (token) return `Bearer ${token}`;
		throw new SignInRefused('failed', 'Nobody has signed in with this credential yet.', 'Choose Connect in the credential.');
	}
	const principal = servicePrincipalOf(data);
	const proof = type.endsWith('ServicePrincipalApi') ? principal.proof : 'secret';
	const token = await requestToken({ ...principal, proof }, async (options) => await testRequest(context, options), Date.now());
	return `Bearer ${token.value}`;
}
