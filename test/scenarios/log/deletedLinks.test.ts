import { deleteOther, listCouplings, listFailedRecords, recordHistory, withoutDeadLinks } from '../../../engine';
import { openStage, type Stage } from '../deciding/stage';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage(2);
	await stage.run();
	stage.quarrel(1);
	// Something of the time before is in the log, with both links.
	await stage.run();
	stage.inBc(1, { phoneNumber: '+44 9' });
	stage.world.minutes(60);
});
afterEach(() => stage.world.close());

interface Refs {
	businessCentral: { url: string | null } | null;
	crm: { url: string | null } | null;
}
const links = ({ businessCentral, crm }: Refs): [boolean, boolean] => [Boolean(businessCentral?.url), Boolean(crm?.url)];
const history = () => stage.with((session) => recordHistory(session, { record: stage.customerId(1), limit: 100 }));

test('an account that was deleted has no link in the items of a run, its log, its history, and the lists; its partner has', async () => {
	expect((await history()).map(links)).toEqual(expect.arrayContaining([[true, true]]));
	stage.world.sandbox.crm.remove('account', stage.accountId(1));
	const [toCrm] = await stage.run();
	expect(toCrm!.failed.map((record) => [record.errorCode, links(record)])).toEqual([['PARTNER_DELETED', [true, false]]]);
	const events = await history();
	expect(events.some(({ code }) => code === 'CONFLICT')).toBe(true);
	expect(events.map(links).filter(([bc, crm]) => !bc || crm)).toEqual([]);
	await stage.with(async (session) => {
		const entries = (await session.store.log({ limit: 100, kind: 'error' })).rows;
		expect(entries.some(({ crm }) => crm?.url)).toBe(true);
		expect((await withoutDeadLinks(session.store, entries)).map(links)).toEqual(entries.map(() => [true, false]));
		const failed = await listFailedRecords(session, { limit: 10 });
		expect(failed.rows.map(links)).toEqual([[true, false]]);
		const { rows } = await listCouplings(session, { limit: 10 });
		expect(rows.map((view) => [view.state, ...links(view)]).sort()).toEqual([
			['coupled', true, true],
			['failed', true, false],
		]);
	});
});

test('both records have none once the other one is deleted, too', async () => {
	stage.world.sandbox.crm.remove('account', stage.accountId(1));
	await stage.run();
	const request = { mapping: 'CUSTOMER', side: 'businessCentral' as const, ids: [stage.customerId(1)] };
	const preview = await stage.with((session) => deleteOther(session, { ...request, preview: true }));
	expect(preview.jobs[0]!.changes.map(links)).toEqual([[true, false]]);
	const { records, jobs } = await stage.with((session) => deleteOther(session, request));
	expect(records.map(({ outcome, view }) => [outcome, ...links(view!)])).toEqual([['deleted', false, false]]);
	expect(jobs[0]!.changes.map(links)).toEqual([[false, false]]);
	expect((await history()).map(links).flat()).not.toContain(true);
});

test('a customer that follows its deleted account by strategy has none in the log, nor among the changes', async () => {
	await stage.settings({ deletion: 'deleteOther' });
	stage.world.sandbox.crm.remove('account', stage.accountId(2));
	const results = await stage.run({ findDeleted: 'now', returnChanges: 10, allowMassChanges: true });
	expect(stage.customer(2)).toBeUndefined();
	const removed = results.flatMap(({ changes }) => changes).filter(({ action }) => action === 'delete');
	expect(removed.map(links)).toEqual([[false, false]]);
	const told = (await stage.log()).filter(({ code }) => code === 'DELETED_WITH_PARTNER');
	expect(told.map(links)).toEqual([[false, false]]);
});

test('a row that came back, and is coupled again, has its link again', async () => {
	const row = stage.account(2)!;
	stage.world.sandbox.crm.remove('account', stage.accountId(2));
	await stage.run({ findDeleted: 'now' });
	const of = async () => (await stage.with((session) => recordHistory(session, { record: stage.customerId(2), limit: 100 }))).map(links);
	expect((await of()).every(([, crm]) => !crm)).toBe(true);
	stage.world.minutes(60);
	stage.world.sandbox.crm.seed('account', [row as never]);
	stage.inBc(2, { phoneNumber: '+44 10' });
	await stage.run();
	expect((await of())[0]).toEqual([true, true]);
});
