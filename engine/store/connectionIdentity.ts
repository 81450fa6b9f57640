import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '../ports/clock';
import { SyncError } from '../model/errors';
import type { StoreTables } from './schema';

/** The triple that all state belongs to: one BC company and one CRM environment. */
export interface ConnectionIdentity {
	/** Root of the BC API: origin and path, e.g. `https://api.businesscentral.dynamics.com/v2.0/<tenant>/production/api/v2.0`. */
	bcAddress: string;
	/** System id of the company. */
	companyId: string;
	/** For people; may change without changing the connection. */
	companyName: string;
	/** Address of the CRM environment, e.g. `https://contoso.crm4.dynamics.com`. */
	crmAddress: string;
}

/** The same wherever and whenever it is computed, and independent of case, trailing slashes and the company's name. */
export function connectionIdOf(identity: ConnectionIdentity): string {
	const parts = [
		addressKey(identity.bcAddress, 'Business Central'),
		identity.companyId.trim().toLowerCase(),
		addressKey(identity.crmAddress, 'CRM'),
	];
	return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

function addressKey(address: string, name: string): string {
	if (!URL.canParse(address)) {
		throw new SyncError({
			code: 'STORE_BAD_CONNECTION',
			errorClass: 'setup',
			system: 'store',
			message: `The ${name} address "${address}" is not a web address.`,
			hint: 'Correct the address in the credential; it starts with https://.',
		});
	}
	const { origin, pathname } = new URL(address);
	return (origin + pathname).toLowerCase().replace(/\/+$/, '');
}

/** Finds or makes the connection's row; answers its key. */
export async function registerConnection(
	db: Kysely<StoreTables>,
	identity: ConnectionIdentity,
	clock: Clock,
): Promise<{ id: string; key: number }> {
	const id = connectionIdOf(identity);
	const row = await db
		.insertInto('connection')
		.values({
			id,
			bc_address: identity.bcAddress,
			company_id: identity.companyId,
			company_name: identity.companyName,
			crm_address: identity.crmAddress,
			created_ms: clock.now(),
			opened_ms: clock.now(),
		})
		.onConflict((oc) => oc.column('id').doUpdateSet({ company_name: identity.companyName, opened_ms: clock.now() }))
		.returning('connection_key')
		.executeTakeFirstOrThrow();
	return { id, key: Number(row.connection_key) };
}
