import { dieAt, Killed } from '../../../kit/killing';
import { PointSample } from '../../../kit/points';
import type { Step } from '../../../kit/step';
import { company, deliver } from '../../products/shop';
import { atCounter, codesOf, openCounter, type Counter } from './kit';

/** Dead runs' leases are free. */
const MINUTES = 20;
const sample = new PointSample('killed');
afterAll(() => void process.stdout.write(`${String(sample)}\n`));

/** A customer that CRM has figures of which changed, one that it has none of, and one whose row was made and whose account does not name it. */
async function fill(counter: Counter): Promise<void> {
	await counter.statistics();
	const orphan = await counter.customerNamed('C3', 'Unnamed');
	await counter.statistics({ ids: [orphan.customer] });
	counter.world.sandbox.crm.update('account', orphan.account, { nav_accountstatisticsid: null } as never);
	await counter.use(({ store }) => store.commit({ derivedRowsDone: [{ mapping: 'ACCOUNT-STATISTICS', sourceId: orphan.customer }] }));
	await counter.customerNamed('C2', 'New');
	counter.world.minutes(MINUTES);
	counter.invoice([{ item: '1000' }]);
}

async function outcome(counter: Counter) {
	const { crm } = counter.world.sandbox;
	return await counter.use(async ({ store }) => ({
		rows: crm
			.rows('nav_accountstatistics')
			.map((row) => `${String(row['nav_customerno'])} ${String(row['nav_balancelcy'])}`)
			.sort(),
		accounts: crm
			.rows('account')
			.map(({ name, accountid }) => `${String(name)}: ${String(counter.figures(String(accountid))?.['nav_customerno'])}`)
			.sort(),
		delivered: (await store.listDerivedRows({ mapping: 'ACCOUNT-STATISTICS', limit: 9 })).rows.length,
		left: [
			...(await store.listFailures({ limit: 99 })).rows.map(({ errorCode }) => errorCode),
			...(await store.jobs({ limit: 99, status: 'running' })).rows.map(() => 'job is running'),
		],
	}));
}

async function play(step: number, when: 'before' | 'after') {
	const counter = await openCounter();
	try {
		await fill(counter);
		const death = dieAt(step, when);
		const died = await Promise.race([counter.statistics({}, death.options).then(() => false), death.happened]).catch((error: unknown) => {
			if (error instanceof Killed) return true;
			throw error;
		});
		const walked: readonly Step[] = [...death.walked()];
		for (let run = 0; run < 2; run++) {
			counter.world.minutes(MINUTES);
			await counter.statistics();
		}
		return { walked, died, outcome: await outcome(counter) };
	} finally {
		await counter.close();
	}
}

test('DOC-95, DOC-96, DOC-97: killed at requests and store transactions, before and after they take effect, a run ends like an undisturbed one', async () => {
	const undisturbed = await play(Infinity, 'before');
	expect(undisturbed.outcome).toEqual({
		rows: ['C1 120', 'C2 0', 'C3 0'],
		accounts: ['Adatum: C1', 'New: C2', 'Unnamed: C3'],
		delivered: 3,
		left: [],
	});
	const { walked } = undisturbed;
	expect(walked.length).toBeGreaterThanOrEqual(12);
	for (const { step, when } of sample.of(walked)) {
		const { died, outcome: found } = await play(step, when);
		const at = `${when} step ${step} of ${walked.length}, ${walked[step - 1]!.kind}`;
		expect({ at, died, ...found }).toEqual({ at, died: true, ...undisturbed.outcome });
	}
}, 600_000);

test(
	'DOC-87: naming the figures is no edit of the account, and hides none',
	atCounter(async (counter) => {
		const { crm } = counter.world.sandbox;
		await counter.statistics();
		counter.world.minutes(20);
		const customer = (): Record<string, unknown> => company(counter.world).get('customers', counter.customer)!;
		const before = customer()['@odata.etag'];
		expect((await counter.world.run({ mapping: 'CUSTOMER' })).map(({ job, failed }) => [job.modified, failed.length])).toEqual([
			[0, 0],
			[0, 0],
		]);
		expect(customer()['@odata.etag']).toBe(before);
		// Edited in both systems, in the same run as the link is written: neither is lost.
		const second = await counter.customerNamed('C2', 'Second');
		counter.world.minutes(20);
		crm.update('account', second.account, { telephone1: '111' });
		company(counter.world).update('customers', second.customer, { email: 'second@example.com' });
		await counter.statistics();
		counter.world.minutes(20);
		await counter.world.run({ mapping: 'CUSTOMER' });
		expect(company(counter.world).get('customers', second.customer)).toMatchObject({ phoneNumber: '111', email: 'second@example.com' });
		expect(crm.get('account', second.account)).toMatchObject({ telephone1: '111', emailaddress1: 'second@example.com' });
		expect(counter.figures(second.account)).toMatchObject({ nav_customerno: 'C2' });
	}),
);

test(
	'a row that somebody else made and the account names is kept up to date; one that is gone is made anew',
	atCounter(async (counter) => {
		const { crm } = counter.world.sandbox;
		const theirs = crm.insert('nav_accountstatistics', { nav_name: 'Theirs' });
		crm.update('account', counter.account, { nav_accountstatisticsid: theirs });
		await counter.statistics();
		expect(crm.rows('nav_accountstatistics').map((row) => row['nav_customerno'])).toEqual(['C1']);
		expect(counter.figures()!['nav_accountstatisticsid']).toBe(theirs);
		crm.remove('nav_accountstatistics', theirs);
		await counter.statistics({ ids: [counter.customer] });
		expect(counter.figures()).toMatchObject({ nav_customerno: 'C1' });
		expect(counter.figures()!['nav_accountstatisticsid']).not.toBe(theirs);
	}),
);

test(
	'an account that is changed again and again while its figures are written is told, and the next run does it',
	atCounter(async (counter) => {
		let edits = 0;
		const busy = {
			transport: (send: never) => async (request: { url: string; body?: string }) => {
				if (request.url.includes('$batch') && String(request.body).includes('nav_AccountStatisticsId'))
					counter.world.sandbox.crm.update('account', counter.account, { telephone1: String(++edits) });
				return await (send as (request: unknown) => Promise<never>)(request);
			},
		};
		expect(codesOf(await counter.statistics({}, busy as never))).toEqual(['CHANGED_MEANWHILE']);
		expect([edits, counter.figures()]).toEqual([2, undefined]);
		expect(codesOf(await counter.statistics())).toEqual([]);
		expect(counter.figures()).toMatchObject({ nav_customerno: 'C1' });
	}),
);

test(
	'DOC-98: a preview says what would be written, and writes nothing',
	atCounter(async (counter) => {
		counter.cost();
		const result = await counter.statistics({ preview: true });
		expect(result.outcomes).toMatchObject([{ action: 'wouldCreate', figures: { nav_balancelcy: 0, nav_customerno: 'C1' } }]);
		expect([result.job.job.message, counter.cost().writes, counter.figures()]).toEqual(['Would be: 1 created.', 0, undefined]);
		expect(codesOf(await counter.statistics())).toEqual([]);
		await deliver(counter.world, { mappings: ['CUSTOMER'] });
	}),
);
