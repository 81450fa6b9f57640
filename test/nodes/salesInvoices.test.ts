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
const run = async (operation: string, parameters: INodeParameters = {}, more: Partial<RunSettings> = {}) =>
	await runNode(SalesDocuments, { company: systems.company, operation, ...parameters }, { credentials: vault, ...more });

const settings = async (companySettings: IDataObject) =>
	await runNode(TableMappings, { company: systems.company, operation: 'companySettings', companySettings } as INodeParameters, {
		credentials: vault,
	});

/** A posted invoice over 20.00 and VAT. */
function invoice(values: IDataObject = {}): { id: string; number: string } {
	const customerId = bc().rows('customers')[0]!['id'];
	const lines = [{ lineType: 'Item', itemId: bc().rows('items')[0]!['id'], description: 'Assembly', quantity: 2, unitPrice: 10 }];
	const id = String(bc().insert('salesInvoices', { customerId, ...values, salesInvoiceLines: lines })['id']);
	bc().act('salesInvoices', id, 'post');
	return {
		id: id.toLowerCase(),
		number: String(
			bc()
				.rows('salesInvoices')
				.find((row) => row['id'] === id)!['number'],
		),
	};
}
const crmInvoices = () => systems.sandbox.crm.rows('invoice');

describe('synchronizing invoices', () => {
	it('leaves new ones alone unless they are wanted, from a posting date on', async () => {
		const [old, fresh] = [invoice({ postingDate: '2025-12-31' }), invoice()];
		expect((await run('synchronizeInvoices')).json[0]).toEqual([{ found: 0, message: 'No invoice is due.' }]);
		const { json, error } = await run('synchronizeInvoices', { invoiceScope: 'all', postedFrom: '2026-01-01T00:00:00' });
		expect(error).toBeUndefined();
		expect(json).toMatchObject([
			[
				{
					action: 'created',
					businessCentral: { number: fresh.number, url: expect.stringContaining('page=132') as string },
					crm: { number: fresh.number, url: expect.stringContaining('etn=invoice') as string },
					payment: 'billed',
					amounts: {
						status: 'agree',
						currency: 'GBP',
						crm: { net: 20, tax: 4, total: 24 },
						businessCentral: { net: 20, tax: 4, total: 24 },
					},
					warnings: [],
					preview: false,
				},
			],
			[],
		]);
		expect(crmInvoices().map((row) => row['invoicenumber'])).toEqual([fresh.number]);
		expect(old.number).not.toBe(fresh.number);
	});

	it('chosen ones by id and number, each item with its invoice; one that is not there fails on its own', async () => {
		const [one, two] = [invoice(), invoice()];
		const items = [{ id: one.id }, { id: NOWHERE }];
		const byId = await run('synchronizeInvoices', { invoiceScope: 'chosen', postedInvoice: by('id', '={{ $json.id }}') }, { items });
		expect(byId.json[0]).toMatchObject([{ action: 'created', businessCentral: { id: one.id } }]);
		expect([byId.outputs[0]![0]!.pairedItem, byId.outputs[1]!.map(({ pairedItem }) => pairedItem)]).toEqual([
			[{ item: 0 }],
			[[{ item: 1 }]],
		]);
		expect(byId.json[1]).toMatchObject([{ errorCode: 'RECORD_NOT_FOUND', businessCentral: { id: NOWHERE } }]);
		const options = { attachPdf: true, commentLines: 'skip' };
		const byNumber = await run('synchronizeInvoices', { invoiceScope: 'chosen', postedInvoice: by('number', two.number), options });
		expect(byNumber.json[0]).toMatchObject([{ action: 'created', businessCentral: { id: two.id } }]);
		const [note] = systems.sandbox.crm.rows('annotation');
		expect(note!['filename']).toBe(`${two.number}.pdf`);
		// Over real HTTP: bytes stay bytes.
		expect(Buffer.from(String(note!['documentbody']), 'base64').toString()).toMatch(/^%PDF-1\.4\n/);
	});

	it('in a preview shows what would be sent, and creates nothing', async () => {
		const { number } = invoice();
		const { json } = await run('synchronizeInvoices', { invoiceScope: 'all', postedFrom: '', preview: true });
		expect(json[0]).toMatchObject([
			{
				action: 'wouldCreate',
				preview: true,
				sends: { header: { invoicenumber: number }, lines: [{ productdescription: 'Assembly', quantity: 2, priceperunit: 10, tax: 4 }] },
			},
		]);
		expect(crmInvoices()).toEqual([]);
	});

	it('names on Failed what an invoice lacks and what to do, while the others go on', async () => {
		invoice();
		const stranger = bc().insert('customers', { number: 'C9', displayName: 'Stranger' })['id'] as string;
		const bad = invoice({ customerId: stranger });
		const { json } = await run('synchronizeInvoices', { invoiceScope: 'all', postedFrom: '' });
		expect(json).toMatchObject([
			[{ action: 'created' }],
			[{ errorCode: 'DEPENDENCY', businessCentral: { number: bad.number }, hint: expect.stringContaining('CUSTOMER') as string }],
		]);
	});

	it('tells a date that is none', async () => {
		const { error } = await run('synchronizeInvoices', { invoiceScope: 'all', postedFrom: 'tomorrow' });
		expect(error?.message).toMatch(/Posted From.*must be a date/);
	});
});

