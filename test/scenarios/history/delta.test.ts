import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { exportState, importState } from '../../../engine';
import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { clearDataverseMetadata } from '../../../engine/systems/dataverse';
import type { Transport } from '../../../engine/systems/odata/transport';
import type { ChangeToken } from '../../../engine/model/changeToken';
import { disagreements } from '../../kit/customers';
import type { SessionOptions } from '../../kit/world';
import { counters, createScene, range, type Scene } from '../deletions/scene';
import { follows, isTracked, none, watching } from './notes';

const BEFORE = '2026-01-01T08:00:00Z';
const DAY = 24 * 60 + 1;

let scene: Scene;
afterEach(() => scene.world.close());

const crm = () => scene.world.sandbox.crm;
const company = () => scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
/** No comparison of versions: what is found, runs have found. */
const run = (more: Partial<RunRequest> = {}, options: SessionOptions = {}) =>
	scene.world.run({ mapping: 'CUSTOMER', findDeleted: 'off', ...more }, options);
const changed = ({ job }: Awaited<ReturnType<typeof run>>[number]): number => job.inserted + job.modified + job.deleted + job.uncoupled;

/** A row of CRM that is written with a stamp of long ago, as an import may do. */
function backDated(index: number, values: Record<string, string | null>): void {
	crm().seed('account', [{ ...(scene.account(index) as Record<string, string>), ...values, modifiedon: BEFORE }]);
}

async function token(mapping = 'CUSTOMER'): Promise<ChangeToken | null> {
	const { store } = await scene.world.open();
	try {
		return await store.changeToken(mapping, 'crm');
	} finally {
		await store.close();
	}
}

/** In step, more than the overlap after the last edit, and both systems have been read since. */
async function atRest(count: number): Promise<void> {
	scene = await createScene(count);
	await scene.settings({ onlyCoupled: false });
	scene.world.minutes(60);
	await run();
	scene.world.minutes(60);
}

describe('where Dataverse tracks the changes of the table', () => {
	test('an edit, and a new row, with stamps of long ago arrive with the next run, and no comparison is needed', async () => {
		await atRest(3);
		backDated(0, { telephone1: '999' });
		crm().seed('account', [{ ...(scene.account(1) as object), accountid: '99999999-0000-4000-8000-000000000001', name: 'Imported', accountnumber: null, modifiedon: BEFORE } as never]); // prettier-ignore
		const watched = none();
		const results = await run({}, { transport: watching(watched) });
		expect(scene.customer(0)!['phoneNumber']).toBe('999');
		expect(scene.customers().map((row) => row['displayName'])).toContain('Imported');
		expect(results.map(counters)).toEqual([{}, { modified: 1, inserted: 1 }]);
		expect(watched).toEqual({ began: 0, followed: 1, stamps: 0 });
		expect((await run()).map(changed)).toEqual([0, 0]);
	});

	test('without tracking it is the comparison of versions that finds them', async () => {
		scene = await createScene(2);
		crm().setChangeTracking('account', false);
		await run();
		scene.world.minutes(60);
		backDated(0, { telephone1: '999' });
		expect((await run()).map(counters)).toEqual([{}, {}]);
		expect((await run({ findDeleted: 'now' })).map(counters)).toEqual([{}, { modified: 1 }]);
	});

	test('edits under a clock that was set back, and ordinary ones, arrive as well', async () => {
		await atRest(3);
		scene.world.sandbox.clock.skew.crm = -5 * 3_600_000;
		scene.editAccount(0, { telephone1: '555' });
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
		scene.world.sandbox.clock.skew.crm = 0;
		scene.editAccount(1, { telephone1: '556' });
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
		expect(await disagreements(scene.world)).toEqual([]);
	});

	test('what a run writes to CRM itself comes along, and is nobody’s edit: no values are read for it', async () => {
		await atRest(3);
		scene.editCustomer(0, { phoneNumber: '1' });
		const results = await run();
		expect(results.map(counters)).toEqual([{ modified: 1 }, {}]);
		scene.world.takeRequests();
		expect((await run()).map(counters)).toEqual([{}, {}]);
		expect(scene.world.takeRequests().length).toBeLessThanOrEqual(4);
	});

	test('two table mappings on one table have a token each', async () => {
		await atRest(2);
		await scene.world.run({ mapping: 'VENDOR', findDeleted: 'off' });
		const [customers, vendors] = [await token(), await token('VENDOR')];
		expect([customers?.state, vendors?.state]).toEqual(['current', 'current']);
		backDated(0, { telephone1: '999' });
		await scene.world.run({ mapping: 'VENDOR', findDeleted: 'off' });
		expect(await token()).toEqual(customers);
		expect(await token('VENDOR')).not.toEqual(vendors);
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
	});

	test('a run over selected records, and a preview, leave the token where it is', async () => {
		await atRest(2);
		const before = await token();
		backDated(0, { telephone1: '999' });
		await run({ selected: { side: 'crm', ids: [String(scene.account(1)!['accountid'])] } });
		expect((await run({ preview: true })).map(counters)).toEqual([{}, { modified: 1 }]);
		expect(await token()).toEqual(before);
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
	});

	test('rows outside the filter are recognized, and cost one request for all of them', async () => {
		await atRest(3);
		crm().seed(
			'account',
			Array.from({ length: 1_200 }, (_, index) => ({ name: `Prospect ${index}`, customertypecode: 1 })),
		);
		scene.editAccount(1, { telephone1: '1' });
		scene.world.takeRequests();
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
		// company, customers, notes, witnesses, which are inside, the values of one, and what its delivery takes
		expect(scene.world.takeRequests().length).toBeLessThanOrEqual(14);
		expect(scene.customers()).toHaveLength(3);
	});
});

