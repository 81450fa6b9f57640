import { createHash } from 'node:crypto';
import { bcSpelling, crmSpelling, addressKey } from './connections/spelling';
import type { DoubledState, KnownSystems } from '../model/knownSystems';

/** What all state belongs to: one company in one environment of BC, and one CRM environment. */
export interface ConnectionIdentity {
	/** Root of the BC API: origin and path, e.g. `https://api.businesscentral.dynamics.com/v2.0/<tenant>/production/api/v2.0`. */
	bcAddress: string;
	/** System id of the company. */
	companyId: string;
	/** For people; may change without changing the connection. */
	companyName: string;
	/** Address of the CRM environment, e.g. `https://contoso.crm4.dynamics.com`. */
	crmAddress: string;
	/** Who the systems are, as far as they told; the addresses stand in for what is not known. */
	systems?: KnownSystems;
	/** GUID of a tenant that is named by a domain, null where nobody tells; asked only about connections that other spellings have left behind. */
	tenantOf?: (domain: string) => Promise<string | null>;
	/** Asked before the store keeps a connection that it does not know; throws where there is no such company or environment. */
	confirm?: () => Promise<void>;
	/** What a person decided about two spellings of this connection that both have couplings and disagree. */
	doubled?: DoubledState;
}

/** The same wherever and whenever it is computed, and independent of the company's name and of how what is known is spelled. */
export function connectionIdOf({ bcAddress, companyId, crmAddress, systems }: ConnectionIdentity): string {
	const bc = systems?.businessCentral ?? null;
	const crm = systems?.crm ?? null;
	if (bc === null && crm === null) return addressIdOf({ bcAddress, companyId, crmAddress });
	return hashOf([bc ?? bcSpelling(bcAddress), companyId.trim().toLowerCase(), crm ?? crmSpelling(crmAddress)]);
}

/** The id by which versions knew a connection that had only its addresses. */
export const addressIdOf = ({
	bcAddress,
	companyId,
	crmAddress,
}: Pick<ConnectionIdentity, 'bcAddress' | 'companyId' | 'crmAddress'>): string =>
	hashOf([addressKey(bcAddress, 'Business Central'), companyId.trim().toLowerCase(), addressKey(crmAddress, 'CRM')]);

const hashOf = (parts: readonly string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
