import { uncouple } from '../../../engine/coupling/uncouple';
import { counted, openScene, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const end = (mapping: string, id: string, preview = false) =>
	scene.use(async (session) =>
		(await uncouple(session, { mapping, side: 'businessCentral', ids: [id], preview })).map((result) => [
			result.job.mapping,
			counted(result),
		]),
	);

describe('the contacts of a customer or vendor are uncoupled with it', () => {
	test.each([
		['CUSTOMER', 'customers'],
		['VENDOR', 'vendors'],
	] as const)('%s: those that belong to it on both sides, and only those; their rows lose the company', async (mapping, set) => {
		const [adatum, contoso] = ['Adatum', 'Contoso'].map((displayName) => scene.enter(set, { displayName }));
		const own = [1, 2].map((number) => scene.person(adatum!, `Own ${number}`));
		const other = scene.person(contoso!, 'Other');
		const movedInCrm = scene.person(adatum!, 'Moved in CRM');
		const movedInBc = scene.person(adatum!, 'Moved in BC');
		await scene.runAll();
		scene.changeRow('contact', (await scene.partner('CONTACT', movedInCrm.id))!, {
			parentcustomerid: { table: 'account', id: (await scene.partner(mapping, contoso!.id))! },
		});
		scene.change('contacts', movedInBc.id, { companyNumber: scene.companyOf(contoso!) });
		const rows = await Promise.all(own.map(({ id }) => scene.partner('CONTACT', id)));
		const expected = [
			[mapping, 'M1 X1'],
			['CONTACT', 'M2 X2'],
		];
		expect(await end(mapping, adatum!.id, true)).toEqual(expected);
		expect(await scene.couplings('CONTACT')).toHaveLength(5);
		expect(await end(mapping, adatum!.id)).toEqual(expected);
		const left = (await scene.couplings('CONTACT')).map(({ bcId }) => bcId);
		expect(new Set(left)).toEqual(new Set([other.id, movedInCrm.id, movedInBc.id]));
		expect(rows.map((id) => scene.crm('contact', id!)?.['bcbi_companyid'] ?? null)).toEqual([null, null]);
		expect(scene.bc('contacts', own[0]!.id)?.['displayName']).toBe('Own 1');
	});

	test('stay coupled when the customer itself was deleted: nothing tells which contacts were its own', async () => {
		const adatum = scene.enter('customers', { displayName: 'Adatum' });
		scene.person(adatum, 'Own');
		await scene.runAll();
		scene.world.sandbox.businessCentral.company(scene.world.base.companyName).remove('customers', adatum.id);
		expect(await end('CUSTOMER', adatum.id)).toEqual([['CUSTOMER', 'M1 X1']]);
		expect(await scene.couplings('CONTACT')).toHaveLength(1);
	});
});
