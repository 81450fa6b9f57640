import { clearDataverseMetadata } from '../../../engine/systems/dataverse';
import type { Transport } from '../../../engine/systems/odata/transport';
import { counters, createScene, type Scene } from '../deletions/scene';

const DAY = 24 * 60 + 1;
const BEFORE = '2026-01-01T08:00:00Z';

let scene: Scene;
afterEach(() => scene.world.close());

const run = (more: object = {}, options = {}) => scene.world.run({ mapping: 'CUSTOMER', ...more }, options);
const company = () => scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
const crm = () => scene.world.sandbox.crm;
const told = (results: Awaited<ReturnType<typeof run>>) =>
	results.flatMap(({ warnings }) => warnings).filter((warning) => warning.includes('comparison of versions'));
const accountNames = () => scene.accounts().map((row) => row['name']);

/** A row of CRM that is written with a stamp of long ago, as an import may do. */
function importAccount(index: number, values: Record<string, string | number | null>): void {
	const row = scene.account(index)!;
	crm().seed('account', [{ ...(row as Record<string, string>), ...values, modifiedon: BEFORE }]);
}

/** Records are created by runs, everything has come to rest, and the last edit was more than the overlap after all others. */
async function creating(count: number): Promise<void> {
	scene = await createScene(count);
	await scene.settings({ onlyCoupled: false });
	await stir();
}

/** The last record is edited on either side, so that what is older than that by the overlap is read by no run any more. */
async function stir(): Promise<void> {
	const last = scene.customers().length - 1;
	scene.world.minutes(60);
	scene.editCustomer(last, { addressLine2: `Floor ${scene.world.clock.now()}` });
	scene.editAccount(last, { address1_city: 'Gent' });
	await run();
	await run();
}

describe('a quiet day', () => {
	test('nothing is overlooked where nothing was done: a page of each table is read, and nothing is told', async () => {
		await creating(4);
		scene.world.takeRequests();
		await run();
		const quiet = scene.world.takeRequests().length;
		const results = await run({ findDeleted: 'now' });
		expect([results.map(counters), results.flatMap(({ warnings }) => warnings)]).toEqual([[{}, {}], []]);
		expect(scene.world.takeRequests()).toHaveLength(quiet + 2);
		scene.world.minutes(DAY);
		expect([(await run()).map(counters), told(results)]).toEqual([[{}, {}], []]);
	});

	test('an edit since the last run is read as a change, and is no finding', async () => {
		await creating(3);
		scene.world.minutes(DAY);
		scene.editCustomer(0, { phoneNumber: '1' });
		scene.editAccount(1, { telephone1: '2' });
		const results = await run();
		expect(results.map(counters)).toEqual([{ modified: 1 }, { modified: 1 }]);
		expect(told(results)).toEqual([]);
	});
});

