import { coupleRecords, synchronizeAll, updateMapping } from '../../../../engine';
import type { JobResult } from '../../../../engine/jobs/jobResult';
import { createScene, TERMS, type Scene as Options } from '../../options/scene';
import { failedWith, says, type Walks } from './kit';

/** Codes of Business Central and choices of CRM. */

async function using<T extends { world: { close(): Promise<void> } }>(
	open: () => Promise<T>,
	walk: (scene: T) => Promise<void>,
): Promise<void> {
	const scene = await open();
	try {
		await walk(scene);
	} finally {
		await scene.world.close();
	}
}
const withOptions = (walk: (scene: Options) => Promise<void>) => using(createScene, walk);
const fine = (results: readonly JobResult[]): void =>
	expect(results.map(({ job, failed }) => [job.mapping, job.status, failed])).toEqual(
		results.map(({ job }) => [job.mapping, 'finished', []]),
	);
const terms = async (scene: Options, more: object = {}): Promise<JobResult[]> => {
	scene.world.minutes(30);
	return await scene.world.run({ mapping: TERMS, createUncoupled: true, ...more });
};
const termId = (scene: Options, code: string): string =>
	String(
		scene.world.sandbox.businessCentral.company('CRONUS International Ltd.').find('paymentTerms', (row) => row['code'] === code)!['id'],
	);
const coupleTerm = async (scene: Options, bcId: string, crmId: string): Promise<void> => {
	const session = await scene.world.open();
	await coupleRecords(session, { mapping: TERMS, bcId, crmId, initial: 'none' });
	await session.store.close();
};

