import { z } from 'zod/v4';
import type { BusinessCentralAddress, NodeContext } from './connection';
import { SyncError } from '../../engine';
import { guidPattern, type Locator } from './locators';
import { getJson } from './serviceCall';

const page = z.object({
	value: z.array(z.object({ id: z.string(), name: z.string(), displayName: z.string().optional().catch(undefined) })),
	'@odata.nextLink': z.string().optional(),
});

export interface Company {
	/** System id, lower case. */
	id: string;
	name: string;
	displayName: string;
}

/** The address with the tenant, where the server has several. */
export const withTenant = (url: string, tenant: string | null): string =>
	tenant === null || /[?&]tenant=/i.test(url) ? url : `${url}${url.includes('?') ? '&' : '?'}tenant=${encodeURIComponent(tenant)}`;

/** All companies of the environment (at most 300). */
export async function fetchCompanies(context: NodeContext, address: BusinessCentralAddress): Promise<Company[]> {
	const companies: Company[] = [];
	let url: string | undefined = withTenant(`${address.apiRoot}/companies`, address.tenant);
	while (url) {
		const answer = page.safeParse(await getJson(context, 'businessCentral', address.credentialType, url));
		if (!answer.success) throw notBusinessCentral();
		companies.push(
			...answer.data.value.map(({ id, name, displayName }) => ({ id: id.toLowerCase(), name, displayName: displayName || name })),
		);
		const next = sameOrigin(answer.data['@odata.nextLink'], address.rootUrl);
		url = next && withTenant(next, address.tenant);
	}
	return companies;
}

/** Names hardly ever change, and are only needed for links; so they are asked for once per process. */
const names = new Map<string, string>();

/** Name of a company by its id; empty when the user may not see it. */
export async function companyName(context: NodeContext, address: BusinessCentralAddress, companyId: string): Promise<string> {
	const key = (id: string): string => `${withTenant(address.rootUrl, address.tenant)}|${id}`;
	if (!names.has(key(companyId))) {
		for (const { id, name } of await fetchCompanies(context, address)) names.set(key(id), name);
	}
	return names.get(key(companyId)) ?? '';
}

/**
 * What a node means by its company: what it names, else the company of the credential.
 * @throws SyncError `CHOOSE_FIRST` (setup) when neither names one
 */
export function companyMeant({ defaultCompany }: Pick<BusinessCentralAddress, 'defaultCompany'>, company: Locator): Locator {
	if (company.value !== '') return company;
	if (defaultCompany !== '')
		return guidPattern.test(defaultCompany) ? { mode: 'id', value: defaultCompany } : { mode: 'name', value: defaultCompany };
	throw new SyncError({
		code: 'CHOOSE_FIRST',
		errorClass: 'setup',
		system: 'engine',
		message: 'No company is chosen yet.',
		hint: 'Choose the field "Company" first, or fill in "Default Company" in the credential of Business Central.',
	});
}

/** The id of the company a resource locator means; asks the service only for a name. */
export async function resolveCompany(context: NodeContext, address: BusinessCentralAddress, company: Locator): Promise<string> {
	if (company.mode === 'id' || company.mode === 'list') return company.value.toLowerCase();
	const companies = await fetchCompanies(context, address);
	const wanted = company.value.toLowerCase();
	const found = companies.filter(({ name, displayName }) => name.toLowerCase() === wanted || displayName.toLowerCase() === wanted);
	if (found.length === 1 && found[0]) return found[0].id;
	if (found.length === 0) throw notThere(`named "${company.value}"`, companies);
	throw new SyncError({
		code: 'COMPANY_AMBIGUOUS',
		errorClass: 'setup',
		system: 'businessCentral',
		message: `Several companies are named "${company.value}".`,
		hint: `Choose the company from the list. There are: ${named(companies)}.`,
	});
}

/**
 * Ids come from expressions, too, and companies are deleted.
 * @param lenient where Business Central does not tell which companies there are, the company is believed in: what follows says what is wrong
 * @throws SyncError `COMPANY_NOT_FOUND` (setup) that names the companies there are
 */
export async function requireCompany(
	context: NodeContext,
	address: BusinessCentralAddress,
	companyId: string,
	{ lenient }: { lenient: boolean },
): Promise<void> {
	const companies = await fetchCompanies(context, address).catch((error: unknown) => {
		if (lenient) return null;
		throw error;
	});
	if (companies && !companies.some(({ id }) => id === companyId)) throw notThere(`with the id ${companyId}`, companies);
}

const named = (companies: readonly Company[]): string =>
	companies.map(({ id, name }) => `${name} (${id})`).join(', ') || 'none that this user may see';

const notThere = (which: string, companies: readonly Company[]): SyncError =>
	new SyncError({
		code: 'COMPANY_NOT_FOUND',
		errorClass: 'setup',
		system: 'businessCentral',
		message: `Business Central has no company ${which}.`,
		hint: `Choose the company from the list. There are: ${named(companies)}. The log of a company that was deleted is read by the id it had.`,
	});

/** The error a run ends with when its company is gone, with the companies there are; any other as it is. */
export async function withCompanies(
	context: NodeContext,
	address: BusinessCentralAddress,
	companyId: string,
	error: unknown,
): Promise<unknown> {
	if (!(error instanceof SyncError) || error.code !== 'BC_COMPANY_NOT_FOUND') return error;
	const companies = await fetchCompanies(context, address).catch(() => null);
	if (!companies || companies.some(({ id }) => id === companyId)) return error;
	return error.with({
		message: `Business Central has no company with the id ${companyId} (any more). ${error.message}`,
		hint: `Choose the company from the list. There are: ${named(companies)}. What was synchronized before can still be read with Read Sync Log.`,
	});
}

/** Following a link to another host would send it the token. */
function sameOrigin(link: string | undefined, rootUrl: string): string | undefined {
	if (link === undefined || new URL(link, rootUrl).origin === new URL(rootUrl).origin) return link;
	throw notBusinessCentral();
}

const notBusinessCentral = (): SyncError =>
	new SyncError({
		code: 'ADDRESS_WRONG',
		errorClass: 'setup',
		system: 'businessCentral',
		message: 'The address of the credential answers, but not as the Business Central API does.',
		hint: 'Check environment name or Base URL in the credential.',
	});
