import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { pgDumpCommand } from '../../nodes/shared/pgDump';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { sandboxCredentials } from '../kit/n8nSandboxCredentials';
import { CredentialVault, runNode, useNewState } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;
let state: string;
const allowed = realpathSync(mkdtempSync(join(tmpdir(), 'sync-allowed-')));

beforeAll(async () => {
	process.env['N8N_RESTRICT_FILE_ACCESS_TO'] = allowed;
	state = useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	systems.sandbox.businessCentral
		.company(systems.base.companyName)
		.seed('customers', [{ number: 'C1', displayName: 'Customer 1', type: 'Company', blocked: '_x0020_' }]);
	const parameters = { company: systems.company, mapping: by('name', 'CUSTOMER'), options: { createUncoupled: true } };
	expect((await runNode(SyncMapping, parameters, { credentials: vault })).error).toBeUndefined();
});
afterAll(async () => {
	await systems.close();
	rmSync(allowed, { recursive: true, force: true });
});
afterEach(() => delete process.env['EXECUTIONS_MODE']);

const backUp = async (parameters: INodeParameters = {}, credentials = vault) =>
	await runNode(ReadSyncLog, { operation: 'backUpState', ...parameters }, { credentials });

const SEEN = {
	takenAt: expect.stringMatching(/Z$/) as string,
	bytes: expect.any(Number) as number,
	couplings: 1,
	connections: 1,
	shape: expect.stringMatching(/^\d{4}_/) as string,
	message: expect.stringMatching(
		/^The state was backed up: 1 coupling of 1 connection. The copy was looked through and is whole.$/,
	) as string,
};

it('comes as a file among the items, without a company, and leaves nothing beside the state', async () => {
	systems.sandbox.log.clear();
	const { json, outputs, error } = await backUp();
	expect(error).toBeUndefined();
	expect(json[0]).toEqual([{ file: null, ...SEEN }]);
	const file = outputs[0]?.[0]?.binary?.['data'];
	expect(file).toMatchObject({
		mimeType: 'application/vnd.sqlite3',
		fileName: expect.stringMatching(/^state-\d{4}-.*Z\.sqlite$/) as string,
	});
	expect(
		Buffer.from(file?.data ?? '', 'base64')
			.subarray(0, 15)
			.toString(),
	).toBe('SQLite format 3');
	expect(Buffer.from(file?.data ?? '', 'base64')).toHaveLength(json[0]?.[0]?.['bytes'] as number);
	expect(readdirSync(dirname(state)).filter((name) => /new-|download/.test(name))).toEqual([]);
	// Neither system is asked for anything.
	expect(systems.sandbox.log.requests).toHaveLength(0);
	expect((await backUp({ options: { binaryPropertyName: 'copy' } })).outputs[0]?.[0]?.binary).toHaveProperty('copy');
});

it('goes to a file or into a folder, for its owner only, and replaces only a former backup that may be replaced', async () => {
	const path = join(allowed, 'weekly.sqlite');
	const first = await backUp({ backUpTo: 'file', filePath: path });
	expect(first.json[0]).toEqual([{ file: path, ...SEEN, bytes: statSync(path).size }]);
	expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
	const again = await backUp({ backUpTo: 'file', filePath: path });
	expect(again.error?.message).toBe(`The file "${path}" exists already.`);
	expect(again.error?.description).toContain('Overwrite a Former Backup');
	expect((await backUp({ backUpTo: 'file', filePath: path, options: { overwrite: true } })).error).toBeUndefined();
	writeFileSync(join(allowed, 'letter.txt'), 'Dear all');
	const letter = await backUp({ backUpTo: 'file', filePath: join(allowed, 'letter.txt'), options: { overwrite: true } });
	expect(letter.error?.message).toContain('not a backup');
	mkdirSync(join(allowed, 'backups'));
	const inFolder = await backUp({ backUpTo: 'file', filePath: join(allowed, 'backups') });
	expect(readdirSync(join(allowed, 'backups'))).toEqual([expect.stringMatching(/^state-\d{4}-.*Z\.sqlite$/)]);
	expect(inFolder.json[0]?.[0]?.['file']).toBe(join(allowed, 'backups', readdirSync(join(allowed, 'backups'))[0]!));
});

it('goes only where n8n lets its nodes write, and to no place that depends on where n8n was started', async () => {
	const barred = await backUp({ backUpTo: 'file', filePath: join(dirname(state), 'backup.sqlite') });
	expect(barred.error?.message).toContain('n8n does not let its nodes write to');
	expect(barred.error?.description).toContain('N8N_RESTRICT_FILE_ACCESS_TO');
	expect((await backUp({ backUpTo: 'file', filePath: 'backup.sqlite' })).error?.message).toBe('"backup.sqlite" is not an absolute path.');
	expect((await backUp({ backUpTo: 'file', filePath: join(allowed, 'nowhere', 'b.sqlite') })).error?.message).toContain('cannot be used');
	expect((await backUp({ backUpTo: 'file', filePath: ' ' })).error?.message).toBe('Parameter "File or Folder" must be filled in.');
});

it('is not made of what is not there, and in queue mode there is no embedded state', async () => {
	const current = process.env['DYNAMICS365_SYNC_STATE_FILE'];
	useNewState();
	const { error } = await backUp();
	expect(error?.message).toContain('nothing to back up');
	process.env['DYNAMICS365_SYNC_STATE_FILE'] = current;
	process.env['EXECUTIONS_MODE'] = 'queue';
	expect((await backUp()).error?.message).toContain('queue mode');
});

it('with PostgreSQL it tells the command, without the password, and asks no server', async () => {
	const store = {
		host: 'db.example',
		port: 5433,
		database: 'n8n',
		user: 'sync user',
		password: 'a-very-secret-word',
		schema: 'Sync',
		ssl: 'require',
	};
	const { error } = await backUp({}, new CredentialVault({ ...sandboxCredentials(systems.addresses), syncStorePostgresApi: store }));
	expect(error?.message).toContain('PostgreSQL, which has a tool of its own');
	expect(error?.description).toContain(
		`PGSSLMODE=require pg_dump --host=db.example --port=5433 --username='sync user' --dbname=n8n --schema='"Sync"' --format=custom --file=state-`,
	);
	expect(JSON.stringify(error)).not.toContain('a-very-secret-word');
});

it('the command for PostgreSQL means what the credential says, whatever is in it', () => {
	const fields = {
		host: 'db',
		port: 5432,
		database: 'n8n',
		user: 'n8n',
		password: 'x',
		schema: 'dynamics365_sync',
		ssl: 'verify' as const,
	};
	expect(pgDumpCommand(fields, 'state.dump')).toBe(
		'PGSSLMODE=verify-full pg_dump --host=db --port=5432 --username=n8n --dbname=n8n --schema=dynamics365_sync --format=custom --file=state.dump',
	);
	expect(pgDumpCommand({ ...fields, database: `it's a=b`, user: 'n8n; rm -rf /' }, 'state.dump')).toContain(
		`--username='n8n; rm -rf /' --dbname='dbname='\\''it\\'\\''s a=b'\\'''`,
	);
});
