import { playWeek, weeklyReport } from '../../docs/reportStory';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';
import { run } from '../fullSync/fullSyncs';

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);

test('the report of a week names what happened: figures, reasons with remedies, records with links to both systems, overwritten values', async () => {
	await playWeek(world, ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER']);
	const report = await weeklyReport(world);
	expect(report).toMatchObject({ jobs: expect.any(Number) as number, needsAttention: 3, overdue: [] });
	expect(report.failed).toBeGreaterThan(0);
	const { html } = report;
	for (const text of [
		'3 records need someone',
		'Skipped records (3)',
		'Overwritten values (1)',
		'Runs over time',
		'Customers – accounts',
		'DEPENDENCY',
		'usually every 2 hours',
	])
		expect(html).toContain(text);
	expect(html).toContain('accounts@adatum.example');
	expect(html).toContain('billing@adatum.example');
	expect(html).toMatch(/<a [^>]*href="https:\/\/businesscentral\.dynamics\.com[^"]*"[^>]*><bdi>C000002 Trey Research/);
	expect(html).toMatch(/<a [^>]*href="http:\/\/crm\.sandbox\/main\.aspx[^"]*"[^>]*><bdi>Trey Research/);
	expect(report.summary.split('\n')[0]).toContain('3 records need someone');
	expect(report.summary).toContain('- C000002 Trey Research (CUSTOMER): Phone No. was changed');
}, 120_000);

test('the page needs nothing else: no script, no picture, nothing to load, and every element is styled by itself', async () => {
	seedCustomers(world, 3);
	await run(world);
	const { html } = await weeklyReport(world);
	expect(html).not.toMatch(/<script|<link|<img|<iframe|<svg|@import|url\(|src=|\son[a-z]+=/i);
	expect(html.match(/https?:\/\/[^"]+/g) ?? []).toEqual([]);
	expect(html.match(/<td/g)!.length).toBe(html.match(/<td class="[a-zA-Z]+" style="/g)!.length);
	expect(html).toContain('prefers-color-scheme:dark');
	expect(html).toContain('@media print');
	expect(html).toContain('All is well: no record needs anyone.');
});

test('hostile names and values cannot become part of the page', async () => {
	const hostile = `<script>alert(1)</script>"'&<img src=x onerror=alert(2)>`;
	company().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
	company().seed('customers', [{ number: '<B>', displayName: hostile, type: 'Company', salespersonCode: 'JO', blocked: '_x0020_' }]);
	seedCustomers(world, 1);
	await run(world);
	company().update('customers', String(company().rows('customers')[1]!['id']), { phoneNumber: '</td></table><b>1' });
	world.sandbox.crm.update('account', String(world.sandbox.crm.rows('account')[0]!['accountid']), { telephone1: '"><u>2' });
	world.minutes(30);
	await world.run({ mapping: 'CUSTOMER' });
	const { html } = await weeklyReport(world, { title: '<i>Report</i> "x"' });
	expect(html).not.toMatch(/<script>|<img|<u>|<b>1|<i>Report/);
	expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;&lt;img src=x onerror=alert(2)&gt;');
	expect(html).toContain('&lt;i&gt;Report&lt;/i&gt;');
	expect(html).toContain('&lt;/td&gt;&lt;/table&gt;&lt;b&gt;1');
});

test('a mapping that has not run for longer than twice its interval is overdue; one that ran in time is not', async () => {
	seedCustomers(world, 1);
	await run(world);
	for (let round = 0; round < 5; round++) {
		world.minutes(30);
		await world.run({ mapping: 'CUSTOMER' });
	}
	expect((await weeklyReport(world)).overdue).toEqual([]);
	world.minutes(61);
	const late = await weeklyReport(world);
	expect(late.overdue).toEqual(['CUSTOMER']);
	expect(late.html).toContain('Customers – accounts has not run for 61 minutes, although it should run every 30 minutes.');
	expect(late.summary).toContain('has not run for longer than twice its interval of 30 minutes');
	expect((await weeklyReport(world, { intervalMinutes: 240 })).overdue).toEqual([]);
	const overdue = (await weeklyReport(world, { intervalMinutes: 60 })).overdue;
	expect(overdue).toEqual(expect.arrayContaining(['SALESPEOPLE', 'CURRENCY']));
	expect(overdue).not.toContain('CUSTOMER');
});

test('a couple that fails in both directions needs someone once; what passes by itself needs nobody', async () => {
	seedCustomers(world, 2);
	await run(world);
	world.minutes(60);
	company().update('customers', String(company().rows('customers')[0]!['id']), { phoneNumber: '+44 1' });
	const account = world.sandbox.crm.rows('account').find((row) => row['name'] === 'Customer 1 & Söhne')!;
	world.sandbox.crm.update('account', String(account['accountid']), { telephone1: '+44 2' });
	const results = await world.run({ mapping: 'CUSTOMER' });
	expect(results.map(({ job }) => job.failed)).toEqual([1, 1]);
	const report = await weeklyReport(world);
	expect(report).toMatchObject({ needsAttention: 1, skipped: 0, failed: 2 });
	expect(report.html).toContain('Records that need someone (1)');
});

test('lists are cut to the rows asked for, the totals count all', async () => {
	company().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
	company().seed(
		'customers',
		Array.from({ length: 12 }, (_, index) => ({
			number: `F${index}`,
			displayName: `Failing ${index}`,
			type: 'Company',
			salespersonCode: 'JO',
			blocked: '_x0020_',
		})),
	);
	await run(world);
	const report = await weeklyReport(world, { rows: 5 });
	expect(report.needsAttention).toBe(12);
	expect(report.html.match(/<bdi>F\d+ Failing/g)).toHaveLength(5);
	expect(report.html).toContain('7 more are not listed here');
	expect(report.summary).toContain('and 7 more');
});

test('a period without runs says so', async () => {
	expect((await weeklyReport(world)).html).toContain('Nothing ran in this period.');
});

test('a report reads the store only', async () => {
	seedCustomers(world, 1);
	await run(world);
	world.takeRequests();
	await weeklyReport(world);
	expect(world.takeRequests()).toEqual([]);
});

test('a mapping that cannot run needs someone, by name and in the headline, until it runs again or is switched off', async () => {
	seedCustomers(world, 1);
	await run(world);
	world.minutes(30);
	const refuse = () => world.sandbox.faults.add({ system: 'crm', times: 500, fault: { kind: 'answer', status: 403 } });
	refuse();
	const jobs = await world.run({ mapping: 'CUSTOMER' });
	expect(jobs.map(({ job }) => job.status)).toEqual(['failed']);
	const report = await weeklyReport(world);
	expect(report).toMatchObject({ needsAttention: 1, mappingsFailing: ['CUSTOMER'] });
	expect(report.html).toContain('1 table mapping cannot run: Customers – accounts.');
	expect(report.summary).toMatch(/Customers – accounts cannot run: .*403/);
	world.sandbox.faults.clear();
	world.minutes(30);
	await world.run({ mapping: 'CUSTOMER' });
	expect(await weeklyReport(world)).toMatchObject({ needsAttention: 0, mappingsFailing: [] });
	refuse();
	world.minutes(30);
	await world.run({ mapping: 'CUSTOMER' });
	const session = await world.open();
	await session.store.saveSettings('CUSTOMER', { enabled: false });
	await session.store.close();
	expect(await weeklyReport(world)).toMatchObject({ needsAttention: 0, mappingsFailing: [] });
});
