import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../../engine/store/openStore';
import { CONNECTION, coupling, ManualClock } from './samples';

const clock = new ManualClock();
const open = (file: string) => openSqliteStore({ file, connection: CONNECTION, clock });
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the embedded store', () => {
	let folder: string;
	let file: string;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'sync-store-'));
		file = join(folder, 'n8n', 'sync', 'state.sqlite');
	});
	afterEach(() => {
		rmSync(folder, { recursive: true, force: true });
	});

	it('makes its folder and files for their owner only', async () => {
		const store = await open(file);
		await store.commit({ couplings: [coupling(1)] });
		expect(modeOf(dirname(file))).toBe('700');
		const files = readdirSync(dirname(file));
		expect(files).toContain('state.sqlite');
		expect(files.map((name) => modeOf(join(dirname(file), name)))).toEqual(files.map(() => '600'));
		await store.close();
	});

	it('narrows the permissions of a file that was copied there, and leaves its folder alone', async () => {
		await (await open(file)).close();
		chmodSync(file, 0o644);
		chmodSync(dirname(file), 0o755);
		await (await open(file)).close();
		expect(modeOf(file)).toBe('600');
		expect(modeOf(dirname(file))).toBe('755');
	});

	it('leaves one whole file behind when it is closed, for backups', async () => {
		const store = await open(file);
		await store.commit({ couplings: [coupling(1)] });
		await store.close();
		expect(readdirSync(dirname(file))).toEqual(['state.sqlite']);
	});

	it('refuses a store that a newer version has changed, and says so', async () => {
		await (await open(file)).close();
		const database = new DatabaseSync(file);
		database.exec(`insert into migration (name, timestamp) values ('9999_future', '2999-01-01T00:00:00.000Z')`);
		database.close();
		await expect(open(file)).rejects.toMatchObject({ code: 'STORE_NEWER', errorClass: 'setup', system: 'store' });
		await expect(open(file)).rejects.toThrow(/newer version.*9999_future/);
	});

	it('refuses a file that is no database', async () => {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, 'This is a letter, and by no means a database.'.repeat(100));
		await expect(open(file)).rejects.toMatchObject({ code: 'STORE_CORRUPT', errorClass: 'setup' });
	});

	it('names the place when it cannot be made', async () => {
		writeFileSync(join(folder, 'n8n'), 'a file where a folder should be');
		await expect(open(file)).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE', errorClass: 'setup' });
		await expect(open(file)).rejects.toThrow(file);
		await expect(open(folder)).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE' });
	});

	it('waits for another process that holds the file, without stopping this one', async () => {
		const store = await open(file);
		const other = new DatabaseSync(file);
		other.exec('begin immediate');
		const commit = store.commit({ couplings: [coupling(1)] });
		let turns = 0;
		while (turns < 20) await new Promise<void>((resolve) => setImmediate(() => resolve(void turns++)));
		other.exec('rollback');
		other.close();
		await commit;
		expect(await store.countCouplings('CUSTOMER')).toBe(1);
		await store.close();
	});

	it('is the same store by whatever path it is reached', async () => {
		const first = await open(file);
		const second = await open(join(folder, 'n8n', '..', 'n8n', 'sync', 'state.sqlite'));
		await Promise.all([first.commit({ couplings: [coupling(1)] }), second.commit({ couplings: [coupling(2)] })]);
		expect(await first.countCouplings('CUSTOMER')).toBe(2);
		await Promise.all([first.close(), second.close()]);
	});

	it('means the same connection whatever the company is called and however addresses are written', async () => {
		const first = await open(file);
		const second = await openSqliteStore({
			file,
			clock,
			connection: {
				bcAddress: `${CONNECTION.bcAddress.replace('Production', 'production')}/`,
				companyId: CONNECTION.companyId.toUpperCase(),
				companyName: 'CRONUS renamed',
				crmAddress: `${CONNECTION.crmAddress}/`,
			},
		});
		const third = await openSqliteStore({ file, clock, connection: { ...CONNECTION, crmAddress: 'https://fabrikam.crm4.dynamics.com' } });
		expect(second.connectionId).toBe(first.connectionId);
		expect(third.connectionId).not.toBe(first.connectionId);
		await first.commit({ couplings: [coupling(1)] });
		expect(await second.countCouplings('CUSTOMER')).toBe(1);
		expect(await third.countCouplings('CUSTOMER')).toBe(0);
		await Promise.all([first, second, third].map((store) => store.close()));
	});

	it('refuses a connection whose address is no address, and lets go of the file', async () => {
		const opening = openSqliteStore({ file, clock, connection: { ...CONNECTION, crmAddress: 'contoso' } });
		await expect(opening).rejects.toMatchObject({ code: 'STORE_BAD_CONNECTION', errorClass: 'setup' });
		expect(readdirSync(dirname(file))).toEqual(['state.sqlite']);
	});
});
