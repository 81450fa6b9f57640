import { deleteOther } from '../../../engine';
import { openScene, type Scene } from '../parties/scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const company = () => scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
const there = (table: string, id: string) => scene.world.sandbox.crm.row(table, id) !== undefined;
const log = () => scene.use(async ({ store }) => (await store.log({ limit: 1000 })).rows);

describe.each([
	['CUSTOMER', 'customers'],
	['VENDOR', 'vendors'],
] as const)('%s deleted in Business Central; its account is deleted, and CRM deletes the contacts', (mapping, set) => {
	/** A party with two persons that are coupled, a contact of CRM that is not, and values in CRM that no run has seen. */
	async function seed() {
		const party = scene.enter(set, { displayName: 'Adatum' });
		const persons = [scene.person(party, 'Robert Townes'), scene.person(party, 'Helen Wilson')];
		await scene.runAll();
		const account = (await scene.partner(mapping, party.id))!;
		const rows: string[] = [];
		for (const { id } of persons) rows.push((await scene.partner('CONTACT', id))!);
		scene.world.minutes(20);
		await scene.runAll();
		scene.world.minutes(20);
		const parent = { table: 'account', id: account };
		const own = scene.row('contact', { firstname: 'Nobody', lastname: 'Knows', telephone1: '77', parentcustomerid: parent });
		scene.changeRow('contact', rows[0]!, { telephone1: '+44 9' });
		company().remove(set, party.id);
		scene.world.minutes(1);
		return { party, persons, account, rows, own };
	}

	const deleting = async (how: 'by hand' | 'by strategy', account: string, preview: boolean) => {
		if (how === 'by hand') {
			const request = { mapping, side: 'crm' as const, ids: [account], preview };
			return (await scene.use((session) => deleteOther(session, request))).jobs[0]!;
		}
		const jobs = await scene.world.run({
			mapping,
			deletion: 'deleteOther',
			conflict: 'send',
			preview,
			findDeleted: 'now',
			returnChanges: 9,
		} as never);
		return jobs.find(({ job }) => job.deleted > 0)!;
	};

	test.each(['by hand', 'by strategy'] as const)('%s: told beforehand, counted, logged, and nobody’s deletion', async (how) => {
		const { persons, account, rows, own } = await seed();
		const told = await deleting(how, account, true);
		expect(there('account', account)).toBe(true);
		expect(await scene.couplings('CONTACT')).toHaveLength(2);
		const done = await deleting(how, account, false);
		for (const { job, warnings } of [told, done]) {
			expect(job).toMatchObject({ deleted: 4, failed: 0 });
			expect(warnings.filter((each) => each.includes('deletes') && each.includes('with Adatum'))).toHaveLength(3);
		}
		expect([there('account', account), ...[...rows, own].map((id) => there('contact', id))]).toEqual([false, false, false, false]);
		const entries = (await log()).filter(({ code }) => code === 'DELETED_ALONG');
		const values = entries.map(({ crm, kind, fields }) => [crm?.name, kind, JSON.stringify(fields)] as const);
		expect(values.find(([name]) => name === 'Robert Townes')).toEqual(['Robert Townes', 'overwritten', expect.stringContaining('+44 9')]);
		expect(values.find(([name]) => name === 'Nobody Knows')).toEqual(['Nobody Knows', 'overwritten', expect.stringContaining('77')]);
		expect(values.find(([name]) => name === 'Helen Wilson')?.slice(0, 2)).toEqual(['Helen Wilson', 'warning']);
		expect(await scene.couplings('CONTACT')).toEqual([]);
		// The persons stay, whatever the strategy of their own mapping is, in this run and in later ones.
		for (let run = 1; run <= 2; run++) {
			scene.world.minutes(24 * 60);
			for (const result of await scene.world.run({
				mapping: 'CONTACT',
				createUncoupled: true,
				deletion: 'deleteOther',
				findDeleted: 'now',
			} as never))
				expect(result.job).toMatchObject({ status: 'finished', deleted: 0, failed: 0, inserted: 0 });
			for (const { id } of persons) expect(scene.bc('contacts', id)).toBeDefined();
		}
	});

	test('contacts keep their partners when CRM refuses the deletion', async () => {
		const { account } = await seed();
		const { crm, log: requests } = scene.world.sandbox;
		crm.revokePrivilege(requests.requests.find(({ system, user }) => system === 'crm' && user !== null)!.user!, 'prvDeleteAccount');
		const before = await scene.couplings('CONTACT');
		await scene.use((session) => deleteOther(session, { mapping, side: 'crm', ids: [account] }));
		expect(there('account', account)).toBe(true);
		const pairs = (couples: typeof before) => couples.map(({ bcId, crmId, baseline }) => [bcId, crmId, baseline]);
		expect(pairs(await scene.couplings('CONTACT'))).toEqual(pairs(before));
	});
});
