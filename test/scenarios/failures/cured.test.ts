import { listFailedRecords } from '../../../engine';
import { openStage, type Stage } from './kit';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage(12);
});
afterEach(() => stage.world.close());

type System = 'businessCentral' | 'crm';
/** Every write to that system is refused so, until the faults are cleared. */
const refuse = (system: System, status: number, code: string, message: string): void =>
	stage.world.sandbox.faults.add({
		...{ system, method: 'PATCH', url: system === 'crm' ? /accounts\(/ : /customers\(/, times: 10_000 },
		fault: { kind: 'answer', status, body: JSON.stringify({ error: { code, message } }) },
	});
const skipped = async (): Promise<number> =>
	(await stage.with((session) => listFailedRecords(session, { mapping: 'CUSTOMER', state: 'skipped', limit: 100 }))).rows.length;
const hours = (count: number): void => stage.world.minutes(count * 60);
const writesOf = (system: System): number =>
	stage.world
		.takeRequests()
		.filter((request) => request.system === system)
		.flatMap(({ parts }) => parts)
		.filter(({ method }) => method === 'PATCH').length;

/** All twelve records fail with one cause until they are skipped. */
async function skipAll(system: System): Promise<void> {
	for (let number = 1; number <= 12; number++)
		if (system === 'crm') stage.inBc(number, { phoneNumber: `+44 7${number}` });
		else stage.inCrm(number, { telephone1: `+44 7${number}` });
	for (let run = 0; run < 2; run++) {
		stage.world.minutes(15);
		await stage.run();
	}
	expect(await skipped()).toBe(12);
}

describe.each([
	[
		'a number series that ran out',
		'businessCentral',
		400,
		'Application_DialogException',
		'You cannot assign new numbers from the number series CUST on 07-03-26.',
	],
	[
		'a code that is missing',
		'businessCentral',
		400,
		'Internal_InvalidTableRelation',
		"The field Country/Region Code of table Customer contains a value (XX) that cannot be found in the related table (Country/Region). Number 'C%'.",
	],
	['a setup record that is missing', 'businessCentral', 404, 'Internal_RecordNotFound', 'The Marketing Setup does not exist.'],
	['a plug-in', 'crm', 400, '0x80040265', 'The plug-in of the environment says no.'],
	[
		'a duplicate rule',
		'crm',
		412,
		'0x80040333',
		'A record was not created or updated because a duplicate of the current record already exists.',
	],
	['a failing trigger', 'crm', 500, '0x80040216', 'An unexpected error occurred.'],
] as const)('%s', (_what, system, status, code, message) => {
	test('one record is tried a day, and when the cause is cured all others follow in the same run', async () => {
		refuse(system, status, code, message);
		await skipAll(system);
		stage.world.takeRequests();
		stage.world.minutes(15);
		await stage.run();
		expect(writesOf(system)).toBe(0);
		// A day later one record is tried, in vain.
		hours(24);
		await stage.run();
		expect(writesOf(system)).toBe(1);
		expect(await skipped()).toBe(12);
		stage.world.minutes(15);
		await stage.run();
		expect(writesOf(system)).toBe(0);
		// The cause is cured: nobody asks for another try, and the next day's probe frees them all.
		stage.world.sandbox.faults.clear();
		hours(24);
		const jobs = await stage.run();
		expect(jobs[system === 'crm' ? 0 : 1]!.job).toMatchObject({ status: 'finished', modified: 12, failed: 0 });
		expect(await skipped()).toBe(0);
	});
});

test('each cause has a probe of its own: what is cured comes, what is not stays', async () => {
	for (let number = 1; number <= 12; number++) stage.inBc(number, { phoneNumber: `+44 7${number}` });
	const fault = (text: string) => ({
		kind: 'answer' as const,
		status: 400,
		body: JSON.stringify({ error: { code: '0x80040265', message: text } }),
	});
	for (let number = 1; number <= 12; number++)
		stage.world.sandbox.faults.add({
			...{ system: 'crm', method: 'PATCH', url: new RegExp(stage.accountId(number)), times: number <= 6 ? 2 : 10_000 },
			fault: fault(number <= 6 ? 'One says no.' : 'Another says no.'),
		});
	for (let run = 0; run < 2; run++) {
		stage.world.minutes(15);
		await stage.run();
	}
	expect(await skipped()).toBe(12);
	hours(24);
	const [toCrm] = await stage.run();
	expect(toCrm!.job).toMatchObject({ modified: 6, skipped: 1 });
	expect(await skipped()).toBe(6);
});

test('what people have to decide is not tried again day by day', async () => {
	stage.quarrel(1);
	for (let run = 0; run < 2; run++) {
		stage.world.minutes(15);
		await stage.run();
	}
	const lines = (await stage.log()).length;
	for (let day = 0; day < 3; day++) {
		hours(24);
		await stage.run();
	}
	expect((await stage.log()).length).toBe(lines);
});

test('a failure that should pass by itself and comes back says how often, and what may hold it', async () => {
	stage.inBc(1, { phoneNumber: '+44 9' });
	stage.world.sandbox.faults.add({
		system: 'crm',
		method: 'PATCH',
		url: new RegExp(stage.accountId(1)),
		times: 10_000,
		fault: { kind: 'stale' },
	});
	let last;
	for (let run = 0; run < 6; run++) {
		stage.world.minutes(15);
		last = (await stage.run())[0]!;
	}
	expect(last!.failed[0]).toMatchObject({ errorCode: 'CHANGED_MEANWHILE' });
	expect(last!.failed[0]!.message).toMatch(/came back \d+ times in a row/);
	expect(last!.failed[0]!.hint).not.toMatch(/nothing (needs )?to (be done|do)/i);
});

test('a number that another row of CRM has is that, and no staleness', async () => {
	stage.inBc(1, { phoneNumber: '+44 9' });
	refuse('crm', 412, '0x80040237', 'A record with matching key values already exists.');
	stage.world.minutes(15);
	const [toCrm] = await stage.run();
	expect(toCrm!.failed.map(({ errorCode, errorClass }) => [errorCode, errorClass])).toEqual([['CRM_DUPLICATE_KEY', 'data']]);
});
