/**
 * The danger: a couple is brought together in one direction, which leaves to the other one what is its own to bring; nobody changed the records since,
 * so the other direction never reads them, and both sides differ for ever with everything finished and nothing told.
 */
import { coupleRecords } from '../../../engine';
import { openScene, type Scene as RestoredScene } from '../restored/kit';
import { createSetting, type Row, type Setting } from '../coupling/setting';

describe('systems that were both put back', () => {
	let scene: RestoredScene;
	beforeEach(async () => {
		scene = await openScene();
	});
	afterEach(() => scene.close());

	/** To different times: the value of CRM that is back is the newer one. */
	async function bothPutBack(): Promise<void> {
		const bc = scene.keep('businessCentral');
		scene.inCrm(3, { telephone1: 'from CRM' });
		await scene.run();
		scene.world.minutes(30);
		const crm = scene.keep('crm');
		scene.inBc(3, { phoneNumber: 'from BC' });
		await scene.run();
		scene.world.minutes(30);
		bc();
		crm();
		await scene.stopped();
		expect([scene.customer(3)['phoneNumber'], scene.account(3)['telephone1']]).toEqual(['+44 20 3', 'from CRM']);
	}
	const conflict = async (strategy: 'get' | 'send' | 'newest'): Promise<void> => {
		const session = await scene.world.open();
		await session.store.saveSettings('CUSTOMER', { conflict: strategy });
		await session.store.close();
	};

	test.each([
		['accept', 'get', 'from CRM'],
		['sendAgain', 'get', 'from CRM'],
		['accept', 'newest', 'from CRM'],
		['sendAgain', 'newest', 'from CRM'],
		['accept', 'send', '+44 20 3'],
		['sendAgain', 'send', '+44 20 3'],
	] as const)('%s with the strategy %s: both hold one value when the operation ends', async (way, strategy, value) => {
		await conflict(strategy);
		await bothPutBack();
		const jobs = await scene.settle(way);
		expect(jobs.flatMap(({ failed }) => failed)).toEqual([]);
		expect([scene.customer(3)['phoneNumber'], scene.account(3)['telephone1']]).toEqual([value, value]);
		await scene.settled();
	});

	test('in a preview of it, what would change is shown, and nothing is written', async () => {
		await conflict('get');
		await bothPutBack();
		const jobs = await scene.settle('accept', true);
		const changes = jobs.flatMap((job) => job.changes);
		expect(changes).toMatchObject([{ fields: [expect.objectContaining({ caption: 'Phone No.', after: 'from CRM' })] }]);
		expect(scene.customer(3)['phoneNumber']).toBe('+44 20 3');
	});
});

describe('records that were coupled long after they were changed last', () => {
	let setting: Setting;
	beforeEach(async () => {
		setting = await createSetting();
	});
	afterEach(() => setting.world.close());

	/** They differ in this alone, and runs have passed both: nothing reads them as changes any more, and what goes one way writes nothing. */
	async function oldPair(
		conflict: 'get' | 'newest' | 'send',
		[customer, account]: readonly [Row, Row],
	): Promise<[bcId: string, crmId: string]> {
		const { world } = setting;
		await setting.use(({ store }) => store.saveSettings('CUSTOMER', { conflict, onlyCoupled: true }));
		const bcId = setting.customer('C1', { displayName: 'One', creditLimit: 0, ...customer });
		world.minutes(60);
		const crmId = setting.account('One', {
			...{ accountnumber: 'C1', creditlimit: 0, bcbi_companyid: world.base.companyRowId },
			...account,
		});
		world.minutes(120);
		setting.customer('C2');
		setting.account('Two', { bcbi_companyid: world.base.companyRowId });
		for (let run = 0; run < 2; run++) {
			await setting.world.run({ mapping: 'CUSTOMER' });
			world.minutes(60);
		}
		return [bcId, crmId];
	}
	const couple = (bcId: string, crmId: string, initial: 'none' | 'get' | 'send') =>
		setting.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial }));
	const phones = (bcId: string, crmId: string): unknown[] => [setting.bc(bcId)!['phoneNumber'], setting.crm(crmId)!['telephone1']];
	/** What is to be looked at again, in either direction. */
	const waiting = async (): Promise<string[]> =>
		await setting.use(async ({ store }) => [
			...(await store.requeued('CUSTOMER', 'toCrm', { limit: 10 })).map(({ reason }) => `toCrm ${reason}`),
			...(await store.requeued('CUSTOMER', 'fromCrm', { limit: 10 })).map(({ reason }) => `fromCrm ${reason}`),
		]);
	const quiet = async (): Promise<void> => {
		setting.world.minutes(30);
		for (const { job, failed } of await setting.world.run({ mapping: 'CUSTOMER' }))
			expect([job.modified, job.coupled, failed]).toEqual([0, 0, []]);
		expect(await waiting()).toEqual([]);
	};

	test.each([
		['get', '+44 2'],
		['newest', '+44 2'],
		['send', '+44 1'],
	] as const)(
		'coupled without synchronizing, strategy %s: the next run brings both together, and the one after it is quiet',
		async (strategy, value) => {
			const pair = await oldPair(strategy, [{ phoneNumber: '+44 1' }, { telephone1: '+44 2' }]);
			await couple(...pair, 'none');
			await setting.world.run({ mapping: 'CUSTOMER' });
			expect(phones(...pair)).toEqual([value, value]);
			await quiet();
		},
	);

	test('the two directions have schedules of their own: what the first leaves waits for the second, and says so', async () => {
		const pair = await oldPair('get', [{ phoneNumber: '+44 1' }, { telephone1: '+44 2' }]);
		await couple(...pair, 'none');
		await setting.world.run({ mapping: 'CUSTOMER', direction: 'toCrm' });
		expect([await waiting(), phones(...pair)]).toEqual([['fromCrm otherWayDue'], ['+44 1', '+44 2']]);
		setting.world.minutes(15);
		await setting.world.run({ mapping: 'CUSTOMER', direction: 'fromCrm' });
		expect(phones(...pair)).toEqual(['+44 2', '+44 2']);
		await quiet();
	});

	test('coupled with the values of CRM: what only Business Central has to say follows with the next run', async () => {
		const pair = await oldPair('get', [{ creditLimit: 700 }, {}]);
		await couple(...pair, 'get');
		await setting.world.run({ mapping: 'CUSTOMER' });
		expect(setting.crm(pair[1])!['creditlimit']).toBe(700);
		await quiet();
	});
});
