import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { CheckRequest } from '../../../engine';
import { businessCentralAddress } from '../../shared/connection';
import type { ConnectionSettings } from '../../shared/openSession';

const text = z.string().trim().min(1).optional().catch(undefined);
const fields = z.object({ username: text, clientId: text, grantType: text });

/** Whom Business Central, which does not say it, takes the credential for: a user by name, or an application by its id. Nothing secret is read. */
export async function usersOf(
	context: IExecuteFunctions,
	{ authentication }: ConnectionSettings,
): Promise<NonNullable<CheckRequest['users']>> {
	const { credentialType } = await businessCentralAddress(context, authentication);
	const { username, clientId, grantType } = fields.parse(await context.getCredentials(credentialType));
	const user = username ?? (clientId !== undefined && grantType !== 'authorizationCode' ? `application ${clientId}` : undefined);
	return user === undefined ? {} : { businessCentral: user };
}
