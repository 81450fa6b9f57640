import {
	coupleRecords,
	coupleWithSurvivor,
	restoreRecords,
	retryRecords,
	settleRestored,
	synchronizeWithSide,
	uncouple,
	updateMapping,
} from '../../../../engine';
import { pluginRefusal } from '../../../../sandbox/dataverse/plugins';
import { errorWith, failedWith, says, type Walks } from './kit';
import { mapping, on, bc, later, run, delivered, done, crm, phones, ours, rowsChanged, hiding, merge } from './stage';

/** Couples that cannot be kept in step as they are. */
const OTHER = '00000003-0000-4000-8000-00000000000b';

export const coupleWalks: Walks = {
	CONFLICT: () =>
		on(3, async (stage) => {
			for (const number of [1, 2, 3]) stage.quarrel(number, [`+44 1${number}`, `+44 2${number}`]);
			const seen = failedWith('CONFLICT', await run(stage));
			says(
				seen,
				'Make the values equal',
				'Couple Records → Synchronize With a Side',
				'for the field or the table mapping in Table Mappings',
				'Couple Records → Retry',
			);
			await run(stage);
			// Equal values; one side for one record; and who wins, as a setting of the mapping, with Retry.
			stage.inCrm(1, { telephone1: '+44 11' });
			done(await stage.with((session) => synchronizeWithSide(session, { ...bc(stage, 2), winner: 'crm' })), 'synchronized');
			await stage.with(async (session) => {
				await updateMapping(session, mapping, { conflict: 'send' });
				done(await retryRecords(session, bc(stage, 3)), 'retried');
			});
			await delivered(stage);
			expect([1, 2, 3].map((number) => phones(stage, number))).toEqual([
				['+44 11', '+44 11'],
				['+44 22', '+44 22'],
				['+44 13', '+44 13'],
			]);
		}),

	ROLLED_BACK: () =>
		on(2, async (stage) => {
			stage.inCrm(1, { telephone1: '+44 new' });
			await run(stage);
			// The row alone was put back, by a tool that restores single rows: an older version with the values of before.
			const older = rowsChanged((rows) =>
				rows.map((row) => (row['accountid'] === stage.accountId(1) ? { ...row, '@odata.etag': 'W/"1"', telephone1: '+44 old' } : row)),
			);
			later(stage);
			const request = { mapping, selected: { side: 'crm' as const, ids: [stage.accountId(1)] } };
			const seen = failedWith('ROLLED_BACK', await stage.world.run(request, { transport: older }));
			says(seen, 'Couple Records → Synchronize With a Side', 'Sync Mapping → Settle Restored System');
			await stage.with((session) => settleRestored(session, { mapping, way: 'sendAgain', preview: false }));
			done(await stage.with((session) => synchronizeWithSide(session, { ...bc(stage, 1), winner: 'businessCentral' })), 'synchronized');
			await delivered(stage);
			expect(phones(stage, 1)).toEqual(['+44 new', '+44 new']);
		}),

	PARTNER_HIDDEN: () =>
		on(2, async (stage) => {
			const id = stage.accountId(1);
			const body = JSON.stringify({ error: { code: '0x80048306', message: `Principal user has no ReadAccess to account ${id}` } });
			stage.world.sandbox.faults.add({
				system: 'crm',
				method: 'GET',
				url: new RegExp(`accounts\\(${id}`),
				times: 99,
				fault: { kind: 'answer', status: 403, body },
			});
			stage.inBc(1, { phoneNumber: '+44 1' });
			later(stage);
			const seen = failedWith(
				'PARTNER_HIDDEN',
				await stage.world.run({ mapping, selected: { side: 'businessCentral', ids: [stage.customerId(1)] } }, { transport: hiding(id) }),
			);
			says(seen, 'right to read all records of the table', 'uncouple this record in Couple Records');
			stage.world.sandbox.faults.clear();
			await delivered(stage);
			expect(phones(stage, 1)).toEqual(['+44 1', '+44 1']);
		}),

	OTHER_COMPANY: () =>
		on(3, async (stage) => {
			crm(stage).seed('bcbi_company', [{ bcbi_companyid: OTHER, bcbi_externalid: '00000000-0000-4000-8000-0000000000bb', bcbi_name: 'B' }]);
			for (const number of [1, 2]) {
				crm(stage).update('account', stage.accountId(number), { bcbi_companyid: { table: 'bcbi_company', id: OTHER } });
				stage.inBc(number, { phoneNumber: `+44 ${number}` });
			}
			says(
				failedWith('OTHER_COMPANY', await run(stage)),
				'give it back to this company',
				'uncouple it in Couple Records (it keeps its company)',
			);
			crm(stage).update('account', stage.accountId(1), ours(stage));
			await stage.with((session) => uncouple(session, bc(stage, 2)));
			await delivered(stage);
			expect(phones(stage, 1)).toEqual(['+44 1', '+44 1']);
			expect(stage.account(2)).toMatchObject({ bcbi_companyid: OTHER });
		}),

	COMPANY_NOT_WRITTEN: () =>
		on(1, async (stage) => {
			let closed = true;
			crm(stage).addPlugin({
				...{ table: 'account', messages: ['Update'], when: 'before' },
				run: (changed) => {
					if (closed && changed['bcbi_companyid']) throw pluginRefusal('Companies are closed.');
					return null;
				},
			});
			await stage.with((session) => uncouple(session, bc(stage, 1)));
			await stage.with((session) =>
				coupleRecords(session, { mapping, bcId: stage.customerId(1), crmId: stage.accountId(1), initial: 'none' }),
			);
			says(
				failedWith('COMPANY_NOT_WRITTEN', await run(stage)),
				'every try writes the company once more',
				'switch Carry the Company off in Table Mappings',
			);
			closed = false;
			await delivered(stage);
			expect(stage.account(1)).toMatchObject({ bcbi_companyid: stage.world.base.companyRowId });
		}),

	LEFT_FILTER: () =>
		on(3, async (stage) => {
			for (const number of [1, 2]) {
				stage.inBc(number, { blocked: 'All', phoneNumber: `+44 ${number}` });
			}
			says(
				failedWith('LEFT_FILTER', await run(stage, { findDeleted: 'now' })),
				'bring it back into the filter',
				'change the filter in Table Mappings',
				'uncouple it in Couple Records',
			);
			stage.inBc(1, { blocked: '_x0020_' });
			await stage.with((session) => uncouple(session, bc(stage, 2)));
			await delivered(stage);
			expect(phones(stage, 1)).toEqual(['+44 1', '+44 1']);
		}),

	PARTNER_MERGED: () =>
		on(2, async (stage) => {
			const master = crm(stage).insert('account', { name: 'Survivor', customertypecode: 3 });
			await merge(stage, master, stage.accountId(1));
			stage.inBc(1, { phoneNumber: '+44 1' });
			says(failedWith('PARTNER_MERGED', await run(stage)), 'Couple Records → Couple With Surviving Record');
			done(await stage.with((session) => coupleWithSurvivor(session, { ...bc(stage, 1), initial: 'send' })), 'coupled');
			await delivered(stage);
			expect(crm(stage).row('account', master)).toMatchObject({ telephone1: '+44 1' });
		}),

	CHANGED_MEANWHILE: () =>
		on(1, async (stage) => {
			stage.inBc(1, { phoneNumber: '+44 1' });
			stage.world.sandbox.faults.add({ system: 'crm', method: 'PATCH', url: /accounts\(/, times: 100, fault: { kind: 'stale' } });
			says(failedWith('CHANGED_MEANWHILE', await run(stage)), 'next run');
			stage.world.sandbox.faults.clear();
			await delivered(stage);
			expect(phones(stage, 1)).toEqual(['+44 1', '+44 1']);
		}),

	ACTION_NOT_AVAILABLE: () =>
		on(2, async (stage) => {
			const [refused] = (await stage.with((session) => restoreRecords(session, bc(stage, 1)))).records;
			says(errorWith('ACTION_NOT_AVAILABLE', refused!.error), 'Retry or synchronize it, or uncouple it');
			stage.inBc(1, { phoneNumber: '+44 1' });
			done(await stage.with((session) => synchronizeWithSide(session, { ...bc(stage, 1), winner: 'businessCentral' })), 'synchronized');
			expect(phones(stage, 1)).toEqual(['+44 1', '+44 1']);
		}),
};
