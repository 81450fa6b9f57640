import type { INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { SalesDocuments } from '../../nodes/SalesDocuments/SalesDocuments.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;
const ACCOUNT = '0000000a-0000-4000-8000-000000000001';
const PRODUCT = '0000000a-0000-4000-8000-000000000002';
const NOWHERE = '0000000f-0000-4000-8000-00000000000f';

beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	const { crm } = systems.sandbox;
	bc().seed('customers', [{ number: 'C1', displayName: 'Adatum', type: 'Company', blocked: '_x0020_' }]);
	bc().seed('accountingPeriods', [{ startingDate: '2020-01-01', name: 'January', newFiscalYear: true }]);
	bc().insert('unitsOfMeasure', { code: 'PCS', displayName: 'Piece' });
	bc().insert('items', { number: '1000', displayName: 'Bicycle', type: 'Inventory', baseUnitOfMeasureCode: 'PCS' });
	crm.seed('account', [{ accountid: ACCOUNT, name: 'Adatum', accountnumber: 'A1', customertypecode: 3 }]);
	const group = crm.insert('uomschedule', { name: 'Pieces', baseuomname: 'PCS' });
	const unit = crm.rows('uom').find(({ uomscheduleid }) => uomscheduleid === group)!['uomid'];
	const units = { defaultuomscheduleid: group, defaultuomid: unit };
	const product = {
		productid: PRODUCT,
		name: 'Bicycle',
		productnumber: 'P1',
		producttypecode: 1,
		productstructure: 1,
		statecode: 0,
		statuscode: 1,
	};
	crm.seed('product', [{ ...product, ...units } as never]);
	await couple('CUSTOMER', 'C1', ACCOUNT);
	await couple('ITEM-PRODUCT', '1000', PRODUCT);
});
afterEach(async () => await systems.close());

const bc = () => systems.sandbox.businessCentral.company(systems.base.companyName);
const couple = async (mapping: string, number: string, id: string): Promise<void> => {
	const pair = { mapping: by('name', mapping), businessCentralRecord: by('number', number), crmRecord: by('id', id), initial: 'none' };
	const { error } = await runNode(CoupleRecords, { company: systems.company, operation: 'couple', ...pair }, { credentials: vault });
	if (error) throw error;
};
const run = async (operation: string, parameters: INodeParameters = {}, more: Partial<Parameters<typeof runNode>[2]> = {}) =>
	await runNode(SalesDocuments, { company: systems.company, operation, ...parameters }, { credentials: vault, ...more });

describe('figures of customers', () => {
	it('of all that are due: shown in a preview, written, and then up to date', async () => {
		const preview = await run('updateAccountStatistics', { preview: true });
		expect(preview.json[0]).toMatchObject([{ action: 'wouldCreate', preview: true, figures: { nav_customerno: 'C1' } }]);
		expect(systems.sandbox.crm.rows('nav_accountstatistics')).toEqual([]);
		const { json } = await run('updateAccountStatistics');
		expect(json).toMatchObject([[{ action: 'created', businessCentral: { number: 'C1' }, crm: { id: ACCOUNT, name: 'Adatum' } }], []]);
		expect((await run('updateAccountStatistics')).json).toEqual([
			[{ found: 0, message: 'The figures of all customers are up to date.' }],
			[],
		]);
	});

	it('of chosen ones by number and id, each item with its customer; one that is not there fails on its own', async () => {
		const chosen = { customerScope: 'chosen', customer: by('id', '={{ $json.id }}') };
		const id = String(bc().rows('customers')[0]!['id']).toLowerCase();
		const { json, outputs } = await run('updateAccountStatistics', chosen, { items: [{ id }, { id: NOWHERE }] });
		expect(json[0]).toMatchObject([{ action: 'created', businessCentral: { id } }]);
		expect([outputs[0]![0]!.pairedItem, outputs[1]![0]!.pairedItem]).toEqual([[{ item: 0 }], [{ item: 1 }]]);
		expect(json[1]).toMatchObject([{ errorCode: 'RECORD_NOT_FOUND', businessCentral: { id: NOWHERE } }]);
		const byNumber = await run('updateAccountStatistics', { customerScope: 'chosen', customer: by('number', 'C1') });
		expect(byNumber.json[0]).toMatchObject([{ action: 'unchanged' }]);
	});
});

describe('what there is of items', () => {
	it('crosses to the product, chosen by the product or the number of the item', async () => {
		bc().clerk.adjust('1000', 5);
		const chosen = { itemScope: 'chosen', product: by('number', '1000') };
		expect((await run('updateItemAvailability', { ...chosen, preview: true })).json[0]).toMatchObject([
			{ action: 'wouldUpdate', onHand: 5 },
		]);
		const { json } = await run('updateItemAvailability', { ...chosen, product: by('id', PRODUCT) });
		expect(json).toMatchObject([[{ action: 'updated', onHand: 5, crm: { id: PRODUCT } }], []]);
		expect(systems.sandbox.crm.get('product', PRODUCT)!['quantityonhand']).toBe(5);
		bc().clerk.adjust('1000', -2);
		expect((await run('updateItemAvailability')).json[0]).toMatchObject([{ action: 'updated', onHand: 3 }]);
		const wrong = await run(
			'updateItemAvailability',
			{ itemScope: 'chosen', product: by('number', 'X') },
			{ onError: 'continueRegularOutput' },
		);
		expect(wrong.json[0]).toMatchObject([{ error: expect.stringContaining('no item with number X') as string }]);
	});

	it('is told of each product that is asked for; what nobody knows leaves by Failed with the reason', async () => {
		bc().clerk.adjust('1000', 5);
		const items = [{ id: PRODUCT }, { id: NOWHERE }];
		const { json, outputs } = await run('getItemAvailability', { product: by('id', '={{ $json.id }}') }, { items });
		expect(json[0]).toMatchObject([
			{ product: { id: PRODUCT, number: 'P1', name: 'Bicycle' }, item: { number: '1000' }, onHand: 5, unit: 'PCS' },
		]);
		expect(json[1]).toMatchObject([{ errorCode: 'DEPENDENCY', message: expect.stringContaining(NOWHERE) as string }]);
		expect([outputs[0]![0]!.pairedItem, outputs[1]![0]!.pairedItem]).toEqual([[{ item: 0 }], [{ item: 1 }]]);
		const nowhere = await run('getItemAvailability', { product: by('number', '1000'), location: 'NORTH' });
		expect(nowhere.json).toMatchObject([[], [{ errorCode: 'LOCATION_UNKNOWN' }]]);
	});
});
