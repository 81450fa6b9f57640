import { runFullSync } from '../../../engine';
import type { DeletionStrategy } from '../../../engine/model/tableMapping';
import { createWorld, type World } from '../../kit/world';

let world: World;
beforeEach(async () => (world = await createWorld()));
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const crm = () => world.sandbox.crm;
const STRATEGIES: readonly DeletionStrategy[] = ['none', 'restore', 'removeCoupling', 'deleteOther'];
const use = async <T>(work: (session: Awaited<ReturnType<World['open']>>) => Promise<T>): Promise<T> => {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
};

interface Kind {
	mapping: string;
	set: string;
	table: string;
	/** How the number travels, where the mapping has a field for it that is off. */
	numbered?: boolean;
	make(index: number): Record<string, string | number>;
	name: string;
}
const KINDS: readonly Kind[] = [
	{ mapping: 'CUSTOMER', set: 'customers', table: 'account', name: 'displayName', make: (index) => ({ number: `C${index}`, displayName: `Customer ${index}`, city: 'London' }) },
	{ mapping: 'CUSTOMER', set: 'customers', table: 'account', name: 'displayName', numbered: true, make: (index) => ({ number: `C${index}`, displayName: `Customer ${index}`, city: 'London' }) },
	{ mapping: 'VENDOR', set: 'vendors', table: 'account', name: 'displayName', make: (index) => ({ number: `V${index}`, displayName: `Vendor ${index}`, city: 'London' }) },
	{ mapping: 'ITEM-PRODUCT', set: 'items', table: 'product', name: 'displayName', make: (index) => ({ number: `I${index}`, displayName: `Item ${index}`, baseUnitOfMeasureCode: 'PCS' }) },
]; // prettier-ignore

const COUNT = 4;
const names = (kind: Kind) => ({
	businessCentral: company().rows(kind.set).map((row) => String(row[kind.name])).sort(),
	crm: crm().rows(kind.table).map((row) => String(row['name'])).sort(),
}); // prettier-ignore
const pairs = (kind: Kind) => use(async ({ store }) => (await store.findCouplings({ mapping: kind.mapping, limit: 100 })).rows);

async function synchronized(kind: Kind): Promise<void> {
	if (kind.numbered) await use(({ store }) => store.saveSettings(kind.mapping, { fields: { accountnumber: { enabled: true } } }));
	if (kind.set === 'items') {
		company().insert('unitsOfMeasure', { code: 'PCS', displayName: 'Piece' });
		await use((session) => runFullSync(session, { mappings: ['UNIT OF MEASURE', 'ITEM UOM', 'UNIT GROUP'].filter((name) => name !== ''), ignoreDependencies: true, afterwards: 'keep' }).catch(() => []));
	}
	for (let index = 1; index <= COUNT; index++) company().insert(kind.set, kind.make(index));
	await world.run({ mapping: kind.mapping, createUncoupled: true, pullDependencies: 'create' });
	expect(await pairs(kind)).toHaveLength(COUNT);
	world.minutes(30);
} // prettier-ignore

/** All records are deleted and imported again under their numbers: other ids, the same numbers and names, and one value edited. */
function imported(kind: Kind): void {
	for (const row of company().rows(kind.set)) company().remove(kind.set, String(row['id']));
	for (let index = 1; index <= COUNT; index++) company().insert(kind.set, kind.make(index));
}