export const optionWalks: Walks = {
	OPTION_CODE_AMBIGUOUS: () =>
		withOptions(async (scene) => {
			scene.define({ '1': 'Express delivery A', '2': 'Express delivery B' });
			const id = scene.addTerms('EXPRESS DE');
			const seen = failedWith('OPTION_CODE_AMBIGUOUS', await terms(scene));
			says(seen, 'Couple the code with the right choice in Couple Records', 'rename the choices in Dataverse');
			await coupleTerm(scene, id, '1');
			fine(await terms(scene));
			expect(await scene.pairs()).toContain('EXPRESS DE ↔ 1');
		}),

	OPTION_LABEL_TAKEN: () =>
		withOptions(async (scene) => {
			const id = scene.addTerms('NET 14');
			await terms(scene);
			scene.renameTerms(id, '14 DAYS');
			await terms(scene);
			scene.define({ '1': 'Net 30', '4': 'Net 60', '5': 'NET 21' });
			scene.addTerms('NET 21');
			const seen = failedWith('OPTION_LABEL_TAKEN', await terms(scene));
			says(seen, 'Rename that choice in Dataverse', 'couple it with this code in Couple Records');
			scene.define({ '1': 'Net 30', '4': 'Net 60', '5': '14 DAYS' });
			fine(await terms(scene));
			expect((await scene.pairs()).some((pair) => pair.startsWith('NET 21 ↔'))).toBe(true);
		}),

	OPTION_CODE_COMMA: () =>
		fromChoices(
			{ '2': '2% 10, Net 30' },
			'OPTION_CODE_COMMA',
			{ '2': '2% 10 Net 30' },
			['first ten characters hold no comma', 'couple it by hand'],
			'2% 10 NET',
		),

	OPTION_CODE_SHARED: () =>
		fromChoices(
			{ '5': 'Express delivery A', '6': 'Express delivery B' },
			'OPTION_CODE_SHARED',
			{ '5': 'Express A', '6': 'Express B' },
			['first ten characters differ', 'couple them by hand'],
			'EXPRESS A',
		),

	OPTION_CODE_TAKEN: () =>
		withOptions(async (scene) => {
			await scene.change(TERMS, { direction: 'fromCrm' });
			scene.define({ '1': 'Net 30', '4': 'Net 60' });
			await terms(scene);
			const cod = scene.addTerms('COD');
			scene.define({ '1': 'Net 30', '4': 'COD' });
			const seen = failedWith('OPTION_CODE_TAKEN', await terms(scene));
			says(seen, 'Rename the choice in Dataverse', 'rename or delete the other record in Business Central');
			scene.renameTerms(cod, 'CASH');
			fine(await terms(scene));
			expect(await scene.pairs()).toContain('COD ↔ 4');
		}),

	CRM_CHOICE_NO_DELETION: () =>
		withOptions(async (scene) => {
			const id = scene.addTerms('NET 14');
			await terms(scene);
			scene.world.sandbox.businessCentral.company('CRONUS International Ltd.').remove('paymentTerms', id);
			const delete14 = { deletion: 'deleteOther', findDeleted: 'now', allowMassChanges: true };
			const seen = failedWith('CRM_CHOICE_NO_DELETION', await terms(scene, delete14));
			says(seen, 'Remove the coupling of the choice', 'delete the choice in Dataverse by hand');
			fine(await terms(scene, { deletion: 'removeCoupling', findDeleted: 'now' }));
			fine(await terms(scene, delete14));
			expect(await scene.pairs()).toEqual(['NET 30 ↔ 1', 'NET 60 ↔ 4']);
		}),

	CRM_CHOICE_PRIVILEGE: () =>
		withOptions(async (scene) => {
			scene.addTerms('NET 14');
			scene.revoke('prvWriteOptionSet');
			const seen = failedWith('CRM_CHOICE_PRIVILEGE', await terms(scene));
			says(seen, 'System Customizer', 'prvWriteOptionSet', 'disable the table mapping and add the choices by hand');
			const session = await scene.world.open();
			await updateMapping(session, TERMS, { enabled: false });
			fine((await synchronizeAll(session, {})).filter(({ job }) => job.mapping === TERMS));
			await updateMapping(session, TERMS, { enabled: true });
			await session.store.close();
			scene.grant('prvWriteOptionSet');
			fine(await terms(scene));
			expect(await scene.pairs()).toContain('NET 14 ↔ 5');
		}),

	CRM_CHOICE_UNPUBLISHED: () =>
		withOptions(async (scene) => {
			const id = scene.addTerms('NET 14');
			await terms(scene);
			scene.renameTerms(id, '14 DAYS');
			const body =
				'{"error":{"code":"0x80071151","message":"Cannot start the requested operation [Publish] because there is another [Import] running at this moment."}}';
			scene.world.sandbox.faults.add({ url: /PublishXml/, times: 99, fault: { kind: 'answer', status: 400, body } });
			says(failedWith('CRM_CHOICE_UNPUBLISHED', await terms(scene)), 'othing');
			scene.world.sandbox.faults.clear();
			fine(await terms(scene));
			expect(await scene.pairs()).toContain('14 DAYS ↔ 5');
		}),

	KEY_TAKEN: () =>
		withOptions(async (scene) => {
			scene.addTerms('NET 14');
			const headers = { authorization: `Bearer ${scene.world.sandbox.login.token('crm')}` };
			const Label = { LocalizedLabels: [{ Label: 'Prepaid', LanguageCode: 1033 }] };
			const body = JSON.stringify({ EntityLogicalName: 'account', AttributeLogicalName: 'paymenttermscode', Value: 5, Label });
			await scene.world.sandbox.handle({ method: 'POST', url: 'http://crm.sandbox/api/data/v9.2/InsertOptionValue', headers, body });
			says(failedWith('KEY_TAKEN', await terms(scene)), 'Nothing to do: the next run chooses a new code');
			fine(await terms(scene));
			expect(await scene.pairs()).toContain('NET 14 ↔ 6');
		}),

	BC_PAGE_RENAME: () =>
		withOptions(async (scene) => {
			const agent = { mapping: 'SHIPPING AGENT' };
			const { crm } = scene.world.sandbox;
			await scene.change('SHIPPING AGENT', { direction: 'fromCrm' });
			crm.defineOptions('account', 'address1_shippingmethodcode', { '1': 'Airborne', '2': 'DHL' });
			await terms(scene, agent);
			crm.defineOptions('account', 'address1_shippingmethodcode', { '1': 'Air mail', '2': 'DHL' });
			const seen = failedWith('BC_PAGE_RENAME', await terms(scene, agent));
			says(seen, 'correct the value in CRM', 'Rename the record in Business Central by hand');
			crm.defineOptions('account', 'address1_shippingmethodcode', { '1': 'Airborne', '2': 'DHL' });
			fine(await terms(scene, agent));
		}),
};

async function fromChoices(
	labels: Record<string, string>,
	code: string,
	renamed: Record<string, string>,
	steps: readonly string[],
	made: string,
): Promise<void> {
	await withOptions(async (scene) => {
		await scene.change(TERMS, { direction: 'fromCrm' });
		scene.define({ '1': 'Net 30', ...labels });
		says(failedWith(code, await terms(scene)), ...steps);
		// One of the two ways: some are coupled by hand with a code of somebody's own choice.
		const [first] = Object.keys(labels);
		if (Object.keys(labels).length > 1) {
			for (const value of Object.keys(labels)) await coupleTerm(scene, scene.addTerms(`OWN ${value}`), value);
			fine(await terms(scene));
			expect(await scene.pairs()).toContain(`OWN ${first} ↔ ${first}`);
			return;
		}
		scene.define({ '1': 'Net 30', ...renamed });
		fine(await terms(scene));
		expect(scene.codes()).toContain(made);
		expect(termId(scene, made)).toBeDefined();
	});
}
