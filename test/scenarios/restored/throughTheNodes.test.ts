/** A person meets the stop in a scheduled workflow, looks at the preview, and goes on. */
import { SyncMapping } from '../../../nodes/SyncMapping/SyncMapping.node';
import { forgetKnownSystems } from '../../../nodes/shared/knownSystems';
import { by } from '../../kit/n8nLocalSystems';
import { CUSTOMERS, jobsOf, openOffice, type Office } from '../lostState/kit';

let office: Office;
beforeEach(async () => {
	forgetKnownSystems();
	office = await openOffice();
	await office.schedule();
});
afterEach(() => office.close());

const settle = (restoredWay: string, preview: boolean) =>
	office.run(SyncMapping, { operation: 'settleRestored', mapping: by('name', 'CUSTOMER'), restoredWay, preview });

test.each(['sendAgain', 'accept'] as const)('%s: stop, preview, settled, and schedules go on', async (way) => {
	const { sandbox, base } = office.systems;
	const old = office.phones().accounts;
	const kept = sandbox.crm.snapshot();
	await new Promise((resolve) => setTimeout(resolve, 200));
	const company = sandbox.businessCentral.company(base.companyName);
	for (const [index, row] of company.rows('customers').entries())
		company.update('customers', String(row['id']), { phoneNumber: `new ${index}` });
	await office.schedule();
	const current = office.phones().accounts;
	sandbox.crm.restore(kept);

	const stopped = await office.schedule();
	expect(`${stopped.error?.message} ${stopped.error?.description}`).toMatch(/^CRM seems.*Settle Restored System.*\(RESTORED\)/s);
	expect(office.phones().customers).toEqual(current);

	const preview = await settle(way, true);
	const announced = preview.json[0]!.flatMap((job) => (job['changes'] as unknown[] | undefined) ?? []);
	expect(announced).toHaveLength(CUSTOMERS);
	expect(office.phones()).toEqual({ customers: current, accounts: old });

	const settled = await settle(way, false);
	expect(settled.error).toBeUndefined();
	expect(settled.json[1]).toEqual([]);
	const wanted = way === 'sendAgain' ? current : old;
	expect(office.phones()).toEqual({ customers: wanted, accounts: wanted });
	expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M0 F0 finished', 'fromCrm I0 M0 F0 finished']);
});
