import { createStage, editAccount, MINUTE, reasonsOf, type TriggerStage } from './stage';

let stage: TriggerStage;
beforeEach(async () => (stage = await createStage({ customers: 4 })));
afterEach(() => stage.close());

const settings = async (changes: object | null): Promise<void> => {
	const session = await stage.world.open();
	await session.store.saveSettings('CUSTOMER', changes);
	await session.store.close();
};

test('a mapping that is turned round forgets the news of the side it does not read any more', async () => {
	const trigger = stage.loop({ workflow: () => Promise.resolve() });
	await stage.pass(MINUTE);
	editAccount(stage.world, 1);
	await stage.pass(MINUTE);
	expect((await stage.stored())!.mappings[0]!.sides.crm.news).toMatchObject({ changed: 1 });
	await settings({ direction: 'toCrm' });
	await stage.pass(2 * MINUTE);
	expect((await stage.stored())!.mappings[0]!.sides.crm).toMatchObject({ news: null, mark: null });
	expect(reasonsOf(trigger)).toEqual(['changed']);
});

test('a mapping that is switched off is let go of, and one that is switched on is taken up and run', async () => {
	await settings({ enabled: false });
	const trigger = stage.loop({ mappings: null });
	await stage.pass(2 * MINUTE);
	expect((await stage.stored())!.mappings.map(({ mapping }) => mapping)).not.toContain('CUSTOMER');
	await settings(null);
	await stage.pass(2 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['start']);
	await settings({ enabled: false });
	await stage.pass(2 * MINUTE);
	expect((await stage.stored())!.mappings.map(({ mapping }) => mapping)).not.toContain('CUSTOMER');
});

test('a name that is no mapping is a notice, and the others are looked at', async () => {
	stage.loop({ mappings: ['CUSTOMER', 'CUSTOMERS'] });
	await stage.pass(MINUTE);
	const { state, mappings } = (await stage.stored())!;
	expect(state.notices).toEqual(['MAPPING_UNKNOWN: There is no table mapping named "CUSTOMERS".']);
	expect(mappings.map(({ mapping }) => mapping)).toEqual(['CUSTOMER']);
});
