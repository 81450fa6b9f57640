import { runHints } from '../../../nodes/shared/hints';
import { openStage, type Stage } from '../failures/kit';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage(2);
});
afterEach(() => stage.world.close());

const hints = async (): Promise<string[]> => runHints(await stage.run()).map(({ message }) => String(message));
const AGREE = 'Nothing was changed: both systems agree.';

test('both systems agree where nothing is left open', async () => {
	expect(await hints()).toEqual([AGREE]);
});

test('a record that is not coupled is counted and named, with where to go', async () => {
	stage.company().insert('customers', { displayName: 'Nobody knows' });
	stage.world.minutes(15);
	const jobs = await stage.run();
	expect(jobs.map(({ notCoupled }) => notCoupled)).toEqual([1, 0]);
	expect(jobs[0]!.job.message).toContain('1 record is not coupled');
	const said = runHints(jobs).map(({ message }) => String(message));
	expect(said).not.toContain(AGREE);
	expect(said.join()).toMatch(/1 record is not coupled and left alone.*Couple Records.*Synch\. Only Coupled Records/);
});

test('a conflict, and a record that is skipped since, are no agreement', async () => {
	stage.quarrel(1);
	for (let run = 0; run < 4; run++) {
		stage.world.minutes(30);
		const said = await hints();
		expect(said).not.toContain(AGREE);
		expect(said.join()).toMatch(run === 0 ? /1 record(s)? failed|2 records failed/ : /skipped/);
	}
});

describe('rows that Dataverse told of itself', () => {
	const uncoupled = (count: number, customertypecode: number, from = 0): void => {
		const id = (index: number): string => `aaaaaaaa-0000-4000-8000-${String(index).padStart(12, '0')}`;
		const rows = Array.from({ length: count }, (_, index) => ({
			accountid: id(from + index),
			name: `Nobody's ${from + index}`,
			customertypecode,
		}));
		stage.world.sandbox.crm.seed('account', rows);
	};
	beforeEach(async () => {
		await stage.run();
		stage.world.minutes(60);
	});

	test('count where the filter of the mapping selects them, for one request, and once', async () => {
		uncoupled(2, 3);
		uncoupled(3, 11, 100);
		const [, fromCrm] = await stage.run();
		expect(fromCrm).toMatchObject({ notCoupled: 2, notCoupledAtLeast: false, job: { inserted: 0 } });
		expect(fromCrm!.job.message).toContain('2 records are not coupled');
		stage.world.minutes(60);
		expect((await stage.run()).map(({ notCoupled }) => notCoupled)).toEqual([0, 0]);
	});

	test('rows outside of the filter are none of it, and both systems agree', async () => {
		uncoupled(3, 11);
		const results = await stage.run();
		expect(results.map(({ notCoupled }) => notCoupled)).toEqual([0, 0]);
		expect(runHints(results).map(({ message }) => message)).toEqual([AGREE]);
	});

	test('more than one request reads are told as at least so many', async () => {
		uncoupled(300, 3);
		const results = await stage.run();
		expect(results[1]).toMatchObject({ notCoupled: 250, notCoupledAtLeast: true });
		expect(results[1]!.job.message).toContain('At least 250 records are not coupled');
		expect(runHints(results).map(({ message }) => String(message)).join()).toMatch(/At least 250 records are not coupled and left alone/); // prettier-ignore
	});

	test('a count that cannot be taken fails nothing', async () => {
		uncoupled(2, 3);
		const ids = /aaaaaaaa-0000-4000-8000/;
		const [, fromCrm] = await stage.world.run(
			{ mapping: 'CUSTOMER' },
			{
				transport: (transport) => async (request) =>
					ids.test(`${request.url}${typeof request.body === 'string' ? request.body : ''}`)
						? { status: 403, headers: {}, body: Buffer.from('{"error":{"code":"0x80040220","message":"no"}}') as never }
						: await transport(request),
			},
		);
		expect(fromCrm).toMatchObject({ notCoupled: 0, notCoupledAtLeast: true, job: { status: 'finished' } });
		expect(runHints([fromCrm!]).map(({ message }) => message)).not.toContain(AGREE);
	});
});

test('rows whose filter is looked at here count as well', async () => {
	const any = { match: 'any' as const, conditions: [{ field: 'city', operator: 'eq' as const, value: 'Bath', type: 'text' as const }, { field: 'displayName', operator: 'startswith' as const, value: 'Customer', type: 'text' as const }] }; // prettier-ignore
	await stage.with(({ store }) => store.saveSettings('CUSTOMER', { bcFilter: any }));
	await stage.run();
	stage.world.minutes(60);
	stage.company().insert('customers', { displayName: 'Inside', city: 'Bath' });
	stage.company().insert('customers', { displayName: 'Outside', city: 'London' });
	const [toCrm] = await stage.run();
	expect(toCrm).toMatchObject({ notCoupled: 1, notCoupledAtLeast: false });
});
