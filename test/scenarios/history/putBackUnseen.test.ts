/**
 * The danger: a run believes from an earlier look that no system was put back, and deletes customers because a restore took their accounts. Also where
 * it reads only one of the two.
 */
import { openScene, type Scene } from '../restored/kit';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.close());

const DELETING = { findDeleted: 'now', deletion: 'deleteOther' } as const;
const newAccount = (name: string): void => void scene.world.sandbox.crm.insert('account', { name, customertypecode: 3 });
const names = (): unknown[] => scene.customers().map(({ displayName }) => displayName);

test('the last run before the restore had news of Business Central to deal with, and did not look at the changes of CRM', async () => {
	scene.inBc(2, { phoneNumber: 'earlier' });
	await scene.run();
	scene.world.minutes(60);
	const putBack = scene.keep('crm');
	newAccount('Later');
	scene.inCrm(2, { emailaddress1: 'later@example.com' });
	// The second run hears of the new customer what Business Central filled in by itself.
	for (let run = 0; run < 2; run++) await scene.run({ createUncoupled: true });
	expect(names()).toContain('Later');
	scene.world.minutes(20);
	putBack();
	await scene.stopped(DELETING);
	expect(names()).toContain('Later');
	expect(scene.customer(2)['email']).toBe('later@example.com');
});

test('what changed last left the filter, so that CRM shows no change before the restore, and none after it', async () => {
	const putBack = scene.keep('crm');
	newAccount('Later');
	await scene.run({ createUncoupled: true });
	scene.world.minutes(30);
	scene.inCrm(1, { telephone1: 'newest' });
	await scene.run();
	scene.world.minutes(30);
	scene.inCrm(1, { customertypecode: 1 });
	for (let run = 0; run < 3; run++) {
		await scene.run();
		scene.world.minutes(30);
	}
	putBack();
	await scene.stopped(DELETING);
	expect(names()).toContain('Later');
});

test.each(['toCrm', 'fromCrm'] as const)(
	'a run that goes %s only, and looks for records deleted on the side it writes to',
	async (direction) => {
		const side = direction === 'toCrm' ? ('crm' as const) : ('businessCentral' as const);
		const putBack = scene.keep(side);
		scene.inBc(3, { phoneNumber: 'later' });
		if (side === 'crm')
			scene.world.sandbox.businessCentral.company(scene.world.base.companyName).insert('customers', { displayName: 'Later' });
		else newAccount('Later');
		for (let run = 0; run < 2; run++) await scene.run({ createUncoupled: true });
		if (side === 'businessCentral') scene.inCrm(4, { telephone1: 'later still' });
		await scene.run();
		scene.world.minutes(60);
		putBack();
		await scene.stopped({ direction, ...DELETING });
	},
);