describe('a transaction of Business Central that takes an hour', () => {
	test.each([true, false])('what it edited travels a day later (only coupled: %s)', async (onlyCoupled) => {
		await creating(4);
		await scene.settings({ onlyCoupled });
		const transaction = scene.world.sandbox.businessCentral.beginTransaction();
		const { id } = scene.customer(0)!;
		transaction.update(company(), 'customers', String(id), { phoneNumber: '4711' });
		scene.world.minutes(60);
		scene.editCustomer(1, { phoneNumber: '1' });
		await run();
		transaction.commit();
		await run();
		expect(scene.account(0)!['telephone1']).not.toBe('4711');
		scene.world.minutes(DAY);
		const results = await run();
		expect(scene.account(0)!['telephone1']).toBe('4711');
		expect(results.map(counters)).toEqual([{ modified: 1 }, {}]);
		expect(told(results)).toEqual([expect.stringContaining('Business Central: 1 record was changed without a time stamp')]);
		expect((await scene.log()).map(({ code }) => code)).toContain('CHANGED_UNSEEN');
		scene.world.minutes(DAY);
		expect(told(await run())).toEqual([]);
	});

	test('customers it created are created in CRM, once; a mapping that only keeps couples in step ignores them', async () => {
		await creating(2);
		const transaction = scene.world.sandbox.businessCentral.beginTransaction();
		transaction.insert(company(), 'customers', { number: 'NEW1', displayName: 'Brand new', type: 'Company' });
		scene.world.minutes(60);
		scene.editCustomer(1, { phoneNumber: '1' });
		await run();
		transaction.commit();
		await scene.settings({ onlyCoupled: true });
		scene.world.minutes(DAY);
		expect((await run()).map(counters)).toEqual([{}, {}]);
		expect(accountNames()).not.toContain('Brand new');
	});

	test('customers it created are created in CRM where runs create records', async () => {
		await creating(2);
		const transaction = scene.world.sandbox.businessCentral.beginTransaction();
		transaction.insert(company(), 'customers', { number: 'NEW1', displayName: 'Brand new', type: 'Company' });
		scene.world.minutes(60);
		scene.editCustomer(1, { phoneNumber: '1' });
		await run();
		transaction.commit();
		scene.world.minutes(DAY);
		const results = await run();
		expect(results.map(counters)).toEqual([{ inserted: 1 }, {}]);
		expect(accountNames().filter((name) => name === 'Brand new')).toHaveLength(1);
		expect(told(results)).toHaveLength(1);
	});
});

describe('rows of CRM with stamps of long ago, in a table whose changes are not tracked', () => {
	async function untracked(count: number): Promise<void> {
		await creating(count);
		crm().setChangeTracking('account', false);
		clearDataverseMetadata();
		await run();
	}

	test('an edited one travels, a new one is created', async () => {
		await untracked(3);
		importAccount(0, { telephone1: '999', versionnumber: 900_000_001 });
		crm().seed('account', [{ ...(scene.account(1) as object), accountid: '99999999-0000-4000-8000-000000000001', name: 'Imported', accountnumber: null, modifiedon: BEFORE } as never]); // prettier-ignore
		await run();
		expect(scene.customer(0)!['phoneNumber']).not.toBe('999');
		scene.world.minutes(DAY);
		const results = await run();
		expect(scene.customer(0)!['phoneNumber']).toBe('999');
		expect(scene.customers().map((row) => row['displayName'])).toContain('Imported');
		expect(told(results)).toEqual([expect.stringContaining('CRM: 2 records were changed')]);
	});

	test('a preview finds the same, writes nothing, and leaves the finding to the run', async () => {
		await untracked(3);
		importAccount(0, { telephone1: '999' });
		scene.world.minutes(DAY);
		scene.writes();
		const preview = await run({ preview: true });
		expect([preview.map(counters), told(preview).length, scene.writes()]).toEqual([[{}, { modified: 1 }], 1, 0]);
		expect(scene.customer(0)!['phoneNumber']).not.toBe('999');
		const results = await run();
		expect([results.map(counters), told(results).length]).toEqual([[{}, { modified: 1 }], 1]);
	});

	test('a run that does not compare leaves it to the next one that does', async () => {
		await untracked(2);
		importAccount(0, { telephone1: '999' });
		scene.world.minutes(DAY);
		expect((await run({ findDeleted: 'off' })).map(counters)).toEqual([{}, {}]);
		expect((await run({ findDeleted: 'now' })).map(counters)).toEqual([{}, { modified: 1 }]);
	});
});

test('edits under a clock of CRM that was set back five hours travel with the next run, and nothing is left for the comparison to find', async () => {
	await creating(3);
	const { clock } = scene.world.sandbox;
	clock.skew.crm = -5 * 3_600_000;
	scene.editAccount(0, { telephone1: '555' });
	await run();
	expect(scene.customer(0)!['phoneNumber']).toBe('555');
	scene.world.minutes(DAY);
	expect(told(await run())).toEqual([]);
});

