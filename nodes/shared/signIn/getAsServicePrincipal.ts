import type { IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { Side } from '../../../engine';
import type { NodeContext } from '../connection';
import { servicePrincipalAuthenticator } from './servicePrincipal';

const full = z.object({ statusCode: z.number(), statusMessage: z.string().catch(''), body: z.unknown() });

/** A request that was refused, as far as it may be told: status and words, without headers. */
class Refused extends Error {
	constructor(
		readonly httpCode: number,
		message: string,
	) {
		super(message);
	}
}

/**
 * A GET through n8n's helper with a token of the service principal. A token that is refused is fetched again, once, as n8n does for other credentials.
 * @throws SyncError when no token is given; an error with `httpCode` when the service refuses; otherwise what n8n's helper throws
 */
export async function getAsServicePrincipal(
	context: NodeContext,
	system: Side,
	credentialType: string,
	request: IHttpRequestOptions,
): Promise<unknown> {
	const authenticator = servicePrincipalAuthenticator(context, system, credentialType);
	const send = async () =>
		full.parse(
			await context.helpers.httpRequest({
				...request,
				headers: { ...request.headers, Authorization: await authenticator.header() },
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
			}),
		);
	let { statusCode, statusMessage, body } = await send();
	if (statusCode === 401) {
		await authenticator.refresh();
		({ statusCode, statusMessage, body } = await send());
	}
	if (statusCode < 200 || statusCode > 299) throw new Refused(statusCode, statusMessage || `status ${statusCode}`);
	return body;
}
