import { coupleRecords, deleteOther, uncouple } from '../../../engine';
import type { DeletionStrategy } from '../../../engine/model/tableMapping';
import type { FaultRule, System } from '../../../sandbox/core/types';
import { CoupleRecords } from '../../../nodes/CoupleRecords/CoupleRecords.node';
import { SyncMapping } from '../../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems } from '../../kit/n8nLocalSystems';
import { runNode, useNewState } from '../../kit/workflow';
import { counters, createScene, type Scene } from '../deletions/scene';

/** What services say when a record is missing that is not the one written to. */
const ANSWERS: ReadonlyArray<{ said: string; system: Extract<System, 'businessCentral' | 'crm'>; status: number; code: string; text: string }> = [
	{ said: 'a set-up table without its record', system: 'businessCentral', status: 404, code: 'Internal_RecordNotFound', text: "The Marketing Setup does not exist. Identification fields and values: Primary Key=''" },
	{ said: 'a record some code wants', system: 'businessCentral', status: 404, code: 'Internal_DataNotFoundFilter', text: 'There is no Cont. Business Relation within the filter.' },
	{ said: 'a related record, as 400', system: 'businessCentral', status: 400, code: 'Internal_RecordNotFound', text: 'The Salesperson does not exist.' },
	{ said: 'the currency of the row', system: 'crm', status: 404, code: '0x80060891', text: 'A record with the specified key values does not exist in transactioncurrency entity' },
	{ said: 'a row that no id is told of', system: 'crm', status: 404, code: '0x80040217', text: 'The object you tried to access does not exist.' },
	{ said: 'the row a lookup names', system: 'crm', status: 404, code: '0x80040217', text: 'contact With Id = 00000000-0000-4000-8000-00000000beef Does Not Exist' },
	{ said: 'the row a lookup names, as 400', system: 'crm', status: 400, code: '0x80040217', text: 'contact With Id = 00000000-0000-4000-8000-00000000beef Does Not Exist' },
]; // prettier-ignore
const STRATEGIES: readonly DeletionStrategy[] = ['none', 'restore', 'removeCoupling', 'deleteOther'];