describe('cost', () => {
	const COUPLED = 240;
	const PAGE = 40;

	/** As many pages as 30,000 rows fill of 5,000. */
	async function editedAtOnce(tracked: boolean): Promise<number[]> {
		scene = await createScene(COUPLED);
		crm().setChangeTracking('account', tracked);
		clearDataverseMetadata();
		scene.world.minutes(60);
		const small = { transport: watching(none(), PAGE) };
		await run({}, small);
		for (const index of range(COUPLED)) scene.editAccount(index, { telephone1: `+44 ${index}` });
		scene.world.minutes(1);
		expect((await run({ allowMassChanges: true }, small)).map(counters)).toEqual([{}, { modified: COUPLED }]);
		const costs: number[] = [];
		for (const minutes of [1, 1, 5, 20, 20]) {
			scene.world.minutes(minutes);
			scene.world.takeRequests();
			expect((await run({}, small)).map(counters)).toEqual([{}, {}]);
			costs.push(scene.world.takeRequests().length);
		}
		return costs;
	}

	test('six pages of accounts edited a minute ago: a quiet run costs at most 4 requests', async () => {
		expect((await editedAtOnce(true)).filter((cost) => cost > 4)).toEqual([]);
	});

	test('by their stamps they cost a request for each page as long as the overlap reaches back to them', async () => {
		const [first, , , , last] = await editedAtOnce(false);
		expect(first).toBeGreaterThan(6);
		expect(last).toBeLessThanOrEqual(4);
	});

	test('the same after six pages of customers were edited, whose accounts a run has written', async () => {
		await atRest(COUPLED);
		const small = { transport: watching(none(), PAGE) };
		for (const index of range(COUPLED)) scene.editCustomer(index, { phoneNumber: `+44 ${index}` });
		expect((await run({ allowMassChanges: true }, small)).map(counters)).toEqual([{ modified: COUPLED }, {}]);
		scene.world.takeRequests();
		expect((await run({}, small)).map(counters)).toEqual([{}, {}]);
		expect(scene.world.takeRequests().length).toBeLessThanOrEqual(4);
	});

	test('a first run that creates all accounts leaves nothing to page through to the next', async () => {
		await atRest(2);
		company().seed('customers', Array.from({ length: 300 }, (_, index) => ({ number: `N${index}`, displayName: `New ${index}`, type: 'Company', blocked: '_x0020_' }))); // prettier-ignore
		const small = { transport: watching(none(), PAGE) };
		expect((await run({ fromStart: true }, small)).map(({ job }) => job.inserted)).toEqual([300, 0]);
		const watched = none();
		await run({}, { transport: watching(watched, PAGE) });
		expect(watched).toEqual({ began: 0, followed: 1, stamps: 0 });
	});

	test('a run that stamps the company on more than a thousand rows of CRM reads on until it has met them', async () => {
		await atRest(2);
		crm().seed(
			'account',
			Array.from({ length: 1_050 }, (_, index) => ({ name: `Prospect ${index}`, customertypecode: 3 })),
		);
		const small = { transport: watching(none(), PAGE) };
		expect((await run({ allowMassChanges: true }, small)).map(({ job }) => job.inserted)).toEqual([0, 1_050]);
		const watched = none();
		expect((await run({}, { transport: watching(watched, PAGE) })).map(changed)).toEqual([0, 0]);
		// One page for the pass, and one for the guard, which counts what changed on both sides; eleven were the rows it wrote.
		expect(watched.followed).toBeLessThanOrEqual(2);
	});

	test('a token is begun once, with the whole table, in as many runs as it takes: 40 pages a run', async () => {
		scene = await createScene(2);
		crm().setChangeTracking('account', false);
		clearDataverseMetadata();
		await run();
		expect(await token()).toBeNull();
		crm().seed(
			'account',
			Array.from({ length: 100 }, (_, index) => ({ name: `Prospect ${index}`, customertypecode: 1 })),
		);
		crm().setChangeTracking('account', true);
		clearDataverseMetadata();
		const began: number[] = [];
		for (const _run of range(4)) {
			const watched = none();
			await run({}, { transport: watching(watched, 1) });
			began.push(watched.began);
		}
		expect(began).toEqual([40, 40, expect.any(Number), 0]);
		expect(began[2]).toBeLessThan(40);
		expect((await token())!.state).toBe('current');
	});
});

