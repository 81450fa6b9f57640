import type { Coupling } from '../../engine/model/coupling';
import { newCoupling } from '../../engine/model/coupling';
import type { SystemRecord } from '../../engine/model/record';
import { findMapping, loadMappings } from '../../engine/defaults/catalog';
import type { SyncSession } from '../../engine/ports/session';
import { createScene, type Scene } from '../scenarios/deletions/scene';

const BEFORE = '2026-01-01T08:00:00Z';
const STAMP = '2026-01-01T07:00:00Z';

jest.setTimeout(300_000);

let scene: Scene;
beforeEach(async () => {
	scene = await createScene(2);
	await scene.settings({ onlyCoupled: false });
});
afterEach(() => scene.world.close());

const run = (more: object = {}) => scene.world.run({ mapping: 'CUSTOMER', ...more });
const company = () => scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
/** Pages of the comparison of Business Central since the last call. */
const pages = () => scene.world.takeRequests().filter(({ path }) => /select=id,lastModifiedDateTime(&|$)/.test(path)).length;

const guid = (block: number, index: number): string =>
	`${String(block).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`;
const customers = (count: number) =>
	Array.from({ length: count }, (_, index) => ({
		...{ id: guid(71, index), number: `M${index}`, displayName: `Customer ${index}`, type: 'Company', blocked: '_x0020_' },
		lastModifiedDateTime: STAMP,
	}));

async function withSession<T>(use: (session: SyncSession) => Promise<T>): Promise<T> {
	const session = await scene.world.open();
	try {
		return await use(session);
	} finally {
		await session.store.close();
	}
}

async function versions(session: SyncSession, side: 'businessCentral' | 'crm'): Promise<Map<string, SystemRecord>> {
	const mapping = findMapping(await loadMappings(session), 'CUSTOMER');
	const found = new Map<string, SystemRecord>();
	let from: string | null = null;
	do {
		const page = await session[side].readVersions({ table: side === 'crm' ? mapping.crm : mapping.bc, fields: [], filter: null, from });
		for (const record of page.records) found.set(record.id, record);
		from = page.next;
	} while (from !== null);
	return found;
}

test('both sides of 40,000 couples are compared in a request for 20,000 customers and one for 5,000 accounts, and what was overlooked or deleted is found among them', async () => {
	const count = 40_000;
	const pattern = scene.account(0)!;
	company().seed('customers', customers(count));
	const rows = Array.from({ length: count }, (_, index) => ({ ...pattern, accountid: guid(72, index), name: `Customer ${index}`, modifiedon: STAMP })); // prettier-ignore
	scene.world.sandbox.crm.seed('account', rows as never);
	await withSession(async (session) => {
		// As compared with the mapping's fields of today.
		const fieldSet = (await session.store.fieldSets('CUSTOMER')).current!;
		const [bc, crm] = [await versions(session, 'businessCentral'), await versions(session, 'crm')];
		const couplings = Array.from({ length: count }, (_, index): Coupling => ({
			...newCoupling('CUSTOMER', { bcId: guid(71, index), crmId: guid(72, index) }, null, BEFORE),
			...{ bcVersion: bc.get(guid(71, index))!.version, crmVersion: crm.get(guid(72, index))!.version },
			...{ baseline: {}, lastSyncedAt: BEFORE, fieldSet },
		}));
		for (let start = 0; start < count; start += 5_000) await session.store.commit({ couplings: couplings.slice(start, start + 5_000) });
	});
	scene.world.takeRequests();
	await run({ findDeleted: 'off' });
	const quiet = scene.world.takeRequests().length;
	const still = await run({ findDeleted: 'now' });
	expect(still.flatMap(({ warnings }) => warnings)).toEqual([]);
	expect(scene.world.takeRequests().length - quiet).toBeLessThanOrEqual(3 + 9);

	company().seed('customers', [{ ...customers(3)[2], phoneNumber: '4711' }]);
	company().remove('customers', guid(71, 37_777));
	scene.world.sandbox.crm.remove('account', guid(72, 28_888));
	const results = await run({ findDeleted: 'now', conflict: 'send' });
	expect(scene.world.sandbox.crm.row('account', guid(72, 2))!['telephone1']).toBe('4711');
	expect(results.flatMap(({ warnings }) => warnings)).toEqual([expect.stringContaining('Business Central: 1 record was changed')]);
	expect((await scene.failures()).map(({ sourceId }) => sourceId).sort()).toEqual([guid(71, 28_888), guid(72, 37_777)]);
});

test('a table of more than 200,000 rows is compared in several runs, page after page, and only then again after a day', async () => {
	await run();
	company().seed('customers', customers(201_000));
	scene.world.minutes(24 * 60 + 1);
	scene.world.takeRequests();
	await run({ createUncoupled: false });
	const first = pages();
	await run({ createUncoupled: false });
	const second = pages();
	await run({ createUncoupled: false });
	expect([first, second, pages()]).toEqual([10, 1, 0]);
});
