import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { SalesDocuments } from '../../nodes/SalesDocuments/SalesDocuments.node';
import { TableMappings } from '../../nodes/TableMappings/TableMappings.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault, type RunSettings } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;
const ACCOUNT = '0000000a-0000-4000-8000-000000000001';
const NOWHERE = '0000000f-0000-4000-8000-00000000000f';

beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	bc().seed('customers', [{ number: 'C1', displayName: 'Adatum', type: 'Company', blocked: '_x0020_' }]);
	bc().insert('unitsOfMeasure', { code: 'PCS', displayName: 'Piece' });
	bc().insert('items', { number: 'MISC', displayName: 'Miscellaneous', type: 'Inventory', baseUnitOfMeasureCode: 'PCS' });
	systems.sandbox.crm.seed('account', [{ accountid: ACCOUNT, name: 'Adatum', accountnumber: 'A1', customertypecode: 3 }]);
	const pair = {
		mapping: by('name', 'CUSTOMER'),
		businessCentralRecord: by('number', 'C1'),
		crmRecord: by('id', ACCOUNT),
		initial: 'send',
	};
	await runNode(CoupleRecords, { company: systems.company, operation: 'couple', ...pair }, { credentials: vault });
	await settings({ writeInItem: 'MISC' });
});
afterEach(async () => await systems.close());

const bc = () => systems.sandbox.businessCentral.company(systems.base.companyName);
const settings = async (companySettings: IDataObject) =>
	await runNode(TableMappings, { company: systems.company, operation: 'companySettings', companySettings } as INodeParameters, {
		credentials: vault,
	});
const run = async (
	operation: string,
	parameters: INodeParameters = {},
	more: Partial<RunSettings> & { onError?: 'continueErrorOutput' } = {},
) => await runNode(SalesDocuments, { company: systems.company, operation, ...parameters }, { credentials: vault, ...more });

function order(name: string, values: Record<string, unknown> = {}): string {
	const { crm } = systems.sandbox;
	const id = crm.insert('salesorder', { name, customerid: { table: 'account', id: ACCOUNT } } as never);
	crm.insert('salesorderdetail', {
		salesorderid: id,
		isproductoverridden: true,
		productdescription: 'Assembly',
		quantity: 2,
		priceperunit: 10,
	} as never);
	crm.seed('salesorder', [{ ...crm.get('salesorder', id), statecode: 1, statuscode: 3, ...values }] as never);
	return id;
}
const numberOf = (id: string): string => String(systems.sandbox.crm.get('salesorder', id)!['ordernumber']);

describe('creating orders', () => {
	it('all that are due: one item for each, with both orders and the amounts of both sides; the next time none', async () => {
		const ids = [order('First'), order('Second')];
		const { json, outputs, error } = await run('createOrders');
		expect(error).toBeUndefined();
		expect(json[0]!.map((each) => each['action'])).toEqual(['created', 'created']);
		expect(json[0]!.find(({ crm }) => (crm as IDataObject)['id'] === ids[0])).toMatchObject({
			crm: { number: numberOf(ids[0]!), name: 'First', url: expect.stringContaining('salesorder') as string },
			businessCentral: { number: expect.stringMatching(/^S-ORD/) as string, url: expect.stringContaining('page=42') as string },
			amounts: { status: 'agree', currency: 'GBP', crm: { net: 20 }, businessCentral: { net: 20, tax: 4, total: 24 } },
			warnings: [],
			preview: false,
		});
		expect([json[1], outputs[0]![0]!.pairedItem]).toEqual([[], [{ item: 0 }]]);
		expect((await run('createOrders')).json[0]).toEqual([{ found: 0, message: 'No order is due.' }]);
	});

	it('chosen ones by id, number and name, each item with its order; one that is not there fails on its own', async () => {
		const [one, two, three] = [order('One'), order('Two'), order('Three')];
		order('Left alone');
		const items = [{ id: one }, { id: two }, { id: NOWHERE }];
		const byId = await run('createOrders', { orderScope: 'chosen', crmOrder: by('id', '={{ $json.id }}') }, { items });
		expect(byId.outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }], [{ item: 1 }]]);
		expect(byId.json[1]).toMatchObject([{ errorCode: 'RECORD_NOT_FOUND', crm: { id: NOWHERE } }]);
		expect(byId.outputs[1]!.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 2 }]]);
		const again = await run('createOrders', { orderScope: 'chosen', crmOrder: by('number', numberOf(two)) });
		expect(again.json[0]).toMatchObject([{ action: 'known', crm: { id: two } }]);
		const byName = await run('createOrders', { orderScope: 'chosen', crmOrder: by('name', 'Three') });
		expect(byName.json[0]).toMatchObject([{ action: 'created', crm: { id: three } }]);
		const nobody = await run('createOrders', { orderScope: 'chosen', crmOrder: by('number', 'ORD-0') });
		expect(nobody.error?.message).toBe('CRM has no record with number "ORD-0" for the mapping SALESORDER-ORDER.');
		expect(bc().rows('salesOrders')).toHaveLength(3);
	});

	it('in a preview shows what would be sent, and creates nothing', async () => {
		order('First');
		const { json } = await run('createOrders', { preview: true });
		expect(json[0]).toMatchObject([
			{
				action: 'wouldCreate',
				preview: true,
				sends: {
					header: { currencyCode: 'GBP', pricesIncludeTax: false },
					lines: [{ lineType: 'Item', lineObjectNumber: 'MISC', quantity: 2, unitPrice: 10 }],
				},
			},
		]);
		expect([bc().rows('salesOrders'), systems.sandbox.crm.rows('salesorder')[0]!['lastbackofficesubmit'] ?? null]).toEqual([[], null]);
	});

	it('names on Failed what each order lacks and what to do, while the others go on', async () => {
		order('Good');
		const bad = order('Bad', { shipto_country: 'Utopia' });
		const { json } = await run('createOrders');
		expect(json[0]).toMatchObject([{ action: 'created' }]);
		expect(json[1]).toMatchObject([
			{
				errorCode: 'COUNTRY_UNKNOWN',
				errorClass: 'data',
				message: expect.stringContaining(`Order ${numberOf(bad)}`) as string,
				hint: expect.stringContaining('Countries/Regions') as string,
				crm: { id: bad, name: 'Bad' },
				skipped: false,
			},
		]);
	});

	it('imports an order that was handed over before only with the option', async () => {
		const id = order('Stamped', { lastbackofficesubmit: '2026-01-05T12:00:00Z' });
		const chosen = { orderScope: 'chosen', crmOrder: by('id', id) };
		expect((await run('createOrders', chosen)).json[1]).toMatchObject([{ errorCode: 'ORDER_HANDED_OVER' }]);
		expect((await run('createOrders', { ...chosen, options: { importStamped: true } })).json[0]).toMatchObject([{ action: 'created' }]);
	});
});

