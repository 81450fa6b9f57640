import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { openPostgresStore, type PostgresSettings } from '../../../engine/store/openStore';
import { startPostgres, type RunningPostgres } from '../../kit/postgres';
import { CONNECTION, coupling, ManualClock } from './samples';

const PASSWORD = 'pa55-word-nobody-may-see';
const clock = new ManualClock();

describe('the store in PostgreSQL', () => {
	let server: RunningPostgres;
	/** A user of this suite only, with the password that must stay hidden. */
	let user: string;
	const open = (change: Partial<PostgresSettings> = {}) =>
		openPostgresStore({ ...server.settings, user, password: PASSWORD, ...change, connection: CONNECTION, clock });

	beforeAll(async () => {
		server = await startPostgres();
		user = `${server.settings.schema}_user`;
		await server.query(`create role "${user}" login password '${PASSWORD}'`);
		await server.query(`grant create on database "${server.settings.database}" to "${user}"`);
	});
	afterAll(async () => {
		await server.query(`drop owned by "${user}" cascade`);
		await server.query(`drop role "${user}"`);
		await server.stop();
	});

	it('keeps to its own schema, which it makes', async () => {
		await (await open()).close();
		const tables = await server.query('select table_name from information_schema.tables where table_schema = $1', [server.settings.schema]);
		expect(tables.map((row) => row.table_name)).toEqual(expect.arrayContaining(['coupling', 'lease', 'job', 'migration']));
	});

	it('takes any name for the schema', async () => {
		const schema = `${server.settings.schema} "Ä".x`;
		const store = await open({ schema });
		await store.commit({ couplings: [coupling(1)] });
		await store.close();
		const again = await open({ schema });
		expect(await again.countCouplings('CUSTOMER')).toBe(1);
		await again.close();
		await server.query(`drop schema "${schema.replaceAll('"', '""')}" cascade`);
	});

	it('goes on after the server cut its connections', async () => {
		const cut = () => server.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [user]);
		const store = await open({ maxConnections: 1 });
		for (let n = 0; n < 3; n++) {
			await store.commit({ couplings: [coupling(n)] });
			await cut();
			expect(await store.countCouplings('CUSTOMER')).toBe(n + 1);
			await cut();
		}
		await store.close();
	});

	it('writes a page that ran into a deadlock or a lock once more by itself', async () => {
		const [first, second] = await Promise.all([open({ maxConnections: 2 }), open({ maxConnections: 3 })]);
		const rows = Array.from({ length: 1_500 }, (_, n) => coupling(n + 100));
		// The same rows in opposite orders, over and over: PostgreSQL ends one of two that wait for each other.
		for (let round = 0; round < 2; round++) {
			await Promise.all([first.commit({ couplings: rows }), second.commit({ couplings: [...rows].reverse() })]);
		}
		await Promise.all([first.close(), second.close()]);
	});

	it('cancels statements that take too long, as a transient error', async () => {
		const store = await open({ statementTimeoutMs: 200 });
		const { host, port, database, schema } = server.settings;
		const client = new Client({ host, port, database, user, password: PASSWORD });
		await client.connect();
		await client.query(`begin; lock table "${schema}".coupling in access exclusive mode`);
		await expect(store.countCouplings('CUSTOMER')).rejects.toMatchObject({ code: 'STORE_TIMEOUT', errorClass: 'transient' });
		await client.query('rollback');
		await client.end();
		expect(await store.countCouplings('CUSTOMER')).toBeGreaterThan(0);
		await store.close();
	});

	it('refuses a store that a newer version has changed', async () => {
		const schema = `${server.settings.schema}_newer`;
		await (await open({ schema })).close();
		await server.query(`insert into "${schema}".migration (name, timestamp) values ('9999_future', '2999-01-01T00:00:00.000Z')`);
		await expect(open({ schema })).rejects.toMatchObject({ code: 'STORE_NEWER', errorClass: 'setup' });
		await server.query(`drop schema "${schema}" cascade`);
	});

	describe('tells what is wrong, and never the password', () => {
		const failing = async (change: Partial<PostgresSettings>) => {
			const error: unknown = await open(change).then(
				(store) => store.close(),
				(reason: unknown) => reason,
			);
			expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(PASSWORD);
			expect(JSON.stringify(error)).not.toContain(PASSWORD);
			return error;
		};

		it('when there is no such database or user', async () => {
			expect(await failing({ database: 'no such database' })).toMatchObject({ code: 'STORE_NO_DATABASE', errorClass: 'setup' });
			expect(await failing({ user: 'nobody of that name' })).toMatchObject({ code: 'STORE_SIGN_IN', errorClass: 'setup' });
		});

		it('when nobody listens there', async () => {
			expect(await failing({ port: 1 })).toMatchObject({ code: 'STORE_UNREACHABLE', errorClass: 'transient' });
			expect(await failing({ host: 'no-such-host.invalid' })).toMatchObject({ code: 'STORE_UNREACHABLE', errorClass: 'transient' });
		});

		it('when something else listens there', async () => {
			const stranger = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'));
			await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
			const error = await failing({ port: (stranger.address() as AddressInfo).port });
			expect(error).toMatchObject({ code: 'STORE_UNREACHABLE', errorClass: 'transient' });
			await new Promise((resolve) => stranger.close(resolve));
		});

		it('when the server has no TLS', async () => {
			expect(await failing({ ssl: true })).toMatchObject({ code: 'STORE_TLS', errorClass: 'setup' });
		});

		it('when the user may not make the schema', async () => {
			const poor = `${server.settings.schema}_poor`;
			await server.query(`create role "${poor}" login password '${PASSWORD}'`);
			const error = await failing({ user: poor, schema: `${server.settings.schema}_denied` });
			await server.query(`drop role "${poor}"`);
			expect(error).toMatchObject({ code: 'STORE_PRIVILEGE', errorClass: 'setup' });
		});
	});
});
