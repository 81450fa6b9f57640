import { Logger } from '@n8n/backend-common';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault, type RunSettings } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;

beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
});
afterEach(async () => await systems.close());

const bc = () => systems.sandbox.businessCentral.company(systems.base.companyName);
const accounts = () => systems.sandbox.crm.rows('account').map((row) => row as Record<string, unknown>);
const writes = () => systems.sandbox.log.requests.filter((one) => one.writes > 0);

/** Customers C1, C2, … ; those with a salesperson cannot be delivered while the salesperson is not coupled. */
function seedCustomers(count: number, failing: number[] = []): void {
	bc().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
	const customers = Array.from({ length: count }, (_, index) => ({
		number: `C${index + 1}`,
		displayName: `Customer ${index + 1}`,
		type: 'Company',
		blocked: '_x0020_',
		salespersonCode: failing.includes(index + 1) ? 'JO' : '',
	}));
	bc().seed('customers', customers);
}

const run = async (parameters: INodeParameters, settings: Partial<RunSettings> & { onError?: 'continueErrorOutput' } = {}) =>
	await runNode(
		SyncMapping,
		{ company: systems.company, mapping: by('name', 'CUSTOMER'), ...parameters },
		{ credentials: vault, ...settings },
	);

const creating = { options: { createUncoupled: true } };

describe('synchronizing modified records', () => {
	it('gives one item per direction with exactly the fields that workflows rely on', async () => {
		seedCustomers(2);
		const { json, outputs, error } = await run(creating);
		expect(error).toBeUndefined();
		expect(json[0]).toEqual([
			{
				jobId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
				mapping: 'CUSTOMER',
				direction: 'toCrm',
				type: 'synchronization',
				status: 'finished',
				preview: false,
				startedAt: expect.stringMatching(/Z$/) as string,
				finishedAt: expect.stringMatching(/Z$/) as string,
				inserted: 2,
				modified: 0,
				deleted: 0,
				unchanged: 0,
				skipped: 0,
				failed: 0,
				coupled: 0,
				uncoupled: 0,
				requests: { businessCentral: expect.any(Number) as number, crm: expect.any(Number) as number },
				message: '2 created.',
			},
			expect.objectContaining({ direction: 'fromCrm', message: 'No changes.' }),
		]);
		expect(json[1]).toEqual([]);
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }], [{ item: 0 }]]);
		expect(accounts().map(({ name }) => name)).toEqual(['Customer 1', 'Customer 2']);
	});

	it('says so in words when nothing changed, and writes nothing', async () => {
		seedCustomers(2);
		await run(creating);
		systems.sandbox.log.clear();
		const { json, hints } = await run(creating);
		expect(json[0]?.map(({ message }) => message)).toEqual(['No changes.', 'No changes.']);
		expect(hints.map(({ message }) => message)).toEqual(['Nothing was changed: both systems agree.']);
		expect(writes()).toEqual([]);
	});

	it('creates nothing unless the mapping or the run allows it', async () => {
		seedCustomers(2);
		await run({});
		expect(accounts()).toEqual([]);
	});

	it('runs only the direction that is chosen', async () => {
		const { json } = await run({ direction: 'fromCrm' });
		expect(json[0]?.map(({ direction }) => direction)).toEqual(['fromCrm']);
	});

	it('starts one run for input items that ask for the same, linked to all of them', async () => {
		const { json, outputs } = await run({}, { items: [{}, {}, {}] });
		expect(json[0]).toHaveLength(2);
		expect(outputs[0]?.[0]?.pairedItem).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	});

	it('starts a run for each mapping the input items name', async () => {
		const items = [{ which: 'CURRENCY' }, { which: 'CUSTOMER' }];
		const { json } = await run({ mapping: by('name', '={{ $json.which }}') }, { items });
		expect(json[0]?.map(({ mapping }) => mapping)).toEqual(['CURRENCY', 'CUSTOMER', 'CUSTOMER']);
	});
});

