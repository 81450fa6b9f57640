import { coupleRecords } from '../../../engine';
import { createScene, sums, TERMS, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await createScene();
	await scene.change(TERMS, { direction: 'fromCrm' });
});
afterEach(() => scene.world.close());

const run = (more: object = {}) => scene.world.run({ mapping: TERMS, createUncoupled: true, ...more });
const descriptions = () =>
	scene.world.sandbox.businessCentral
		.company('CRONUS International Ltd.')
		.rows('paymentTerms')
		.map((row) => `${String(row['code'])} = ${String(row['displayName'])}`)
		.sort();

describe('option mappings, CRM to Business Central', () => {
	test('unknown choices become codes: ten characters of the label in upper case, the whole of it as description', async () => {
		scene.define({ '1': 'Net 30', '4': 'Net 60', '7': 'Current Month' });
		expect(sums(await run())).toEqual([`${TERMS} fromCrm: 1/0/2/0/0/0 finished`]);
		expect(descriptions()).toEqual(['CURRENT MO = Current Month', 'NET 30 = Net 30 days', 'NET 60 = Net 60 days']);
		expect(await scene.pairs()).toEqual(['CURRENT MO ↔ 7', 'NET 30 ↔ 1', 'NET 60 ↔ 4']);
		scene.world.minutes(30);
		expect(sums(await run())).toEqual([`${TERMS} fromCrm: 0/0/0/0/0/0 finished`]);
	});

	test('a renamed choice renames its code; another spelling of it does not', async () => {
		scene.define({ '1': 'Net 30', '4': 'Net 60' });
		await run();
		scene.world.minutes(30);
		scene.define({ '1': '30 days', '4': 'NET 60' });
		expect(sums(await run())).toEqual([`${TERMS} fromCrm: 0/1/0/1/0/0 finished`]);
		expect(scene.codes()).toEqual(['30 DAYS', 'NET 60']);
		expect(await scene.pairs()).toEqual(['30 DAYS ↔ 1', 'NET 60 ↔ 4']);
	});

	test('labels that are one code, and codes with commas, fail before anything is written; the others go on', async () => {
		scene.define({ '1': 'Net 30', '2': '2% 10, Net 30', '5': 'Express delivery A', '6': 'Express delivery B', '8': 'Prepaid' });
		const [result] = await run();
		expect(result!.job).toMatchObject({ inserted: 1, coupled: 1, failed: 3 });
		expect(result!.failed.map(({ errorCode, crm, errorClass }) => [crm!.name, errorCode, errorClass])).toEqual([
			['2% 10, Net 30', 'OPTION_CODE_COMMA', 'data'],
			['Express delivery A', 'OPTION_CODE_SHARED', 'data'],
			['Express delivery B', 'OPTION_CODE_SHARED', 'data'],
		]);
		expect(scene.codes()).toEqual(['NET 30', 'NET 60', 'PREPAID']);
		scene.define({ '1': 'Net 30', '2': '2% 10 Net 30', '5': 'Express A', '6': 'Express B', '8': 'Prepaid' });
		scene.world.minutes(30);
		expect((await run())[0]!.failed).toEqual([]);
		expect(scene.codes()).toEqual(['2% 10 NET', 'EXPRESS A', 'EXPRESS B', 'NET 30', 'NET 60', 'PREPAID']);
	});

	test('the label that is the code itself keeps it', async () => {
		scene.define({ '5': 'Express de', '6': 'Express delivery' });
		const [result] = await run();
		expect(result!.failed).toMatchObject([{ errorCode: 'OPTION_CODE_SHARED', crm: { name: 'Express delivery' } }]);
		expect(await scene.pairs()).toEqual(['EXPRESS DE ↔ 5']);
	});

	test('a choice renamed to the code of another record fails, and takes nothing away from it', async () => {
		scene.define({ '1': 'Net 30', '4': 'Net 60' });
		await run();
		scene.world.minutes(30);
		scene.addTerms('COD');
		scene.define({ '1': 'Net 30', '4': 'COD' });
		const [result] = await run();
		expect(result!.failed).toMatchObject([{ errorCode: 'OPTION_CODE_TAKEN', crm: { name: 'COD' } }]);
		expect(scene.codes()).toEqual(['COD', 'NET 30', 'NET 60']);
	});

	test("choices coupled by hand with codes of somebody's own choice keep them, until they are renamed to something that cannot be", async () => {
		scene.define({ '1': 'Net 30', '2': '2% 10, Net 30', '5': 'Express delivery A', '6': 'Express delivery B' });
		const session = await scene.world.open();
		const wanted = { '2': '2P10', '5': 'EXPA', '6': 'EXPB' };
		for (const [crmId, code] of Object.entries(wanted))
			await coupleRecords(session, { mapping: TERMS, bcId: scene.addTerms(code), crmId, initial: 'none' });
		await session.store.close();
		const [result] = await run();
		expect(result!.failed).toEqual([]);
		expect(scene.codes()).toEqual(['2P10', 'EXPA', 'EXPB', 'NET 30', 'NET 60']);
		expect(await scene.pairs()).toEqual(['2P10 ↔ 2', 'EXPA ↔ 5', 'EXPB ↔ 6', 'NET 30 ↔ 1']);
		scene.world.minutes(30);
		expect(sums(await run())).toEqual([`${TERMS} fromCrm: 0/0/0/0/0/0 finished`]);
		scene.define({ '1': 'Net 30', '2': '3% 10, Net 30', '5': 'Express delivery A', '6': 'Express delivery B' });
		expect((await run())[0]!.failed).toMatchObject([{ errorCode: 'OPTION_CODE_COMMA' }]);
		expect(scene.codes()).toContain('2P10');
	});

	test('a lost answer makes no second code', async () => {
		scene.define({ '8': 'Prepaid' });
		scene.world.sandbox.faults.add({ method: 'POST', url: /paymentTerms/, times: 1, fault: { kind: 'dropAfter' } });
		scene.world.sandbox.faults.add({ method: 'POST', url: /\$batch/, times: 1, fault: { kind: 'dropAfter' } });
		await run();
		scene.world.minutes(30);
		await run();
		expect(scene.codes()).toEqual(['NET 30', 'NET 60', 'PREPAID']);
		expect(await scene.pairs()).toEqual(['PREPAID ↔ 8']);
	});

	test('shipping agents come from a page: created with their name; a renamed choice cannot rename them, which is said, and stays theirs', async () => {
		const AGENT = 'SHIPPING AGENT';
		await scene.change(AGENT, { direction: 'fromCrm' });
		const company = scene.world.sandbox.businessCentral.company('CRONUS International Ltd.');
		const agents = () =>
			company
				.rows('ShippingAgents')
				.map((row) => `${String(row['Code'])} = ${String(row['Name'])}`)
				.sort();
		const { crm } = scene.world.sandbox;
		crm.defineOptions('account', 'address1_shippingmethodcode', { '1': 'Airborne', '2': 'DHL' });
		expect(sums(await run({ mapping: AGENT }))).toEqual([`${AGENT} fromCrm: 2/0/0/0/0/0 finished`]);
		expect(agents()).toEqual(['AIRBORNE = Airborne', 'DHL = DHL']);
		scene.world.minutes(30);
		crm.defineOptions('account', 'address1_shippingmethodcode', { '1': 'Air mail', '2': 'DHL' });
		const [result] = await run({ mapping: AGENT });
		expect(result!.failed).toMatchObject([{ errorCode: 'BC_PAGE_RENAME', errorClass: 'data', crm: { name: 'Air mail' } }]);
		expect(agents()).toEqual(['AIRBORNE = Airborne', 'DHL = DHL']);
		expect(await scene.pairs(AGENT)).toEqual(['AIRBORNE ↔ 1', 'DHL ↔ 2']);
	});
});
