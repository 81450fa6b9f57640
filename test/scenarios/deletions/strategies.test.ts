import { counters, createScene, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await createScene(4);
});
afterEach(() => scene.world.close());

const search = (more: object = {}) => scene.world.run({ mapping: 'CUSTOMER', findDeleted: 'now', ...more });

describe('none', () => {
	test('an account that was deleted is noticed although its customer did not change: one failure that names both, the coupling is kept', async () => {
		scene.deleteAccounts(0);
		const [toCrm, fromCrm] = await search();
		expect([counters(toCrm), counters(fromCrm)]).toEqual([{ failed: 1 }, {}]);
		expect(toCrm!.failed).toEqual([
			expect.objectContaining({
				errorCode: 'PARTNER_DELETED',
				errorClass: 'data',
				skipped: false,
				businessCentral: expect.objectContaining({ number: 'C000001', name: 'Customer 1 & Söhne' }),
				crm: expect.objectContaining({ name: 'Customer 1 & Söhne' }),
			}),
		]);
		expect(scene.writes()).toBe(0);
		expect(await scene.couplings()).toHaveLength(4);
		expect(await scene.failures()).toEqual([expect.objectContaining({ direction: 'toCrm', errorCode: 'PARTNER_DELETED', attempts: 1 })]);
	});

	test('a customer that was deleted is noticed although its account did not change', async () => {
		scene.deleteCustomers(1);
		const [toCrm, fromCrm] = await search();
		expect([counters(toCrm), counters(fromCrm)]).toEqual([{}, { failed: 1 }]);
		expect(fromCrm!.failed[0]).toMatchObject({ errorCode: 'PARTNER_DELETED', businessCentral: { number: 'C000002' } });
		expect(await scene.couplings()).toHaveLength(4);
	});

	test('the second run skips it, further ones leave it alone', async () => {
		scene.deleteAccounts(0);
		await search();
		const [second] = await search();
		expect(counters(second)).toEqual({ skipped: 1 });
		expect(second!.failed[0]).toMatchObject({ skipped: true, attempts: 2 });
		for (const { job } of await search()) expect(job).toMatchObject({ failed: 0, status: 'finished' });
		expect(await scene.failures()).toHaveLength(1);
	});

	test('the second run skips it also when it does not search again', async () => {
		scene.deleteAccounts(0);
		await search();
		const [second] = await scene.world.run({ mapping: 'CUSTOMER' });
		expect(counters(second)).toEqual({ skipped: 1 });
	});

	test('a strategy chosen later takes up what was skipped, without another search', async () => {
		scene.deleteAccounts(0);
		await search();
		await search();
		scene.world.takeRequests();
		const [toCrm] = await scene.world.run({ mapping: 'CUSTOMER', deletion: 'removeCoupling' });
		expect(counters(toCrm)).toEqual({ uncoupled: 1 });
		expect(await scene.failures()).toEqual([]);
		expect(await scene.couplings()).toHaveLength(3);
	});
});

describe('restore', () => {
	test('the account comes back from its customer, under its old id, coupled, although only coupled records are synchronized', async () => {
		const before = scene.account(0)!;
		scene.deleteAccounts(0);
		const [toCrm, fromCrm] = await search({ deletion: 'restore', returnChanges: 5 });
		expect([counters(toCrm), counters(fromCrm)]).toEqual([{ inserted: 1 }, {}]);
		expect(toCrm!.changes).toEqual([expect.objectContaining({ action: 'restore', written: 'crm' })]);
		const restored = scene.accounts().find((row) => row['name'] === before['name'])!;
		expect(restored['accountid']).toBe(before['accountid']);
		expect(restored).toMatchObject({ telephone1: before['telephone1'], address1_city: before['address1_city'] });
		expect(await scene.couplings()).toHaveLength(4);
		expect((await scene.couplings()).map((each) => each.crmId)).toContain(restored['accountid']);
	});

	test('the customer comes back from its account, with its number', async () => {
		scene.deleteCustomers(2);
		const [, fromCrm] = await search({ deletion: 'restore' });
		expect(counters(fromCrm)).toEqual({ inserted: 1 });
		const restored = scene.customers().find((row) => row['displayName'] === 'Customer 3 & Söhne')!;
		expect(restored['number']).toBe('C000003');
		expect(await scene.couplings()).toHaveLength(4);
		scene.world.takeRequests();
		await search({ deletion: 'restore' });
		expect(scene.writes()).toBe(0);
	});

	test('a restored record that is refused is tried again by the next run, not forgotten', async () => {
		scene.deleteAccounts(0);
		scene.world.sandbox.faults.add({ system: 'crm', method: 'PATCH', url: /accounts/, fault: { kind: 'answer', status: 400 } });
		const [first] = await search({ deletion: 'restore' });
		expect(counters(first)).toEqual({ failed: 1 });
		expect(scene.accounts()).toHaveLength(3);
		const [second] = await scene.world.run({ mapping: 'CUSTOMER', deletion: 'restore' });
		expect(counters(second)).toEqual({ inserted: 1 });
		expect(scene.accounts()).toHaveLength(4);
		expect(await scene.failures()).toEqual([]);
	});
});