describe('records without a partner that are left alone', () => {
	test('what people parted is not created again, however often versions are compared', async () => {
		await creating(3);
		const session = await scene.world.open();
		const { bcId, crmId } = (await scene.couplings()).find((each) => each.bcId === scene.customer(0)!['id'])!;
		const endedAt = new Date(scene.world.clock.now()).toISOString();
		await session.store.commit({
			uncouple: [{ mapping: 'CUSTOMER', bcId, crmId }],
			tombstones: [{ mapping: 'CUSTOMER', bcId, crmId, kind: 'parted', version: null, endedAt }],
		});
		await session.store.close();
		for (let day = 0; day < 2; day++) {
			scene.world.minutes(DAY);
			const results = await run();
			expect([results.map(counters), told(results)]).toEqual([[{}, {}], []]);
		}
		expect([scene.customers().length, scene.accounts().length]).toEqual([3, 3]);
	});

	test('a mapping that begins to create records reads those that were there before; what comes later under an old stamp is found', async () => {
		scene = await createScene(2);
		company().insert('customers', { number: 'OLD1', displayName: 'There before', type: 'Company' });
		scene.world.minutes(60);
		scene.editCustomer(0, { phoneNumber: '1' });
		await run();
		expect(accountNames()).not.toContain('There before');
		await scene.settings({ onlyCoupled: false });
		expect((await run()).map(counters)).toEqual([{ inserted: 1 }, {}]);
		expect(accountNames()).toContain('There before');
		scene.world.minutes(DAY);
		expect((await run()).map(counters)).toEqual([{}, {}]);
		company().seed('customers', [
			{ number: 'NEW1', displayName: 'Brand new', type: 'Company', blocked: '_x0020_', lastModifiedDateTime: BEFORE },
		]);
		scene.world.minutes(DAY);
		expect((await run()).map(counters)).toEqual([{ inserted: 1 }, {}]);
		expect(accountNames()).toEqual(expect.arrayContaining(['Brand new']));
	});

	test('those that a rule of the mapping leaves out are looked at once, and are no finding', async () => {
		await creating(2);
		await scene.settings({ onlyCoupled: false }, 'CONTACT');
		// A person of a company that is neither customer nor vendor.
		const nobodys = (number: string, more: object = {}) =>
			company().seed('contacts', [{ number, type: 'Person', displayName: number, companyNumber: 'CT0', contactBusinessRelation: 'None', ...more }]); // prettier-ignore
		const contacts = async (): Promise<[string[], number]> => {
			scene.world.takeRequests();
			const warnings = told(await scene.world.run({ mapping: 'CONTACT', findDeleted: 'now' }));
			return [warnings, scene.world.takeRequests().length];
		};
		nobodys('CT1');
		await contacts();
		nobodys('CT2', { lastModifiedDateTime: BEFORE });
		const [found, requests] = await contacts();
		const [again, later] = await contacts();
		expect([found, again, later < requests]).toEqual([[], [], true]);
	});

	test('a record that failed in its version is not looked at by each comparison', async () => {
		await creating(2);
		await scene.settings({ onlyCoupled: false, conflict: 'none' });
		scene.editCustomer(0, { phoneNumber: '1' });
		scene.editAccount(0, { telephone1: '2' });
		await run();
		await run();
		scene.world.minutes(60);
		scene.editCustomer(1, { phoneNumber: '1' });
		scene.editAccount(1, { address1_city: 'Gent' });
		await run();
		scene.world.minutes(DAY);
		expect(told(await run())).toEqual([]);
	});
});

/** Whether a request asks for a page of a comparison. */
const isPage = (method: string, url: string): boolean =>
	method === 'GET' && /\$select=(id,lastModifiedDateTime|accountid,modifiedon)(&|$)/.test(decodeURIComponent(url));

