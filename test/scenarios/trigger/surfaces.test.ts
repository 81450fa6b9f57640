import { offer } from '../surfaces/worlds';
import { createStage, MINUTE, reasonsOf, type TriggerStage } from './stage';

let stage: TriggerStage;
beforeEach(async () => (stage = await createStage()));
afterEach(() => stage.close());

const company = () => stage.world.sandbox.businessCentral.company(stage.world.base.companyName);
const run = () => stage.world.run({ mapping: 'SHIPPING AGENT', createUncoupled: true });
const mapping = { mappings: ['SHIPPING AGENT'] };

test('a table that only a published page shows has no stamp: it is run by its interval, and sleeps no longer than four of them', async () => {
	company().seed('ShippingAgents', [{ Code: 'DHL', Name: 'DHL' }] as never);
	await run();
	const trigger = stage.loop(mapping);
	await stage.pass(100 * MINUTE);
	expect((await stage.stored())!.mappings[0]!.sides.businessCentral.notLooked).toBe('noStamp');
	await stage.pass(200 * MINUTE);
	expect(reasonsOf(trigger, 'SHIPPING AGENT')).toEqual(['schedule', 'schedule', 'schedule']);
});

test('where the extension shows the table, changes are looked at like all others', async () => {
	company().seed('ShippingAgents', [{ Code: 'DHL', Name: 'DHL' }] as never);
	offer(stage.world, 'extension');
	await run();
	stage.world.minutes(60);
	const trigger = stage.loop(mapping);
	await stage.pass(2 * MINUTE);
	expect((await stage.stored())!.mappings[0]!.sides.businessCentral).toMatchObject({ notLooked: null });
	expect(reasonsOf(trigger, 'SHIPPING AGENT')).toEqual([]);
	const row = company().rows('ShippingAgents')[0]!;
	await stage.pass(2 * MINUTE, [[10_000, () => company().update('ShippingAgents', String(row['Code']), { Name: 'DHL Express' } as never)]]);
	expect(reasonsOf(trigger, 'SHIPPING AGENT')).toEqual(['changed']);
	await stage.pass(10 * MINUTE);
	expect(reasonsOf(trigger, 'SHIPPING AGENT')).toEqual(['changed']);
});
