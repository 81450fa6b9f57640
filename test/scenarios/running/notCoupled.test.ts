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
