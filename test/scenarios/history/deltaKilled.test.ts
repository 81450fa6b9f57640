import { clearDataverseMetadata } from '../../../engine/systems/dataverse';
import { type Death, dieAt, Killed } from '../../kit/killing';
import { PointSample } from '../../kit/points';
import type { SessionOptions } from '../../kit/world';
import { createScene, type Scene } from '../deletions/scene';
import { none, watching } from './notes';

const LEASE_MINUTES = 3;

let scene: Scene | undefined;
afterEach(() => scene?.world.close());

/** Edits, a new row and a deletion, on pages of two rows; with a link that is known, or one that the run begins. */
async function arrange(known: boolean): Promise<Scene> {
	await scene?.world.close();
	scene = await createScene(5);
	const { crm } = scene.world.sandbox;
	await scene.settings({ onlyCoupled: false, deletion: 'removeCoupling' });
	if (!known) {
		crm.setChangeTracking('account', false);
		clearDataverseMetadata();
	}
	await scene.world.run({ mapping: 'CUSTOMER', findDeleted: 'off' });
	crm.setChangeTracking('account', true);
	clearDataverseMetadata();
	scene.world.minutes(60);
	scene.editAccount(1, { telephone1: '1' });
	scene.editAccount(2, { telephone1: '2' });
	crm.seed('account', [{ name: 'New one', customertypecode: 3 }]);
	if (!known) return scene;
	const ofLongAgo = { telephone1: '999', modifiedon: '2026-01-01T08:00:00Z' };
	crm.seed('account', [{ ...(scene.account(0) as Record<string, string>), ...ofLongAgo }]);
	scene.deleteAccounts(4);
	return scene;
}

const run = ({ world }: Scene, options: SessionOptions = {}) =>
	world.run({ mapping: 'CUSTOMER', findDeleted: 'mapping', pageSize: 2 }, options);

async function outcome(of: Scene): Promise<unknown> {
	for (let again = 0; again < 2; again++) {
		of.world.minutes(15);
		await run(of);
	}
	const { store } = await of.world.open();
	const token = await store.changeToken('CUSTOMER', 'crm').finally(() => store.close());
	const rows = of.customers().map((row) => [row['displayName'], row['phoneNumber']].join(' '));
	return { rows: rows.sort(), couplings: (await of.couplings()).length, failures: await of.failures(), state: token?.state };
}

/** On pages of the service that hold two rows. */
const small = ({ options }: Death): SessionOptions => ({
	...options,
	transport: (transport) => options.transport!(watching(none(), 2)(transport)),
});

test.each([true, false])(
	'killed at requests and commits of every kind, with a link that is known: %s; nothing is lost, nothing twice',
	async (known) => {
		const undisturbed = await arrange(known);
		const counting = dieAt(Number.MAX_SAFE_INTEGER, 'before');
		await run(undisturbed, small(counting));
		const walked = [...counting.walked()];
		const expected = await outcome(undisturbed);
		expect(expected).toMatchObject({ couplings: known ? 5 : 6, failures: [], state: 'current' });
		const sample = new PointSample('killed');
		// Dying before a step is dying once the one before it was heard of: every second step either way.
		for (const { step, when } of sample.of(walked, (point) => (point.step % 2 === 0) === (point.when === 'before'))) {
			const at = await arrange(known);
			const death = dieAt(step, when);
			const end = await Promise.race([run(at, small(death)), death.happened]).catch((error: unknown) => error);
			// In which order rows come depends on their ids, and with it how many steps there are: the last one may not be reached.
			expect([step, end instanceof Killed || death.steps() < step]).toEqual([step, true]);
			at.world.minutes(LEASE_MINUTES);
			expect([`${when} step ${step}`, await outcome(at)]).toEqual([`${when} step ${step}`, expected]);
		}
		process.stdout.write(`${String(sample)}\n`);
	},
	600_000,
);
