import {
	coupleRecords,
	coupleWithSurvivor,
	deleteOther,
	listFailedRecords,
	restoreRecords,
	retryAll,
	retryRecords,
	settleRestored,
	synchronizeWithSide,
	uncouple,
	updateMapping,
	type ActionResult,
} from '../../../../engine';
import type { SyncSession } from '../../../../engine/ports/session';
import { NoAnswer, type HttpRequest, type Transport } from '../../../../engine/systems/odata/transport';
import { pluginRefusal } from '../../../../sandbox/dataverse/plugins';
import { CRM_ROOT } from '../../../kit/world';
import { openStage as openIdentity } from '../../identity/kit';
import { openStage, type Stage } from '../kit';
import { errorWith, failedWith, refusedWith, says, type Walks } from './kit';

/** Couples of customer and account, their deletions, and records that may be or have a partner. */
const mapping = 'CUSTOMER';
const OTHER = '00000003-0000-4000-8000-00000000000b';

async function on(count: number, walk: (stage: Stage) => Promise<void>): Promise<void> {
	const stage = await openStage(count);
	try {
		await walk(stage);
	} finally {
		await stage.world.close();
	}
}

const bc = (stage: Stage, ...numbers: number[]) => ({
	...{ mapping, side: 'businessCentral' as const },
	ids: numbers.map((number) => stage.customerId(number)),
});
const later = (stage: Stage): void => stage.world.minutes(15);
const run = async (stage: Stage, more: Parameters<Stage['run']>[0] = {}) => {
	later(stage);
	return await stage.run(more);
};
/** Nothing fails or is skipped any more, and both sides agree. */
async function delivered(stage: Stage, more: Parameters<Stage['run']>[0] = {}): Promise<void> {
	expect((await run(stage, more)).map(({ job, failed }) => [job.status, failed])).toEqual([
		['finished', []],
		['finished', []],
	]);
	expect((await stage.with((session) => listFailedRecords(session, { mapping, limit: 10 }))).rows).toEqual([]);
}
const done = ({ records }: ActionResult, outcome: string): void =>
	expect(records.map((record) => [record.outcome, record.error?.message])).toEqual(records.map(() => [outcome, undefined]));
const couplings = async (stage: Stage): Promise<number> => await stage.with(({ store }) => store.countCouplings(mapping));
const crm = (stage: Stage) => stage.world.sandbox.crm;
const accounts = (stage: Stage) => crm(stage).rows('account');
const customers = (stage: Stage) => stage.company().rows('customers');
const phones = (stage: Stage, number: number) => [stage.customer(number)?.['phoneNumber'], stage.account(number)?.['telephone1']];
const ours = (stage: Stage) => ({ bcbi_companyid: { table: 'bcbi_company', id: stage.world.base.companyRowId } });
const deleteAccount = (stage: Stage, number: number): void => void crm(stage).remove('account', stage.accountId(number));

/** Rows of Dataverse as a query answers them, each by itself or within a batch, changed on their way. */
const rowsChanged =
	(change: (rows: Array<Record<string, unknown>>) => Array<Record<string, unknown>>) =>
	(transport: Transport): Transport =>
	async (request) => {
		const response = await transport(request);
		if (!request.url.startsWith(CRM_ROOT)) return response;
		const lines = response.body.split('\r\n').map((line) => {
			if (!line.startsWith('{"@odata.context"') || !line.includes('"value":[')) return line;
			const json = JSON.parse(line) as { value: Array<Record<string, unknown>> };
			return JSON.stringify({ ...json, value: change(json.value) });
		});
		return { ...response, body: lines.join('\r\n') };
	};
/** As row-level security does. */
const hiding = (id: string) => rowsChanged((rows) => rows.filter((row) => row['accountid'] !== id));

async function merge(stage: Stage, master: string, subordinate: string): Promise<void> {
	const { sandbox } = stage.world;
	const entity = (accountid: string) => ({ accountid, '@odata.type': 'Microsoft.Dynamics.CRM.account' });
	const { status, body } = await sandbox.handle({
		method: 'POST',
		url: `${CRM_ROOT}/api/data/v9.2/Merge`,
		headers: { authorization: `Bearer ${sandbox.login.token('crm')}`, 'content-type': 'application/json' },
		body: JSON.stringify({ Target: entity(master), Subordinate: entity(subordinate), PerformParentingChecks: false }),
	});
	expect([status, body]).toEqual([204, '']);
}

const isInsert = ({ method, url, body = '' }: HttpRequest): boolean =>
	method === 'POST' && url.includes('/$batch') && /"method": ?"POST"/.test(body);
/** What is created in Business Central is carried out, and its answer is lost. */
const losing =
	(transport: Transport): Transport =>
	async (request) => {
		const answer = await transport(request);
		if (isInsert(request)) throw new NoAnswer('The connection broke.', true);
		return answer;
	};

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

	CHANGED_MEANWHILE: () =>
		on(1, async (stage) => {
			stage.inBc(1, { phoneNumber: '+44 1' });
			stage.world.sandbox.faults.add({ system: 'crm', method: 'PATCH', url: /accounts\(/, times: 100, fault: { kind: 'stale' } });
			says(failedWith('CHANGED_MEANWHILE', await run(stage)), 'next run');
			stage.world.sandbox.faults.clear();
			await delivered(stage);
			expect(phones(stage, 1)).toEqual(['+44 1', '+44 1']);
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

	ACTION_NOT_AVAILABLE: () =>
		on(2, async (stage) => {
			const [refused] = (await stage.with((session) => restoreRecords(session, bc(stage, 1)))).records;
			says(errorWith('ACTION_NOT_AVAILABLE', refused!.error), 'Retry or synchronize it, or uncouple it');
			stage.inBc(1, { phoneNumber: '+44 1' });
			done(await stage.with((session) => synchronizeWithSide(session, { ...bc(stage, 1), winner: 'businessCentral' })), 'synchronized');
			expect(phones(stage, 1)).toEqual(['+44 1', '+44 1']);
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
