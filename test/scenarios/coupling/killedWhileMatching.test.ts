import { runFullSync } from '../../../engine';
import { dieAt, Killed } from '../../kit/killing';
import { PointSample } from '../../kit/points';
import type { Step } from '../../kit/step';
import { createSetting } from './setting';

/** Two pairs, one customer and one account on their own, and a customer that fits two accounts. */
async function story(step: number, when: 'before' | 'after'): Promise<{ walked: readonly Step[]; died: boolean; end: unknown }> {
	const setting = await createSetting();
	try {
		for (const name of ['One', 'Two', 'Only here', 'Same']) setting.customer(name.toUpperCase().slice(0, 5).trim(), { displayName: name });
		for (const name of ['One', 'Two', 'Only there', 'Same', 'Same']) setting.account(name);
		const options = { mappings: ['CUSTOMER'], afterwards: 'keep' as const, ignoreDependencies: true };
		const death = dieAt(step, when);
		const doomed = await setting.world.open({ ...death.options, owner: 'doomed' });
		const died = await Promise.race([runFullSync(doomed, options).then(() => false), death.happened]).catch((error: unknown) => {
			if (error instanceof Killed) return true;
			throw error;
		});
		// The lease of a dead run expires; what its lost requests did is surely there by then.
		setting.world.minutes(30);
		await setting.use((session) => runFullSync(session, options));
		const customers = setting.world.sandbox.businessCentral.company(setting.world.base.companyName).rows('customers');
		const names = (rows: Array<Record<string, unknown>>, column: string) => rows.map((row) => String(row[column])).sort();
		return {
			walked: death.walked(),
			died,
			end: {
				pairs: (await setting.couplings()).map(({ bcName, crmName }) => `${bcName} – ${crmName}`).sort(),
				customers: names(customers, 'displayName'),
				accounts: names(setting.world.sandbox.crm.rows('account'), 'name'),
			},
		};
	} finally {
		await setting.world.close();
	}
}

test('a full synchronization that matches first, killed at steps of every kind, ends after another run with the same couples and no duplicate', async () => {
	const undisturbed = await story(Infinity, 'before');
	expect(undisturbed.end).toEqual({
		pairs: ['One – One', 'Only here – Only here', 'Only there – Only there', 'Two – Two'],
		customers: ['One', 'Only here', 'Only there', 'Same', 'Two'],
		accounts: ['One', 'Only here', 'Only there', 'Same', 'Same', 'Two'],
	});
	expect(undisturbed.walked.length).toBeGreaterThan(15);
	const sample = new PointSample('killed');
	// Dying before a step is dying once the one before it was heard of: every second step either way.
	for (const { step, when } of sample.of(undisturbed.walked, (point) => (point.step % 2 === 0) === (point.when === 'before'))) {
		const { died, end } = await story(step, when);
		expect({ step, when, died, end }).toEqual({ step, when, died: true, end: undisturbed.end });
	}
	process.stdout.write(`${String(sample)}\n`);
}, 180_000);