describe('orders that wait', () => {
	const held = async (): Promise<string> => {
		await settings({ amountPolicy: 'hold' });
		const id = order('Held', { totallineitemamount: 15, totalamountlessfreight: 15 });
		expect((await run('createOrders')).json[1]).toMatchObject([{ errorCode: 'AMOUNTS_DIFFER' }]);
		return id;
	};

	it('are listed with their state, the amounts of both sides, and who is to do something', async () => {
		const id = await held();
		order('Bad', { shipto_country: 'Utopia' });
		order('Good');
		await run('createOrders');
		const { json } = await run('getMany', { returnAll: true });
		expect(json[0]!.map(({ state }) => state).sort()).toEqual(['failed', 'handedOver', 'held']);
		const filtered = await run('getMany', { filters: { state: 'held' } });
		expect(filtered.json[0]).toMatchObject([
			{
				crm: { id, name: 'Held' },
				amounts: { status: 'differ', crm: { net: 15 }, businessCentral: { net: 20 } },
				waitsFor: expect.stringContaining('Accept Amounts') as string,
				lastError: { code: 'AMOUNTS_DIFFER' },
			},
		]);
		expect((await run('getMany', { filters: { state: 'failed', text: 'utopia' } })).json[0]).toMatchObject([
			{ crm: { name: 'Bad' }, businessCentral: null },
		]);
		expect((await run('getMany', { filters: { text: 'nothing like it' } })).json[0]).toEqual([
			{ found: 0, message: 'No order fits the filters.' },
		]);
	});

	it('are handed over once their amounts are accepted; in a preview they are not', async () => {
		const crmOrder = by('id', await held());
		expect((await run('acceptAmounts', { crmOrder, preview: true })).json[0]).toMatchObject([{ action: 'wouldComplete' }]);
		expect((await run('getMany', { filters: { state: 'held' } })).json[0]).toHaveLength(1);
		expect((await run('acceptAmounts', { crmOrder })).json[0]).toMatchObject([{ action: 'completed' }]);
		expect((await run('getMany')).json[0]).toMatchObject([{ state: 'handedOver', waitsFor: '' }]);
	});

	it('a claim is released, by name', async () => {
		const id = order('Claimed', { bcbi_companyid: systems.base.companyRowId });
		expect((await run('releaseClaim', { crmOrder: by('name', 'Claimed') })).json[0]).toMatchObject([{ outcome: 'released', crm: { id } }]);
		expect(systems.sandbox.crm.get('salesorder', id)!['bcbi_companyid'] ?? null).toBeNull();
		expect((await run('releaseClaim', { crmOrder: by('id', id) })).json[0]).toMatchObject([{ outcome: 'notClaimed' }]);
		expect((await run('releaseClaim', { crmOrder: by('id', NOWHERE) })).json[1]).toMatchObject([{ errorCode: 'RECORD_NOT_FOUND' }]);
	});
});

describe('what becomes of imported orders', () => {
	it('is told to CRM, one item for each order; in a preview it is only said; next time there is nothing to tell', async () => {
		const id = order('Released');
		await run('createOrders');
		await run('updateOrders');
		bc().clerk.release(String(bc().rows('salesOrders')[0]!['id']));
		const chosen = { updateScope: 'chosen', crmOrder: by('id', id) };
		expect((await run('updateOrders', { ...chosen, preview: true })).json[0]).toMatchObject([
			{ action: 'wouldUpdate', crm: { id }, progress: { status: 30 }, tells: { header: { submitstatus: 30 } }, preview: true },
		]);
		expect(systems.sandbox.crm.get('salesorder', id)).toMatchObject({ submitstatus: 10 });
		expect((await run('updateOrders')).json[0]).toMatchObject([{ action: 'updated', crm: { id }, progress: { status: 30 } }]);
		expect(systems.sandbox.crm.get('salesorder', id)).toMatchObject({ submitstatus: 30, statecode: 1 });
		expect((await run('getMany')).json[0]).toMatchObject([{ state: 'handedOver', status: 30 }]);
		expect((await run('updateOrders')).json[0]).toEqual([{ found: 0, message: 'CRM says of every order what became of it.' }]);
	});

	it('a named order that was never imported fails, and says what to do', async () => {
		const crmOrder = by('id', order('Never imported'));
		expect((await run('updateOrders', { updateScope: 'chosen', crmOrder })).json[1]).toMatchObject([
			{ errorCode: 'RECORD_NOT_FOUND', hint: expect.stringContaining('Create Orders in Business Central') as string },
		]);
	});
});
