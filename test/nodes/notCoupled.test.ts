import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;
const account = (number: number): string => `0000000a-0000-4000-8000-00000000000${number}`;

beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	const customers = [1, 2, 3, 4].map((number) => ({
		number: `C${number}`,
		displayName: `Customer ${number}`,
		type: 'Company',
		// The filter of the mapping leaves blocked ones out.
		blocked: number === 4 ? 'All' : '_x0020_',
	}));
	bc().seed('customers', customers);
	const rows = [1, 2].map((number) => ({ accountid: account(number), name: `Account ${number}`, customertypecode: 3 }));
	systems.sandbox.crm.seed('account', rows);
	await run('couple', { businessCentralRecord: by('number', 'C1'), crmRecord: by('name', 'Account 1'), initial: 'none' });
});
afterEach(async () => await systems.close());

const bc = () => systems.sandbox.businessCentral.company(systems.base.companyName);
const run = async (operation: string, parameters: INodeParameters) =>
	await runNode(
		CoupleRecords,
		{ company: systems.company, operation, mapping: by('name', 'CUSTOMER'), ...parameters },
		{ credentials: vault, typeVersion: 1.1 },
	);
const listed = async (filters: IDataObject = {}, more: INodeParameters = {}) =>
	await run('getMany', { returnAll: true, filters: { state: 'notCoupled', ...filters } as INodeParameters, ...more });
const titles = (items: IDataObject[] | undefined): unknown[] => (items ?? []).map(({ record }) => record);

describe('what is not coupled', () => {
	it('is listed of both systems, inside the filter of the mapping, with links and what can be done', async () => {
		const { json, error } = await listed();
		expect(error).toBeUndefined();
		expect(titles(json[0])).toEqual(['C2 Customer 2', 'C3 Customer 3', 'Account 2']);
		expect(json[0]?.[0]).toEqual({
			record: 'C2 Customer 2',
			mapping: 'CUSTOMER',
			businessCentral: expect.objectContaining({ number: 'C2', url: expect.anything() as unknown, exists: true }) as unknown,
			crm: null,
			state: 'notCoupled',
			actions: ['couple', 'createAndCouple'],
		});
	});

	it('is listed by the side that has no record, by text, and up to a limit that is told', async () => {
		expect(titles((await listed({ missing: 'businessCentral' })).json[0])).toEqual(['Account 2']);
		expect(titles((await listed({ missing: 'crm' })).json[0])).toEqual(['C2 Customer 2', 'C3 Customer 3']);
		expect(titles((await listed({ text: 'c3' })).json[0])).toEqual(['C3 Customer 3']);
		const cut = await listed({}, { returnAll: false, limit: 2 });
		expect(cut.json[0]).toHaveLength(2);
		expect(cut.hints.map(({ message }) => message).join()).toMatch(/more/);
		expect((await listed({}, { returnAll: false, limit: 3 })).hints).toEqual([]);
	});

	it('names no creation that the mapping does not allow', async () => {
		bc().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
		const { json } = await listed({ missing: 'crm' }, { mapping: by('name', 'SALESPEOPLE') });
		expect(json[0]).toEqual([expect.objectContaining({ record: 'JO Jim Olive', actions: ['couple'] })]);
	});
});

describe('Create and Couple All', () => {
	const createAll = async (parameters: INodeParameters = {}) => await run('createAndCoupleAll', parameters);

	it('begins with a preview, creates what is listed, and finds nothing more then', async () => {
		const announced = await createAll();
		expect(titles(announced.json[0])).toEqual(['C2 Customer 2', 'C3 Customer 3']);
		expect(systems.sandbox.crm.rows('account')).toHaveLength(2);
		const done = await createAll({ preview: false });
		expect(done.json[0]).toEqual([expect.objectContaining({ direction: 'toCrm', status: 'finished', inserted: 2 })]);
		expect(titles((await listed()).json[0])).toEqual(['Account 2']);
		const again = await createAll({ preview: false });
		expect(again.json[0]).toEqual([expect.objectContaining({ inserted: 0, message: 'Every record is coupled: nothing to create.' })]);
	});

	it('works from CRM, too', async () => {
		await createAll({ preview: false, side: 'crm' });
		expect(
			bc()
				.rows('customers')
				.map(({ displayName }) => displayName),
		).toContain('Account 2');
		expect((await listed({ missing: 'businessCentral' })).json[0]).toEqual([
			{ found: 0, message: 'Every record in the filters is coupled.' },
		]);
	});

	it('is refused where the mapping creates nothing in the other system', async () => {
		const { error } = await createAll({ mapping: by('name', 'SALESPEOPLE'), preview: false });
		expect(error?.message).toBe('The table mapping SALESPEOPLE does not synchronize to CRM.');
	});
});
