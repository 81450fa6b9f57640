import { disagreements } from '../../kit/customers';
import { createStage, editAccount, editCustomer, HOUR, MINUTE, type TriggerStage } from './stage';

/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

let stage: TriggerStage;
afterEach(() => stage.close());

const seed = Number(process.env['TRIGGER_SEED'] ?? 20_260_307);

test(`hours of edits, outages and restarts (seed ${seed}): every edit is delivered within its bound, and no run begins without news or interval`, async () => {
	stage = await createStage({ customers: 12 });
	const { world } = stage;
	const chance = random(seed);
	let trigger = stage.loop();
	let edits = 0;
	for (let hour = 0; hour < 3; hour++) {
		const events = Array.from({ length: 1 + Math.floor(chance() * 6) }, () => {
			const index = Math.floor(chance() * 12);
			const side = chance() < 0.5 ? editCustomer : editAccount;
			edits += 1;
			return [Math.floor(chance() * 40 * MINUTE), () => side(world, index)] as const;
		});
		await stage.pass(45 * MINUTE, events);
		if (chance() < 0.3) {
			trigger.kill();
			trigger = stage.loop();
		}
		if (chance() < 0.3) {
			const system = chance() < 0.5 ? 'crm' : 'businessCentral';
			world.sandbox.faults.add({ system, times: 1 + Math.floor(chance() * 10), fault: { kind: 'answer', status: 503 } } as never);
		}
		await stage.pass(15 * MINUTE);
		world.sandbox.faults.clear();
		await stage.pass(35 * MINUTE);
		expect(await disagreements(world)).toEqual([]);
	}
	expect(edits).toBeGreaterThan(3);
	const before = trigger.started.length;
	await stage.pass(3 * HOUR);
	// Nobody edits: an interval, and then sleep.
	expect(trigger.started.length - before).toBeLessThanOrEqual(1);
});
