import { z } from 'zod/v4';
import type { BusinessCentralAddress, CrmAddress, NodeContext } from './connection';
import { requireAllowed } from './egress';
import { getJson } from './serviceCall';
import { environmentKey, type KnownSystems, SyncError, systemClock, TimedCache } from '../../engine';

const DAY_MS = 24 * 60 * 60_000;
/** What services said of themselves; an answer that failed is not kept. */
const told = new TimedCache<string | null>(DAY_MS);
/** Told once in a process: it is no trouble, and would be in every run's log. */
const untold = new Set<string>();

/** For tests: environments change behind an address more often than once a day there. */
export function forgetKnownSystems(): void {
	told.clear();
	untold.clear();
}

/**
 * Who the systems of a connection are, whatever their addresses are spelled like. Costs one request to CRM (`WhoAmI`), and one to the sign-in service
 * where a tenant is named by its domain, both once a day in a process. What cannot be known is null: then the address stands in for it.
 */
export async function askKnownSystems(
	context: NodeContext,
	businessCentral: BusinessCentralAddress,
	crm: CrmAddress,
): Promise<KnownSystems> {
	const quietly = async (what: string, answer: Promise<string | null>): Promise<string | null> =>
		await answer.catch((error: unknown) => {
			if (!untold.has(what)) {
				context.logger.warn(
					`${what} did not tell who it is, so its address stands for it: ${error instanceof Error ? error.message : String(error)}`,
				);
			}
			untold.add(what);
			return null;
		});
	return {
		businessCentral: await quietly(businessCentral.rootUrl, environmentOf(context, businessCentral)),
		crm: await quietly(
			crm.rootUrl,
			told.get(crm.rootUrl, systemClock, () => organizationOf(context, crm)),
		),
	};
}

/** @throws SyncError where there is no such environment of CRM, it is out of reach, or does not let the user in */
export async function requireOrganization(context: NodeContext, crm: CrmAddress): Promise<void> {
	await told.get(crm.rootUrl, systemClock, () => organizationOf(context, crm));
}

/** As far as it is known without asking anybody. */
export async function rememberedSystems(
	context: NodeContext,
	businessCentral: BusinessCentralAddress,
	crm: CrmAddress,
): Promise<KnownSystems> {
	const { online } = businessCentral;
	const known = !online || environmentKey(online.tenant, online.environment) !== null || told.has(tenantUrl(online), systemClock);
	return {
		businessCentral: known ? await environmentOf(context, businessCentral).catch(() => null) : null,
		crm: told.has(crm.rootUrl, systemClock) ? await told.get(crm.rootUrl, systemClock, () => Promise.resolve(null)) : null,
	};
}

/** The GUID of a tenant that is named by a domain, from the sign-in service; null where it does not tell. */
export async function tenantOf(context: NodeContext, authority: string, domain: string): Promise<string | null> {
	const url = tenantUrl({ authority, tenant: domain });
	return await told.get(url, systemClock, () => tenantBehind(context, url)).catch(() => null);
}

async function environmentOf(context: NodeContext, { online }: BusinessCentralAddress): Promise<string | null> {
	// A server on premises has no name of its own: server, instance and tenant are its address.
	if (!online || !online.environment) return null;
	const direct = environmentKey(online.tenant, online.environment);
	if (direct !== null) return direct;
	const url = tenantUrl(online);
	return environmentKey(await told.get(url, systemClock, () => tenantBehind(context, url)), online.environment);
}

const tenantUrl = ({ authority, tenant }: { authority: string; tenant: string }): string =>
	`${authority}/${encodeURIComponent(tenant.toLowerCase())}/v2.0/.well-known/openid-configuration`;

const openId = z.object({ issuer: z.string() });
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/**
 * Anybody may read the document; its `issuer` names the tenant by its GUID, whichever of its domains was asked for.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#find-your-apps-openid-configuration-document-uri
 */
async function tenantBehind(context: NodeContext, url: string): Promise<string> {
	await requireAllowed(context, 'businessCentral', url);
	const answer: unknown = await context.helpers.httpRequest({
		method: 'GET',
		url,
		json: true,
		timeout: 20_000,
		disableFollowRedirect: true,
	});
	const guid = GUID.exec(openId.safeParse(answer).data?.issuer ?? '')?.[0];
	if (!guid) throw new Error(`${new URL(url).host} does not say which tenant this is.`);
	return guid.toLowerCase();
}

const whoAmI = z.object({ OrganizationId: z.string().regex(GUID) });

/** Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/whoamiresponse */
async function organizationOf(context: NodeContext, crm: CrmAddress): Promise<string> {
	const answer = await getJson(context, 'crm', crm.credentialType, `${crm.rootUrl}/api/data/v9.2/WhoAmI`);
	const parsed = whoAmI.safeParse(answer);
	if (!parsed.success)
		throw new SyncError({
			code: 'ADDRESS_WRONG',
			errorClass: 'setup',
			system: 'crm',
			message: 'The address of the credential answers, but not as Dataverse does: WhoAmI names no organization.',
			hint: 'Check the Environment URL in the credential.',
		});
	return parsed.data.OrganizationId.toLowerCase();
}
