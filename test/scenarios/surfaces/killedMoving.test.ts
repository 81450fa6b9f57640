import { dieAt, Killed } from '../../kit/killing';
import { PointSample } from '../../kit/points';
import type { World } from '../../kit/world';
import { within } from '../fullSync/fullSyncs';
import { agreement, createResources, type Resources } from '../pages/resources';
import { offer } from './worlds';

/** A process that dies while records get other ids, or in the run that follows: nothing is lost, and nothing made twice. */
const MAPPING = 'RESOURCES';
const DAY = 24 * 60;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let at: Resources;
afterEach(() => at.close());

const samples = { systemId: new PointSample('killed'), key: new PointSample('killed') };
afterAll(() => void process.stdout.write(`${Object.values(samples).join('\n')}\n`));

const rows = ({ sandbox }: World, number: string) => sandbox.crm.rows('contact').find(({ employeeid }) => employeeid === number);

/** Two couples of each origin, a record that fails, and one that people parted; then the surface changes, and both sides are edited. */
async function scene(to: 'systemId' | 'key'): Promise<void> {
	at = await createResources(2);
	const { world } = at;
	const { businessCentral } = world.sandbox;
	if (to === 'key') offer(world, 'both');
	await world.run({ mapping: MAPPING });
	world.minutes(30);
	at.editResource('R0', { Name: 'From BC' });
	at.editContact('R0', { lastname: 'From CRM' });
	await world.run({ mapping: MAPPING });
	await world.run({ mapping: MAPPING });
	if (to === 'key') businessCentral.uninstallExtension();
	else offer(world, 'both');
	world.minutes(DAY);
	at.editResource('R1', { Name: 'Edited' });
	at.editContact('P1', { jobtitle: 'Edited' });
}

const outcome = async (to: 'systemId' | 'key') => {
	const { world } = at;
	return await within(world, async ({ store }) => {
		const couplings = (await store.findCouplings({ mapping: MAPPING, limit: 100 })).rows;
		const failures = (await store.listFailures({ limit: 100 })).rows;
		const ids = [
			...couplings.map(({ bcId }) => bcId),
			...failures.flatMap(({ direction, sourceId }) => (direction === 'toCrm' ? [sourceId] : [])),
		];
		return {
			agreement: agreement(at),
			contacts: at.contacts().length,
			couples: couplings.map(({ bcNumber, crmId }) => `${bcNumber} ${crmId === rows(world, bcNumber)?.['contactid']}`).sort(),
			failures: failures.map(({ direction, errorCode }) => `${direction} ${errorCode}`).sort(),
			otherwise: ids.filter((id) => GUID.test(id) !== (to === 'systemId')),
			intents: [...(await store.intents(MAPPING, 'toCrm', 10)), ...(await store.intents(MAPPING, 'fromCrm', 10))].length,
			running: (await store.jobs({ limit: 100, status: 'running' })).rows.length,
		};
	});
};

test.each(['systemId', 'key'] as const)(
	'to %s: killed at requests and store transactions of every kind, before and after they take effect, it ends like an undisturbed one',
	async (to) => {
		const sample = samples[to];
		const play = async (step: number, when: 'before' | 'after') => {
			await scene(to);
			const death = dieAt(step, when);
			const dying = at.world.run({ mapping: MAPPING }, death.options);
			const died = await Promise.race([dying.then(() => false), death.happened]).catch((error: unknown) => {
				if (error instanceof Killed) return true;
				throw error;
			});
			for (let run = 0; run < 2; run++) {
				at.world.minutes(15);
				await at.world.run({ mapping: MAPPING });
			}
			at.world.takeRequests();
			await at.world.run({ mapping: MAPPING });
			const writes = at.world.takeRequests().reduce((sum, request) => sum + request.writes, 0);
			return { died, walked: [...death.walked()], ended: { ...(await outcome(to)), writes } };
		};
		const whole = await play(Infinity, 'before');
		await at.close();
		expect(whole.ended).toMatchObject({ contacts: 4, otherwise: [], intents: 0, running: 0, writes: 0 });
		expect(whole.ended.couples).toEqual(['P0 true', 'P1 true', 'R0 true', 'R1 true']);
		expect(whole.ended.failures).toEqual(['fromCrm CONFLICT', 'toCrm CONFLICT']);
		expect(whole.walked.map(({ kind }) => kind)).toContain('store moveIdentity');
		for (const { step, when } of sample.of(whole.walked)) {
			const { died, ended } = await play(step, when);
			const where = `${when} step ${step} of ${whole.walked.length}, ${whole.walked[step - 1]!.kind}`;
			expect({ where, died, ...ended }).toEqual({ where, died: true, ...whole.ended });
			await at.close();
		}
		await scene(to);
	},
	300_000,
);

test.each(['systemId', 'key'] as const)(
	'to %s: killed while records are created in both directions, and moved before anybody finds out what became of them, none is made twice',
	async (to) => {
		const sample = samples[to];
		const play = async (step: number, when: 'before' | 'after') => {
			at = await createResources(1);
			const { world } = at;
			if (to === 'key') offer(world, 'both');
			const death = dieAt(step, when);
			await Promise.race([world.run({ mapping: MAPPING }, death.options), death.happened]).catch((error: unknown) => {
				if (!(error instanceof Killed)) throw error;
			});
			if (to === 'key') world.sandbox.businessCentral.uninstallExtension();
			else offer(world, 'both');
			world.minutes(DAY);
			for (let run = 0; run < 2; run++) await world.run({ mapping: MAPPING });
			world.takeRequests();
			await world.run({ mapping: MAPPING });
			const writes = world.takeRequests().reduce((sum, request) => sum + request.writes, 0);
			return { walked: [...death.walked()], ended: { ...(await outcome(to)), resources: at.resources().length, writes } };
		};
		const whole = await play(Infinity, 'before');
		expect(whole.ended).toMatchObject({ contacts: 2, resources: 2, otherwise: [], failures: [], intents: 0, writes: 0 });
		for (const { step, when } of sample.of(whole.walked, ({ when }) => when === 'after')) {
			await at.close();
			const { ended } = await play(step, when);
			const where = `${when} step ${step} of ${whole.walked.length}, ${whole.walked[step - 1]!.kind}`;
			expect({ where, ...ended }).toEqual({ where, ...whole.ended });
		}
	},
	300_000,
);
