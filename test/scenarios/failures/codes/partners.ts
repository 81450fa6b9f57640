import { coupleRecords, retryRecords, uncouple } from '../../../../engine';
import type { SyncSession } from '../../../../engine/ports/session';
import { NoAnswer, type Transport } from '../../../../engine/systems/odata/transport';
import { openStage as openIdentity } from '../../identity/kit';
import { errorWith, failedWith, refusedWith, says, type Walks } from './kit';
import {
	mapping,
	on,
	bc,
	later,
	run,
	delivered,
	couplings,
	crm,
	accounts,
	customers,
	ours,
	deleteAccount,
	isInsert,
	losing,
} from './stage';

/** Records that may have a partner, or are to be given one. */
export const partnerWalks: Walks = {
	PARTNER_TAKEN: () =>
		on(1, async (stage) => {
			await stage.with(({ store }) => store.saveSettings(mapping, { fields: { accountnumber: { enabled: true } } }));
			await run(stage, { force: true });
			const stray = stage.company().insert('customers', { displayName: 'Stray' });
			stage.inCrm(1, { accountnumber: String(stray['number']) });
			const seen = failedWith('PARTNER_TAKEN', await run(stage, { createUncoupled: true, direction: 'toCrm' }));
			says(seen, 'Couple the records that belong together in Couple Records', 'correct the number');
			stage.inCrm(1, { accountnumber: 'C000001' });
			await delivered(stage, { createUncoupled: true });
			expect(accounts(stage).map(({ name }) => name)).toContain('Stray');
		}),

	PARTNER_UNCLEAR: () =>
		on(1, async (stage) => {
			const number = (name: string): string => String(stage.company().insert('customers', { displayName: name })['number']);
			const [first, second] = [number('Adatum'), number('Contoso')];
			const rows = [1, 2].map((copy) =>
				crm(stage).insert('account', { name: `Adatum ${copy}`, customertypecode: 3, accountnumber: first, ...ours(stage) }),
			);
			const alone = [1, 2].map((copy) =>
				crm(stage).insert('account', { name: `Contoso ${copy}`, customertypecode: 3, accountnumber: second, ...ours(stage) }),
			);
			const seen = failedWith('PARTNER_UNCLEAR', await run(stage, { createUncoupled: true, direction: 'toCrm' }));
			says(seen, 'Couple it with the right one in Couple Records', 'clear the company of the CRM record');
			const idOf = (name: string): string => String(customers(stage).find((row) => row['displayName'] === name)!['id']);
			await stage.with((session) => coupleRecords(session, { mapping, bcId: idOf('Adatum'), crmId: rows[0]!, initial: 'send' }));
			for (const id of alone) crm(stage).update('account', id, { bcbi_companyid: null, customertypecode: 1 });
			crm(stage).remove('account', rows[1]!);
			await delivered(stage, { createUncoupled: true });
			expect(await couplings(stage)).toBe(3);
		}),

	PARTNER_OUTSIDE_FILTER: async () => {
		const stage = await openIdentity();
		try {
			const made = await stage.store();
			for (const name of ['Adatum', 'Contoso']) stage.customer(name);
			await stage.run(made);
			const rows = stage.accounts().map((row) => String(row['accountid']));
			for (const id of rows) stage.world.sandbox.crm.update('account', id, { statecode: 1, statuscode: 2 });
			const lost = await stage.store();
			const seen = failedWith('PARTNER_OUTSIDE_FILTER', await stage.run(lost, mapping, { direction: 'toCrm' }));
			says(seen, 'Bring that record back into the filter', 'change the filter in Table Mappings', 'delete it');
			stage.world.sandbox.crm.update('account', rows[0]!, { statecode: 0, statuscode: 1 });
			stage.world.sandbox.crm.remove('account', rows[1]!);
			expect((await stage.run(lost, mapping)).flatMap(({ failed }) => failed)).toEqual([]);
			expect([(await lost.couplings()).length, stage.accounts().length]).toEqual([2, 2]);
		} finally {
			await stage.close();
		}
	},

	INSERT_PARTNERLESS: () =>
		on(1, async (stage) => {
			const { world } = stage;
			await stage.with((session) => uncouple(session, bc(stage, 1)));
			deleteAccount(stage, 1);
			later(stage);
			const crmId = crm(stage).insert('account', { name: 'Fabrikam', customertypecode: 3 });
			await world.run({ mapping, createUncoupled: true, direction: 'fromCrm' }, { transport: losing });
			const made = String(customers(stage).find(({ displayName }) => displayName === 'Fabrikam')!['id']);
			await stage.with((session) => coupleRecords(session, { mapping, bcId: stage.customerId(1), crmId, from: 'crm', initial: 'get' }));
			world.minutes(20);
			await run(stage, { createUncoupled: true });
			stage.company().update('customers', made, { displayName: 'Fabrikam Ltd' });
			const seen = failedWith('INSERT_PARTNERLESS', await run(stage, { createUncoupled: true }));
			says(seen, 'Delete the one of the two records of Business Central that is not needed', 'couple this one in Couple Records');
			const own = crm(stage).insert('account', { name: 'Fabrikam Ltd', customertypecode: 3 });
			await stage.with((session) => coupleRecords(session, { mapping, bcId: made, crmId: own, initial: 'send' }));
			await delivered(stage, { createUncoupled: true });
			expect([customers(stage).length, accounts(stage).length]).toEqual([2, 2]);
		}),

	INSERT_AMBIGUOUS: () =>
		on(1, async (stage) => {
			const crmId = crm(stage).insert('account', { name: 'Fabrikam', customertypecode: 3, address1_city: 'London' });
			later(stage);
			await stage.world.run({ mapping, createUncoupled: true, direction: 'fromCrm' }, { transport: losing });
			// Meanwhile somebody enters the same once more.
			const made = customers(stage).find(({ displayName }) => displayName === 'Fabrikam')!;
			const { id: _id, number: _number, lastModifiedDateTime: _at, ...values } = made;
			const writable = Object.fromEntries(
				Object.entries(values).filter(
					([name, value]) =>
						!name.startsWith('@') && typeof value === 'string' && value !== '' && ['displayName', 'city', 'type'].includes(name),
				),
			);
			const copy = stage.company().insert('customers', writable as never);
			const seen = failedWith('INSERT_AMBIGUOUS', await run(stage, { createUncoupled: true }));
			says(seen, 'Couple the right one in Couple Records', 'delete the others in Business Central');
			await stage.with((session) => coupleRecords(session, { mapping, bcId: String(made['id']), crmId, from: 'crm', initial: 'get' }));
			stage.company().remove('customers', String(copy['id']));
			await delivered(stage, { createUncoupled: true });
			expect([customers(stage).length, accounts(stage).length]).toEqual([2, 2]);
		}),

	INSERT_UNSETTLED: () =>
		on(1, async (stage) => {
			crm(stage).insert('account', { name: 'Fabrikam', customertypecode: 3 });
			stage.world.sandbox.faults.add({
				system: 'businessCentral',
				method: 'POST',
				url: /\$batch|customers/,
				times: 2,
				fault: { kind: 'dropBefore' },
			});
			const lost =
				(transport: Transport): Transport =>
				async (request) => {
					if (isInsert(request)) throw new NoAnswer('The connection broke.', true);
					return await transport(request);
				};
			later(stage);
			const seen = failedWith(
				'INSERT_UNSETTLED',
				await stage.world.run({ mapping, createUncoupled: true, direction: 'fromCrm' }, { transport: lost }),
			);
			says(seen, 'Nothing to do: a later run looks for it');
			stage.world.sandbox.faults.clear();
			for (let later = 0; later < 3; later++) await run(stage, { createUncoupled: true });
			await delivered(stage, { createUncoupled: true });
			expect(customers(stage)).toHaveLength(2);
		}),

	ALREADY_COUPLED: () =>
		on(2, async (stage) => {
			const request = { mapping, bcId: stage.customerId(1), crmId: stage.accountId(2), initial: 'send' as const };
			says(
				await refusedWith(
					'ALREADY_COUPLED',
					stage.with((session) => coupleRecords(session, request)),
				),
				'ncouple',
			);
			await stage.with((session) => uncouple(session, bc(stage, 2)));
			expect(await stage.with((session) => coupleRecords(session, request))).toMatchObject({ outcome: 'moved' });
			expect(stage.account(2)).toMatchObject({ name: stage.customer(1)!['displayName'] });
		}),

	COUPLING_TAKEN: () =>
		on(2, async (stage) => {
			// Two runs come to it at the same moment: what the store refuses is told to the second one.
			const now = new Date(stage.world.clock.now()).toISOString();
			const blank = {
				bcNumber: '',
				bcName: '',
				crmName: '',
				bcVersion: null,
				crmVersion: null,
				bcStamp: null,
				crmStamp: null,
				coupledAt: now,
				lastSyncedAt: null,
				baseline: null,
			};
			const taken = { ...blank, mapping, bcId: stage.customerId(1), crmId: stage.accountId(2), initial: 'send' as const };
			const commit = (session: SyncSession) => session.store.commit({ couplings: [taken] });
			says(await refusedWith('COUPLING_TAKEN', stage.with(commit)), 'ncouple');
			await stage.with((session) => uncouple(session, bc(stage, 1, 2)));
			await stage.with((session) =>
				coupleRecords(session, { mapping, bcId: stage.customerId(1), crmId: stage.accountId(2), initial: 'send' }),
			);
			await delivered(stage);
		}),

	RECORD_MISSING: () =>
		on(1, async (stage) => {
			const request = { mapping, bcId: '99999999-0000-4000-8000-000000000000', crmId: stage.accountId(1), initial: 'none' as const };
			says(
				await refusedWith(
					'RECORD_MISSING',
					stage.with((session) => coupleRecords(session, request)),
				),
				'list',
			);
			const [refused] = (await stage.with((session) => retryRecords(session, { ...bc(stage), ids: [request.bcId] }))).records;
			says(errorWith('RECORD_MISSING', refused!.error), 'Choose the record from the list');
			expect(await stage.with((session) => coupleRecords(session, { ...request, bcId: stage.customerId(1) }))).toMatchObject({
				outcome: 'alreadyCoupled',
			});
		}),

	OUTSIDE_FILTER: () =>
		on(1, async (stage) => {
			const crmId = crm(stage).insert('account', { name: 'Of a vendor', customertypecode: 11 });
			const bcId = String(stage.company().insert('customers', { displayName: 'Free' })['id']);
			const couple = () => stage.with((session) => coupleRecords(session, { mapping, bcId, crmId, initial: 'send' }));
			says(await refusedWith('OUTSIDE_FILTER', couple()), 'Table Mappings');
			crm(stage).update('account', crmId, { customertypecode: 3 });
			expect(await couple()).toMatchObject({ outcome: 'coupled' });
			await delivered(stage);
		}),
};
