import { coupleRecords } from '../../../engine';
import { openStage, type Stage } from '../deciding/stage';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage(2);
	await stage.run();
	stage.world.minutes(60);
});
afterEach(() => stage.world.close());

const last = async (): Promise<string | null> => (await stage.coupling(1)).lastSyncedAt;
const now = (): string => new Date(stage.world.clock.now()).toISOString();

/** What happens to the first couple, and whether the two agree on something afterwards. */
const cases: ReadonlyArray<[what: string, moves: boolean, happen: () => Promise<unknown>]> = [
	['nobody touched it', false, () => stage.run()],
	[
		'a value was written',
		true,
		() => {
			stage.inBc(1, { phoneNumber: '+44 3' });
			return stage.run();
		},
	],
	[
		'a value was written the other way',
		true,
		() => {
			stage.inCrm(1, { telephone1: '+44 3' });
			return stage.run();
		},
	],
	[
		'both were edited to the same value',
		true,
		() => {
			stage.quarrel(1, ['+44 3', '+44 3']);
			return stage.run();
		},
	],
	['both were compared, and nothing differs', true, () => stage.run({ force: true })],
	[
		'a field that does not travel was edited: nothing is delivered, and the partner is not looked at',
		false,
		() => {
			stage.company().update('customers', stage.customerId(1), { taxLiable: true });
			return stage.run();
		},
	],
	[
		'a conflict',
		false,
		() => {
			stage.quarrel(1);
			return stage.run();
		},
	],
	[
		'a record that is skipped',
		false,
		async () => {
			stage.quarrel(1);
			for (let run = 0; run < 3; run++) {
				await stage.run();
				stage.world.minutes(30);
			}
		},
	],
	[
		'a write that is refused',
		false,
		() => {
			stage.inBc(1, { phoneNumber: '+44 3' });
			const body = { error: { code: '0x80040203', message: 'The telephone is not valid.' } };
			stage.world.sandbox.faults.add({ system: 'crm', method: 'PATCH', url: /accounts\(/, times: 10, fault: { kind: 'answer', status: 400, body } } as never); // prettier-ignore
			return stage.run();
		},
	],
	[
		'a conflict that is left to the other direction, in a run of this one',
		false,
		() => {
			stage.quarrel(1);
			return stage.run({ direction: 'toCrm', conflict: 'get' });
		},
	],
	[
		'its partner was deleted',
		false,
		() => {
			stage.world.sandbox.crm.remove('account', stage.accountId(1));
			stage.inBc(1, { phoneNumber: '+44 3' });
			return stage.run();
		},
	],
	[
		'a preview',
		false,
		() => {
			stage.inBc(1, { phoneNumber: '+44 3' });
			return stage.run({ preview: true });
		},
	],
];

test.each(cases)('%s: moved %s', async (_, moves, happen) => {
	const before = await last();
	const began = now();
	await happen();
	const after = await last();
	if (moves) expect(after! >= began).toBe(true);
	else expect(after).toBe(before);
});

test('a couple that was never synchronized, and whose values all differ, stays pending until the winning side has delivered', async () => {
	const bcId = String(stage.company().insert('customers', { displayName: 'One name' })['id']).toLowerCase();
	const crmId = 'aaaaaaaa-0000-4000-8000-000000000002';
	stage.world.sandbox.crm.seed('account', [{ accountid: crmId, name: 'Another name', customertypecode: 3 }]);
	await stage.with((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial: 'none' }));
	const couple = async () => (await stage.couplings()).find((each) => each.bcId === bcId)!;
	expect((await couple()).lastSyncedAt).toBeNull();
	stage.world.minutes(30);
	await stage.run();
	expect((await couple()).lastSyncedAt).toBeNull();
	expect(stage.world.sandbox.crm.row('account', crmId)!['name']).toBe('Another name');
	stage.world.minutes(30);
	await stage.run({ conflict: 'get' });
	expect((await couple()).lastSyncedAt).not.toBeNull();
	expect(stage.company().get('customers', bcId)!['displayName']).toBe('Another name');
});