describe('a link that leads on no more', () => {
	test('expired after a week without runs: changes are read by their stamps, and a new token is begun in the same run', async () => {
		await atRest(3);
		const before = await token();
		scene.editAccount(0, { telephone1: '1' });
		scene.world.minutes(8 * DAY);
		scene.editAccount(1, { telephone1: '2' });
		const watched = none();
		expect((await run({}, { transport: watching(watched) })).map(counters)).toEqual([{}, { modified: 2 }]);
		expect([watched.began, watched.stamps > 0]).toEqual([1, true]);
		expect([(await token())!.state, (await token())!.link === before!.link]).toEqual(['current', false]);
		backDated(2, { telephone1: '3' });
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
		expect(await disagreements(scene.world)).toEqual([]);
	});

	test('tracking goes off: edits arrive by their stamps; it comes back: the next day it is used again', async () => {
		await atRest(3);
		crm().setChangeTracking('account', false);
		scene.editAccount(0, { telephone1: '1' });
		clearDataverseMetadata();
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
		expect(await token()).toBeNull();
		crm().setChangeTracking('account', true);
		scene.world.minutes(60);
		scene.editAccount(1, { telephone1: '2' });
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
		expect(await token()).toBeNull();
		scene.world.minutes(DAY);
		await run();
		expect((await token())!.state).toBe('current');
		backDated(2, { telephone1: '3' });
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
	});

	test.each([
		['the user may not read the whole table', 403, { error: { code: '0x80040220', message: 'missing organization-level privilege' } }],
		['the service refuses it', 400, { error: { code: '0x80044359', message: 'Change tracking is not enabled.' } }],
		['the service does not give a link', 200, { value: [] }],
	])('%s: changes are read by their stamps, and it is not asked again that day', async (_why, status, body) => {
		scene = await createScene(2);
		const asked: string[] = [];
		const refusing =
			(transport: Transport): Transport =>
			async (request) => {
				if (!isTracked(request)) return await transport(request);
				asked.push(request.url);
				if (request.method !== 'GET') return { status: 400, headers: {}, body: '' };
				return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
			};
		for (const index of range(2)) {
			scene.world.minutes(30);
			scene.editAccount(index, { telephone1: `${index}` });
			expect((await run({}, { transport: refusing })).map(counters)).toEqual([{}, { modified: 1 }]);
		}
		// The link that was known, and the beginning of another.
		expect(asked.length).toBe(2);
		expect(await token()).toBeNull();
	});

	test('pages that lead in a circle end it: the stamps tell', async () => {
		await atRest(2);
		scene.editAccount(0, { telephone1: '1' });
		let asked = 0;
		const circling =
			(transport: Transport): Transport =>
			async (request) => {
				if (!follows(request)) return await transport(request);
				if (request.method !== 'GET') return { status: 400, headers: {}, body: '' };
				if (++asked > 20) throw new Error('endless');
				const at = request.url.replace(/&again=\d$/, '');
				const body = { value: [], '@odata.nextLink': `${at}&again=${asked % 2}` };
				return { status: 200, headers: { 'content-type': 'application/json', date: new Date(scene.world.clock.now()).toUTCString() }, body: JSON.stringify(body) }; // prettier-ignore
			};
		const results = await run({}, { transport: circling });
		expect(results.map(({ job }) => job.status)).toEqual(['finished', 'finished']);
		expect(results.map(counters)).toEqual([{}, { modified: 1 }]);
	});
});

