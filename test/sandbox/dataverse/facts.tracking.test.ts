import { silentContext } from '../../../sandbox/core/context';
import { environment } from './client';

const track = { prefer: 'odata.track-changes' };

async function all(world: ReturnType<typeof environment>, from: string, prefer = track) {
	const value: Array<Record<string, unknown>> = [];
	let next: string | undefined = from;
	let delta = '';
	while (next) {
		const { json } = await world.get(next, prefer);
		value.push(...json.value);
		next = json['@odata.nextLink'] as string | undefined;
		delta = String(json['@odata.deltaLink'] ?? '');
	}
	return { value, delta };
}

describe('Dataverse: change tracking', () => {
	test('the last page carries the delta link; following it gives changes in version order, then deletions, then a new link', async () => {
		const world = environment();
		const { crm } = world;
		const [a, b, c] = crm.seed('account', [{ name: 'A' }, { name: 'B' }, { name: 'C' }]);
		const first = await all(world, 'accounts?$select=name');
		expect(first.value).toHaveLength(3);
		expect(decodeURIComponent(first.delta)).toMatch(/\$deltatoken=\d+!01\/15\/2026 12:00:00$/);
		crm.update('account', c!, { name: 'C2' });
		crm.update('account', a!, { name: 'A2' });
		const d = crm.insert('account', { name: 'D' });
		crm.remove('account', b!);
		const second = await all(world, first.delta);
		expect(second.value.map((row) => row.name ?? row.reason)).toEqual(['C2', 'A2', 'D', 'deleted']);
		expect(second.value[3]).toMatchObject({
			id: b,
			reason: 'deleted',
			'@odata.context': expect.stringContaining('$metadata#accounts/$deletedEntity'),
		});
		expect(second.value[2]).toMatchObject({ accountid: d });
		expect((await all(world, second.delta)).value).toEqual([]);
	});

	test('a row created and deleted in between comes as a deletion of an unknown id', async () => {
		const world = environment();
		const first = await all(world, 'accounts?$select=name');
		const id = world.crm.insert('account', { name: 'A' });
		world.crm.remove('account', id);
		expect((await all(world, first.delta)).value).toMatchObject([{ id, reason: 'deleted' }]);
	});

	test('both the first read and the delta come in pages', async () => {
		const world = environment();
		const small = { prefer: 'odata.track-changes,odata.maxpagesize=4' };
		const ids = world.crm.seed('account', Array.from({ length: 10 }, (_, n) => ({ name: `A${n}` }))); // prettier-ignore
		const first = await all(world, 'accounts?$select=name', small);
		expect(first.value).toHaveLength(10);
		for (const id of ids.slice(0, 6)) world.crm.update('account', id, { name: 'x' });
		for (const id of ids.slice(6)) world.crm.remove('account', id);
		const second = await all(world, first.delta, small);
		expect(second.value.filter((row) => row.reason === 'deleted').map((row) => row.id).sort()).toEqual([...ids.slice(6)].sort()); // prettier-ignore
		expect(second.value.filter((row) => row.name === 'x')).toHaveLength(6);
		expect((await all(world, second.delta)).value).toEqual([]);
	});

	test('changes and deletions since a token can be counted', async () => {
		const world = environment();
		const [a, b] = world.crm.seed('account', [{ name: 'A' }, { name: 'B' }]);
		const first = await all(world, 'accounts?$select=name');
		world.crm.update('account', a!, { name: 'x' });
		world.crm.remove('account', b!);
		expect((await world.get(`accounts/$count?$deltatoken=${first.delta.split('$deltatoken=')[1]}`)).body).toBe('2');
	});

	test.each(['$filter=statecode eq 0', '$orderby=name', '$expand=primarycontactid', '$top=5'])('%s is refused', async (option) => {
		const { get } = environment();
		const answer = await get(`accounts?${option}`, track);
		expect(answer.status).toBe(400);
		expect(answer.message).toContain("query parameter isn't supported when Change Tracking is enabled.");
	});

	test('tokens expire after the days set for the organization', async () => {
		const world = environment();
		const first = await all(world, 'accounts?$select=name');
		world.clock.advance(6 * 86_400_000);
		expect((await world.get(first.delta)).status).toBe(200);
		world.clock.advance(2 * 86_400_000);
		expect(await world.get(first.delta)).toMatchObject({ status: 400, code: '0x80044352' });
	});

	test('a table without change tracking refuses it, and its definition says so', async () => {
		const { get, crm } = environment();
		expect((await get('uoms', track)).status).toBe(400);
		const definition = async () =>
			(await get("EntityDefinitions(LogicalName='uom')?$select=ChangeTrackingEnabled")).json.ChangeTrackingEnabled;
		expect(await definition()).toBe(false);
		crm.setChangeTracking('uom', true);
		expect(await definition()).toBe(true);
		expect((await get('uoms', track)).status).toBe(200);
	});

	test('what a failed change set wrote is no change', async () => {
		const world = environment();
		const [id] = world.crm.seed('account', [{ name: 'A' }]);
		const first = await all(world, 'accounts?$select=name');
		await world.post('accounts/Microsoft.Dynamics.CRM.UpdateMultiple', {
			Targets: [{ '@odata.type': 'Microsoft.Dynamics.CRM.account', accountid: id, name: 'B' }, { '@odata.type': 'Microsoft.Dynamics.CRM.account', accountid: id, nam: 'C' }], // prettier-ignore
		});
		expect((await all(world, first.delta)).value).toEqual([]);
		world.crm.update('account', id!, { name: 'C' });
		expect((await all(world, first.delta)).value).toMatchObject([{ name: 'C' }]);
	});
});

