import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { disagreements, seedCustomers } from '../../kit/customers';
import { startOwnPostgres, type OwnPostgres } from '../../kit/postgres';
import { createPostgresWorld } from './runOnPostgres';

let server: OwnPostgres;
beforeAll(async () => {
	server = await startOwnPostgres();
});
afterAll(async () => {
	await server.stop();
});

const CUSTOMERS = 1_200;
type Step = [what: string, method: keyof SyncStore, nth: number, when: 'before' | 'after' | 'during'];

describe('a server that crashes in the middle of a synchronization', () => {
	const steps: Step[] = [
		['before the first page is announced', 'commit', 2, 'before'],
		['while the first page is being announced', 'commit', 2, 'during'],
		['after a page was announced, before its records are created', 'commit', 2, 'after'],
		['while a page is being recorded, its records created already', 'commit', 3, 'during'],
		['before a page is recorded', 'commit', 5, 'before'],
		['while couplings are being read', 'couplingsOf', 2, 'during'],
	];
	it.each(steps)('%s: the run ends or goes on, the next one finishes; no record twice', async (_what, method, nth, when) => {
		const world = await createPostgresWorld({ ...server.settings, schema: `restart_${method}_${nth}_${when}` });
		seedCustomers(world, CUSTOMERS);
		let calls = 0;
		let crashed = false;
		const crash = async (): Promise<void> => {
			crashed = true;
			await server.kill();
			await server.restart();
		};
		const first = await world
			.synchronize(async (name, call) => {
				if (name !== method || ++calls !== nth) return await call();
				if (when === 'before') await crash();
				// The crash comes while the statements are under way; whether they are carried out is left to chance, and must not matter.
				const crashing = when === 'during' ? crash() : undefined;
				try {
					return await call();
				} finally {
					await (when === 'after' ? crash() : crashing);
				}
			})
			.catch((error: unknown) => error);
		expect(crashed).toBe(true);
		if (Array.isArray(first)) {
			const failed = first.filter(({ job }) => job.status === 'failed');
			for (const result of failed) expect(result.failed[0]).toMatchObject({ errorClass: 'transient', errorCode: 'STORE_UNREACHABLE' });
		} else expect(first).toMatchObject({ errorClass: 'transient', code: 'STORE_UNREACHABLE' });

		// A run whose end could not be recorded holds its lease until that runs out.
		world.minutes(60);
		expect((await world.synchronize()).map(({ job }) => [job.status, job.failed])).toEqual([
			['finished', 0],
			['finished', 0],
		]);
		expect(world.sandbox.crm.rows('account')).toHaveLength(CUSTOMERS);
		const store = await world.openStore();
		expect(await store.countCouplings('CUSTOMER')).toBe(CUSTOMERS);
		expect(await store.intents('CUSTOMER', 'toCrm', 10)).toEqual([]);
		await store.close();
		expect(await disagreements(world)).toEqual([]);
		world.minutes(30);
		world.takeRequests();
		await world.synchronize();
		expect(world.takeRequests().reduce((sum, request) => sum + request.writes, 0)).toBe(0);
		await world.close();
	});
});

it('a process whose connections die, idle ones and those in use, lives on', async () => {
	const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'outliveServer.ts')], {
		stdio: ['pipe', 'pipe', 'pipe'],
		env: { ...process.env, STORE_SETTINGS: JSON.stringify({ ...server.settings, schema: 'outlive' }) },
	});
	let errors = '';
	child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
	const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
	const said = (word: string) =>
		new Promise<void>((resolve, reject) => {
			child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes(word) && resolve());
			void ended.then(() => reject(new Error(`The process ended before it said "${word}": ${errors}`)));
		});
	for (let round = 0; round < 3; round++) {
		const working = said('working');
		child.stdin.write('work\n');
		await working;
		await server.kill();
		await server.restart();
		const idle = said('idle');
		child.stdin.write('rest\n');
		await idle;
		await server.kill();
		await server.restart();
	}
	child.stdin.end();
	expect([await ended, errors]).toEqual([0, '']);
});