describe('nothing falls between two readings', () => {
	test.each(['firstPage', 'lastPage'] as const)(
		'edits made while a token is begun, and while notes of several pages are read (a link belongs to the %s)',
		async (page) => {
			scene = await createScene(6);
			crm().setChangeTracking('account', false);
			clearDataverseMetadata();
			await run();
			crm().setChangeTracking('account', true);
			clearDataverseMetadata();
			crm().trackingTokenOf = page;
			scene.world.minutes(60);
			let edits = 0;
			const editing = {
				transport: watching(none(), 2, () => {
					if (edits < 6) scene.editAccount(edits, { telephone1: `begun ${edits++}` });
				}),
			};
			await run({}, editing);
			await run();
			expect(await disagreements(scene.world)).toEqual([]);
			expect([edits, (await token())!.state]).toEqual([6, 'current']);
			scene.world.minutes(60);
			for (const index of range(5)) scene.editAccount(index, { fax: `${index}` });
			edits = 0;
			await run({}, editing);
			scene.world.minutes(60);
			await run();
			expect(await disagreements(scene.world)).toEqual([]);
		},
	);

	test('another filter: rows that come inside are read although nobody touched them, and back-dated ones go on arriving', async () => {
		await atRest(3);
		crm().update('account', String(scene.account(0)!['accountid']), { address1_city: 'Gent', telephone1: '1' });
		const onlyGent = { conditions: [{ field: 'address1_city', operator: 'eq' as const, type: 'text' as const, value: 'Gent' }] };
		await scene.settings({ onlyCoupled: false, crmFilter: onlyGent });
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
		scene.editAccount(1, { telephone1: '2' });
		expect(counters((await run())[1])).toEqual({});
		await scene.settings({ onlyCoupled: false });
		expect((await run()).map(counters)[1]).toEqual({ modified: 1 });
		backDated(2, { telephone1: '3' });
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
		expect(await disagreements(scene.world)).toEqual([]);
	});

	test('an exported state holds no token, and one that is imported takes away the one that was there', async () => {
		await atRest(2);
		const session = await scene.world.open();
		let file = Buffer.alloc(0);
		const state = await exportState(session, { log: false }, async (stream) => void (file = await buffer(stream)));
		expect(state.rows).toMatchObject({ coupling: 2, watermark: expect.any(Number) as number });
		expect(gunzipSync(file).toString('utf8')).not.toMatch(/deltatoken|"change_token"/);
		await importState(session, Readable.from([file]), { replace: true });
		await session.store.close();
		expect(await token()).toBeNull();
		backDated(0, { telephone1: '1' });
		await run();
		backDated(1, { telephone1: '2' });
		expect((await run()).map(counters)).toEqual([{}, { modified: 1 }]);
	});
});

describe('a CRM that was put back', () => {
	test('is noticed before its notes are trusted, and once that is settled a new token is begun', async () => {
		await atRest(3);
		const kept = crm().snapshot();
		scene.editAccount(0, { telephone1: '1' });
		await run();
		const before = await token();
		crm().restore(kept);
		scene.world.minutes(5);
		const [first] = await run();
		expect(first!.failed[0]?.errorCode ?? first!.job.message).toContain('RESTORED');
		expect(await token()).toEqual(before);
	});
});

describe('deleted rows', () => {
	test('are found without a comparison, asked for by id, and dealt with by the next run as the strategy says', async () => {
		await atRest(4);
		await scene.settings({ onlyCoupled: false, deletion: 'removeCoupling' });
		scene.deleteAccounts(1);
		const searching = { findDeleted: 'mapping' } as const;
		await run(searching);
		const results = await run(searching);
		expect(results.map(counters)).toEqual([{ uncoupled: 1 }, {}]);
		expect(await scene.couplings()).toHaveLength(3);
	});

	test('a row that is there again under its id was not deleted', async () => {
		await atRest(3);
		await scene.settings({ onlyCoupled: false, deletion: 'deleteOther' });
		const row = scene.account(1)!;
		scene.deleteAccounts(1);
		crm().seed('account', [row as never]);
		for (const _run of range(3)) await run({ findDeleted: 'mapping' });
		expect(scene.customers()).toHaveLength(3);
	});

	test('the guard counts them', async () => {
		await atRest(30);
		await scene.settings({ onlyCoupled: false, deletion: 'deleteOther' });
		scene.deleteAccounts(...range(25));
		await run({ findDeleted: 'mapping' });
		const [stopped] = await run({ findDeleted: 'mapping' });
		expect(stopped!.failed[0]).toMatchObject({ errorCode: 'MASS_CHANGE' });
		expect(scene.customers()).toHaveLength(30);
	});
});
