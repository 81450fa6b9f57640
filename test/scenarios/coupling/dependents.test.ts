import type { MappingRules } from '../../../engine/mapping/rules';
import type { TableMapping } from '../../../engine/model/tableMapping';
import type * as Catalog from '../../../engine/defaults/catalog';
import { coupleRecords } from '../../../engine/coupling/couple';
import { uncouple } from '../../../engine/coupling/uncouple';
import { createSetting, type Setting } from './setting';

/** What the catalog of this file knows besides the default mappings. */
const mockExtra: { mappings: TableMapping[]; ofCurrency: MappingRules } = { mappings: [], ofCurrency: {} };
jest.mock('../../../engine/defaults/catalog', () => {
	const actual = jest.requireActual<typeof Catalog>('../../../engine/defaults/catalog');
	return {
		...actual,
		loadMappings: async (session: Parameters<typeof actual.loadMappings>[0]) => [
			...(await actual.loadMappings(session)),
			...mockExtra.mappings,
		],
		rulesOf: (name: string) => (name === 'CURRENCY' ? { ...actual.rulesOf(name), ...mockExtra.ofCurrency } : actual.rulesOf(name)),
	};
});

let setting: Setting;
let company: string;
let customers: string[];
let accounts: string[];
beforeEach(async () => {
	mockExtra.mappings = [];
	mockExtra.ofCurrency = {};
	setting = await createSetting();
	company = setting.world.base.companyRowId;
	customers = [1, 2, 3].map((number) => setting.customer(`C${number}`));
	accounts = [1, 2, 3].map((number) => setting.account(`Account ${number}`, { bcbi_companyid: company }));
	for (const [index, bcId] of customers.entries()) {
		await setting.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId: accounts[index]!, initial: 'none' }));
	}
});
afterEach(() => setting.world.close());

const companyOf = (accountId: string): unknown => setting.crm(accountId)?.['bcbi_companyid'] ?? null;

test('an account that another mapping still has coupled keeps its company', async () => {
	await setting.use(async (session) => {
		const { loadMappings } = jest.requireActual<typeof Catalog>('../../../engine/defaults/catalog');
		const customer = (await loadMappings(session)).find(({ name }) => name === 'CUSTOMER')!;
		// The same account a second time, as a vendor would be.
		mockExtra.mappings = [{ ...customer, name: 'VENDOR', dependsOn: [] }];
		const coupling = (await setting.couplings()).find(({ crmId }) => crmId === accounts[0])!;
		await session.store.commit({ couplings: [{ ...coupling, mapping: 'VENDOR' }] });
		const [result] = await uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral' });
		expect(result!.job).toMatchObject({ uncoupled: 3, modified: 2 });
	});
	expect(accounts.map(companyOf)).toEqual([company, null, null]);
});

describe('couplings that end with those of another mapping', () => {
	beforeEach(async () => {
		await setting.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		mockExtra.ofCurrency = {
			// Stands for the contacts of a customer: what belongs to the currencies are two of the customers.
			alsoUncouple: async (session, mapping, couplings) => {
				expect([mapping.name, couplings.length]).toEqual(['CURRENCY', 2]);
				const found = await session.store.couplingsOf('CUSTOMER', 'businessCentral', [customers[0]!, customers[2]!]);
				return [{ mapping: 'CUSTOMER', couplings: [...found.values()] }];
			},
		};
	});
	const run = (preview: boolean) =>
		setting.use(async (session) => {
			const results = await uncouple(session, { mapping: 'CURRENCY', side: 'businessCentral', preview });
			return results.map(({ job }) => [job.mapping, job.uncoupled, job.modified]);
		});
	const expected = [
		['CURRENCY', 2, 0],
		['CUSTOMER', 2, 2],
	];

	test('end in a job of their own, with their own consequences; others of that mapping stay', async () => {
		expect(await run(false)).toEqual(expected);
		expect(await setting.pairs()).toEqual(['C2 – Account 2']);
		expect(accounts.map(companyOf)).toEqual([null, company, null]);
		expect((await setting.jobs()).filter(({ type }) => type === 'uncoupling')).toHaveLength(2);
	});
	test('are announced by a preview', async () => {
		setting.world.takeRequests();
		expect(await run(true)).toEqual(expected);
		expect(setting.writes()).toBe(0);
		expect(await setting.couplings()).toHaveLength(3);
	});
});
