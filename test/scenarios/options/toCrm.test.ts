import { createScene, MIRRORED, sums, TERMS, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await createScene();
});
afterEach(() => scene.world.close());

const run = (more: object = {}) => scene.world.run({ mapping: TERMS, createUncoupled: true, ...more });

describe('option mappings, Business Central to CRM', () => {
	test('codes are coupled with the choices of their label, others become new choices, also in orders, quotes and invoices', async () => {
		scene.addTerms('NET 14', 'Net 14 days');
		expect(sums(await run())).toEqual([`${TERMS} toCrm: 1/0/2/0/0/0 finished`]);
		expect(await scene.pairs()).toEqual(['NET 14 ↔ 5', 'NET 30 ↔ 1', 'NET 60 ↔ 4']);
		// Labels that stand for their code stay as somebody wrote them.
		expect(scene.options()).toEqual(['1 Net 30', '2 2% 10; Net 30', '3 Net 45', '4 Net 60', '5 NET 14']);
		for (const table of MIRRORED) expect(scene.options(table)).toContain('5 NET 14');
	});

	test('a further run writes nothing and takes few requests', async () => {
		scene.addTerms('NET 14');
		await run();
		scene.world.minutes(30);
		await run();
		scene.world.takeRequests();
		expect(sums(await run())).toEqual([`${TERMS} toCrm: 0/0/0/0/0/0 finished`]);
		expect(scene.world.takeRequests().length).toBeLessThanOrEqual(3);
	});

	test('a renamed code renames its choice, everywhere', async () => {
		const id = scene.addTerms('NET 14');
		await run();
		scene.world.minutes(30);
		scene.renameTerms(id, '14 DAYS');
		expect(sums(await run())).toEqual([`${TERMS} toCrm: 0/1/0/0/0/0 finished`]);
		expect(await scene.pairs()).toContain('14 DAYS ↔ 5');
		for (const table of MIRRORED) expect(scene.options(table)).toContain('5 14 DAYS');
	});

	test('only coupled: a run that creates nothing leaves new codes alone, and still renames', async () => {
		await run();
		scene.world.minutes(30);
		scene.addTerms('NET 14');
		const known = scene.world.sandbox.businessCentral
			.company('CRONUS International Ltd.')
			.find('paymentTerms', ({ code }) => code === 'NET 30')!;
		scene.renameTerms(String(known['id']), '30 DAYS');
		expect(sums(await run({ createUncoupled: false }))).toEqual([`${TERMS} toCrm: 0/1/0/0/0/0 finished`]);
		expect(scene.options()).toEqual(['1 30 DAYS', '2 2% 10; Net 30', '3 Net 45', '4 Net 60']);
	});

	test('a code of ten characters finds the longer label it stands for, and does not shorten it', async () => {
		scene.define({ '1': 'Postal Mail', '2': 'Express delivery' });
		scene.addTerms('POSTAL MAI');
		await run();
		expect(await scene.pairs()).toContain('POSTAL MAI ↔ 1');
		expect(scene.options()).toContain('1 Postal Mail');
		// Known from now on: the same again costs nothing.
		scene.world.minutes(30);
		expect(sums(await run({ fromStart: true }))[0]).toMatch(/: 0\/0\/0\/3\/0\/0 finished/);
	});

	test('labels that begin with the same ten characters stand for neither: the code fails, and nothing is written', async () => {
		scene.define({ '1': 'Express delivery A', '2': 'Express delivery B' });
		scene.addTerms('EXPRESS DE');
		const [result] = await run();
		expect(result!.failed).toMatchObject([
			{ errorCode: 'OPTION_CODE_AMBIGUOUS', errorClass: 'data', businessCentral: { number: 'EXPRESS DE' } },
		]);
		expect(result!.failed[0]!.message).toContain('"Express delivery A", "Express delivery B"');
		expect(scene.options().filter((option) => option.includes('EXPRESS'))).toEqual([]);
	});

	test('a choice of that name that belongs to another code is no partner and gets no namesake', async () => {
		const id = scene.addTerms('NET 14');
		await run();
		scene.world.minutes(30);
		scene.renameTerms(id, '14 DAYS');
		await run();
		// Somebody renames the choice in CRM only: it is still the choice of the same code.
		scene.define({ '1': 'Net 30', '4': 'Net 60', '5': 'NET 21' });
		scene.world.minutes(30);
		scene.addTerms('NET 21');
		const [result] = await run();
		expect(result!.failed).toMatchObject([{ errorCode: 'OPTION_LABEL_TAKEN', businessCentral: { number: 'NET 21' } }]);
		expect(scene.options().filter((option) => option.endsWith('NET 21'))).toEqual(['5 NET 21']);
	});

	test('choices that no code uses are left alone', async () => {
		const [result] = await run();
		expect(result!.failed).toEqual([]);
		expect(scene.options()).toContain('3 Net 45');
	});

	test('a preview tells what would be added, and adds nothing', async () => {
		scene.addTerms('NET 14');
		const before = scene.options();
		const [result] = await run({ preview: true, returnChanges: 10 });
		expect(sums([result!])).toEqual([`${TERMS} toCrm: 1/0/2/0/0/0 finished`]);
		expect(result!.changes).toMatchObject([{ action: 'insert', written: 'crm', fields: [{ field: 'label', after: 'NET 14' }] }]);
		expect(scene.options()).toEqual(before);
		expect(await scene.pairs()).toEqual([]);
	});

	test('a choice is never deleted with its code, whatever the strategy', async () => {
		const id = scene.addTerms('NET 14');
		await run();
		scene.world.minutes(30);
		scene.world.sandbox.businessCentral.company('CRONUS International Ltd.').remove('paymentTerms', id);
		const [result] = await run({ deletion: 'deleteOther', findDeleted: 'now', allowMassChanges: true });
		expect(result!.failed).toMatchObject([{ errorCode: 'CRM_CHOICE_NO_DELETION' }]);
		expect(scene.options()).toContain('5 NET 14');
	});

	test.each([
		['prvWriteOptionSet', 'NET 14 is nowhere'],
		['prvPublishCustomization', 'NET 14 waits to be published'],
	])('without %s the run stops at once and says which role is missing; with it the next run goes on', async (privilege) => {
		scene.addTerms('NET 14');
		scene.revoke(privilege);
		const [result] = await run();
		expect(result!.job).toMatchObject({ status: 'failed', inserted: 0 });
		expect(result!.job.message).toContain(privilege);
		expect(result!.failed).toMatchObject([{ errorCode: 'CRM_CHOICE_PRIVILEGE', errorClass: 'setup', hint: expect.stringContaining('System Customizer') }]); // prettier-ignore
		expect(scene.options()).toHaveLength(4);
		scene.grant(privilege);
		scene.world.minutes(30);
		expect((await run())[0]!.job.status).toBe('finished');
		for (const table of MIRRORED) expect(scene.options(table).filter((option) => option.endsWith('NET 14'))).toHaveLength(1);
		expect(await scene.pairs()).toContain('NET 14 ↔ 5');
	});

	test('what could not be published is settled by the next run, without a second choice', async () => {
		scene.addTerms('NET 14');
		scene.world.sandbox.faults.add({ url: /PublishXml/, times: 99, fault: { kind: 'answer', status: 400, body: '{"error":{"code":"0x80071151","message":"Cannot start the requested operation [Publish] because there is another [Import] running at this moment."}}' } }); // prettier-ignore
		const [first] = await run();
		expect(first!.failed).toMatchObject([{ errorCode: 'INSERT_UNSETTLED', errorClass: 'transient' }]);
		scene.world.sandbox.faults.clear();
		scene.world.minutes(30);
		await run();
		expect(await scene.pairs()).toContain('NET 14 ↔ 5');
		for (const table of MIRRORED) expect(scene.options(table).filter((option) => option.endsWith('NET 14'))).toHaveLength(1);
	});

	test('a number that somebody else takes meanwhile goes to the other label: the next run chooses another', async () => {
		scene.addTerms('NET 14');
		// Drafted by somebody else, seen by nobody.
		const headers = { authorization: `Bearer ${scene.world.sandbox.login.token('crm')}` };
		const body = { EntityLogicalName: 'account', AttributeLogicalName: 'paymenttermscode', Value: 5, Label: { LocalizedLabels: [{ Label: 'Prepaid', LanguageCode: 1033 }] } }; // prettier-ignore
		await scene.world.sandbox.handle({ method: 'POST', url: 'http://crm.sandbox/api/data/v9.2/InsertOptionValue', headers, body: JSON.stringify(body) }); // prettier-ignore
		const [first] = await run();
		expect(first!.failed).toMatchObject([{ errorCode: 'KEY_TAKEN', errorClass: 'transient' }]);
		scene.world.minutes(30);
		expect((await run())[0]!.failed).toEqual([]);
		expect(scene.options()).toEqual(expect.arrayContaining(['5 Prepaid', '6 NET 14']));
		expect(await scene.pairs()).toContain('NET 14 ↔ 6');
	});
});
