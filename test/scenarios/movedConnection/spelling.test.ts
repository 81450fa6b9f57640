/**
 * The danger: a credential that names the same systems in another way (tenant by domain, api. or not, capitals, a gateway) is taken for a connection
 * nobody has worked with, and 12 + 12 records become 24 + 24.
 */
import { DatabaseSync } from 'node:sqlite';
import { ReadSyncLog } from '../../../nodes/ReadSyncLog/ReadSyncLog.node';
import { forgetKnownSystems } from '../../../nodes/shared/knownSystems';
import { stateFile } from '../../../engine/store/storeLocation';
import { forgetFiles } from '../../../engine/store/sqlite/remembered';
import { sandboxCredentials } from '../../kit/n8nSandboxCredentials';
import { CredentialVault } from '../../kit/workflow';
import { CUSTOMERS, jobsOf, openOffice, type Office } from '../lostState/kit';

let office: Office;
beforeEach(async () => {
	forgetKnownSystems();
	office = await openOffice();
});
afterEach(() => office.close());

/** Both systems under other names: `localhost` for the address, the domain for the tenant, other capitals. */
const otherwise = (): CredentialVault => {
	const { businessCentral, crm, login } = office.systems.addresses;
	const moved = sandboxCredentials({
		businessCentral: businessCentral.replace('127.0.0.1', 'localhost'),
		crm: crm.replace('127.0.0.1', 'localhost'),
		login,
	});
	const online = { ...moved['businessCentralOAuth2Api'], tenantId: 'Cronus.Example', environmentName: 'SANDBOX' };
	return new CredentialVault({ ...moved, businessCentralOAuth2Api: online });
};
const counts = (): number[] => [office.names().customers.length, office.names().accounts.length];
const couplings = async (): Promise<unknown> => (await office.run(ReadSyncLog, { operation: 'getJobs', returnAll: true })).json[0]!.length;
/** As an earlier version left the store: it knew addresses only. */
const forgetSystems = (): void => {
	forgetFiles();
	const database = new DatabaseSync(stateFile());
	database.exec(`update connection set bc_system = null, crm_system = null`);
	const ids = database.prepare('select connection_key, former_id from connection_address').all();
	for (const row of ids)
		database.prepare('update connection set id = ? where connection_key = ?').run(row['former_id']!, row['connection_key']!);
	database.exec('delete from connection_address');
	database.close();
};

test('another spelling of both systems is the same connection: nothing is created, edits travel, the log is one', async () => {
	expect(jobsOf(await office.schedule())).toEqual([`toCrm I${CUSTOMERS} M0 F0 finished`, 'fromCrm I0 M0 F0 finished']);
	office.use(otherwise());
	expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M0 F0 finished', 'fromCrm I0 M0 F0 finished']);
	office.edit();
	expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M1 F0 finished', 'fromCrm I0 M1 F0 finished']);
	expect(counts()).toEqual([CUSTOMERS, CUSTOMERS]);
	expect(await couplings()).toBe(6);
});

test('couplings that an earlier version kept by addresses are moved over to whom the systems say they are', async () => {
	await office.schedule();
	forgetSystems();
	expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M0 F0 finished', 'fromCrm I0 M0 F0 finished']);
	office.use(otherwise());
	expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M0 F0 finished', 'fromCrm I0 M0 F0 finished']);
	expect(counts()).toEqual([CUSTOMERS, CUSTOMERS]);
});

test('asking who the systems are costs one request to CRM in a process and a day, and one to the sign-in service where a domain names the tenant', async () => {
	await office.schedule();
	const { log } = office.systems.sandbox;
	const asked = (from: number): string[] =>
		log.requests.slice(from).flatMap(({ system, path }) => (/WhoAmI|openid/.test(path) ? [system] : []));
	expect(asked(0)).toEqual(['crm']);
	let from = log.requests.length;
	await office.schedule();
	expect(asked(from)).toEqual([]);
	from = log.requests.length;
	office.use(otherwise());
	await office.schedule();
	expect(asked(from).sort()).toEqual(['crm', 'login']);
	from = log.requests.length;
	await office.schedule();
	expect(asked(from)).toEqual([]);
});

test('a service that does not tell who it is: its address leads to the connection that was met there', async () => {
	await office.schedule();
	forgetKnownSystems();
	office.systems.sandbox.faults.add({ system: 'crm', url: /WhoAmI/, fault: { kind: 'answer', status: 403, body: '{}' } });
	expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M0 F0 finished', 'fromCrm I0 M0 F0 finished']);
	expect(counts()).toEqual([CUSTOMERS, CUSTOMERS]);
});

test('two spellings that contradict each other: one error with both names, and Settle Doubled State goes on', async () => {
	await office.schedule();
	forgetSystems();
	const database = new DatabaseSync(stateFile());
	database.exec(`insert into connection (id, bc_address, company_id, company_name, crm_address, created_ms, opened_ms)
		select 'other', replace(bc_address, '127.0.0.1', 'localhost'), company_id, company_name, crm_address, created_ms, 0 from connection`);
	database.exec(`insert into coupling (connection_key, mapping, bc_id, crm_id, bc_number, bc_name, crm_name, search, coupled_at)
		select 2, mapping, bc_id, '00000000-0000-4000-8000-000000000001', bc_number, bc_name, crm_name, search, coupled_at from coupling limit 1`);
	database.exec(`update connection set bc_system = (select '7f0c3a52-6d1e-4b8a-9c2f-1e5d7a3b9c40/sandbox') where connection_key = 2`);
	database.close();
	const before = office.snapshot();
	const refused = await office.schedule();
	expect(`${refused.error?.message} ${refused.error?.description}`).toMatch(
		/twice.*localhost.*Settle Doubled State.*\(CONNECTION_DOUBLED\)/s,
	);
	expect(office.snapshot()).toBe(before);
	const settled = await office.run(ReadSyncLog, { operation: 'settleDoubledState', doubledState: 'usedLast' });
	expect(settled.json[0]![0]).toMatchObject({ couplings: CUSTOMERS });
	expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M0 F0 finished', 'fromCrm I0 M0 F0 finished']);
	expect(counts()).toEqual([CUSTOMERS, CUSTOMERS]);
});
