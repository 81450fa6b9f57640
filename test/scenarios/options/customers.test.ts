import { synchronizeAll, runFullSync } from '../../../engine';
import { seedCustomers } from '../../kit/customers';
import { createScene, MIRRORED, sums, TERMS, type Scene } from './scene';

const COMPANY = 'CRONUS International Ltd.';

let scene: Scene;
beforeEach(async () => {
	scene = await createScene();
});
afterEach(() => scene.world.close());

const company = () => scene.world.sandbox.businessCentral.company(COMPANY);
const crm = () => scene.world.sandbox.crm;

/** Gives customer `C00000` payment terms of this code. */
function customerWith(code: string): string {
	seedCustomers(scene.world, 1);
	const id = String(company().rows('customers')[0]!['id']);
	const term = company().find('paymentTerms', (row) => row['code'] === code)!;
	company().update('customers', id, { paymentTermsId: String(term['id']) });
	return id;
}

const account = () => crm().rows('account')[0]!;
const codeOf = (id: string): string => {
	const customer = company().get('customers', id)!;
	return String(company().get('paymentTerms', String(customer['paymentTermsId']))?.['code'] ?? '');
};

async function all(more: object = {}) {
	const session = await scene.world.open();
	const results = await synchronizeAll(session, { createUncoupled: true, ...more });
	await session.store.close();
	return results;
}

const of = (results: Awaited<ReturnType<typeof all>>, mapping: string) => results.filter(({ job }) => job.mapping === mapping);

describe('customers with option values', () => {
	test('a code that is new in this very run is added to CRM first, and the account has it', async () => {
		scene.addTerms('NET 14');
		customerWith('NET 14');
		const results = await all();
		expect(results.flatMap(({ failed }) => failed)).toEqual([]);
		expect(account()['paymenttermscode']).toBe(5);
		const order = results.map(({ job }) => job.mapping);
		expect(order.indexOf(TERMS)).toBeLessThan(order.indexOf('CUSTOMER'));
		scene.world.minutes(30);
		await all();
		scene.world.takeRequests();
		scene.world.minutes(30);
		expect((await all()).filter(({ job }) => job.inserted + job.modified + job.failed > 0)).toEqual([]);
	});

	test('a preview of all mappings counts on the choice that would be there by then', async () => {
		scene.addTerms('NET 14');
		customerWith('NET 14');
		const results = await all({ preview: true, returnChanges: 10 });
		expect(results.flatMap(({ failed }) => failed)).toEqual([]);
		expect(of(results, TERMS)[0]!.job.inserted).toBe(1);
		expect(of(results, 'CUSTOMER')[0]!.changes[0]!.fields).toContainEqual(expect.objectContaining({ field: 'paymenttermscode', after: `new choice of ${TERMS}` })); // prettier-ignore
		expect(scene.options()).toHaveLength(4);
	});

	test('values cross by the couplings, whatever the labels say, both ways', async () => {
		const term = scene.addTerms('NET 14');
		const id = customerWith('NET 14');
		await all();
		scene.world.minutes(30);
		// The choice is relabelled in CRM, the code renamed in Business Central, and neither has been synchronized.
		scene.define({ '1': 'Net 30', '4': 'Net 60', '5': 'A fortnight' });
		scene.renameTerms(term, '14 DAYS');
		company().update('customers', id, { displayName: 'Touched' });
		expect(sums(await scene.world.run({ mapping: 'CUSTOMER', direction: 'toCrm', force: true }))[0]).toMatch(/\/0 finished$/);
		expect(account()['paymenttermscode']).toBe(5);
		crm().update('account', String(account()['accountid']), { paymenttermscode: 1 });
		scene.world.minutes(30);
		await scene.world.run({ mapping: 'CUSTOMER' });
		expect(codeOf(id)).toBe('NET 30');
		scene.world.minutes(30);
		crm().update('account', String(account()['accountid']), { paymenttermscode: 5 });
		const [, back] = await scene.world.run({ mapping: 'CUSTOMER' });
		expect(back!.failed).toEqual([]);
		expect(codeOf(id)).toBe('14 DAYS');
	});

	test('a code without a choice fails its customer, and says what to do; the option mapping cures it', async () => {
		scene.addTerms('NET 14');
		customerWith('NET 14');
		const [first] = await scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true });
		expect(first!.failed).toMatchObject([{ errorCode: 'CHOICE_MISSING', errorClass: 'data' }]);
		expect(first!.failed[0]!.hint).toContain('table mapping PAYMENT TERMS');
		expect(first!.warnings.join()).toContain('PAYMENT TERMS: NET 14');
		await scene.world.run({ mapping: TERMS, createUncoupled: true });
		scene.world.minutes(30);
		const [second] = await scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true });
		expect(second!.failed).toEqual([]);
		expect(account()['paymenttermscode']).toBe(5);
	});

	test('the missing choice is brought in when the run may create it', async () => {
		scene.addTerms('NET 14');
		customerWith('NET 14');
		const [kept] = (await scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true, pullDependencies: 'ifAllowed' })).filter(({ job }) => job.mapping === 'CUSTOMER'); // prettier-ignore
		expect(kept!.failed).toMatchObject([{ errorCode: 'CHOICE_MISSING' }]);
		const preview = await scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true, pullDependencies: 'create', preview: true });
		expect(preview.flatMap(({ failed }) => failed)).toEqual([]);
		expect(scene.options()).toHaveLength(4);
		scene.world.minutes(30);
		const results = await scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true, pullDependencies: 'create' });
		expect(results.flatMap(({ failed }) => failed)).toEqual([]);
		expect(account()['paymenttermscode']).toBe(5);
		expect(await scene.pairs()).toEqual(['NET 14 ↔ 5']);
	});

	test('a pair that was entered for the field goes before labels, and couplings before it', async () => {
		const id = customerWith('NET 60');
		const use = async (code: string) => {
			const term = company().find('paymentTerms', (row) => row['code'] === code)!;
			company().update('customers', id, { paymentTermsId: String(term['id']) });
			scene.world.minutes(30);
			await scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true });
			return account()['paymenttermscode'];
		};
		await scene.change('CUSTOMER', { fields: { paymenttermscode: { options: [{ businessCentral: 'NET 60', crm: 3 }] } } });
		expect(await use('NET 60')).toBe(3);
		expect(await use('NET 30')).toBe(1);
		await scene.world.run({ mapping: TERMS, createUncoupled: true });
		expect(await use('NET 60')).toBe(4);
	});

	test('a choice that is coupled with another code stands for that one only', async () => {
		const term = scene.addTerms('NET 14');
		await scene.world.run({ mapping: TERMS, createUncoupled: true });
		scene.world.minutes(30);
		scene.renameTerms(term, '14 DAYS');
		scene.addTerms('NET 14');
		customerWith('NET 14');
		const [result] = await scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true });
		expect(result!.failed).toMatchObject([{ errorCode: 'CHOICE_MISSING' }]);
	});

	test('a page of codes that is no longer published does not keep the customers that use them from travelling', async () => {
		company().insert('ShippingAgents', { Code: 'OWN', Name: 'Own lorries' });
		await scene.world.run({ mapping: 'SHIPPING AGENT', createUncoupled: true });
		expect(await scene.pairs('SHIPPING AGENT')).toEqual(['OWN ↔ 8']);
		const id = customerWith('NET 30');
		const number = String(company().get('customers', id)!['number']);
		const card = company().find('workflowCustomers', (row) => row['number'] === number)!;
		company().update('workflowCustomers', String(card['id']), { shippingAgentCode: 'OWN' });
		scene.world.sandbox.businessCentral.unpublish('ShippingAgents');
		const [result] = await scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true });
		expect(result!.failed).toEqual([]);
		expect(account()['address1_shippingmethodcode']).toBe(8);
	});
});

