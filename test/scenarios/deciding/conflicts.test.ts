import { openStage, type Stage } from './stage';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage();
});
afterEach(() => stage.world.close());

describe('a field that a strategy leaves to the other direction', () => {
	test.each([
		['send', 'fromCrm'],
		['get', 'toCrm'],
	] as const)('%s, only %s: skipped, and neither records, baseline nor failures change', async (conflict, direction) => {
		stage.quarrel(1);
		const before = await stage.coupling(1);
		stage.writes();
		expect(await stage.counted({ conflict, direction })).toEqual([{ skipped: 1 }]);
		expect(stage.writes()).toBe(0);
		expect([stage.customer(1)!['phoneNumber'], stage.account(1)!['telephone1']]).toEqual(['+44 1', '+44 2']);
		expect((await stage.coupling(1)).baseline).toEqual(before.baseline);
		expect([await stage.failures('toCrm'), await stage.failures('fromCrm')]).toEqual([[], []]);
		expect(await stage.log()).toEqual([]);
	});

	test('however often it is skipped that way, it is never marked as skipped, and the other direction still delivers it', async () => {
		stage.quarrel(1);
		for (let run = 0; run < 3; run++) {
			expect(await stage.counted({ conflict: 'get', direction: 'toCrm', fromStart: true })).toEqual([{ unchanged: 2, skipped: 1 }]);
		}
		expect(await stage.counted({ conflict: 'get', direction: 'fromCrm' })).toEqual([{ modified: 1 }]);
		expect(stage.customer(1)).toMatchObject({ phoneNumber: '+44 2' });
		expect((await stage.log('overwritten')).map(({ direction }) => direction)).toEqual(['fromCrm']);
		stage.world.minutes(30);
		stage.writes();
		expect(await stage.counted({ conflict: 'get' })).toEqual([{}, {}]);
		expect(stage.writes()).toBe(0);
	});
});

describe('a baseline per field', () => {
	test('the fax in Business Central and the home page in CRM are no conflict: both arrive', async () => {
		stage.company().update(
			'workflowCustomers',
			String(
				stage
					.company()
					.rows('workflowCustomers')
					.find((row) => row['number'] === 'C000001')!['id'],
			),
			{ faxNumber: '+44 9' },
		);
		stage.inCrm(1, { websiteurl: 'https://example.com' });
		expect(await stage.counted()).toEqual([{ modified: 1 }, { modified: 1 }]);
		expect(stage.account(1)).toMatchObject({ fax: '+44 9', websiteurl: 'https://example.com' });
		expect(stage.customer(1)).toMatchObject({ website: 'https://example.com' });
		expect(await stage.log()).toEqual([]);
		expect((await stage.coupling(1)).lastSyncedAt).not.toBeNull();
	});
	test('only the field that differs is in conflict; a strategy settles it and the others arrive both ways', async () => {
		stage.quarrel(1);
		stage.inBc(1, { city: 'Leeds' });
		stage.inCrm(1, { emailaddress1: 'new@example.com' });
		expect(await stage.counted({ conflict: 'send' })).toEqual([{ modified: 1 }, { modified: 1 }]);
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 1', address1_city: 'Leeds', emailaddress1: 'new@example.com' });
		expect(stage.customer(1)).toMatchObject({ phoneNumber: '+44 1', city: 'Leeds', email: 'new@example.com' });
		expect((await stage.log('overwritten')).map(({ fields }) => fields.map(({ name }) => name))).toEqual([['Phone No.']]);
	});
	test('a one-way field changed on both sides and run in its direction is written, and says what it replaced', async () => {
		stage.inBc(1, { creditLimit: 1 });
		stage.inCrm(1, { creditlimit: 2 });
		expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ modified: 1 }]);
		expect(stage.account(1)).toMatchObject({ creditlimit: 1 });
		expect(await stage.log('error')).toEqual([]);
		expect(await stage.log('overwritten')).toHaveLength(1);
	});
	test('changed and changed back on one side is no change', async () => {
		const phone = String(stage.customer(1)!['phoneNumber']);
		stage.inBc(1, { phoneNumber: '+44 1' });
		stage.world.minutes(1);
		stage.inBc(1, { phoneNumber: phone });
		stage.inCrm(1, { telephone1: '+44 2' });
		expect(await stage.counted()).toEqual([{ unchanged: 1 }, { modified: 1 }]);
		expect(stage.customer(1)).toMatchObject({ phoneNumber: '+44 2' });
		expect(await stage.log()).toEqual([]);
	});
});

describe('a conflict that nobody settles', () => {
	test('repeats once in the next run although nobody edited anything, and is then skipped in both directions', async () => {
		stage.quarrel(1);
		stage.writes();
		expect(await stage.counted()).toEqual([{ failed: 1 }, { failed: 1 }]);
		expect(await stage.counted()).toEqual([{ skipped: 1 }, { skipped: 1 }]);
		expect(await stage.counted()).toEqual([{}, {}]);
		expect(stage.writes()).toBe(0);
		for (const direction of ['toCrm', 'fromCrm'] as const) {
			expect((await stage.failures(direction)).map(({ errorCode, attempts, skipped }) => [errorCode, attempts, skipped])).toEqual([
				['CONFLICT', 2, true],
			]);
		}
		expect(await stage.log('error')).toHaveLength(4);
		expect((await stage.coupling(1)).baseline).not.toBeNull();
	});
	test('a failure of one direction does not make the partner count as changed', async () => {
		stage.inBc(1, { currencyCode: 'EUR' });
		expect(await stage.counted()).toEqual([{ failed: 1 }, {}]);
		stage.inBc(1, { currencyCode: '', phoneNumber: '+44 1' });
		expect(await stage.counted()).toEqual([{ modified: 1 }, {}]);
		expect((await stage.log('error')).map(({ code }) => code)).toEqual(['DEPENDENCY']);
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
	});
});
