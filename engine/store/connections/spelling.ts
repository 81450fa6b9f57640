import { SyncError } from '../../model/errors';
import { isGuid } from '../../model/guid';

/** An address in one spelling: without case, slashes at the end, and standard ports. */
export function addressKey(address: string, name: string): string {
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

export const bcSpelling = (address: string): string => addressKey(address, 'Business Central');

/**
 * Every environment answers under `<name>.crm<N>.dynamics.com` and `<name>.api.crm<N>.dynamics.com` alike.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#web-api-url-and-versions
 */
export const crmSpelling = (address: string): string =>
	addressKey(address, 'CRM').replace(/^(https:\/\/[^./]+)\.api\.(crm\d*\.(?:dynamics\.|microsoftdynamics\.|appsplatform\.))/, '$1.$2');

/** Tenant (GUID or domain; null where the token alone says it) and environment in an address of Business Central online; null for any other address. */
export function environmentIn(bcAddress: string): { tenant: string | null; environment: string } | null {
	const [, tenant, environment] =
		/^https:\/\/api\.businesscentral\.dynamics\.com\/v2\.0\/(?:([^/]+)\/)?([^/]+)\/api\/v2\.0$/.exec(bcSpelling(bcAddress)) ?? [];
	return environment === undefined ? null : { tenant: tenant ?? null, environment };
}

/** As services are named in `KnownSystems`; null as long as the tenant's GUID is not known. */
export const environmentKey = (tenant: string | null, environment: string): string | null =>
	tenant !== null && isGuid(tenant) ? `${tenant.toLowerCase()}/${environment.toLowerCase()}` : null;