describe('a direction that is not served', () => {
	it('is a finished job that says so, in a preview as well', async () => {
		for (const preview of [false, true]) {
			const { json, hints, error } = await run({ mapping: by('name', 'SALESPEOPLE'), direction: 'toCrm', preview });
			expect(error).toBeUndefined();
			expect(json[1]).toEqual([]);
			const message = expect.stringMatching(/^The table mapping SALESPEOPLE runs from CRM to Business Central only/) as string;
			expect(json[0]).toEqual([expect.objectContaining({ status: 'finished', direction: 'toCrm', preview, message })]);
			expect(hints.map(({ message: said }) => said)).toContain(json[0]![0]!['message']);
		}
	});

	it('leaves out mappings of a run over all of them, which are named', async () => {
		const { json, hints } = await run({ operation: 'synchronizeAll', direction: 'toCrm' });
		expect(json[0]!.some(({ mapping }) => mapping === 'SALESPEOPLE')).toBe(false);
		expect(hints.map(({ message }) => String(message)).join()).toMatch(/Not run, because .* this direction: [^.]*SALESPEOPLE/);
	});
});

describe('preview', () => {
	it('shows every field before and after, and writes nothing anywhere', async () => {
		seedCustomers(1);
		systems.sandbox.log.clear();
		const { json, hints } = await run({ preview: true, options: { createUncoupled: true, returnChanges: 10 } });
		const [job] = json[0] ?? [];
		expect(job).toMatchObject({ preview: true, inserted: 1 });
		expect(job?.['changes']).toEqual([
			expect.objectContaining({
				action: 'insert',
				written: 'crm',
				businessCentral: expect.objectContaining({ number: 'C1', name: 'Customer 1' }) as unknown,
				fields: expect.arrayContaining([{ field: 'name', caption: 'Name', after: 'Customer 1' }]) as unknown,
			}),
		]);
		expect(hints[0]?.message).toContain('Preview only');
		expect(writes()).toEqual([]);
		expect(accounts()).toEqual([]);
	});
});

describe('the output Failed', () => {
	it('names the record, the class of the error and what to do', async () => {
		seedCustomers(2, [2]);
		const { json, hints } = await run(creating);
		expect(json[0]?.[0]).toMatchObject({ status: 'finished', inserted: 1, failed: 1 });
		expect(json[1]).toEqual([
			{
				record: 'C2 Customer 2',
				jobId: json[0]?.[0]?.['jobId'],
				mapping: 'CUSTOMER',
				direction: 'toCrm',
				errorClass: 'data',
				errorCode: expect.stringMatching(/^[A-Z_]+$/) as string,
				message: expect.stringContaining('JO') as string,
				hint: expect.stringMatching(/\S/) as string,
				businessCentral: expect.objectContaining({ number: 'C2', name: 'Customer 2' }) as unknown,
				crm: null,
				attempts: 1,
				skipped: false,
			},
		]);
		expect(hints.map(({ message }) => message)).toContain('1 record failed. The output Failed says why and what to do.');
	});

	it('holds at most a thousand records, and then says how many more there are', async () => {
		seedCustomers(
			1003,
			Array.from({ length: 1003 }, (_, index) => index + 1),
		);
		const { json } = await run({ ...creating, direction: 'toCrm' });
		expect(json[0]?.[0]).toMatchObject({ failed: 1003 });
		expect(json[1]).toHaveLength(1001);
		expect(json[1]?.at(-1)).toMatchObject({ errorCode: 'MORE_FAILED', message: '3 more records failed.', moreFailed: 3 });
	});

	it('stays apart from the error output', async () => {
		seedCustomers(2, [2]);
		const { json } = await run(creating, { onError: 'continueErrorOutput' });
		expect(json.map((items) => items.length)).toEqual([2, 1, 0]);
	});
});

