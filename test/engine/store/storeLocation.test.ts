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
});

describe('the embedded store in queue mode', () => {
	it('is refused with the remedy, because workers would not share it', () => {
		expect(() => refuseInQueueMode({ EXECUTIONS_MODE: 'queue' })).toThrow(
			expect.objectContaining({
				code: 'STORE_NEEDS_POSTGRES',
				errorClass: 'setup',
				hint: expect.stringContaining('Sync Store (PostgreSQL)') as string,
			}),
		);
	});

	it('is welcome otherwise', () => {
		refuseInQueueMode({});
		refuseInQueueMode({ EXECUTIONS_MODE: 'regular' });
	});
});
