import { coupleRecords, deleteOther, restoreRecords, retryAll, uncouple, updateMapping } from '../../../../engine';
import { NoAnswer, type Transport } from '../../../../engine/systems/odata/transport';
import { errorWith, failedWith, says, type Walks } from './kit';
import { mapping, on, bc, later, run, delivered, done, couplings, crm, accounts, customers, deleteAccount } from './stage';

/** One record of a couple was deleted. */
export const deletionWalks: Walks = {
	PARTNER_DELETED: () =>
		on(4, async (stage) => {
			for (const number of [1, 2, 3]) {
				deleteAccount(stage, number);
				stage.inBc(number, { phoneNumber: `+44 ${number}` });
			}
			says(
				failedWith('PARTNER_DELETED', await run(stage)),
				'Set a deletion strategy for the table mapping',
				'restore or uncouple this record in Couple Records',
			);
			done(await stage.with((session) => restoreRecords(session, bc(stage, 1))), 'restored');
			await stage.with((session) => uncouple(session, bc(stage, 2)));
			await stage.with((session) => updateMapping(session, mapping, { deletion: 'restore' }));
			await stage.with((session) => retryAll(session, { mapping }));
			await delivered(stage);
			expect(accounts(stage).map((row) => row['telephone1']).sort()).toEqual(['+44 1', '+44 20 4', '+44 3']); // prettier-ignore
		}),

	DELETION_CONFLICT: () =>
		on(2, async (stage) => {
			for (const number of [1, 2]) {
				deleteAccount(stage, number);
				stage.inBc(number, { phoneNumber: `+44 ${number}` });
			}
			await stage.with((session) => updateMapping(session, mapping, { deletion: 'deleteOther' }));
			says(failedWith('DELETION_CONFLICT', await run(stage)), 'Delete, restore or uncouple', 'update-conflict strategy');
			done(await stage.with((session) => deleteOther(session, bc(stage, 1))), 'deleted');
			await stage.with((session) => updateMapping(session, mapping, { conflict: 'send' }));
			await delivered(stage);
			expect([customers(stage).length, accounts(stage).map((row) => row['telephone1'])]).toEqual([1, ['+44 2']]);
		}),

	DELETION_NOT_SERVED: () =>
		on(3, async (stage) => {
			await stage.with((session) => updateMapping(session, mapping, { direction: 'toCrm', deletion: 'deleteOther' }));
			deleteAccount(stage, 1);
			deleteAccount(stage, 2);
			says(
				failedWith('DELETION_NOT_SERVED', await run(stage, { findDeleted: 'now' })),
				'Restore or uncouple it in Couple Records',
				'another deletion strategy',
			);
			done(await stage.with((session) => restoreRecords(session, bc(stage, 1))), 'restored');
			await stage.with((session) => uncouple(session, bc(stage, 2)));
			const [again] = await run(stage, { findDeleted: 'now' });
			expect([again!.job.status, again!.failed, await couplings(stage)]).toEqual(['finished', [], 2]);
		}),

	COUPLED_ELSEWHERE: () =>
		on(2, async (stage) => {
			const vendor = stage.company().insert('vendors', { displayName: 'Also a vendor' });
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
				lastSyncedAt: now,
				baseline: {},
			};
			const bcId = String(vendor['id']).toLowerCase();
			await stage.with(({ store }) =>
				store.commit({ couplings: [{ ...blank, mapping: 'VENDOR', bcId, crmId: stage.accountId(1), initial: 'send' }] }),
			);
			stage.company().remove('customers', stage.customerId(1));
			const request = { mapping, side: 'crm' as const, ids: [stage.accountId(1)] };
			const [refused] = (await stage.with((session) => deleteOther(session, request))).records;
			says(errorWith('COUPLED_ELSEWHERE', refused!.error), 'uncouple');
			await stage.with((session) => uncouple(session, { mapping: 'VENDOR', side: 'businessCentral', ids: [bcId] }));
			done(await stage.with((session) => deleteOther(session, request)), 'deleted');
			await delivered(stage);
		}),

	ROW_CAME_BACK: () =>
		on(1, async (stage) => {
			// The row is deleted and its couple ends; the customer is coupled with another one; and the row is there again, from a backup.
			const old = stage.account(1)!;
			deleteAccount(stage, 1);
			await run(stage, { findDeleted: 'now', deletion: 'removeCoupling' });
			const other = crm(stage).insert('account', { name: 'In its place', customertypecode: 3 });
			await stage.with((session) => coupleRecords(session, { mapping, bcId: stage.customerId(1), crmId: other, initial: 'send' }));
			later(stage);
			crm(stage).seed('account', [{ accountid: stage.accountId(1), name: old['name'], customertypecode: 3 } as never]);
			const seen = failedWith('ROW_CAME_BACK', await run(stage, { createUncoupled: true }));
			says(seen, 'Delete the one of the two CRM records that is not needed', 'couple this one with another record in Couple Records');
			crm(stage).remove('account', stage.accountId(1));
			await delivered(stage, { createUncoupled: true });
			expect([customers(stage).length, accounts(stage).length]).toEqual([1, 1]);
		}),

	ANSWER_LOST: () =>
		on(2, async (stage) => {
			deleteAccount(stage, 1);
			const lost =
				(transport: Transport): Transport =>
				async (request) => {
					const deletes = request.method === 'DELETE' || /"method": ?"DELETE"/.test(request.body ?? '');
					if (deletes) throw new NoAnswer('The connection broke.', true);
					return await transport(request);
				};
			const session = await stage.world.open({ transport: lost });
			const [refused] = (await deleteOther(session, bc(stage, 1))).records;
			await session.store.close();
			says(errorWith('ANSWER_LOST', refused!.error), 'Try again');
			done(await stage.with((each) => deleteOther(each, bc(stage, 1))), 'deleted');
			expect(customers(stage)).toHaveLength(1);
		}),
};