describe('synchronizing selected records', () => {
	const selected = (parameters: INodeParameters): INodeParameters => ({ operation: 'synchronizeSelected', ...creating, ...parameters });
	const byNumber = selected({ side: 'businessCentral', businessCentralRecord: by('number', '={{ $json.no }}') });

	it('takes one record per input item and delivers all in one run', async () => {
		seedCustomers(5);
		const { json } = await run(byNumber, { items: [{ no: 'C2' }, { no: 'c4' }] });
		expect(json[0]).toEqual([expect.objectContaining({ direction: 'toCrm', inserted: 2 })]);
		expect(accounts().map(({ name }) => name)).toEqual(['Customer 2', 'Customer 4']);
	});

	it('links a failed record to the item that named it', async () => {
		seedCustomers(3, [3]);
		const { outputs } = await run(byNumber, { items: [{ no: 'C1' }, { no: 'C3' }] });
		expect(outputs[1]?.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 1 }]]);
	});

	it('fails only the item whose record is not there', async () => {
		seedCustomers(2);
		const { json } = await run(byNumber, { items: [{ no: 'C1' }, { no: 'C99' }], onError: 'continueErrorOutput' });
		expect(json[0]).toEqual([expect.objectContaining({ inserted: 1 })]);
		expect(json[2]).toEqual([
			expect.objectContaining({ no: 'C99', error: 'Business Central has no record with number "C99" for the mapping CUSTOMER.' }),
		]);
	});

	it('names an id of nothing on the output Failed, for its item alone', async () => {
		seedCustomers(1);
		const known = String(bc().rows('customers')[0]!['id']);
		const nothing = '99999999-2222-4333-8444-555555555555';
		const parameters = { operation: 'synchronizeSelected', businessCentralRecord: by('id', '={{ $json.id }}'), ...creating };
		const { json, outputs, error } = await run(parameters, { items: [{ id: known }, { id: nothing }] });
		expect(error).toBeUndefined();
		expect(json[0]).toEqual([expect.objectContaining({ inserted: 1, failed: 1 })]);
		const none = { id: nothing, number: '', name: '', url: null };
		expect(json[1]).toEqual([expect.objectContaining({ errorCode: 'RECORD_MISSING', businessCentral: none, crm: null })]);
		expect(outputs[1]?.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 1 }]]);
	});

	it('takes ids of CRM records as well', async () => {
		seedCustomers(1);
		await run(creating);
		const [account] = accounts();
		systems.sandbox.crm.update('account', String(account?.['accountid']), { name: 'Renamed in CRM' });
		const { json } = await run(selected({ side: 'crm', crmRecord: by('id', '={{ $json.id }}') }), {
			items: [{ id: String(account?.['accountid']) }],
		});
		expect(json[0]).toEqual([expect.objectContaining({ direction: 'fromCrm', modified: 1 })]);
		expect(bc().rows('customers')[0]).toMatchObject({ displayName: 'Renamed in CRM' });
	});
});

it('the editor is told how each job ended, while somebody watches', async () => {
	seedCustomers(1);
	const watched = await run(creating, { mode: 'manual' });
	expect(watched.messages).toEqual([
		'CUSTOMER, Business Central to CRM: 1 records looked at',
		'CUSTOMER, CRM to Business Central: 1 records looked at',
		'CUSTOMER, Business Central to CRM: 1 created.',
		'CUSTOMER, CRM to Business Central: No changes.',
	]);
	expect((await run(creating)).messages).toEqual([]);
});

it('lines of the log name workflow and execution, and a run that finds nothing to do leaves none at the usual level', async () => {
	seedCustomers(1);
	const lines: string[] = [];
	const written = jest.spyOn(Logger.prototype, 'info').mockImplementation((message, details) => {
		lines.push(message);
		expect(details).toMatchObject({ workflowId: 'local', executionId: expect.any(String), nodeName: 'Sync Mapping' });
	});
	try {
		await run(creating);
		expect(lines).toEqual([
			expect.stringMatching(/^CUSTOMER, Business Central to CRM: 1 records looked at \[workflow local, execution .+\]$/),
			expect.stringMatching(/^CUSTOMER, Business Central to CRM: 1 created\. \[workflow local, execution .+\]$/),
		]);
		lines.splice(0);
		await run(creating);
		expect(lines).toEqual([]);
	} finally {
		written.mockRestore();
	}
});