describe('shipment methods and shipping agents', () => {
	test('each goes into the columns that there are for it', async () => {
		company().insert('shipmentMethods', { code: 'EXW', displayName: 'Ex works' });
		company().insert('ShippingAgents', { Code: 'OWN', Name: 'Own lorries' });
		for (const mapping of ['SHIPMENT METHOD', 'SHIPPING AGENT']) expect((await scene.world.run({ mapping, createUncoupled: true }))[0]!.warnings).toEqual([]); // prettier-ignore
		expect(scene.options('account', 'address1_freighttermscode')).toEqual(['1 FOB', '2 No Charge', '3 EXW']);
		for (const table of ['salesorder', 'quote']) expect(scene.options(table, 'freighttermscode')).toContain('3 EXW');
		expect(scene.options('account', 'address1_shippingmethodcode')).toContain('8 OWN');
		for (const table of ['salesorder', 'quote', 'invoice']) expect(scene.options(table, 'shippingmethodcode')).toContain('8 OWN');
	});

	test('a renamed shipping agent is a new one to its page: its new code is added, the old choice stays', async () => {
		company().insert('ShippingAgents', { Code: 'OWN', Name: 'Own lorries' });
		await scene.world.run({ mapping: 'SHIPPING AGENT', createUncoupled: true });
		scene.world.minutes(30);
		company().update('ShippingAgents', 'OWN', { Code: 'LORRY' });
		await scene.world.run({ mapping: 'SHIPPING AGENT', createUncoupled: true });
		expect(scene.options('account', 'address1_shippingmethodcode')).toEqual(expect.arrayContaining(['8 OWN', '9 LORRY']));
	});
});

describe('full synchronization', () => {
	test('couples by label, adds the rest, and customers follow; interrupted option mappings hold nobody up', async () => {
		scene.addTerms('NET 14');
		customerWith('NET 14');
		scene.revoke('prvWriteOptionSet');
		const full = async () => {
			const session = await scene.world.open();
			const results = await runFullSync(session, { mappings: ['SALESPEOPLE', 'CURRENCY', TERMS, 'CUSTOMER'], afterwards: 'keep' });
			await session.store.close();
			return results;
		};
		const first = await full();
		expect(of(first, TERMS)[0]!.job.status).toBe('failed');
		expect(of(first, 'CUSTOMER')[0]!.failed).toMatchObject([{ errorCode: 'CHOICE_MISSING' }]);
		scene.grant('prvWriteOptionSet');
		scene.world.minutes(30);
		const second = await full();
		expect(second.map(({ job }) => job.status)).toEqual(second.map(() => 'finished'));
		expect(account()['paymenttermscode']).toBe(5);
		expect(await scene.pairs()).toEqual(['NET 14 ↔ 5', 'NET 30 ↔ 1', 'NET 60 ↔ 4']);
		for (const table of MIRRORED) expect(scene.options(table)).toContain('5 NET 14');
	});
});
