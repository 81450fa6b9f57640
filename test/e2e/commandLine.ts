import { equal, match, ok } from 'node:assert/strict';
import { mustAgree, type Pair } from './agreement';
import type { Checks } from './checks';
import { checkFailuresByMail, checkNightly, checkNoFailuresNoMail, checkWeeklyReport } from './exampleChecks';
import { runnable, runnableExamples } from './exampleRuns';
import { type Environment, type Workflow } from './n8n/environment';
import { itemsOf, ran } from './n8n/report';
import type { Person } from './person';
import { by, byHand } from './workflows';

type Json = Record<string, unknown>;

const customers = { mapping: by('name', 'CUSTOMER'), direction: 'mapping' };
const modified = { operation: 'synchronizeModified', ...customers };
const conflicting = { number: '90010', displayName: 'Conflict Marine Supplies' };
const firstSync = runnable.firstSync;
const pairToCouple = { number: '90020', displayName: 'Northwind Chandlery', account: 'Northwind Chandlery Inc.' };

/** The workflows that this part runs by `n8n execute`. */
export const commandLineWorkflows: Workflow[] = [
	...runnableExamples(),
	byHand('reviewAll', 'Review', { name: 'Review', type: 'fullSync', parameters: { operation: 'review', mappingSelection: 'all' } }),
	byHand('previewAll', 'Preview of the full sync', {
		name: 'Run',
		type: 'fullSync',
		parameters: { operation: 'run', mappingSelection: 'all', afterwards: 'keep', preview: true, options: {} },
	}),
	byHand('couplings', 'Couplings', {
		name: 'Couplings',
		type: 'coupleRecords',
		parameters: { operation: 'getMany', mapping: by('name', 'CUSTOMER'), returnAll: true, filters: {} },
	}),
	byHand('modified', 'Modified customers', { name: 'Sync', type: 'syncMapping', parameters: { ...modified, preview: false, options: {} } }),
	byHand('previewModified', 'Preview of modified customers', {
		name: 'Sync',
		type: 'syncMapping',
		parameters: { ...modified, preview: true, options: { returnChanges: 10 } },
	}),
	byHand('createNew', 'Modified and new customers', {
		name: 'Sync',
		type: 'syncMapping',
		parameters: { ...modified, preview: false, options: { createUncoupled: true } },
	}),
	byHand('send', 'Business Central wins', {
		name: 'Sync',
		type: 'syncMapping',
		parameters: { ...modified, preview: false, options: { conflict: 'send' } },
	}),
	byHand('accessKey', 'With a web service access key', {
		name: 'Sync',
		type: 'syncMapping',
		parameters: { ...modified, authentication: 'accessKey', preview: false, options: {} },
	}),
	byHand('certificate', 'With a certificate', {
		name: 'Sync',
		type: 'syncMapping',
		parameters: {
			...modified,
			authentication: 'servicePrincipal',
			crmAuthentication: 'servicePrincipal',
			preview: false,
			options: {},
		},
	}),
	byHand('couple', 'Couple', {
		name: 'Couple',
		type: 'coupleRecords',
		parameters: {
			operation: 'couple',
			mapping: by('name', 'CUSTOMER'),
			businessCentralRecord: by('number', pairToCouple.number),
			crmRecord: by('name', pairToCouple.account),
			initial: 'send',
			preview: false,
		},
	}),
];

const sum = (items: readonly Json[], counter: string): number => items.reduce((total, item) => total + Number(item[counter] ?? 0), 0);