const SET = { businessCentral: /\/customers\(/i, crm: /\/accounts\(/i };
const refusing = ({ system, status, code, text }: (typeof ANSWERS)[number], method: string, times = 50): FaultRule => ({
	system,
	method,
	url: SET[system],
	times,
	fault: { kind: 'answer', status, body: JSON.stringify({ error: { code, message: text } }) },
});

let scene: Scene;
beforeEach(async () => (scene = await createScene(3)));
afterEach(() => scene.world.close());

const state = async () => ({
	customers: scene.customers().length,
	accounts: scene.accounts().length,
	couplings: (await scene.couplings()).length,
});
const ALL = { customers: 3, accounts: 3, couplings: 3 };
const edit = (system: System, phone: string) =>
	system === 'crm' ? scene.editCustomer(0, { phoneNumber: phone }) : scene.editAccount(0, { telephone1: phone });

describe.each(ANSWERS)('$system answers an update with $status $code: $said is missing', (answer) => {
	test.each(STRATEGIES)('strategy %s: the record fails with that text, nothing is restored, uncoupled or deleted, and later it is delivered', async (deletion) => {
		scene.world.sandbox.faults.add(refusing(answer, 'PATCH'));
		edit(answer.system, '+44 99');
		const direction = answer.system === 'crm' ? 'toCrm' : 'fromCrm';
		const [job] = await scene.world.run({ mapping: 'CUSTOMER', deletion, direction, createUncoupled: true, findDeleted: 'now' });
		expect(counters(job)).toEqual({ failed: 1 });
		expect(job!.failed[0]!.message).toContain(answer.text.slice(0, 20));
		expect(job!.failed[0]!.hint).not.toMatch(/Remove the coupling|restore/);
		expect(job!.failed[0]!.errorCode).not.toBe('PARTNER_DELETED');
		expect(await state()).toEqual(ALL);
		scene.world.sandbox.faults.clear();
		scene.world.minutes(1);
		const [again] = await scene.world.run({ mapping: 'CUSTOMER', deletion, direction });
		expect(counters(again)).toEqual({ modified: 1 });
		expect([scene.customer(0)!['phoneNumber'], scene.account(0)!['telephone1']]).toEqual(['+44 99', '+44 99']);
		expect(await state()).toEqual(ALL);
		expect(await scene.failures()).toEqual([]);
	}); // prettier-ignore

	test('the delete of a survivor that is answered so leaves both the record and its coupling', async () => {
		scene.world.sandbox.faults.add(refusing(answer, 'DELETE'));
		if (answer.system === 'crm') scene.deleteCustomers(0);
		else scene.deleteAccounts(0);
		const left = { customers: answer.system === 'crm' ? 2 : 3, accounts: answer.system === 'crm' ? 3 : 2, couplings: 3 };
		const jobs = await scene.world.run({ mapping: 'CUSTOMER', deletion: 'deleteOther', findDeleted: 'now' });
		expect(jobs.map(counters)).toContainEqual({ failed: 1 });
		expect(await state()).toEqual(left);
		const session = await scene.world.open();
		const [pair] = (await scene.couplings()).filter(({ bcNumber }) => bcNumber === 'C000001');
		const ids = [answer.system === 'crm' ? pair!.crmId : pair!.bcId];
		const { records } = await deleteOther(session, { mapping: 'CUSTOMER', side: answer.system, ids });
		await session.store.close();
		expect(records).toMatchObject([{ outcome: 'refused', error: { message: expect.stringContaining(answer.text.slice(0, 20)) } }]);
		expect(await state()).toEqual(left);
		scene.world.sandbox.faults.clear();
		await scene.world.run({ mapping: 'CUSTOMER', deletion: 'deleteOther', findDeleted: 'now' });
		expect(await state()).toEqual({ customers: 2, accounts: 2, couplings: 2 });
	});
});

test.each(['restore', 'removeCoupling', 'deleteOther'] as const)(
	'strategy %s: a published page that misses a row fails the field, and deletes nothing',
	async (deletion) => {
		const text = 'The Purchases & Payables Setup does not exist.';
		scene.world.sandbox.faults.add({
			system: 'businessCentral',
			method: 'PATCH',
			url: /workflowCustomers/i,
			times: 20,
			fault: { kind: 'answer', status: 404, body: JSON.stringify({ error: { code: 'Internal_RecordNotFound', message: text } }) },
		});
		scene.editAccount(1, { fax: '+44 77' });
		const [job] = await scene.world.run({ mapping: 'CUSTOMER', deletion, direction: 'fromCrm', createUncoupled: true });
		expect(counters(job)).toEqual({ failed: 1 });
		expect(job!.failed[0]!.message).toContain(text);
		expect(await state()).toEqual(ALL);
		scene.world.sandbox.faults.clear();
		scene.world.minutes(1);
		expect(counters((await scene.world.run({ mapping: 'CUSTOMER', deletion, direction: 'fromCrm' }))[0])).toEqual({ modified: 1 });
	},
);

test.each([
	['businessCentral', 'fromCrm'],
	['crm', 'toCrm'],
] as const)('a 404 for the whole batch of %s stops the run, whatever it held', async (system, direction) => {
	for (const deletion of STRATEGIES) {
		scene.world.sandbox.faults.add({
			system,
			method: 'POST',
			url: /\$batch/,
			times: 1,
			fault: { kind: 'answer', status: 404, body: JSON.stringify({ error: { code: '', message: 'No HTTP resource was found.' } }) },
		});
		edit(system === 'crm' ? 'crm' : 'businessCentral', `+44 ${deletion}`);
		const [job] = await scene.world.run({ mapping: 'CUSTOMER', deletion, direction, findDeleted: 'now' });
		expect(job!.job.status).toBe('failed');
		expect(await state()).toEqual(ALL);
		scene.world.sandbox.faults.clear();
		scene.world.minutes(1);
	}
});

test('a row that is really gone when it is written to is a deletion: the strategy is carried out', async () => {
	scene.editCustomer(0, { phoneNumber: '+44 1' });
	scene.editAccount(1, { telephone1: '+44 2' });
	scene.deleteAccounts(0);
	scene.deleteCustomers(1);
	await scene.world.run({ mapping: 'CUSTOMER', deletion: 'restore', findDeleted: 'off' });
	expect(await state()).toEqual(ALL);
});

test('people who uncouple or couple anew while such a 404 comes get its text, and no second partner', async () => {
	const [answer] = ANSWERS.filter(({ code }) => code === '0x80060891');
	scene.world.sandbox.faults.add(refusing(answer!, 'PATCH'));
	const session = await scene.world.open();
	const [pair, other] = await scene.couplings();
	const job = (await uncouple(session, { mapping: 'CUSTOMER', side: 'crm', ids: [pair!.crmId] }))[0]!;
	expect(JSON.stringify(job.warnings)).toContain(answer!.text);
	await expect(
		coupleRecords(session, { mapping: 'CUSTOMER', bcId: pair!.bcId, crmId: other!.crmId, initial: 'none' }),
	).rejects.toMatchObject({ code: 'ALREADY_COUPLED' });
	await session.store.close();
});

test('through the nodes: Sync Mapping hands the record on with the text and a remedy, and Retry delivers it', async () => {
	const systems = await startLocalSystems();
	useNewState();
	try {
		const { sandbox, base, company } = systems;
		const there = sandbox.businessCentral.company(base.companyName);
		there.insert('customers', { displayName: 'Adatum' });
		const vault = systems.vault();
		const sync = (options = {}) =>
			runNode(SyncMapping, { company, mapping: by('name', 'CUSTOMER'), options: { createUncoupled: true, deletion: 'restore', ...options } }, { credentials: vault }); // prettier-ignore
		expect((await sync()).json[0]![0]).toMatchObject({ inserted: 1 });
		const [account] = sandbox.crm.rows('account');
		sandbox.crm.update('account', String(account!['accountid']), { telephone1: '+44 5' });
		sandbox.faults.add(refusing(ANSWERS[0]!, 'PATCH'));
		for (let round = 1; round <= 2; round++) {
			const { json } = await sync();
			if (round === 1) expect(json[1]![0]).toMatchObject({ errorCode: 'BC_NOT_FOUND', hint: expect.stringContaining('set-up record') });
		}
		expect([there.rows('customers'), sandbox.crm.rows('account')].map(({ length }) => length)).toEqual([1, 1]);
		sandbox.faults.clear();
		const crmRecord = by('id', String(account!['accountid']));
		const retried = await runNode(
			CoupleRecords,
			{ company, operation: 'retry', mapping: by('name', 'CUSTOMER'), side: 'crm', crmRecord },
			{ credentials: vault },
		);
		expect(retried.error).toBeUndefined();
		await sync();
		expect(there.rows('customers')[0]).toMatchObject({ phoneNumber: '+44 5' });
	} finally {
		await systems.close();
	}
});
