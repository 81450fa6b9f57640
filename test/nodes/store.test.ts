import { inspect } from 'node:util';
import { existsSync } from 'node:fs';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { sandboxCredentials } from '../kit/n8nSandboxCredentials';
import { startPostgres, type RunningPostgres } from '../kit/postgres';
import { CredentialVault, runNode, useNewState } from '../kit/workflow';

let systems: LocalSystems;
let postgres: RunningPostgres;
beforeAll(async () => {
	systems = await startLocalSystems();
	postgres = await startPostgres();
});
afterAll(async () => {
	await systems.close();
	await postgres.stop();
});
afterEach(() => delete process.env['EXECUTIONS_MODE']);

const withPostgres = (fields: Record<string, string> = {}): CredentialVault => {
	const { host, port, database, user, password, schema } = postgres.settings;
	const store = { host, port, database, user, password, schema, ssl: 'disable', ...fields };
	return new CredentialVault({ ...sandboxCredentials(systems.addresses), syncStorePostgresApi: store });
};
const synchronize = async (credentials: CredentialVault) =>
	await runNode(SyncMapping, { company: systems.company, mapping: by('name', 'CUSTOMER') }, { credentials });
const jobs = async (credentials: CredentialVault, company = systems.company) =>
	await runNode(ReadSyncLog, { company, operation: 'getJobs' }, { credentials });

it('without a PostgreSQL credential the state is in the embedded file', async () => {
	const file = useNewState();
	expect((await synchronize(systems.vault())).error).toBeUndefined();
	expect(existsSync(file)).toBe(true);
});

it('with a PostgreSQL credential the state is there, and no file is made', async () => {
	const file = useNewState();
	expect((await synchronize(withPostgres())).error).toBeUndefined();
	expect(existsSync(file)).toBe(false);
	expect((await jobs(withPostgres())).json[0]).toHaveLength(2);
});

it('the state of one company is not the state of another', async () => {
	await synchronize(withPostgres());
	const other = { ...systems.company, value: '99999999-2222-4333-8444-555555555555' };
	systems.sandbox.businessCentral.addCompany('Another company', { id: other.value });
	expect((await jobs(withPostgres(), other)).json[0]?.[0]).toMatchObject({ found: 0 });
});

it('in queue mode the embedded file is refused with the reason, and PostgreSQL works', async () => {
	process.env['EXECUTIONS_MODE'] = 'queue';
	useNewState();
	const refused = await synchronize(systems.vault());
	expect(refused.error?.message).toContain('queue mode');
	expect(refused.error?.description).toContain('Sync Store (PostgreSQL)');
	expect((await synchronize(withPostgres())).error).toBeUndefined();
});

it('a PostgreSQL that refuses the user ends the node in words, without the password', async () => {
	const { error, outputs } = await synchronize(withPostgres({ database: 'nowhere_at_all', password: 'a-very-secret-word' }));
	expect(error?.message).toMatch(/nowhere_at_all|database/);
	expect(inspect([error, outputs], { depth: 12, showHidden: true })).not.toContain('a-very-secret-word');
});