/** Full sync, edits on both sides, conflict, coupling and log, each as an execution of its own. Answers the coupled pairs. */
export async function checkCommandLine(checks: Checks, environment: Environment, anna: Person, ben: Person): Promise<Pair[]> {
	const { n8n, sandbox } = environment;
	/** Rows written in both systems by requests of the integration user while the work was done. */
	const writesDuring = async (work: () => Promise<unknown>): Promise<number> => {
		const before = sandbox.log.requests.length;
		await work();
		return sandbox.log.requests.slice(before).reduce((total, request) => total + request.writes, 0);
	};
	const customerNumbered = async (number: string) => {
		const [row] = await anna.businessCentral('customers', `number eq '${number}'`);
		if (row === undefined) throw new Error(`There is no customer ${number}.`);
		return row as { id: string; displayName: string; phoneNumber: string };
	};
	const accountOf = async (pair: Pair) => {
		const row = (await ben.crm('accounts')).find(({ accountid }) => accountid === pair.account);
		if (row === undefined) throw new Error(`There is no account ${pair.account}.`);
		return row;
	};

	const open = await anna.businessCentral('customers', "blocked eq '_x0020_'");
	let announced = 0;

	await checks.that('Review counts the records of both systems and writes nothing', async () => {
		let lines: Json[] = [];
		const writes = await writesDuring(async () => (lines = itemsOf(await n8n.execute('reviewAll'), 'Review')));
		equal(writes, 0);
		equal(lines.find(({ mapping }) => mapping === 'CUSTOMER')?.['recordsBusinessCentral'], open.length);
	});

	await checks.that('Preview of the full sync writes nothing', async () => {
		let jobs: Json[] = [];
		const writes = await writesDuring(async () => (jobs = itemsOf(await n8n.execute('previewAll'), 'Run')));
		equal(writes, 0);
		announced = sum(jobs, 'inserted');
		ok(announced > 0, 'It should announce new records.');
		ok(jobs.every(({ preview }) => preview === true));
	});

	await checks.that('The example "first full sync" creates what the preview announced, and nothing fails', async () => {
		const report = await n8n.execute(firstSync);
		ok(itemsOf(report, 'Review').length > 0);
		const jobs = itemsOf(report, 'Run full sync');
		equal(sum(jobs, 'failed'), 0, JSON.stringify(itemsOf(report, 'Run full sync', 1)).slice(0, 1000));
		equal(sum(jobs, 'inserted'), announced);
		ok(jobs.every(({ status }) => status === 'finished'));
		ok(!ran(report, 'Resume full sync'), 'Nothing was interrupted.');
		const [page] = itemsOf(report, 'Report');
		equal(page?.['needsAttention'], 0, String(page?.['summary']));
		ok(Number(page?.['jobs']) >= jobs.length, JSON.stringify(page?.['jobs']));
	});

	let pairs: Pair[] = [];
	await checks.that('Every customer is coupled with an account afterwards, and both agree', async () => {
		const couplings = itemsOf(await n8n.execute('couplings'), 'Couplings') as Array<Record<'businessCentral' | 'crm', { id: string }>>;
		pairs = couplings.map(({ businessCentral, crm }) => ({ customer: businessCentral.id, account: crm.id }));
		const coupled = new Set(pairs.map(({ customer }) => customer));
		const left = open.filter(({ id }) => !coupled.has(String(id)));
		equal(left.length, 0, `Not coupled: ${left.map(({ displayName }) => String(displayName)).join(', ')}`);
		await mustAgree(anna, pairs);
	});
	const [first, second, third] = pairs;
	if (first === undefined || second === undefined || third === undefined)
		throw new Error('The demonstration data has fewer than three customers.');

	await checks.that('A further run finds nothing to write', async () => {
		equal(await writesDuring(() => n8n.execute('modified')), 0);
	});

	await checks.that('The example "first full sync" goes through again and again, and soon writes nothing more', async () => {
		// What Business Central filled in by itself when records were created travels back once.
		equal((await n8n.execute(firstSync)).data.resultData.error, undefined);
		equal(
			await writesDuring(async () => {
				const report = await n8n.execute(firstSync);
				equal(report.data.resultData.error, undefined);
				const jobs = itemsOf(report, 'Run full sync');
				ok(jobs.length > 0);
				equal(sum(jobs, 'inserted') + sum(jobs, 'modified') + sum(jobs, 'failed'), 0, JSON.stringify(jobs).slice(0, 1000));
			}),
			0,
		);
	});

	await checkNoFailuresNoMail(checks, environment);

	await checks.that('Preview shows an edit with its old and new value, and the next run carries it over', async () => {
		await anna.changeInBusinessCentral('customers', first.customer, { phoneNumber: '+44 1223 555 010' });
		const [job] = itemsOf(await n8n.execute('previewModified'), 'Sync');
		match(JSON.stringify(job?.['changes'] ?? null), /\+44 1223 555 010/);
		ok((await accountOf(first))['telephone1'] !== '+44 1223 555 010', 'The preview must not write.');
		itemsOf(await n8n.execute('modified'), 'Sync');
		equal((await accountOf(first))['telephone1'], '+44 1223 555 010');
	});

	await checks.that('Edits of different fields on both sides of one record are merged', async () => {
		await anna.changeInBusinessCentral('customers', second.customer, { addressLine1: '7 Harbour Street' });
		await ben.changeInCrm('accounts', second.account, { emailaddress1: 'purchasing@harbour.example' });
		itemsOf(await n8n.execute('modified'), 'Sync');
		const account = await accountOf(second);
		equal(account['address1_line1'], '7 Harbour Street');
		equal(account['emailaddress1'], 'purchasing@harbour.example');
		await mustAgree(anna, pairs);
	});

	await checks.that('A new customer gets an account only when the run may create records', async () => {
		await anna.createInBusinessCentral('customers', conflicting);
		const before = (await ben.crm('accounts')).length;
		itemsOf(await n8n.execute('modified'), 'Sync');
		equal((await ben.crm('accounts')).length, before);
		equal(sum(itemsOf(await n8n.execute('createNew'), 'Sync'), 'inserted'), 1);
		equal((await ben.crm('accounts')).length, before + 1);
	});

	await checks.that('Two different new values for one field leave by the output Failed, with both records and values', async () => {
		const customer = await customerNumbered(conflicting.number);
		const account = (await ben.crm('accounts')).find(({ name }) => name === conflicting.displayName);
		await anna.changeInBusinessCentral('customers', customer.id, { phoneNumber: '111' });
		await ben.changeInCrm('accounts', String(account?.['accountid']), { telephone1: '222' });
		const report = await n8n.execute('modified');
		const failed = itemsOf(report, 'Sync', 1).filter(
			({ businessCentral }) => (businessCentral as Json | null)?.['number'] === conflicting.number,
		);
		ok(failed.length > 0, 'There is no item for the conflict.');
		const text = JSON.stringify(failed);
		for (const part of [conflicting.displayName, '111', '222']) ok(text.includes(part), `The item does not name ${part}: ${text}`);
		equal((await customerNumbered(conflicting.number)).phoneNumber, '111');
	});

	await checkFailuresByMail(checks, environment, conflicting);

	await checks.that('The same conflict is settled by a strategy chosen for one run', async () => {
		const report = await n8n.execute('send');
		equal(itemsOf(report, 'Sync', 1).length, 0);
		const account = (await ben.crm('accounts')).find(({ name }) => name === conflicting.displayName);
		equal(account?.['telephone1'], '111');
	});

	await checks.that('Two existing records are coupled by number and name, and one takes over the data of the other', async () => {
		const customer = await anna.createInBusinessCentral('customers', {
			number: pairToCouple.number,
			displayName: pairToCouple.displayName,
			phoneNumber: '+45 33 12 34 56',
		});
		const account = await ben.createInCrm('accounts', { name: pairToCouple.account, customertypecode: 3 });
		const pair = { customer: String(customer['id']), account: String(account['accountid']) };
		const [item] = itemsOf(await n8n.execute('couple'), 'Couple');
		equal(item?.['state'], 'coupled');
		await mustAgree(anna, [pair]);
		pairs.push(pair);
	});

	await checks.that('The log lists the jobs and the conflict with what to do', async () => {
		const report = await n8n.execute('read-the-log');
		ok(itemsOf(report, 'Jobs').length >= 5);
		const error = itemsOf(report, 'Errors').find(
			({ businessCentral }) => (businessCentral as Json | null)?.['number'] === conflicting.number,
		);
		ok(typeof error?.['hint'] === 'string' && error['hint'] !== '', JSON.stringify(error));
	});

	await checks.that('A web service access key does instead of OAuth2', async () => {
		await ben.changeInCrm('accounts', third.account, { address1_city: 'Ely' });
		itemsOf(await n8n.execute('accessKey'), 'Sync');
		await mustAgree(anna, pairs);
	});

	await checks.that('So does a certificate, for both systems', async () => {
		await ben.changeInCrm('accounts', third.account, { address1_city: 'Truro' });
		itemsOf(await n8n.execute('certificate'), 'Sync');
		await mustAgree(anna, pairs);
	});

	await checkNightly(checks, environment, { anna, ben }, 'createNew');
	await checkWeeklyReport(checks, environment);
	return pairs;
}
