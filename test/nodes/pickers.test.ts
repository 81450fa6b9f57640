import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { loadList, loadOptions, useNewState, type CredentialVault } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;

beforeAll(async () => {
	systems = await startLocalSystems();
	const { sandbox, base } = systems;
	const customers = Array.from({ length: 60 }, (_, index) => ({
		number: `C${String(index).padStart(3, '0')}`,
		displayName: index === 7 ? "Adatum O'Neil" : `Customer ${index}`,
		type: 'Company',
		blocked: index === 8 ? 'All' : '_x0020_',
	}));
	sandbox.businessCentral.company(base.companyName).seed('customers', customers);
	sandbox.crm.seed('account', [
		{ accountid: '0000000a-0000-4000-8000-000000000001', name: 'Adatum Corporation', accountnumber: 'A1', customertypecode: 3 },
		{ accountid: '0000000a-0000-4000-8000-000000000002', name: 'Adatum Supplies', accountnumber: 'A2', customertypecode: 11 },
	]);
});
afterAll(async () => await systems.close());
beforeEach(() => {
	useNewState();
	vault = systems.vault();
	systems.sandbox.faults.clear();
});

const parameters = () => ({ company: systems.company, mapping: by('list', 'CUSTOMER') });
const names = (page: { results: Array<{ name: string }> }): string[] => page.results.map(({ name }) => name);

it('companies are listed with their id, and searched by name', async () => {
	expect((await loadList(CoupleRecords, 'searchCompanies', {}, vault)).results).toEqual([
		{ name: 'CRONUS International Ltd.', value: systems.base.companyId },
	]);
	expect(names(await loadList(CoupleRecords, 'searchCompanies', {}, vault, { filter: 'fabrikam' }))).toEqual([]);
});

it('mappings are listed in the order of a full synchronization, and searched by name', async () => {
	const all = await loadOptions(CoupleRecords, 'getMappings', {}, vault);
	expect(all.map(({ value }) => value)).toEqual(expect.arrayContaining(['SALESPEOPLE', 'CURRENCY', 'CUSTOMER']));
	const found = await loadList(CoupleRecords, 'searchMappings', {}, vault, { filter: 'custom' });
	expect(found.results.map(({ value }) => value)).toContain('CUSTOMER');
});

describe('records', () => {
	it('are found by part of their name, quotes included', async () => {
		expect(names(await loadList(CoupleRecords, 'searchBusinessCentralRecords', parameters(), vault, { filter: "O'Neil" }))).toEqual([
			"C007 · Adatum O'Neil",
		]);
	});

	it('are found by their number', async () => {
		expect(names(await loadList(CoupleRecords, 'searchBusinessCentralRecords', parameters(), vault, { filter: 'C012' }))).toContain(
			'C012 · Customer 12',
		);
	});

	it('come page by page, each once', async () => {
		const seen: string[] = [];
		let paginationToken: string | undefined;
		do {
			const page = await loadList(CoupleRecords, 'searchBusinessCentralRecords', parameters(), vault, { paginationToken });
			seen.push(...names(page));
			paginationToken = page.paginationToken as string | undefined;
		} while (paginationToken);
		expect(new Set(seen).size).toBe(seen.length);
		expect(seen).toHaveLength(59);
	});

	it('are offered only inside the filter of the mapping, unless a coupling is removed', async () => {
		const search = { filter: 'adatum' };
		expect(names(await loadList(CoupleRecords, 'searchCrmRecords', parameters(), vault, search))).toEqual(['A1 · Adatum Corporation']);
		const uncoupling = { ...parameters(), operation: 'uncouple' };
		expect(names(await loadList(CoupleRecords, 'searchCrmRecords', uncoupling, vault, search))).toHaveLength(2);
	});
});

describe('a list that cannot be filled says why', () => {
	const reason = async (method: string, given: Parameters<typeof loadList>[2]): Promise<string> =>
		await loadList(CoupleRecords, method, given, vault).then(
			() => 'filled',
			(error: Error) => error.message,
		);

	it('when the secret is wrong', async () => {
		vault.change('businessCentralOAuth2Api', { clientSecret: 'wrong-secret-value' });
		const message = await reason('searchCompanies', {});
		expect(message).toMatch(/^The list of companies cannot be filled\. Signing in to Business Central failed/);
		expect(message).not.toContain('wrong-secret-value');
	});

	it('when the environment does not exist', async () => {
		vault.change('businessCentralOAuth2Api', { baseUrlOverride: `${systems.addresses.businessCentral}/v2.0/nowhere` });
		expect(await reason('searchCompanies', {})).toContain('Check environment name or Base URL');
	});

	it('when nobody answers at the address', async () => {
		vault.change('businessCentralOAuth2Api', { baseUrlOverride: 'http://127.0.0.1:9/v2.0/sandbox' });
		expect(await reason('searchCompanies', {})).toContain('Business Central cannot be reached');
	});

	it('when a privilege is missing', async () => {
		systems.sandbox.faults.add({ system: 'businessCentral', url: /companies/, times: 9, fault: { kind: 'answer', status: 403 } });
		expect(await reason('searchCompanies', {})).toContain('permission');
	});

	it('when the company or the mapping is not chosen yet', async () => {
		expect(await reason('searchCrmRecords', { mapping: by('list', 'CUSTOMER') })).toContain('Choose the field "Company" first');
		expect(await reason('searchCrmRecords', { company: systems.company })).toContain('Choose the field "Mapping" first');
	});
});
