import { z } from 'zod/v4';
import type { Side } from '../../../engine';

export const NAMES: Readonly<Record<Side, string>> = { businessCentral: 'Business Central', crm: 'Dataverse' };

const companies = z.object({ value: z.array(z.unknown()) });
const whoAmI = z.object({ OrganizationId: z.string() });

/** Sentences by status: what is wrong, and what helps. A user with a key has nothing to do with Microsoft Entra. */
const WORDS: Readonly<Record<'entra' | 'key' | 'crm', Readonly<Record<number, string>>>> = {
	entra: {
		401: 'Business Central refused the sign-in. The page Microsoft Entra Applications must list the client ID with state Enabled, and the application needs API.ReadWrite.All with admin consent.',
		403: 'Signed in, but a permission is missing. Give the application or user permission sets for the tables to synchronize.',
		404: 'The address is wrong. Check environment name, tenant ID or Base URL.',
		405: 'API services are switched off. Enable them on the Business Central Server.',
	},
	key: {
		401: 'Business Central refused user name or web service access key. Check the user name; on the page Users → Web Service Access look whether the key is still the same and has not expired, and whether the user is enabled. The server must accept the credential type NavUserPassword.',
		403: 'Signed in, but a permission is missing. Give the user permission sets for the tables to synchronize.',
		404: 'The address is wrong. Check the Base URL, including the server instance, and Tenant on a server that has several.',
		405: 'API services are switched off. Enable them on the Business Central Server.',
	},
	crm: {
		401: 'Dataverse refused the sign-in. Client ID and tenant must belong to the environment.',
		403: 'Signed in, but not a member of the environment. Add an application user for the client ID, with a security role (Power Platform admin center → Application users).',
		404: 'The address is wrong. Check the Environment URL.',
	},
};

/** Null where the service answered as it should. Nothing of the answer itself is told. */
export function answerInWords(side: Side, credentialType: string, status: number, body: unknown): string | null {
	const words = WORDS[side === 'crm' ? 'crm' : credentialType === 'businessCentralApi' ? 'key' : 'entra'];
	if (status >= 200 && status < 300) {
		const fits = side === 'crm' ? whoAmI.safeParse(body).success : companies.safeParse(body).success;
		return fits ? null : `The address answers, but not as ${NAMES[side]} does. ${words[404]}`;
	}
	if (status >= 300 && status < 400) return `The address leads to another one (status ${status}), which is not followed. ${words[404]}`;
	if (status === 429 || status >= 500) return `${NAMES[side]} is busy or out of order (status ${status}). Try again later.`;
	return words[status] ?? `${NAMES[side]} answered with status ${status}. ${words[404]}`;
}