it('all mappings run in dependency order', async () => {
	seedCustomers(1);
	const { json } = await run({ operation: 'synchronizeAll', ...creating });
	const order = json[0]?.map(({ mapping }) => mapping as string) ?? [];
	expect(order.indexOf('SALESPEOPLE')).toBeGreaterThanOrEqual(0);
	expect(order.indexOf('SALESPEOPLE')).toBeLessThan(order.indexOf('CUSTOMER'));
	expect(order.indexOf('CURRENCY')).toBeLessThan(order.indexOf('CUSTOMER'));
});

it('a record limit stops the run at the next page border, and the next run goes on from there', async () => {
	seedCustomers(900);
	const first = await run({ direction: 'toCrm', options: { createUncoupled: true, recordLimit: 400 } });
	expect(first.json[0]).toEqual([expect.objectContaining({ status: 'stopped', inserted: 500 })]);
	expect(first.hints.map(({ message }) => message)).toEqual(['Stopped before the end. The next run goes on from there.']);
	const second = await run({ direction: 'toCrm', ...creating });
	expect(second.json[0]).toEqual([expect.objectContaining({ status: 'finished', inserted: 400 })]);
});

describe('a run that cannot be carried out at all', () => {
	it('ends the node with an error, so that the error workflow starts', async () => {
		systems.sandbox.faults.add({ system: 'crm', times: 99, fault: { kind: 'answer', status: 403 } });
		const { status, error } = await run({});
		expect(status).toBe('error');
		expect(error?.message).toMatch(/privilege|403/);
		expect(error?.description).toMatch(/\S/);
	});

	it('leaves as an error item with its reason when the node continues on fail', async () => {
		systems.sandbox.faults.add({ system: 'crm', times: 99, fault: { kind: 'answer', status: 403 } });
		const { json } = await run({}, { items: [{ order: 7 }], onError: 'continueErrorOutput' });
		expect(json.slice(0, 2)).toEqual([[], []]);
		expect(json[2]).toEqual([
			expect.objectContaining({ order: 7, error: expect.any(String) as unknown, details: expect.any(String) as unknown }),
		]);
	});
});