describe('remove coupling', () => {
	test('the customer is kept as it is and counted as uncoupled, without a row in the log', async () => {
		const before = { ...scene.customer(0)! };
		scene.deleteAccounts(0);
		const [toCrm, fromCrm] = await search({ deletion: 'removeCoupling' });
		expect([counters(toCrm), counters(fromCrm)]).toEqual([{ uncoupled: 1 }, {}]);
		expect(scene.writes()).toBe(0);
		expect(scene.customer(0)).toEqual(before);
		expect(await scene.couplings()).toHaveLength(3);
		expect(await scene.log()).toEqual([]);
	});

	test('the account is kept, but no longer says that it belongs to the company', async () => {
		expect(scene.account(0)!['bcbi_companyid']).toBe(scene.world.base.companyRowId);
		scene.deleteCustomers(0);
		const [, fromCrm] = await search({ deletion: 'removeCoupling' });
		expect(counters(fromCrm)).toEqual({ uncoupled: 1 });
		expect(scene.account(0)).toMatchObject({ name: 'Customer 1 & Söhne' });
		expect(scene.account(0)!['bcbi_companyid'] ?? null).toBeNull();
		expect(scene.writes()).toBe(1);
		expect(await scene.couplings()).toHaveLength(3);
	});
});

describe('delete the other record', () => {
	test('the customer of a deleted account is deleted at the version that was looked at, its coupling goes, and the log names it', async () => {
		scene.deleteAccounts(0);
		const [toCrm, fromCrm] = await search({ deletion: 'deleteOther', returnChanges: 5 });
		expect([counters(toCrm), counters(fromCrm)]).toEqual([{ deleted: 1 }, {}]);
		expect(toCrm!.changes).toEqual([
			expect.objectContaining({
				action: 'delete',
				written: 'businessCentral',
				businessCentral: expect.objectContaining({ number: 'C000001' }),
			}),
		]);
		expect(scene.customer(0)).toBeUndefined();
		expect(scene.customers()).toHaveLength(3);
		expect(await scene.couplings()).toHaveLength(3);
		expect(await scene.log()).toEqual([
			expect.objectContaining({
				code: 'DELETED_WITH_PARTNER',
				businessCentral: expect.objectContaining({ number: 'C000001' }),
				direction: 'toCrm',
			}),
		]);
		const deletes = scene.world.takeRequests().flatMap(({ parts }) => parts.filter(({ method }) => method === 'DELETE'));
		expect(deletes).toHaveLength(1);
	});

	test('the account of a deleted customer is deleted', async () => {
		scene.deleteCustomers(3);
		const [, fromCrm] = await search({ deletion: 'deleteOther' });
		expect(counters(fromCrm)).toEqual({ deleted: 1 });
		expect(scene.accounts()).toHaveLength(3);
		expect(await scene.couplings()).toHaveLength(3);
		expect(fromCrm!.job.message).toBe('1 deleted.');
	});

	test('deletions on both sides are carried out in one run', async () => {
		scene.deleteCustomers(0, 1);
		scene.deleteAccounts(2, 3);
		const [toCrm, fromCrm] = await search({ deletion: 'deleteOther' });
		expect([counters(toCrm), counters(fromCrm)]).toEqual([{ deleted: 2 }, { deleted: 2 }]);
		expect([scene.customers(), scene.accounts(), await scene.couplings()]).toEqual([[], [], []]);
	});

	test('a survivor that was edited since the last synchronization is kept, and the failure names the field and what to do', async () => {
		scene.deleteAccounts(0);
		scene.editCustomer(0, { phoneNumber: '+44 1' });
		const [toCrm] = await search({ deletion: 'deleteOther' });
		expect(counters(toCrm)).toEqual({ failed: 1 });
		expect(toCrm!.failed[0]).toMatchObject({
			errorCode: 'DELETION_CONFLICT',
			message: expect.stringContaining('Phone No.') as string,
			fields: [{ name: 'Phone No.', businessCentral: '+44 1', crm: null }],
		});
		expect(scene.customer(0)).toMatchObject({ phoneNumber: '+44 1' });
		expect(await scene.couplings()).toHaveLength(4);
	});

	test('a survivor in which somebody filled a field that the sides never agreed on is kept, too', async () => {
		const [coupling] = await scene.couplings();
		const baseline = Object.fromEntries(Object.entries(coupling!.baseline!).filter(([key]) => key !== 'telephone1'));
		expect(Object.keys(coupling!.baseline!).length - Object.keys(baseline).length).toBe(1);
		const session = await scene.world.open();
		// As it is while the field mapping is switched off, or the customer was deleted before its page was read.
		await session.store.commit({ couplings: [{ ...coupling!, baseline }] });
		await session.store.close();
		scene.deleteAccounts(0);
		scene.editCustomer(0, { phoneNumber: '+44 1' });
		const [toCrm] = await search({ deletion: 'deleteOther' });
		expect(toCrm!.failed[0]).toMatchObject({
			errorCode: 'DELETION_CONFLICT',
			fields: [{ name: 'Phone No.', businessCentral: '+44 1', crm: null }],
		});
		expect(scene.customer(0)).toMatchObject({ phoneNumber: '+44 1' });
	});

	test('an edited survivor whose side wins update conflicts is kept, and its partner restored', async () => {
		scene.deleteAccounts(0);
		scene.editCustomer(0, { phoneNumber: '+44 1' });
		const [toCrm] = await search({ deletion: 'deleteOther', conflict: 'send' });
		expect(counters(toCrm)).toEqual({ inserted: 1 });
		expect(scene.accounts().find((row) => row['name'] === 'Customer 1 & Söhne')).toMatchObject({ telephone1: '+44 1' });
	});

	test('an edited survivor whose side loses update conflicts is deleted, and its edit stands in the log', async () => {
		scene.deleteAccounts(0);
		scene.editCustomer(0, { phoneNumber: '+44 1' });
		const [toCrm] = await search({ deletion: 'deleteOther', conflict: 'get' });
		expect(counters(toCrm)).toEqual({ deleted: 1 });
		expect(await scene.log()).toEqual([
			expect.objectContaining({
				kind: 'overwritten',
				code: 'DELETED_WITH_PARTNER',
				fields: [{ name: 'Phone No.', businessCentral: '+44 1', crm: null }],
			}),
		]);
	});

	test('"newest change" cannot tell when a record was deleted: the edited survivor is kept', async () => {
		scene.deleteCustomers(0);
		scene.editAccount(0, { telephone1: '+44 2' });
		const [, fromCrm] = await search({ deletion: 'deleteOther', conflict: 'newest' });
		expect(counters(fromCrm)).toEqual({ failed: 1 });
		expect(fromCrm!.failed[0]).toMatchObject({ errorCode: 'DELETION_CONFLICT', hint: expect.stringContaining('newest change') as string });
		expect(scene.accounts()).toHaveLength(4);
	});

	test('an edit of a field that is not mapped does not keep a record', async () => {
		scene.deleteCustomers(0);
		scene.editAccount(0, { description: 'called them' });
		const [, fromCrm] = await search({ deletion: 'deleteOther' });
		expect(counters(fromCrm)).toEqual({ deleted: 1 });
	});

	test('a survivor that changes at the very moment is not deleted, and the next run looks again', async () => {
		scene.deleteCustomers(0);
		scene.world.sandbox.faults.add({ system: 'crm', method: 'DELETE', fault: { kind: 'stale' } });
		const [, fromCrm] = await search({ deletion: 'deleteOther' });
		expect(counters(fromCrm)).toEqual({ failed: 1 });
		expect(fromCrm!.failed[0]).toMatchObject({
			errorCode: 'PARTNER_DELETED',
			message: expect.stringContaining('at that very moment') as string,
		});
		expect(scene.accounts()).toHaveLength(4);
		const [, again] = await scene.world.run({ mapping: 'CUSTOMER', deletion: 'deleteOther' });
		expect(counters(again)).toEqual({ deleted: 1 });
	});

	test('without the right to delete in CRM it is a failure of that record; nothing is lost, and the others are synchronized', async () => {
		scene.deleteCustomers(0);
		scene.editAccount(1, { telephone1: '+44 2' });
		scene.world.sandbox.faults.add({
			system: 'crm',
			method: 'DELETE',
			fault: { kind: 'answer', status: 403, body: JSON.stringify({ error: { code: '0x80040220', message: 'missing prvDeleteAccount' } }) },
		});
		const [, fromCrm] = await search({ deletion: 'deleteOther' });
		expect(counters(fromCrm)).toEqual({ failed: 1, modified: 1 });
		expect(fromCrm!.failed[0]).toMatchObject({ errorCode: 'CRM_PERMISSION_MISSING', errorClass: 'data' });
		expect([scene.accounts().length, (await scene.couplings()).length]).toEqual([4, 4]);
		expect(scene.customer(1)).toMatchObject({ phoneNumber: '+44 2' });
		const [, again] = await scene.world.run({ mapping: 'CUSTOMER', deletion: 'deleteOther' });
		expect(counters(again)).toEqual({ deleted: 1 });
	});

	test('without the right to delete in Business Central it is a failure of that record', async () => {
		scene.deleteAccounts(0);
		const refusal = { error: { code: 'Authorization_RequestDenied', message: 'Sorry, the current permissions prevented the action.' } };
		scene.world.sandbox.faults.add({
			system: 'businessCentral',
			method: 'DELETE',
			fault: { kind: 'answer', status: 403, body: JSON.stringify(refusal) },
		});
		const [toCrm] = await search({ deletion: 'deleteOther' });
		expect(toCrm!.job).toMatchObject({ status: 'finished', failed: 1 });
		expect(scene.customers()).toHaveLength(4);
	});

	test('a forced run follows the strategy, for records nobody edited', async () => {
		scene.deleteAccounts(0);
		const [toCrm] = await scene.world.run({ mapping: 'CUSTOMER', deletion: 'deleteOther', force: true, findDeleted: 'off' });
		expect(toCrm!.job).toMatchObject({ deleted: 1, failed: 0, inserted: 0 });
		expect(scene.customers()).toHaveLength(3);
	});

	test('so does a run over selected records', async () => {
		scene.deleteAccounts(0, 1);
		const ids = [String(scene.customer(0)!['id'])];
		const [toCrm] = await scene.world.run({ mapping: 'CUSTOMER', deletion: 'deleteOther', selected: { side: 'businessCentral', ids } });
		expect(counters(toCrm)).toEqual({ deleted: 1 });
		expect(scene.customers()).toHaveLength(3);
	});

	test('a forced run without a strategy reports the deletion instead of creating the record anew', async () => {
		scene.deleteAccounts(0);
		const [toCrm] = await scene.world.run({ mapping: 'CUSTOMER', force: true, createUncoupled: true });
		expect(toCrm!.job).toMatchObject({ failed: 1, inserted: 0 });
		expect(scene.accounts()).toHaveLength(3);
	});
});

