import { FullSync } from '../../nodes/FullSync/FullSync.node.js';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node.js';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node.js';
import { COMPANY, type RunReport, type Stage } from './stage';

type Row = Record<string, unknown>;
const CUSTOMER = { mapping: { __rl: true, mode: 'list', value: 'CUSTOMER' } };
const modified = { operation: 'synchronizeModified', ...CUSTOMER };
const failed = (run: RunReport): number => run.jobs.reduce((sum, job) => sum + Number(job['failed'] ?? 0), 0);
const finished = (run: RunReport): boolean => run.jobs.length > 0 && run.jobs.every((job) => job['status'] === 'finished');
const clean = (run: RunReport): boolean => finished(run) && failed(run) === 0;
const written = ({ writes }: RunReport): number => writes.businessCentral + writes.crm;

/** A company and its CRM over a few days: first everything, then the edits of people, a conflict, a deletion, and quiet. */
export async function playStory(stage: Stage, say: (text: string) => void): Promise<RunReport[]> {
	const { sandbox } = stage;
	const company = sandbox.businessCentral.company(COMPANY);
	const customers = (): Row[] => (company.rows('customers') as Row[]).filter((row) => row['blocked'] === '_x0020_');
	const accountOf = (customer: Row): Row => (sandbox.crm.rows('account') as Row[]).find((row) => row['name'] === customer['displayName'])!;
	const editCustomer = (customer: Row, values: Row): void => void company.update('customers', String(customer['id']), values);
	const editAccount = (account: Row, values: Record<string, string | number>): void =>
		void sandbox.crm.update('account', String(account['accountid']), values);
	const runs: RunReport[] = [];
	const play = async (...scene: Parameters<Stage['run']>): Promise<void> => void runs.push(await stage.run(...scene));
	say('');

	await play('Review', FullSync, { operation: 'review', mappingSelection: 'all' }, [], (run) => run.jobs.length >= 3 && written(run) === 0);
	await play(
		'Full sync',
		FullSync,
		{ operation: 'run', mappingSelection: 'all', afterwards: 'keep' },
		[],
		(run) => clean(run) && written(run) > 0,
	);
	await play('Quiet run', SyncMapping, modified, [], (run) => clean(run) && written(run) === 0);

	const [first, second, third, fourth, fifth] = customers() as [Row, Row, Row, Row, Row];
	editCustomer(first, { phoneNumber: '+44 20 7946 0100', addressLine1: '1 New Street' });
	editCustomer(second, { email: 'purchasing@example.com' });
	editAccount(accountOf(first), { websiteurl: 'https://www.example.com' });
	editAccount(accountOf(third), { telephone1: '+44 20 7946 0333', address1_city: 'Bristol' });
	const edits = ['2 customers edited in Business Central', '2 accounts in CRM, one of them the same record'];
	await play(
		'Preview',
		SyncMapping,
		{ ...modified, preview: true, options: { returnChanges: 10 } },
		edits,
		(run) => clean(run) && written(run) === 0,
	);
	await play('Both directions', SyncMapping, modified, [], (run) => clean(run) && written(run) === 4);

	editCustomer(fourth, { phoneNumber: '+44 1632 960111' });
	editAccount(accountOf(fourth), { telephone1: '+44 1632 960222' });
	const sameField = ['the same phone number edited on both sides'];
	await play('Conflict', SyncMapping, modified, sameField, (run) => failed(run) === 2 && run.failed.length === 2 && written(run) === 0);
	const settle = { ...modified, options: { conflict: 'send' } };
	await play('Conflict settled', SyncMapping, settle, ['strategy: send data to CRM'], (run) => clean(run) && written(run) === 1);

	sandbox.crm.remove('account', String(accountOf(fifth)['accountid']));
	editCustomer(fifth, { city: 'Leeds' });
	const deletion = ['an account deleted in CRM, its customer edited'];
	const restore = { ...modified, options: { deletion: 'restore' } };
	await play('Deletion restored', SyncMapping, restore, deletion, (run) => clean(run) && written(run) === 1);
	// Dataverse deleted the contacts of the account along with it, and its changes tell so at once.
	const all = { operation: 'synchronizeAll' };
	const restoreAll = { ...all, options: { deletion: 'restore' } };
	await play('All mappings', SyncMapping, restoreAll, ['strategy: restore deleted records'], (run) => clean(run) && written(run) > 0);
	await play('No changes', SyncMapping, all, [], (run) => clean(run) && written(run) === 0);
	await play('Read the log', ReadSyncLog, { operation: 'getErrors' }, [], (run) => written(run) === 0 && run.jobs.length > 0);
	return runs;
}
