import { createMapping, deleteMapping, exportMappings, importMappings } from '../../../engine/tableMappings';
import { leads, openScene, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
	await scene.save(leads());
	scene.customer({ displayName: 'Adatum' });
	await scene.run();
});
afterEach(async () => await scene.close());

const couplings = () => scene.with(({ store }) => store.countCouplings('LEADS'));
const again = { name: 'LEADS', businessCentral: { table: 'customers' }, crm: { table: 'lead' }, direction: 'toCrm' as const };
const nameField = { bcField: 'displayName', crmField: 'fullname', direction: 'toCrm' as const };

describe('deleting a mapping of the user’s own', () => {
	it('forgets what runs remember of it, and touches no record', async () => {
		expect(await couplings()).toBe(1);
		scene.writes();
		expect(await scene.with((session) => deleteMapping(session, 'LEADS', { couplings: true }))).toEqual({
			mapping: 'LEADS',
			couplings: 1,
			kept: false,
		});
		expect(scene.writes()).toBe(0);
		expect(await couplings()).toBe(0);
		expect(scene.world.sandbox.crm.rows('lead')).toHaveLength(1);
		expect(await scene.with(({ store }) => store.watermark('LEADS', 'businessCentral'))).toBeNull();
		expect(await scene.with((session) => createMapping(session, { ...again, fields: [nameField] }))).toEqual(expect.any(Array));
	});

	it('keeps couplings when asked: a new mapping may not inherit them, an import takes them up', async () => {
		const exported = await scene.with((session) => exportMappings(session));
		await scene.with((session) => deleteMapping(session, 'LEADS', { couplings: false }));
		expect(await couplings()).toBe(1);
		await expect(scene.with((session) => createMapping(session, { ...again, fields: [nameField] }))).rejects.toMatchObject({
			code: 'MAPPING_EXISTS',
			message: '1 couplings of a deleted table mapping named "LEADS" are still there.',
		});
		await scene.with((session) => importMappings(session, exported, 'skip'));
		expect(await scene.run()).toBe('I0 M0 U0 F0 / I0 M0 U0 F0');
		expect(scene.world.sandbox.crm.rows('lead')).toHaveLength(1);
	});

	it('is refused while it is running', async () => {
		await scene.with(async (session) => {
			const lease = await session.store.acquireLease('LEADS', 'somebody else', 60_000);
			await expect(deleteMapping(session, 'LEADS', { couplings: true })).rejects.toMatchObject({ code: 'MAPPING_BUSY' });
			await session.store.releaseLease(lease!);
		});
		expect(await couplings()).toBe(1);
	});
});

it('an import that is not valid as a whole changes nothing', async () => {
	const exported = await scene.with((session) => exportMappings(session));
	const { name, settings } = exported.mappings[0]!;
	const bad = { ...settings.definition!, name: 'OTHER', fields: [{ ...settings.definition!.fields[0]!, crmField: 'nothing' }] };
	const document = {
		...exported,
		mappings: [
			{ name, settings: { definition: { ...settings.definition!, onlyCoupled: true } } },
			{ name: 'OTHER', settings: { definition: bad } },
		],
	};
	await expect(scene.with((session) => importMappings(session, document, 'overwrite'))).rejects.toMatchObject({ code: 'MAPPING_INVALID' });
	const kept = await scene.with(({ store }) => store.settings());
	expect([...kept.keys()]).toEqual(['LEADS']);
	expect(kept.get('LEADS')!.definition!.onlyCoupled).toBe(false);
});