describe('invoices that wait', () => {
	const invoices = { documentKind: 'invoices' };
	/** CRM says another VAT than Business Central. */
	async function held(): Promise<{ id: string; number: string }> {
		await settings({ amountPolicy: 'hold' });
		const posted = invoice();
		systems.sandbox.crm.addPlugin({
			table: 'invoicedetail',
			messages: ['Create'],
			when: 'before',
			run: (line) => ({ tax: Number(line['tax'] ?? 0) + 7 }),
		});
		const { json } = await run('synchronizeInvoices', { invoiceScope: 'all', postedFrom: '' });
		expect(json[1]).toMatchObject([{ errorCode: 'AMOUNTS_DIFFER', hint: expect.stringContaining('Accept Amounts') as string }]);
		return posted;
	}

	it('are listed with their state, the amounts of both sides, and who is to do something; accepted they are finished', async () => {
		const { id, number } = await held();
		expect((await run('getMany', { ...invoices, filters: { state: 'held' } })).json[0]).toMatchObject([
			{
				businessCentral: { id, number },
				state: 'held',
				amounts: { status: 'differ' },
				waitsFor: expect.stringContaining('Accept Amounts') as string,
				lastError: { code: 'AMOUNTS_DIFFER' },
			},
		]);
		const chosen = { ...invoices, postedInvoice: by('number', number) };
		await run('acceptAmounts', { ...chosen, preview: true });
		expect((await run('getMany', { ...invoices, filters: { state: 'held' } })).json[0]).toHaveLength(1);
		expect((await run('acceptAmounts', chosen)).json).toMatchObject([[{ action: 'completed' }], []]);
		expect((await run('getMany', invoices)).json[0]).toMatchObject([{ state: 'handedOver', payment: 'billed', waitsFor: '' }]);
		expect(crmInvoices()[0]).toMatchObject({ statecode: 0, statuscode: 4 });
	});

	it('are listed where they failed, and where their row was deleted', async () => {
		const stranger = bc().insert('customers', { number: 'C9', displayName: 'Stranger' })['id'] as string;
		const bad = invoice({ customerId: stranger });
		const gone = invoice();
		await run('synchronizeInvoices', { invoiceScope: 'all', postedFrom: '' });
		systems.sandbox.crm.remove('invoice', String(crmInvoices()[0]!['invoiceid']));
		bc().clerk.pay(gone.id);
		await run('updatePaymentStatus');
		const { json } = await run('getMany', invoices);
		expect(json[0]).toMatchObject([
			{ businessCentral: { number: gone.number }, crm: null, waitsFor: expect.stringContaining('was deleted in CRM') as string },
			{ businessCentral: { number: bad.number }, crm: null, state: 'failed', lastError: { code: 'DEPENDENCY' } },
		]);
		expect((await run('getMany', { ...invoices, filters: { text: 'nothing like it' } })).json[0]).toEqual([
			{ found: 0, message: 'No invoice fits the filters.' },
		]);
	});

	it('one that CRM does not have is not created by accepting it, neither then nor later', async () => {
		const { id } = invoice();
		const { json } = await run('acceptAmounts', { ...invoices, postedInvoice: by('id', id) });
		expect(json[1]).toMatchObject([{ errorCode: 'RECORD_NOT_FOUND', hint: expect.stringContaining('Synchronize Invoices') as string }]);
		await run('synchronizeInvoices');
		expect(crmInvoices()).toEqual([]);
	});
});

describe('payment status', () => {
	it('one item for each invoice that changed; without any, a word', async () => {
		const { id, number } = invoice();
		await run('synchronizeInvoices', { invoiceScope: 'all', postedFrom: '' });
		expect((await run('updatePaymentStatus')).json[0]).toEqual([
			{ found: 0, message: 'The payment status of all invoices is up to date.' },
		]);
		bc().clerk.pay(id, 5);
		const preview = await run('updatePaymentStatus', { preview: true });
		expect(preview.json[0]).toMatchObject([{ action: 'wouldUpdate', payment: 'partial', preview: true }]);
		const { json } = await run('updatePaymentStatus');
		expect(json).toMatchObject([[{ action: 'updated', payment: 'partial', businessCentral: { id, number } }], []]);
		expect(crmInvoices()[0]).toMatchObject({ statecode: 2, statuscode: 100002 });
	});
});
