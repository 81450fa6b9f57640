import type { ConnectionIdentity } from '../../../engine/store/openStore';
import type { SyncStore } from '../../../engine/ports/syncStore';
import type { KnownSystems } from '../../../engine/model/knownSystems';
import { bcId, CONNECTION, coupling, crmId, ManualClock } from './samples';
import { postgres, sqliteFile, type Place } from './stores';

const TENANT = '7f0c3a52-6d1e-4b8a-9c2f-1e5d7a3b9c40';
const ONLINE = 'https://api.businesscentral.dynamics.com/v2.0';
const known: KnownSystems = { businessCentral: `${TENANT}/production`, crm: '0a1b2c3d-0000-4000-8000-00000000000c' };

const spelled = (bc: string, crm = 'https://contoso.crm4.dynamics.com', systems?: KnownSystems): ConnectionIdentity => ({
	...CONNECTION,
	bcAddress: `${ONLINE}/${bc}/api/v2.0`,
	crmAddress: crm,
	...(systems ? { systems } : {}),
	tenantOf: async (domain) => (domain === 'cronus.example' ? TENANT : null),
});
const byDomain = spelled('cronus.example/Production');
const byGuid = spelled(`${TENANT}/Production`);

describe.each(['sqlite', 'postgres'] as const)('one connection under several spellings, %s', (dialect) => {
	const clock = new ManualClock();
	let place: Place;
	beforeEach(async () => {
		place = dialect === 'sqlite' ? await sqliteFile() : await postgres();
	});
	afterEach(() => place.remove());

	const open = (connection: ConnectionIdentity): Promise<SyncStore> => {
		clock.advance(60_000);
		return place.open({ connection, clock });
	};
	const fill = async (connection: ConnectionIdentity, ...numbers: number[]): Promise<void> => {
		const store = await open(connection);
		await store.commit({ couplings: numbers.map((n) => coupling(n)), watermark: mark(numbers[0]!) });
		await store.close();
	};
	const mark = (hour: number) => ({ mapping: 'CUSTOMER', side: 'crm' as const, stamp: `2026-03-01T0${hour}:00:00Z` });
	const couplingsOf = async (connection: ConnectionIdentity): Promise<number> => {
		const store = await open(connection);
		const count = await store.countCouplings();
		await store.close();
		return count;
	};

	it('a domain or a GUID, api. or not, capitals, slashes: what the systems say decides', async () => {
		await fill({ ...byDomain, systems: known }, 1, 2, 3);
		for (const spelling of [
			byGuid,
			spelled(`${TENANT.toUpperCase()}/PRODUCTION`),
			spelled('cronus.example/production', 'https://CONTOSO.api.crm4.dynamics.com/'),
			spelled('production'),
		]) {
			expect(await couplingsOf({ ...spelling, systems: known })).toBe(3);
			// Once it was met, the spelling alone leads there: also while a service does not tell who it is.
			expect(await couplingsOf(spelling)).toBe(3);
		}
	});

	it('another environment, another organization, another company are other connections', async () => {
		await fill({ ...byGuid, systems: known }, 1);
		expect(await couplingsOf({ ...spelled(`${TENANT}/Sandbox`), systems: { ...known, businessCentral: `${TENANT}/sandbox` } })).toBe(0);
		expect(await couplingsOf({ ...byGuid, systems: known, companyId: '0e4b5a3e-0000-4000-8000-000000000002' })).toBe(0);
		// An environment that took the place of another one under the same address.
		const copy = { ...known, crm: '0a1b2c3d-0000-4000-8000-00000000000d' };
		expect(await couplingsOf({ ...byGuid, systems: copy })).toBe(0);
		expect(await couplingsOf({ ...byGuid, systems: known })).toBe(1);
	});

	it('a connection that an earlier version left behind is moved over, also when nobody spells it so any more', async () => {
		await fill(byDomain, 1, 2);
		const store = await open({ ...byGuid, systems: known });
		expect(await store.countCouplings()).toBe(2);
		expect(await store.watermark('CUSTOMER', 'crm')).toBe('2026-03-01T01:00:00Z');
		await store.close();
		expect(await couplingsOf(byDomain)).toBe(2);
	});

	it('notes that call it by an earlier id are still its own', async () => {
		const before = await open(byGuid);
		await before.close();
		const after = await open({ ...byGuid, systems: known });
		expect(after.connectionId).not.toBe(before.connectionId);
		expect(after.knownAs).toEqual([after.connectionId, before.connectionId]);
		await after.close();
	});

	it('two spellings with couplings become one: each couple once, the later baseline, the earlier watermark', async () => {
		await fill(byDomain, 2, 3);
		await fill(byGuid, 5, 6);
		const late = await open(byGuid);
		const synced = { lastSyncedAt: '2026-03-01T12:30:00.000Z', baseline: { name: ['late', 'late'] as const } };
		await late.commit({ couplings: [coupling(3, synced)] });
		await late.close();
		const store = await open({ ...byGuid, systems: known });
		expect(await store.countCouplings('CUSTOMER')).toBe(4);
		expect((await store.couplingsOf('CUSTOMER', 'businessCentral', [bcId(3)])).get(bcId(3))?.baseline).toEqual({ name: ['late', 'late'] });
		expect(await store.watermark('CUSTOMER', 'crm')).toBe('2026-03-01T02:00:00Z');
		await store.close();
		expect(await couplingsOf(byDomain)).toBe(4);
	});

	it('one that knows its records by their keys and one that knows them by their SystemIds become one that knows them by their keys', async () => {
		const keyed = await open(byDomain);
		await keyed.commit({ couplings: [coupling(1, { bcId: 'r1' }), coupling(2, { bcId: 'r2' })] });
		await keyed.close();
		const moved = await open(byGuid);
		await moved.commit({ couplings: [coupling(2, { bcId: 'r2' }), coupling(3, { bcId: 'r3' })] });
		await moved.noteKeys('ResourceCard', [2, 3].map((n) => ({ id: bcId(n), key: `r${n}` }))); // prettier-ignore
		const lease = (await moved.acquireLease('CUSTOMER', 'run', 60_000))!;
		await moved.moveIdentity({ mapping: 'CUSTOMER', table: 'ResourceCard', to: 'systemId' }, lease);
		await moved.releaseLease(lease);
		expect((await moved.couplingsOf('CUSTOMER', 'businessCentral', [2, 3].map(bcId))).size).toBe(2);
		await moved.close();
		const store = await open({ ...byGuid, systems: known });
		expect((await store.findCouplings({ mapping: 'CUSTOMER', limit: 10 })).rows.map((row) => `${row.bcId} ${row.crmId}`).sort()).toEqual(
			[1, 2, 3].map((n) => `r${n} ${crmId(n)}`),
		);
		expect([await store.identities(), await store.idOfKey('ResourceCard', 'r3')]).toEqual([new Set(), bcId(3)]);
		await store.close();
	});

	it('two that contradict each other stop with an error that names both, and nothing is changed; a person decides', async () => {
		await fill(byDomain, 1, 2);
		const other = await open(byGuid);
		await other.commit({ couplings: [coupling(1, { crmId: crmId(9) }), coupling(4)] });
		await other.close();
		const refused = await open({ ...byGuid, systems: known }).catch((error: unknown) => error);
		expect(refused).toMatchObject({ code: 'CONNECTION_DOUBLED', errorClass: 'setup' });
		const { message, hint } = refused as { message: string; hint: string };
		expect(message).toContain(byDomain.bcAddress);
		expect(message).toContain(byGuid.bcAddress);
		expect(message).toContain(`CUSTOMER N1 Customer 1 is coupled with`);
		expect(hint).toContain('Settle Doubled State');
		expect([await couplingsOf(byDomain), await couplingsOf(byGuid)]).toEqual([2, 2]);

		const store = await open({ ...byGuid, systems: known, doubled: 'usedBefore' });
		const kept = await store.couplingsOf('CUSTOMER', 'businessCentral', [1, 2, 4].map(bcId));
		// byGuid was opened last, so byDomain counts.
		expect([...kept.values()].map(({ crmId: id }) => id).sort()).toEqual([1, 2, 4].map(crmId));
		await store.close();
	});

	it('settings that differ are a contradiction, too', async () => {
		for (const [connection, direction] of [
			[byDomain, 'toCrm'],
			[byGuid, 'fromCrm'],
		] as const) {
			const store = await open(connection);
			await store.saveSettings('CUSTOMER', { direction });
			await store.close();
		}
		await expect(open({ ...byGuid, systems: known })).rejects.toMatchObject({
			code: 'CONNECTION_DOUBLED',
			message: expect.stringContaining('the settings of CUSTOMER differ') as unknown,
		});
	});

	it('a run under the other spelling is not pulled from under its feet', async () => {
		await fill(byGuid, 1);
		const running = await open(byDomain);
		const lease = (await running.acquireLease('CUSTOMER', 'somebody', 60 * 60_000))!;
		await expect(open({ ...byGuid, systems: known })).rejects.toMatchObject({ code: 'CONNECTION_BUSY', errorClass: 'transient' });
		await running.commit({ couplings: [coupling(2)] }, lease);
		await running.releaseLease(lease);
		await running.close();
		expect(await couplingsOf({ ...byGuid, systems: known })).toBe(2);
	});

	it('two processes at once move it once', async () => {
		await fill(byDomain, 1, 2);
		await fill(byGuid, 3);
		const connection = { ...byGuid, systems: known };
		const [one, two] = await Promise.all([place.open({ connection, clock }), place.openElsewhere({ connection, clock })]);
		expect([await one.countCouplings(), await two.countCouplings()]).toEqual([3, 3]);
		expect(one.connectionId).toBe(two.connectionId);
		await Promise.all([one.close(), two.close()]);
	});
});