/** A way to both systems on which pages of a comparison hold two rows, and which ends before so many of them. */
const dyingAt =
	(asked: string[], cut: number) =>
	(transport: Transport): Transport => {
		let dead = false;
		return async (request) => {
			const page = isPage(request.method, request.url);
			dead = dead || (page && asked.length === cut);
			if (dead) throw new Error('The process died.');
			if (!page) return await transport(request);
			asked.push(request.url);
			return await transport({ ...request, headers: { ...request.headers, Prefer: 'odata.maxpagesize=2' } });
		};
	};

describe('interrupted', () => {
	/** Everything a page can hold: edited, new, deleted, on both sides. */
	async function arrange(): Promise<void> {
		await creating(7);
		importAccount(0, { telephone1: '999' });
		company().seed('customers', [
			{ number: 'NEW1', displayName: 'Brand new', type: 'Company', blocked: '_x0020_', lastModifiedDateTime: BEFORE },
		]);
		scene.deleteAccounts(3);
		scene.deleteCustomers(5);
		scene.world.minutes(DAY);
	}

	test('before each page of either table: nothing is lost, nothing twice, and pages that were dealt with are not read again', async () => {
		for (let cut = 0; ; cut++) {
			await arrange();
			const before: string[] = [];
			await run({}, { transport: dyingAt(before, cut) }).catch(() => undefined);
			const after: string[] = [];
			const results = await run({}, { transport: dyingAt(after, Infinity) });
			expect(results.map(({ job }) => job.status)).toEqual(['finished', 'finished']);
			expect(scene.customer(0)!['phoneNumber']).toBe('999');
			expect(accountNames().filter((name) => name === 'Brand new')).toHaveLength(1);
			expect((await scene.failures()).map(({ errorCode }) => errorCode)).toEqual(['PARTNER_DELETED', 'PARTNER_DELETED']);
			expect(new Set([...before, ...after]).size).toBe(before.length + after.length);
			// A run that was not cut off leaves nothing to the next one.
			if (before.length < cut) {
				expect([after.length, cut > 6]).toEqual([0, true]);
				return;
			}
			await scene.world.close();
		}
	});

	test('a link that the service does not know any more lets the comparison begin anew', async () => {
		await arrange();
		await run({}, { transport: dyingAt([], 2) }).catch(() => undefined);
		const pages: string[] = [];
		const forgetful =
			(transport: Transport): Transport =>
			async (request) => {
				if (!isPage(request.method, request.url)) return await transport(request);
				pages.push(decodeURIComponent(request.url));
				if (pages.length > 1) return await transport(request);
				const body = JSON.stringify({ error: { code: 'BadRequest', message: 'The skip token is not valid.' } });
				return { status: 400, headers: { 'content-type': 'application/json' }, body };
			};
		await run({}, { transport: forgetful });
		expect(pages.map((url) => url.includes('$skiptoken'))).toEqual([true, false, false]);
		expect(scene.customer(0)!['phoneNumber']).toBe('999');
	});

	test.each(['http://elsewhere.example/api/data/v9.2/accounts?$skiptoken=1', 'contacts'])(
		'a next page at %s is not followed',
		async (to) => {
			await creating(2);
			scene.world.minutes(DAY);
			const asked: string[] = [];
			const leading =
				(transport: Transport): Transport =>
				async (request) => {
					asked.push(request.url);
					const response = await transport(request);
					if (!isPage(request.method, request.url) || !request.url.includes('accountid')) return response;
					const link = to.startsWith('http') ? to : request.url.replace('accounts?', `${to}?`);
					return { ...response, body: JSON.stringify({ ...(JSON.parse(response.body) as object), '@odata.nextLink': link }) };
				};
			const [toCrm] = await run({}, { transport: leading });
			expect(toCrm!.failed[0]).toMatchObject({ errorCode: 'CRM_FOREIGN_NEXT_LINK', errorClass: 'setup' });
			expect(asked.filter((url) => url.includes('elsewhere') || /contacts\?/.test(url))).toEqual([]);
		},
	);
});