describe.each(KINDS)('$mapping (numbers travel: $numbered): deleted and imported again under their numbers', (kind) => {
	test.each(
		STRATEGIES.flatMap((deletion) =>
			(['now', 'off'] as const).flatMap((findDeleted) =>
				(['both', 'toCrm', 'fromCrm'] as const).map((direction) => ({ deletion, findDeleted, direction })),
			),
		),
	)('strategy $deletion, search for deletions $findDeleted, direction $direction first: no second record on either side', async ({ deletion, findDeleted, direction }) => {
		await synchronized(kind);
		imported(kind);
		world.minutes(1);
		const before = names(kind);
		const rows = crm().rows(kind.table).map((row) => row[`${kind.table}id`]).sort(); // prettier-ignore
		const run = (more = {}) => world.run({ mapping: kind.mapping, createUncoupled: true, deletion, findDeleted, allowMassChanges: true, ...more });
		const all = [...(await run(direction === 'both' ? {} : { direction }))];
		for (let more = 0; more < 3; more++) {
			world.minutes(20);
			all.push(...(await run({ findDeleted: 'now' })));
		}
		const after = names(kind);
		const label = JSON.stringify({ deletion, findDeleted, direction, codes: all.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode)) });
		expect([label, new Set(after.crm).size]).toEqual([label, after.crm.length]);
		expect([label, after.businessCentral]).toEqual([label, before.businessCentral]);
		const coupled = await pairs(kind);
		const told = all.flatMap(({ failed }) => failed);
		// Each new record has its row, or a failure says what is in the way.
		const open = COUNT - coupled.filter(({ bcId }) => company().get(kind.set, bcId) !== undefined).length;
		expect([label, open === 0 || told.length > 0]).toEqual([label, true]);
		expect([label, after.crm]).toEqual([label, before.crm]);
		// Nothing was deleted for it: the rows of the gone records go on.
		expect([label, crm().rows(kind.table).map((row) => row[`${kind.table}id`]).sort()]).toEqual([label, rows]);
	}); // prettier-ignore

	test.each(STRATEGIES)('strategy %s: a full synchronization makes no second record either', async (deletion) => {
		await synchronized(kind);
		await use(async ({ store }) => {
			const settings = (await store.settings()).get(kind.mapping);
			await store.saveSettings(kind.mapping, { ...settings, deletion });
		});
		imported(kind);
		world.minutes(1);
		const before = names(kind);
		for (let more = 0; more < 2; more++) {
			await use((session) =>
				runFullSync(session, { mappings: [kind.mapping], ignoreDependencies: true, afterwards: 'keep', allowMassChanges: true }),
			);
			world.minutes(20);
		}
		const after = names(kind);
		expect(new Set(after.crm).size).toBe(after.crm.length);
		expect(after.businessCentral).toEqual(before.businessCentral);
	});
});

describe.each(KINDS.filter(({ numbered, set }) => numbered || set === 'items'))('$mapping: rows of CRM deleted and imported again under their numbers', (kind) => {
	test.each(STRATEGIES.flatMap((deletion) => (['both', 'fromCrm'] as const).map((direction) => ({ deletion, direction }))))(
		'strategy $deletion, direction $direction first: no second record on either side, nothing deleted',
		async ({ deletion, direction }) => {
			await synchronized(kind);
			const rows = crm().rows(kind.table);
			const ids = company().rows(kind.set).map(({ id }) => id); // prettier-ignore
			for (const row of rows) crm().remove(kind.table, String(row[`${kind.table}id`]));
			world.minutes(1);
			for (const { [`${kind.table}id`]: _, createdon: _created, ...row } of rows) crm().seed(kind.table, [{ ...(row as Record<string, string>), bcbi_companyid: null }]);
			const run = (more = {}) => world.run({ mapping: kind.mapping, createUncoupled: true, deletion, findDeleted: 'now', allowMassChanges: true, ...more });
			const all = await run(direction === 'both' ? {} : { direction });
			for (let more = 0; more < 3; more++) {
				world.minutes(20);
				all.push(...(await run()));
			}
			const label = JSON.stringify(all.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode)));
			expect([label, crm().rows(kind.table).length]).toEqual([label, COUNT]);
			expect([label, company().rows(kind.set).map(({ id }) => id)]).toEqual([label, ids]);
			const coupled = (await pairs(kind)).filter(({ crmId }) => crm().row(kind.table, crmId) !== undefined).length;
			expect([label, coupled === COUNT || all.some(({ job }) => job.failed > 0)]).toEqual([label, true]);
		},
	);
}); // prettier-ignore
