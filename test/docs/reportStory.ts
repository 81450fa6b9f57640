import { renderReport, runFullSync, synchronizeAll, type Report } from '../../engine';
import { mappingCatalog } from '../../engine/defaults/catalog';
import { seedCustomers } from '../kit/customers';
import type { World } from '../kit/world';

const HOUR = 60;

/**
 * A week in which most things go well: a first synchronization, edits, a settled conflict, records that need someone, a service out of
 * order.
 * @param only table mappings that are on; default all
 */
export async function playWeek(world: World, only?: readonly string[]): Promise<void> {
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	seedCustomers(world, 240);
	const names = ['Adatum Corporation', 'Trey Research', 'School of Fine Art', 'Alpine Ski House', 'Relecloud', 'Fabrikam & Söhne'];
	company.rows('customers').forEach((row, index) => {
		if (names[index]) company.update('customers', String(row['id']), { displayName: names[index] });
	});
	company.seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
	const within = async (work: (session: Awaited<ReturnType<World['open']>>) => Promise<unknown>): Promise<void> => {
		const session = await world.open();
		await work(session).finally(() => session.store.close());
	};
	const editCustomer = (index: number, values: Record<string, string>) =>
		company.update('customers', String(company.rows('customers')[index]!['id']), values);
	const editAccount = (name: string, values: Record<string, string>) => {
		const row = world.sandbox.crm.rows('account').find((each) => each['name'] === name);
		if (row) world.sandbox.crm.update('account', String(row['accountid']), values);
	};
	if (only)
		await within(async ({ store }) => {
			for (const { name } of mappingCatalog()) await store.saveSettings(name, { enabled: only.includes(name) });
		});
	await within((session) => runFullSync(session, { afterwards: 'allowCreate' }));
	for (let hour = 2; hour <= 7 * 24; hour += 2) {
		world.minutes(2 * HOUR);
		const atWork = hour % 24 >= 8 && hour % 24 <= 18;
		const edits = atWork ? (hour * 7) % 23 : 0;
		for (let index = 0; index < edits; index++) editCustomer(20 + ((hour * 13 + index * 5) % 200), { phoneNumber: `+44 20 79${hour}${index}` });
		if (hour === 34) {
			editCustomer(0, { email: 'accounts@adatum.example' });
			editAccount('Adatum Corporation', { emailaddress1: 'billing@adatum.example' });
		}
		const strategy = hour === 34 ? { conflict: 'newest' as const } : {};
		if (hour === 60) world.sandbox.faults.add({ system: 'crm', url: /accounts/, times: 30, fault: { kind: 'answer', status: 403 } });
		if (hour === 130) editCustomer(3, { salespersonCode: 'JO' });
		if (hour === 150) {
			editCustomer(1, { phoneNumber: '+44 1632 960111' });
			editAccount('Trey Research', { telephone1: '+44 1632 960222' });
		}
		if (hour >= 166) {
			editCustomer(4, { city: 'Bath', addressLine1: '1 Circus' });
			editAccount('Relecloud', { address1_city: 'Wells' });
		}
		await within((session) => synchronizeAll(session, strategy));
		world.sandbox.faults.clear();
	}
}

/** The report of the last seven days. */
export async function weeklyReport(world: World, change: { title?: string; rows?: number; intervalMinutes?: number } = {}): Promise<Report> {
	const session = await world.open();
	const now = new Date(world.clock.now()).toISOString();
	try {
		return await renderReport({
			store: session.store,
			from: new Date(world.clock.now() - 7 * 24 * HOUR * 60_000).toISOString(),
			...{ to: now, now, timeZone: 'Europe/London', title: 'Synchronization report' },
			mappings: new Map(mappingCatalog().map(({ name, caption }) => [name, caption])),
			...change,
		});
	} finally {
		await session.store.close();
	}
}
