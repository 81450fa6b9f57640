import type { Transport } from '../../../engine/systems/odata/transport';
import { counters, createScene, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await createScene(4);
});
afterEach(() => scene.world.close());

const run = (more: object = {}, options = {}) => scene.world.run({ mapping: 'CUSTOMER', ...more }, options);
const failed = (results: Awaited<ReturnType<typeof run>>) => results.map(({ job }) => job.failed);

describe('when', () => {
	test('once a day, counted from the first run, unless the mapping says otherwise', async () => {
		scene.deleteAccounts(0);
		scene.world.minutes(1000);
		expect(failed(await run())).toEqual([0, 0]);
		scene.world.minutes(500);
		expect(failed(await run())).toEqual([1, 0]);
		scene.deleteAccounts(1);
		scene.world.minutes(1000);
		expect(failed(await run())).toEqual([0, 0]);
		scene.world.minutes(500);
		expect(failed(await run())).toEqual([1, 0]);
	});

	test('a mapping may have an interval of its own', async () => {
		await scene.settings({ deletionCheckMinutes: 60 });
		scene.deleteCustomers(0);
		expect(failed(await run())).toEqual([0, 0]);
		scene.world.minutes(31);
		expect(failed(await run())).toEqual([0, 1]);
	});

	test('an interval of 0 searches in every run', async () => {
		await scene.settings({ deletionCheckMinutes: 0 });
		scene.deleteCustomers(0);
		expect(failed(await run())).toEqual([0, 1]);
	});

	test('a run may leave the search out, however long ago the last one was', async () => {
		scene.deleteAccounts(0);
		scene.world.minutes(5000);
		expect(failed(await run({ findDeleted: 'off' }))).toEqual([0, 0]);
		expect(failed(await run())).toEqual([1, 0]);
	});

	test('without a search a quiet run asks no more than before, with one it asks each system once more', async () => {
		await run();
		scene.world.takeRequests();
		await run();
		const quiet = scene.world.takeRequests().length;
		await run({ findDeleted: 'now' });
		expect(scene.world.takeRequests()).toHaveLength(quiet + 2);
	});

	test('a run of one direction looks at the deletions it can act on only', async () => {
		scene.deleteAccounts(0);
		scene.deleteCustomers(1);
		const results = await run({ direction: 'toCrm', findDeleted: 'now' });
		expect(failed(results)).toEqual([1]);
		expect(failed(await run({ direction: 'fromCrm', findDeleted: 'now' }))).toEqual([1]);
	});

	test('a preview searches anew each time and remembers nothing', async () => {
		scene.deleteAccounts(0);
		expect(failed(await run({ findDeleted: 'now', preview: true }))).toEqual([1, 0]);
		expect(failed(await run({ findDeleted: 'now', preview: true }))).toEqual([1, 0]);
		expect(failed(await run())).toEqual([0, 0]);
	});
});