describe('Dataverse: incremental reads without change tracking', () => {
	test('two writes in one second have one modifiedon but two versions', async () => {
		const { crm, clock } = environment();
		const id = crm.insert('account', { name: 'A' });
		const before = crm.get('account', id);
		clock.advance(500);
		crm.update('account', id, { name: 'B' });
		const after = crm.get('account', id);
		expect(after.modifiedon).toBe(before.modifiedon);
		expect(after.versionnumber).not.toBe(before.versionnumber);
	});

	test('the version counter runs across tables', () => {
		const { crm } = environment();
		const account = crm.get('account', crm.insert('account', { name: 'A' }));
		const contact = crm.get('contact', crm.insert('contact', { lastname: 'C' }));
		expect(Number(contact.versionnumber)).toBeGreaterThan(Number(account.versionnumber));
	});

	test('stamps follow the clock of the service, skew included', () => {
		const { crm, clock } = environment();
		clock.skew.crm = -60_000;
		expect(crm.get('account', crm.insert('account', { name: 'A' })).modifiedon).toBe('2026-01-15T11:59:00Z');
	});

	test('versionnumber can be filtered and ordered by', async () => {
		const { crm, get } = environment();
		const first = crm.get('account', crm.insert('account', { name: 'A' }));
		crm.insert('account', { name: 'B' });
		const { json } = await get(
			`accounts?$select=name,versionnumber&$filter=versionnumber gt ${String(first.versionnumber)}&$orderby=versionnumber`,
		);
		expect(json.value.map((row) => row.name)).toEqual(['B']);
	});
});

describe('Dataverse: service protection limits', () => {
	test('too many requests in five minutes: 429 0x80072322 with Retry-After, until the window has moved', async () => {
		const { crm, get, clock } = environment();
		crm.limits.requests = 3;
		for (let n = 0; n < 3; n++) expect((await get('accounts?$top=1')).status).toBe(200);
		const refused = await get('accounts?$top=1');
		expect(refused).toMatchObject({ status: 429, code: '0x80072322' });
		expect(Number(refused.headers['retry-after'])).toBe(300);
		clock.advance(300_000);
		expect((await get('accounts?$top=1')).status).toBe(200);
	});

	test('too much execution time: 429 0x80072321', async () => {
		const { crm, clock, get } = environment();
		crm.limits.executionMs = 1000;
		const context = silentContext(crm.administrator);
		const request = { method: 'GET', url: 'http://crm.sandbox/api/data/v9.2/accounts', headers: {}, body: '' };
		await crm.handle(request, { ...context, beginOperation: async () => (clock.advance(1200), undefined) });
		expect(await get('accounts')).toMatchObject({ status: 429, code: '0x80072321' });
	});

	test('too many at once: 429 0x80072326', async () => {
		const { crm, get } = environment();
		crm.limits.concurrent = 2;
		const answers = await Promise.all([get('accounts'), get('accounts'), get('accounts')]);
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
		expect(answers[2]!.code).toBe('0x80072326');
		expect((await get('accounts')).status).toBe(200);
	});

	test('limits are per user', async () => {
		const { crm, get, as } = environment();
		crm.limits.requests = 1;
		await get('accounts');
		expect((await get('accounts')).status).toBe(429);
		as(crm.addUser({ lastname: 'Other' }));
		expect((await get('accounts')).status).toBe(200);
	});
});
