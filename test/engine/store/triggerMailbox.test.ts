import { openPostgresMailbox, openSqliteMailbox } from '../../../engine';
import type { TriggerSubscription } from '../../../engine/model/trigger';
import type { TriggerMailbox } from '../../../engine/ports/triggerMailbox';
import type { PostgresSettings } from '../../../engine/store/openStore';
import { type Place, postgres, sqliteFile } from './stores';

const NOON = Date.parse('2026-03-07T12:00:00Z');
const clock = { now: () => NOON, sleep: () => Promise.resolve() };
const TRIGGER = 'n8n-1/12/node-1';

const row: TriggerSubscription = {
	trigger: TRIGGER,
	...{ side: 'businessCentral', resource: '/api/v2.0/companies(1)/customers', mapping: 'CUSTOMER', remoteId: 'a', etag: 'b' },
	...{ url: 'https://n8n.example', secretHash: 'c', expiresMs: NOON, handshakeUntilMs: null, lastToldMs: null, lastError: null },
};

describe.each<[string, () => Promise<Place>, (place: object) => Promise<TriggerMailbox>]>([
	['SQLite', sqliteFile, (place) => openSqliteMailbox({ ...(place as { file: string }), trigger: TRIGGER })],
	['PostgreSQL', postgres, (place) => openPostgresMailbox({ ...(place as PostgresSettings), trigger: TRIGGER })],
])('%s', (_name, make, openMailbox) => {
	let place: Place;
	beforeAll(async () => void (place = await make()));
	afterAll(() => place.remove());

	test('requests find the subscriptions by the trigger alone, and note what was told while somebody else changes the rest', async () => {
		const store = await place.open({ clock });
		const mailbox = await openMailbox(place.describe());
		expect(await mailbox.subscriptions()).toEqual([]);
		await store.saveSubscription(row);
		await store.saveSubscription({ ...row, trigger: 'n8n-1/12/node-2' });
		const found = await mailbox.subscriptions();
		expect(found).toEqual([row]);
		await store.saveSubscription({ ...row, remoteId: 'renewed' });
		const signal = { mapping: 'CUSTOMER', side: 'businessCentral' as const, count: 1, firstMs: NOON, lastMs: NOON };
		for (let times = 0; times < 3; times++) await mailbox.note([{ ...signal, lastMs: NOON + times }], found, NOON + times);
		expect(await store.signals(TRIGGER)).toEqual([{ ...signal, count: 3, lastMs: NOON + 2 }]);
		expect(await store.subscriptions(TRIGGER)).toEqual([{ ...row, remoteId: 'renewed', lastToldMs: NOON + 2 }]);
		expect(await store.subscriptions('n8n-1/12/node-2')).toMatchObject([{ lastToldMs: null }]);
		await mailbox.close();
		await store.close();
	});
});