describe('comparing ids', () => {
	test('a table that does not exist (any more) is an error of the set-up, and nothing looks deleted', async () => {
		const body = JSON.stringify({ error: { code: '0x8006088a', message: "Resource not found for the segment 'accounts'." } });
		scene.world.sandbox.faults.add({
			system: 'crm',
			method: 'GET',
			url: /accounts\?\$/,
			times: 9,
			fault: { kind: 'answer', status: 404, body },
		});
		const [toCrm] = await run({ findDeleted: 'now', deletion: 'deleteOther' });
		expect(toCrm!.job.status).toBe('failed');
		expect(toCrm!.failed[0]).toMatchObject({ errorCode: 'CRM_TABLE_NOT_FOUND', errorClass: 'setup' });
		expect([scene.writes(), scene.customers().length, (await scene.couplings()).length]).toEqual([0, 4, 4]);
	});

	test('a user who lost the right to read the table sees an error of the set-up, and nothing looks deleted', async () => {
		const body = JSON.stringify({ error: { code: '0x80040220', message: 'missing prvReadAccount' } });
		scene.world.sandbox.faults.add({
			system: 'crm',
			method: 'GET',
			url: /accounts/,
			times: 99,
			fault: { kind: 'answer', status: 403, body },
		});
		const [toCrm] = await run({ findDeleted: 'now', deletion: 'deleteOther' });
		expect(toCrm!.failed[0]).toMatchObject({ errorCode: 'CRM_PERMISSION_MISSING', errorClass: 'setup' });
		expect([scene.writes(), scene.customers().length, (await scene.couplings()).length]).toEqual([0, 4, 4]);
	});

	test('a row that is merely hidden from the user is not taken for deleted', async () => {
		const id = String(scene.account(0)!['accountid']);
		const body = JSON.stringify({ error: { code: '0x80048306', message: `Principal user has no ReadAccess to account ${id}` } });
		scene.world.sandbox.faults.add({
			system: 'crm',
			method: 'GET',
			url: new RegExp(`accounts\\(${id}`),
			times: 99,
			fault: { kind: 'answer', status: 403, body },
		});
		const results = await run({ findDeleted: 'now', deletion: 'deleteOther' }, { transport: hiding(id) });
		expect(results.map(counters)).toEqual([{}, {}]);
		expect([scene.writes(), scene.customers().length, (await scene.couplings()).length]).toEqual([0, 4, 4]);
	});

	test('a changed record whose partner is hidden fails, and nothing is deleted or created', async () => {
		const id = String(scene.account(0)!['accountid']);
		const body = JSON.stringify({ error: { code: '0x80048306', message: `Principal user has no ReadAccess to account ${id}` } });
		scene.world.sandbox.faults.add({
			system: 'crm',
			method: 'GET',
			url: new RegExp(`accounts\\(${id}`),
			times: 99,
			fault: { kind: 'answer', status: 403, body },
		});
		const ids = [String(scene.customer(0)!['id'])];
		const request = { deletion: 'restore', selected: { side: 'businessCentral', ids } } as const;
		const [toCrm] = await run(request, { transport: hiding(id) });
		expect(counters(toCrm)).toEqual({ failed: 1 });
		expect(toCrm!.failed[0]).toMatchObject({ errorCode: 'PARTNER_HIDDEN', businessCentral: { number: 'C000001' } });
		expect(scene.accounts()).toHaveLength(4);
	});
});

/** A way to both systems on which queries of Dataverse do not show a row, as its row-level security does. */
const hiding =
	(id: string) =>
	(transport: Transport): Transport =>
	async (request) => {
		const response = await transport(request);
		if (!request.url.startsWith('http://crm.')) return response;
		const lines = response.body.split('\r\n').map((line) => {
			if (!line.startsWith('{"@odata.context"') || !line.includes('"value":[')) return line;
			const json = JSON.parse(line) as { value: Array<Record<string, unknown>> };
			return JSON.stringify({ ...json, value: json.value.filter((row) => row['accountid'] !== id) });
		});
		return { ...response, body: lines.join('\r\n') };
	};

