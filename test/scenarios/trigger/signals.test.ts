import type { Accelerator } from '../../../engine';
import { createStage, editCustomer, MINUTE, reasonsOf, SECOND, type TriggerStage } from './stage';

let stage: TriggerStage;
beforeEach(async () => (stage = await createStage({ customers: 4 })));
afterEach(() => stage.close());

/** What tells of changes, without services that do. */
const accelerator = (): Accelerator & { kept: number } => ({
	everyMs: SECOND,
	kept: 0,
	keep() {
		this.kept += 1;
		return Promise.resolve();
	},
	lookEveryMs: () => 300 * SECOND,
	notices: () => [],
});

const tell =
	(mapping = 'CUSTOMER') =>
	async (): Promise<void> => {
		const session = await stage.world.open();
		const now = stage.world.clock.now();
		await session.store.noteSignals('n8n-1/12/node-1', [{ mapping, side: 'businessCentral', count: 1, firstMs: now, lastMs: now }]);
		await session.store.close();
	};
const told = (mapping?: string) => () => void tell(mapping)();

test('a signal is looked at after three quiet seconds; without one, the look every five minutes finds the change', async () => {
	const { world } = stage;
	const other = accelerator();
	const trigger = stage.loop({ accelerator: other });
	await stage.pass(MINUTE);
	const begin = world.clock.now();
	await stage.pass(MINUTE, [
		[5 * SECOND, () => editCustomer(world, 1)],
		[6 * SECOND, told()],
	]);
	expect(trigger.started[0]!.items[0]).toMatchObject({ reason: 'changed', toldBy: 'webhook' });
	expect(trigger.started[0]!.at - begin).toBeLessThanOrEqual(12 * SECOND);
	await stage.pass(6 * MINUTE, [[SECOND, () => editCustomer(world, 2)]]);
	expect(trigger.started[1]!.items[0]).toMatchObject({ reason: 'changed', toldBy: 'look' });
	expect(other.kept).toBeGreaterThanOrEqual(3);
});

test('a flood of signals is looked at six times a minute at most, and signals without a change start nothing', async () => {
	const { world } = stage;
	const trigger = stage.loop({ accelerator: accelerator() });
	await stage.pass(MINUTE);
	const before = (await stage.stored())!.state.looks;
	const flood = Array.from({ length: 240 }, (_, index) => [index * 250, told(index % 2 ? '*' : 'CUSTOMER')] as const);
	await stage.pass(MINUTE, flood);
	expect((await stage.stored())!.state.looks - before).toBeLessThanOrEqual(6);
	expect(reasonsOf(trigger)).toEqual([]);
	await stage.pass(MINUTE);
	const session = await world.open();
	expect(await session.store.signals('n8n-1/12/node-1')).toEqual([]);
	await session.store.close();
});
