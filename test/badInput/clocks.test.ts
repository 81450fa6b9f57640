import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synchronizeMapping } from '../../engine';
import type { Clock } from '../../engine/ports/clock';
import { openSqliteStore } from '../../engine/store/openStore';
import type { SyncStore } from '../../engine/ports/syncStore';
import { countCouplings, disagreements, seedCustomers } from '../kit/customers';
import { createWorld, type World } from '../kit/world';
import { clocks } from './clocks';
import { outcomeOf } from './verdict';
import type { JobResult } from '../../engine/jobs/jobResult';

const CUSTOMERS = 40;
let world: World;
let folder: string;
/** How far the clock of n8n's machine is from that of the services. */
let shift: number;

beforeEach(async () => {
	shift = 0;
	folder = mkdtempSync(join(tmpdir(), 'sync-clocks-'));
	world = await createWorld({
		store: (connection, clock) => openSqliteStore({ file: join(folder, 'state.sqlite'), connection, clock: shifted(clock) }),
	});
});
afterEach(async () => {
	await world.close();
	rmSync(folder, { recursive: true, force: true });
});

const shifted = (clock: Clock): Clock => ({ now: () => clock.now() + shift, sleep: clock.sleep });
const company = () => world.sandbox.businessCentral.company(world.base.companyName);

/** `between`: called after each page that was recorded. */
async function run(between: () => void = () => undefined): Promise<JobResult[]> {
	const session = await world.open();
	const commit: SyncStore['commit'] = async (...parameters) => {
		await session.store.commit(...parameters);
		between();
	};
	const store = new Proxy(session.store, { get: (target, name) => (name === 'commit' ? commit : Reflect.get(target, name)) });
	try {
		return await synchronizeMapping(
			{ ...session, store, clock: shifted(session.clock) },
			{ mapping: 'CUSTOMER', createUncoupled: true, pageSize: 10 },
		);
	} finally {
		await session.store.close();
	}
}

async function editBoth(round: number): Promise<void> {
	for (const row of company().rows('customers').slice(0, 5)) company().update('customers', String(row['id']), { city: `City ${round}` });
	for (const row of world.sandbox.crm.rows('account').slice(10, 15))
		world.sandbox.crm.update('account', String(row['accountid']), { address1_line2: `Floor ${round}` });
}

test.each(clocks.cases)('$what', async ({ jump, skew }) => {
	Object.assign(world.sandbox.clock.skew, skew);
	seedCustomers(world, CUSTOMERS);
	let left = 3;
	const inTheMiddle = (): void => {
		if (jump?.when === 'in the middle of a run' && --left === 0) shift += jump.by;
	};
	await run(inTheMiddle);
	if (jump) expect(left <= 0 || jump.when === 'between two runs').toBe(true);
	for (let round = 1; round <= 2; round++) {
		world.minutes(30);
		if (jump?.when === 'between two runs' && round === 1) shift += jump.by;
		await editBoth(round);
		world.minutes(30);
		expect(await outcomeOf(run())).toBeNull();
		expect(world.sandbox.crm.rows('account')).toHaveLength(CUSTOMERS);
		expect(company().rows('customers')).toHaveLength(CUSTOMERS);
		expect(await countCouplings(world)).toBe(CUSTOMERS);
		expect(await disagreements(world)).toEqual([]);
	}
	expect(
		company()
			.rows('customers')
			.filter((row) => row['addressLine2'] === 'Floor 2'),
	).toHaveLength(5);
});