describe('reading the table', () => {
	beforeEach(() => scene.settings({ onlyCoupled: false }));

	test('what is deleted right after its page was read is found by the next comparison', async () => {
		await run();
		let pages = 0;
		const deleting =
			(transport: Transport): Transport =>
			async (request) => {
				const response = await transport(request);
				if (pages === 0 && request.method === 'GET' && decodeURIComponent(request.url).includes('select=accountid,modifiedon&')) {
					pages++;
					scene.deleteAccounts(2);
				}
				return response;
			};
		expect(failed(await run({ findDeleted: 'now' }, { transport: deleting }))).toEqual([0, 0]);
		expect(pages).toBe(1);
		expect(failed(await run({ findDeleted: 'now' }))).toEqual([1, 0]);
	});

	test('rows that were never coupled, and are gone, are passed over', async () => {
		await run({ findDeleted: 'now' });
		const { crm } = scene.world.sandbox;
		crm.insert('account', { name: 'Prospect' });
		crm.remove('account', String(crm.rows('account').find((row) => row['name'] === 'Prospect')!['accountid']));
		expect(failed(await run({ findDeleted: 'now' }))).toEqual([0, 0]);
	});

	test('a user who may not read the table any more sees an error of the set-up, and nothing looks deleted', async () => {
		const body = JSON.stringify({ error: { code: '0x80040220', message: 'missing prvReadAccount' } });
		scene.world.sandbox.faults.add({
			system: 'crm',
			method: 'GET',
			url: /accounts\?\$select=accountid,modifiedon/,
			times: 9,
			fault: { kind: 'answer', status: 403, body },
		});
		const [toCrm] = await run({ findDeleted: 'now', deletion: 'deleteOther' });
		expect(toCrm!.failed[0]).toMatchObject({ errorCode: 'CRM_PERMISSION_MISSING', errorClass: 'setup' });
		expect([scene.writes(), (await scene.couplings()).length]).toEqual([0, 4]);
	});
});

test('of a table far larger than what is coupled, where runs create nothing, the couples are asked for by their ids', async () => {
	const { crm } = scene.world.sandbox;
	crm.seed(
		'account',
		Array.from({ length: 105_001 }, (_, index) => ({ name: `Prospect ${index}`, modifiedon: '2026-01-01T08:00:00Z' })),
	);
	scene.deleteAccounts(1);
	await run({ findDeleted: 'off' });
	scene.world.takeRequests();
	expect(failed(await run({ findDeleted: 'now' }))).toEqual([1, 0]);
	const asked = scene.world.takeRequests();
	expect(asked.filter(({ path }) => /select=(id,lastModifiedDateTime|accountid,modifiedon)(&|$)/.test(path))).toEqual([]);
	expect(asked.length).toBeLessThan(20);
});

describe('a mapping of one direction', () => {
	beforeEach(() => scene.settings({ direction: 'toCrm' }));

	test('delete the other record: a customer that was deleted takes its account along', async () => {
		scene.deleteCustomers(0);
		const [toCrm] = await run({ findDeleted: 'now', deletion: 'deleteOther' });
		expect(counters(toCrm)).toEqual({ deleted: 1 });
		expect([scene.accounts().length, (await scene.couplings()).length]).toEqual([3, 3]);
	});

	test('delete the other record: an account that was deleted does not take the customer along, which the mapping never writes', async () => {
		scene.deleteAccounts(0);
		const [toCrm] = await run({ findDeleted: 'now', deletion: 'deleteOther' });
		expect(counters(toCrm)).toEqual({ failed: 1 });
		expect(toCrm!.failed[0]).toMatchObject({
			errorCode: 'DELETION_NOT_SERVED',
			hint: expect.stringContaining('Business Central') as string,
		});
		expect(scene.customers()).toHaveLength(4);
	});

	test('restore creates the account again, but no customer', async () => {
		scene.deleteAccounts(0);
		scene.deleteCustomers(1);
		const [toCrm] = await run({ findDeleted: 'now', deletion: 'restore' });
		expect(counters(toCrm)).toEqual({ inserted: 1, failed: 1 });
		expect(toCrm!.failed[0]).toMatchObject({ errorCode: 'DELETION_NOT_SERVED', crm: { name: 'Customer 2 & Söhne' } });
		expect([scene.customers().length, scene.accounts().length]).toEqual([3, 4]);
	});

	test('remove coupling works from both sides, and none reports both', async () => {
		scene.deleteAccounts(0);
		scene.deleteCustomers(1);
		expect(counters((await run({ findDeleted: 'now' }))[0])).toEqual({ failed: 2 });
		expect(counters((await run({ findDeleted: 'now', deletion: 'removeCoupling' }))[0])).toEqual({ uncoupled: 2 });
		expect(await scene.couplings()).toHaveLength(2);
	});
});
