/**
 * The items that the documentation shows, made by running the nodes against the sandbox. `examples.test.ts` compares their shapes with the JSON in
 * the pages, so that a page cannot promise a field that no node sends.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { createSandbox } from '../../sandbox';
import type { SeedValues } from '../../sandbox/dataverse';
import { seedBase } from '../kit/baseData';
import { CredentialVault, runNode, sandboxCredentials, useNewState, type NodeClass } from '../kit/workflow';

type Row = Record<string, unknown>;
export type Examples = ReadonlyMap<string, IDataObject>;

const COMPANY = 'CRONUS International Ltd.';
const CUSTOMER = { __rl: true, mode: 'list', value: 'CUSTOMER' };
const byNumber = (value: string) => ({ __rl: true, mode: 'number', value });
const byName = (value: string) => ({ __rl: true, mode: 'name', value });

/** By the name that stands before the JSON in the page: `<!-- example: NAME -->`. */
export async function makeExamples(): Promise<Examples> {
	const sandbox = createSandbox();
	try {
		seedBase(sandbox);
		const company = sandbox.businessCentral.company(COMPANY);
		company.seed('customers', [
			customer('10000', 'Adatum Corporation'),
			customer('20000', 'Trey Research'),
			{ ...customer('30000', 'School of Fine Art'), currencyCode: 'EUR' },
		]);
		useNewState();
		const credentials = new CredentialVault(sandboxCredentials(await sandbox.listen()));
		const run = async (type: NodeClass, parameters: INodeParameters): Promise<IDataObject[][]> => {
			const { json, error } = await runNode(type, { company: byName(COMPANY), ...parameters }, { credentials });
			if (error) throw error;
			return json;
		};
		const examples = new Map<string, IDataObject>();
		const keep = (name: string, item: IDataObject | undefined): void => {
			if (!item) throw new Error(`No item came out for the example ${name}.`);
			examples.set(name, item);
		};
		const accountOf = (name: string): Row => (sandbox.crm.rows('account') as Row[]).find((row) => row['name'] === name)!;
		const customerOf = (number: string): Row => (company.rows('customers') as Row[]).find((row) => row['number'] === number)!;
		const editCustomer = (number: string, values: Row): void => void company.update('customers', String(customerOf(number)['id']), values);
		const editAccount = (name: string, values: SeedValues): void => void sandbox.crm.update('account', String(accountOf(name)['accountid']), values);
		const modified = { operation: 'synchronizeModified', mapping: CUSTOMER };

		const ofCustomers = ({ mapping }: Row): boolean => mapping === 'CUSTOMER';
		keep('review', (await run(FullSync, { operation: 'review', mappingSelection: 'all' }))[0]!.find(ofCustomers));
		keep('full-sync-job', (await run(FullSync, { operation: 'run', mappingSelection: 'all', afterwards: 'keep' }))[0]!.find(ofCustomers));

		editCustomer('10000', { phoneNumber: '+44 20 7946 0100' });
		const preview = { ...modified, preview: true, options: { returnChanges: 10 } };
		keep('preview-job', (await run(SyncMapping, preview))[0]![0]);
		keep('job', (await run(SyncMapping, modified))[0]![0]);

		editCustomer('20000', { phoneNumber: '+44 1632 960111' });
		editAccount('Trey Research', { telephone1: '+44 1632 960222' });
		const conflict = await run(SyncMapping, modified);
		keep('failed', conflict[1]![0]);
		keep('log-error', (await run(ReadSyncLog, { operation: 'getErrors' }))[0]![0]);
		keep('log-job', (await run(ReadSyncLog, { operation: 'getJobs' }))[0]![0]);
		keep('log-nothing', (await run(ReadSyncLog, { operation: 'getJobs', filters: { status: 'stopped' } }))[0]![0]);
		keep('coupling-failed', (await run(CoupleRecords, { operation: 'getMany', filters: { state: 'failed' } }))[0]![0]);
		keep('uncouple-job', (await run(CoupleRecords, { operation: 'uncouple', mapping: CUSTOMER, scope: 'records', side: 'businessCentral', businessCentralRecord: byNumber('10000') }))[0]![0]); // prettier-ignore
		const pair = { operation: 'couple', mapping: CUSTOMER, businessCentralRecord: byNumber('10000'), crmRecord: byName('Adatum Corporation') };
		keep('coupled', (await run(CoupleRecords, { ...pair, initial: 'send' }))[0]![0]);
		company.seed('customers', [{ ...customer('40000', 'Fabrikam'), email: 'sales@fabrikam.example' }]);
		sandbox.crm.seed('account', [{ name: 'Fabrikam', emailaddress1: 'sales@fabrikam.example', customertypecode: 3 }]);
		const criteria = { pairs: [{ businessCentralField: 'displayName', crmColumn: 'name' }] };
		const match = { operation: 'matchBased', mapping: CUSTOMER, criteriaFrom: 'node', criteria, scope: 'mapping' };
		keep('matched', (await run(CoupleRecords, { ...match, synchronizeAfterwards: 'no', output: 'records' }))[0]![0]);
		keep('history', (await run(ReadSyncLog, { operation: 'getHistory', record: '20000' }))[0]!.find(({ kind, direction }) => kind === 'error' && direction === 'toCrm'));
		sandbox.crm.remove('account', String(accountOf('Adatum Corporation')['accountid']));
		const restore = { operation: 'restore', mapping: CUSTOMER, side: 'businessCentral', businessCentralRecord: byNumber('10000') };
		keep('restored', (await run(CoupleRecords, restore))[0]![0]);
		keep('deleted-entries', (await run(ReadSyncLog, { operation: 'deleteOldEntries', olderThanDays: 7 }))[0]![0]);
		keep('backup', (await run(ReadSyncLog, { operation: 'backUpState' }))[0]![0]);
		return examples;
	} finally {
		await sandbox.close();
	}
}

const customer = (number: string, displayName: string): Row => ({
	number,
	displayName,
	type: 'Company',
	addressLine1: 'Station Road 21',
	city: 'London',
	country: 'GB',
	postalCode: 'W1 3AL',
	phoneNumber: '+44 20 7946 0000',
	email: 'office@example.com',
	creditLimit: 0,
	currencyCode: '',
	blocked: '_x0020_',
});