test.each(['none', 'restore', 'removeCoupling', 'deleteOther'] as const)(
	'when neither record is left the coupling is removed without an entry in the log (%s)',
	async (deletion) => {
		scene.deleteAccounts(0);
		scene.deleteCustomers(0);
		const results = await search({ deletion });
		expect(counters(results[0])).toEqual({ uncoupled: 1 });
		expect(counters(results[1])).toEqual({});
		expect(await scene.couplings()).toHaveLength(3);
		expect([await scene.failures(), await scene.log()]).toEqual([[], []]);
		expect(scene.writes()).toBe(0);
	},
);

test.each([
	['restore', { inserted: 1 }],
	['removeCoupling', { uncoupled: 1 }],
	['deleteOther', { deleted: 1 }],
	['none', { failed: 1 }],
] as const)('a preview of %s announces what the run then does, and changes nothing', async (deletion, expected) => {
	scene.deleteCustomers(0);
	const [before] = [await scene.couplings()];
	const preview = await search({ deletion, preview: true, returnChanges: 10 });
	expect(counters(preview[1])).toEqual(expected);
	expect(scene.writes()).toBe(0);
	expect(await scene.couplings()).toEqual(before);
	const real = await search({ deletion, returnChanges: 10 });
	expect(counters(real[1])).toEqual(expected);
	expect(real[1]!.changes.map(({ action, written }) => [action, written])).toEqual(
		preview[1]!.changes.map(({ action, written }) => [action, written]),
	);
});