it('a cancelled execution writes nothing more, and gives the mapping free for the next run', async () => {
	seedCustomers(50);
	systems.sandbox.latency = { roundTripMs: 100, perOperationMs: 0 };
	const abort = new AbortController();
	const running = run(creating, { signal: abort.signal });
	while (systems.sandbox.log.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	abort.abort();
	expect((await running).status).toBe('canceled');
	systems.sandbox.latency = { roundTripMs: 0, perOperationMs: 0 };
	let next = await run(creating);
	while (next.json[0]?.[0]?.['status'] === 'alreadyRunning') next = await run(creating);
	expect(next.json[0]?.[0]).toMatchObject({ status: 'finished', inserted: 50 });
	expect(accounts()).toHaveLength(50);
});

it('two runs of one mapping at once: the second says that it is already running', async () => {
	seedCustomers(20);
	systems.sandbox.latency = { roundTripMs: 150, perOperationMs: 0 };
	const both = await Promise.all([run(creating), run(creating)]);
	const statuses = both.map(({ json }) => (json[0] as IDataObject[]).map(({ status }) => status));
	expect(statuses.flat().sort()).toEqual(['alreadyRunning', 'alreadyRunning', 'finished', 'finished']);
	const waiting = both.find(({ json }) => json[0]?.[0]?.['status'] === 'alreadyRunning');
	expect(waiting?.error).toBeUndefined();
	expect(waiting?.hints.map(({ message }) => message)).toEqual(['Not started, because another run is still busy with it: CUSTOMER.']);
	expect(accounts()).toHaveLength(20);
});

it('no item, hint or message holds a secret or a token', async () => {
	seedCustomers(2, [2]);
	const { outputs, hints, messages, credentials } = await run(creating, { mode: 'manual' });
	const text = JSON.stringify([outputs, hints, messages]);
	const token = (credentials.raw('dataverseOAuth2Api')['oauthTokenData'] as { access_token: string }).access_token;
	for (const secret of [token, 'sandbox-secret-1']) expect(text).not.toContain(secret);
});

describe('deleted records', () => {
	const deletion = (options: object) => ({ options: { findDeleted: 'now', ...options } }) as INodeParameters;
	const removeAccounts = (count: number): void => {
		for (const { accountid } of accounts().slice(0, count)) systems.sandbox.crm.remove('account', String(accountid));
	};

	it('are found in the run that is asked to, and leave by Failed', async () => {
		seedCustomers(3);
		await run(creating);
		removeAccounts(1);
		expect((await run({})).json[1]).toEqual([]);
		const { json } = await run(deletion({}));
		expect(json[1]).toEqual([
			expect.objectContaining({ errorCode: 'PARTNER_DELETED', hint: expect.stringContaining('delete the other record') as string }),
		]);
	});

	it('take the other record along with "Delete the Other Record"', async () => {
		seedCustomers(3);
		await run(creating);
		removeAccounts(1);
		const { json } = await run(deletion({ deletion: 'deleteOther' }));
		expect(json[0]?.map(({ deleted }) => deleted)).toEqual([1, 0]);
		expect(bc().rows('customers')).toHaveLength(2);
	});

	it('are left alone with "Not in This Run"', async () => {
		seedCustomers(3);
		await run(creating);
		removeAccounts(1);
		const { json } = await run(deletion({ findDeleted: 'off', deletion: 'deleteOther' }));
		expect(json[0]?.map(({ deleted }) => deleted)).toEqual([0, 0]);
		expect(bc().rows('customers')).toHaveLength(3);
	});

	it('in large numbers stop the run before its first change, with an item that says how to go on; "Allow Mass Changes" lets it through', async () => {
		seedCustomers(20);
		await run(creating);
		removeAccounts(15);
		systems.sandbox.log.clear();
		const { json, error } = await run(deletion({ deletion: 'deleteOther' }));
		expect(error).toBeUndefined();
		expect(json[0]).toEqual([
			expect.objectContaining({ status: 'stopped', deleted: 0, message: expect.stringContaining('15 of 20') as string }),
		]);
		expect(json[1]).toEqual([expect.objectContaining({ errorCode: 'MASS_CHANGE', errorClass: 'setup' })]);
		expect([writes(), bc().rows('customers').length]).toEqual([[], 20]);
		const allowed = await run(deletion({ deletion: 'deleteOther', allowMassChanges: true }));
		expect(allowed.json[0]?.map(({ deleted }) => deleted)).toEqual([15, 0]);
		expect(bc().rows('customers')).toHaveLength(5);
	});

	it('of an unknown option value are refused by name', async () => {
		const { error } = await run(deletion({ deletion: 'purge' }));
		expect(error?.message).toContain('Deletion Conflict Strategy');
	});
});

describe('an outage is no success', () => {
	const ANSWER = { status: 401, body: JSON.stringify({ error: { code: '0x80072560', message: 'Refused.' } }) };

	it.each([
		['from the first mapping on', 1],
		['that begins in the middle of the run', 40],
	])('%s: all mappings have their turn, then the execution fails and says why', async (_when, nth) => {
		seedCustomers(2);
		const { faults } = systems.sandbox;
		// Everything that CRM is asked from the n-th request on.
		for (let number = nth; number < nth + 400; number++) faults.add({ system: 'crm', nth: number, fault: { kind: 'answer', ...ANSWER } });
		const { error } = await run({ operation: 'synchronizeAll', ...creating });
		expect(`${error?.message} ${error?.description}`).toContain('CRM_SIGN_IN_REFUSED');
	});
});
