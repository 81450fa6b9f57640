import { DatabaseSync } from 'node:sqlite';
import type { INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../../../nodes/FullSync/FullSync.node';
import { ReadSyncLog } from '../../../../nodes/ReadSyncLog/ReadSyncLog.node';
import { forgetKnownSystems } from '../../../../nodes/shared/knownSystems';
import { SyncMapping } from '../../../../nodes/SyncMapping/SyncMapping.node';
import { forgetFiles } from '../../../../engine/store/sqlite/remembered';
import { stateFile } from '../../../../engine/store/storeLocation';
import { by } from '../../../kit/n8nLocalSystems';
import { sandboxCredentials } from '../../../kit/n8nSandboxCredentials';
import { CredentialVault, type NodeOutcome } from '../../../kit/workflow';
import { CUSTOMERS, openOffice, type Office } from '../../lostState/kit';
import { expectNamesOfNodes } from './names';
import { type Seen, says, type Walks } from './kit';

/** Stores that know nothing, copies of environments and restored systems, with the nodes themselves: who is told what, and where the named operation leads. */
async function inOffice(walk: (office: Office) => Promise<void>): Promise<void> {
	forgetKnownSystems();
	const office = await openOffice();
	try {
		await office.schedule();
		await walk(office);
	} finally {
		await office.close();
	}
}

function shown(code: string, { error, json }: NodeOutcome): Seen {
	const item = json[1]?.[0];
	const seen = error
		? { message: error.message, hint: String(error.description) }
		: { message: String(item?.['message']), hint: `${String(item?.['hint'])} (${String(item?.['errorCode'])})` };
	expect(`${seen.message} ${seen.hint}`).toContain(`(${code})`);
	expectNamesOfNodes(seen.hint);
	return seen;
}

/** The edits of both sides arrive, and nobody is there twice. */
async function delivered(office: Office, more?: INodeParameters): Promise<void> {
	const { error, json } = await office.schedule(more);
	expect([error, json[1] ?? []]).toEqual([undefined, []]);
	const { customers, accounts } = office.phones();
	expect(customers).toEqual(accounts);
	expect(customers).toHaveLength(CUSTOMERS);
}

const environment = (office: Office, name: string): CredentialVault => {
	const values = sandboxCredentials(office.systems.addresses);
	const online = {
		...values['businessCentralOAuth2Api'],
		environmentName: name,
		baseUrlOverride: `${office.systems.addresses.businessCentral}/v2.0/${name}`,
	};
	return new CredentialVault({ ...values, businessCentralOAuth2Api: online });
};
const settle = (office: Office, copiedWay: string) => office.run(FullSync, { operation: 'settleCopied', copiedWay });
const fullSync = (office: Office, options: INodeParameters = {}) => office.fullSync({ options });

export const environmentWalks: Walks = {
	NOTHING_COUPLED: () =>
		inOffice(async (office) => {
			office.newFile();
			office.forgetNote();
			office.workflow.staticData = {};
			office.edit();
			const seen = shown('NOTHING_COUPLED', await office.schedule());
			says(seen, 'Full Sync → Run', '"When Both Sides Hold Data → Match First"', '"Traces of Another State → Take Over"');
			expect((await fullSync(office, { traces: 'takeOver' })).error).toBeUndefined();
			expect(office.names().accounts).toHaveLength(CUSTOMERS);
			expect((await office.schedule()).json[1] ?? []).toEqual([]);
		}),
	STORE_IS_NEW: () =>
		inOffice(async (office) => {
			const kept = await office.exportState();
			office.newFile();
			const seen = shown(
				'STORE_IS_NEW',
				await office.run(SyncMapping, { mapping: by('name', 'CURRENCY'), options: { createUncoupled: true } }),
			);
			says(seen, 'Read Sync Log → Import State');
			expect((await office.importState(kept)).error).toBeUndefined();
			office.edit();
			await delivered(office);
		}),
	TRACES_FOUND: () =>
		inOffice(async (office) => {
			office.newFile();
			office.workflow.staticData = {};
			const seen = shown('TRACES_FOUND', await fullSync(office, { traces: 'stop' }));
			says(seen, 'Attach the store that made these couplings, or import its state', '"Traces of Another State → Take Over"');
			expect((await fullSync(office, { traces: 'takeOver' })).error).toBeUndefined();
			office.edit();
			await delivered(office);
		}),
	ENVIRONMENT_COPIED: () =>
		inOffice(async (office) => {
			office.systems.sandbox.businessCentral.copyEnvironment('renamed');
			office.use(environment(office, 'renamed'));
			says(shown('ENVIRONMENT_COPIED', await office.schedule()), 'Full Sync → Settle Copied Environment', '"Take Over the Couplings"');
			expect((await settle(office, 'takeOver')).json[0]![0]).toMatchObject({ couplings: CUSTOMERS });
			expect((await office.schedule()).error).toBeUndefined();
		}),
	ENVIRONMENTS_CONTRADICT: () =>
		inOffice(async (office) => {
			const { sandbox, base } = office.systems;
			const number = String(sandbox.businessCentral.company(base.companyName).rows('customers')[0]!['number']);
			const other = sandbox.crm.insert('account', { name: 'Somebody else', customertypecode: 3 });
			sandbox.businessCentral.copyEnvironment('renamed');
			office.use(environment(office, 'renamed'));
			await settle(office, 'isNew');
			const record = { mapping: by('list', 'CUSTOMER'), businessCentralRecord: by('number', number) };
			await office.run(CoupleRecords, { operation: 'couple', ...record, initial: 'none', crmRecord: by('id', other) });
			says(shown('ENVIRONMENTS_CONTRADICT', await settle(office, 'takeOver')), 'Couple Records → Uncouple', 'take over again');
			await office.run(CoupleRecords, { operation: 'uncouple', ...record, side: 'businessCentral' });
			expect((await settle(office, 'takeOver')).json[0]![0]).toMatchObject({ couplings: CUSTOMERS });
		}),
	CONNECTION_DOUBLED: () =>
		inOffice(async (office) => {
			twoSpellings(true);
			const seen = shown('CONNECTION_DOUBLED', await office.schedule());
			says(seen, 'Read Sync Log → Settle Doubled State', 'Read Sync Log → Back Up State');
			const settled = await office.run(ReadSyncLog, { operation: 'settleDoubledState', doubledState: 'usedLast' });
			expect(settled.json[0]![0]).toMatchObject({ couplings: CUSTOMERS });
			office.edit();
			await delivered(office);
		}),
	CONNECTION_BUSY: () =>
		inOffice(async (office) => {
			// A run works under the other spelling; when it has ended, the two become one by themselves.
			twoSpellings(false);
			const database = new DatabaseSync(stateFile());
			database.exec(
				`insert into lease (connection_key, mapping, owner, fence, expires_ms) values (2, 'CUSTOMER', 'somebody', 1, ${Date.now() + 3_600_000})`,
			);
			database.close();
			says(shown('CONNECTION_BUSY', await office.schedule()), 'Nothing needs to be done: the two become one when that run has ended');
			const later = new DatabaseSync(stateFile());
			later.exec(`update lease set expires_ms = 0 where owner = 'somebody'`);
			later.close();
			office.edit();
			await delivered(office);
		}),
	RESTORED: () =>
		inOffice(async (office) => {
			const { crm } = office.systems.sandbox;
			const kept = crm.snapshot();
			const company = office.systems.sandbox.businessCentral.company(office.systems.base.companyName);
			office.systems.sandbox.clock.skew.businessCentral += 3_600_000;
			for (const [index, row] of company.rows('customers').entries())
				company.update('customers', String(row['id']), { phoneNumber: `new ${index}` });
			await office.schedule();
			crm.restore(kept);
			says(shown('RESTORED', await office.schedule()), 'Sync Mapping → Settle Restored System, with Preview first');
			const parameters = { operation: 'settleRestored', mapping: by('name', 'CUSTOMER'), restoredWay: 'sendAgain' };
			expect((await office.run(SyncMapping, { ...parameters, preview: true })).error).toBeUndefined();
			expect((await office.run(SyncMapping, { ...parameters, preview: false })).error).toBeUndefined();
			await delivered(office);
			expect(office.phones().accounts[0]).toMatch(/^new/);
		}),
};

/** The store as an earlier version left it: it knew addresses only, and two spellings of them. */
function twoSpellings(contradicting: boolean): void {
	forgetFiles();
	const database = new DatabaseSync(stateFile());
	database.exec('update connection set bc_system = null, crm_system = null');
	for (const row of database.prepare('select connection_key, former_id from connection_address').all())
		database.prepare('update connection set id = ? where connection_key = ?').run(row['former_id']!, row['connection_key']!);
	database.exec('delete from connection_address');
	database.exec(`insert into connection (id, bc_address, company_id, company_name, crm_address, created_ms, opened_ms)
		select 'other', replace(bc_address, '127.0.0.1', 'localhost'), company_id, company_name, crm_address, created_ms, 0 from connection`);
	if (contradicting)
		database.exec(`insert into coupling (connection_key, mapping, bc_id, crm_id, bc_number, bc_name, crm_name, search, coupled_at)
			select 2, mapping, bc_id, '00000000-0000-4000-8000-000000000001', bc_number, bc_name, crm_name, search, coupled_at from coupling limit 1`);
	database.exec(`update connection set bc_system = (select '7f0c3a52-6d1e-4b8a-9c2f-1e5d7a3b9c40/sandbox') where connection_key = 2`);
	database.close();
	forgetKnownSystems();
}
