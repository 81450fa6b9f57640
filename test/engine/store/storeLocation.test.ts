import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateFile, refuseInQueueMode } from '../../../engine/store/storeLocation';

describe('where the embedded store lives', () => {
	it('is a folder of its own below n8n’s user folder, as n8n resolves it', () => {
		expect(stateFile(undefined, { HOME: '/home/node' })).toBe('/home/node/.n8n/n8n-nodes-dynamics365-sync/state.sqlite');
		expect(stateFile(undefined, { HOME: '/home/node', N8N_USER_FOLDER: '/data' })).toBe(
			'/data/.n8n/n8n-nodes-dynamics365-sync/state.sqlite',
		);
	});

	it('can be chosen by the administrator, and by the caller before that', () => {
		const env = { HOME: '/home/node', DYNAMICS365_SYNC_STATE_FILE: '/volume/sync.sqlite' };
		expect(stateFile(undefined, env)).toBe('/volume/sync.sqlite');
		expect(stateFile('', env)).toBe('/volume/sync.sqlite');
		expect(stateFile('/elsewhere/sync.sqlite', env)).toBe('/elsewhere/sync.sqlite');
	});

	it('is never relative to where n8n happened to be started', () => {
		const relative = () => stateFile(undefined, { HOME: '/home/node', DYNAMICS365_SYNC_STATE_FILE: 'sync.sqlite' });
		expect(relative).toThrow(expect.objectContaining({ code: 'STORE_BAD_LOCATION', errorClass: 'setup' }));
		expect(relative).toThrow(/sync\.sqlite/);
	});

	it('is never n8n’s own database, under whatever name', () => {
		const folder = mkdtempSync(join(tmpdir(), 'n8n-database-'));
		mkdirSync(join(folder, '.n8n'));
		writeFileSync(join(folder, '.n8n', 'database.sqlite'), '');
		symlinkSync(join(folder, '.n8n', 'database.sqlite'), join(folder, 'link'));
		const chosen =
			(file: string, env: NodeJS.ProcessEnv = {}) =>
			() =>
				stateFile(file, { HOME: folder, ...env });
		const refusal = expect.objectContaining({ code: 'STORE_BAD_LOCATION', errorClass: 'setup' }) as Error;
		expect(chosen(join(folder, '.n8n', 'database.sqlite'))).toThrow(refusal);
		expect(chosen(join(folder, '.n8n', 'x', '..', 'database.sqlite'))).toThrow(refusal);
		expect(chosen(join(folder, 'link'))).toThrow(refusal);
		expect(chosen(join(folder, '.n8n', 'own.sqlite'), { DB_SQLITE_DATABASE: 'own.sqlite' })).toThrow(refusal);
		expect(chosen(join(folder, '.n8n', 'state.sqlite'))()).toBe(join(folder, '.n8n', 'state.sqlite'));
		expect(chosen('/tmp/with\0zero')()).toBe('/tmp/with\0zero');
	});
});

describe('the embedded store in queue mode', () => {
	const startedAs = (...command: string[]) => ['/usr/local/bin/node', '/usr/local/bin/n8n', ...command];
	const refusal = expect.objectContaining({ code: 'STORE_NEEDS_POSTGRES' }) as Error;

	it('is refused with the remedy, because workers would not share it', () => {
		expect(() => refuseInQueueMode({ EXECUTIONS_MODE: 'queue' })).toThrow(
			expect.objectContaining({
				code: 'STORE_NEEDS_POSTGRES',
				errorClass: 'setup',
				hint: expect.stringContaining('Sync Store (PostgreSQL)') as string,
			}),
		);
	});

	it.each(['"queue"', "'queue'", ' queue\n'])('is refused however n8n may be told the mode (%j)', (mode) => {
		expect(() => refuseInQueueMode({ EXECUTIONS_MODE: mode }, startedAs('start'))).toThrow(refusal);
	});

	it('is refused where a file names the mode, as Docker secrets do', () => {
		const file = join(mkdtempSync(join(tmpdir(), 'executions-mode-')), 'mode');
		writeFileSync(file, 'queue\n');
		expect(() => refuseInQueueMode({ EXECUTIONS_MODE_FILE: file }, startedAs('start'))).toThrow(refusal);
	});

	it('is refused in a worker, which n8n puts into queue mode without being told', () => {
		expect(() => refuseInQueueMode({}, startedAs('worker', '--concurrency=5'))).toThrow(refusal);
	});

	it('is welcome otherwise', () => {
		refuseInQueueMode({}, startedAs('start'));
		refuseInQueueMode({}, startedAs());
		refuseInQueueMode({ EXECUTIONS_MODE: 'regular' }, startedAs('execute', '--id=worker'));
	});
});
