import {
	coupleRecords,
	resumeFullSync,
	runFullSync,
	synchronizeMapping,
	synchronizeWithSide,
	updateMapping,
	type SyncSession,
} from '../../../../engine';
import { requireLoggedJob } from '../../../../engine/log/known';
import type { JobResult } from '../../../../engine/jobs/jobResult';
import { RunStopped } from '../../../../engine/model/errors';
import { clearDataverseMetadata } from '../../../../engine/systems/dataverse';
import { openStage, type Stage } from '../kit';
import { errorWith, failedWith, refusedWith, says, type Walks } from './kit';

/** How runs begin and come to their end. */
const mapping = 'CUSTOMER';

async function on(count: number, walk: (stage: Stage) => Promise<void>): Promise<void> {
	const stage = await openStage(count);
	try {
		await walk(stage);
	} finally {
		await stage.world.close();
	}
}
const run = async (stage: Stage, more: Parameters<Stage['run']>[0] = {}): Promise<JobResult[]> => {
	stage.world.minutes(15);
	return await stage.run(more);
};
function onFirstCommit({ store }: SyncSession, happens: () => Promise<void>): void {
	const original = store.commit.bind(store);
	let first = true;
	store.commit = async (...given) => {
		if (first) {
			first = false;
			await happens();
		}
		return await original(...given);
	};
}

const fine = (results: readonly JobResult[]): void =>
	expect(results.map(({ job, failed }) => [job.status, failed])).toEqual(results.map(() => ['finished', []]));
const full = (mappings: string[], more = {}) => ({ mappings, afterwards: 'keep' as const, ...more });
export const runWalks: Walks = {
	DIRECTION: () =>
		on(1, async (stage) => {
			await stage.with((session) => updateMapping(session, mapping, { direction: 'toCrm' }));
			const bcId = String(stage.company().insert('customers', { displayName: 'Fabrikam' })['id']);
			const crmId = stage.world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3 });
			const couple = (initial: 'get' | 'send') => stage.with((session) => coupleRecords(session, { mapping, bcId, crmId, initial }));
			says(await refusedWith('DIRECTION', couple('get')), 'Choose the other initial synchronization, or none');
			expect(await couple('send')).toMatchObject({ outcome: 'coupled' });
			fine(await run(stage));
		}),

	JOB_UNKNOWN: () =>
		on(1, async (stage) => {
			const ask = (jobId: string) => stage.with(({ store }) => requireLoggedJob(store, jobId));
			says(await refusedWith('JOB_UNKNOWN', ask('99999999-0000-4000-8000-000000000000')), 'Take the id from the field jobId of a job');
			const [{ job }] = (await run(stage, { force: true })) as [JobResult];
			await ask(job.id);
			expect((await stage.with(({ store }) => store.jobs({ jobId: job.id, limit: 1 }))).rows).toMatchObject([{ status: 'finished' }]);
		}),

	NO_FIELDS: () =>
		on(1, async (stage) => {
			await stage.with(({ store }) => store.saveSettings('SALESPEOPLE', { direction: 'toCrm' }));
			const refused = stage.world.run({ mapping: 'SALESPEOPLE' });
			says(await refusedWith('NO_FIELDS', refused), 'change the direction of the table mapping');
			await stage.with((session) => updateMapping(session, 'SALESPEOPLE', { direction: 'fromCrm' }));
			fine(await stage.world.run({ mapping: 'SALESPEOPLE' }));
		}),

	DEPENDENCY_NOT_SYNCHRONIZED: () =>
		on(1, async (stage) => {
			const seen = failedWith('DEPENDENCY_NOT_SYNCHRONIZED', await stage.with((session) => runFullSync(session, full([mapping]))));
			says(seen, 'take part too', 'Then resume, or restart CUSTOMER');
			await stage.with((session) => runFullSync(session, full(['SALESPEOPLE', 'CURRENCY', mapping])));
			fine(await stage.with((session) => resumeFullSync(session, { mappings: [mapping] })));
			fine(await stage.with((session) => runFullSync(session, full(['SALESPEOPLE', 'CURRENCY', mapping]))));
		}),

	MAPPING_BUSY: () =>
		on(1, async (stage) => {
			const session = await stage.world.open({ waitForTurnMs: 2_000 });
			const holder = { what: 'workflow "Nightly"', host: 'n8n-1', pid: 12, process: null };
			const lease = await session.store.acquireLease(mapping, 'other', 3_600_000, { holder });
			const ids = [stage.customerId(1)];
			const named = () => synchronizeMapping(session, { mapping, selected: { side: 'businessCentral', ids } });
			const seen = await refusedWith('MAPPING_BUSY', named());
			says(seen, 'Try again when that run has ended', '"Wait for Its Turn (Seconds)"', '"Retry On Fail"');
			expect(seen.message).toContain('workflow "Nightly"');
			stage.world.sandbox.clock.after(1_000, () => void session.store.releaseLease(lease!));
			fine(await named());
			await session.store.close();
		}),

	LEASE_LOST: () =>
		on(2, async (stage) => {
			// The run was not heard of for longer than its lease lasts, and another one has the mapping: what it has in hand is refused.
			const session = await stage.world.open();
			const lease = (await session.store.acquireLease(mapping, 'slow', 1_000))!;
			stage.world.minutes(5);
			stage.inBc(1, { phoneNumber: '+44 1' });
			const other = await session.store.acquireLease(mapping, 'other', 60_000);
			says(
				await refusedWith('LEASE_LOST', session.store.commit({ settings: [] } as never, lease)),
				'Nothing was lost: the other run goes on from the last recorded page',
			);
			await session.store.releaseLease(other!);
			await session.store.close();
			fine(await run(stage));
			expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
		}),

	IDENTITY_MOVED: () =>
		on(1, async (stage) => {
			// Another run lets the shipping agents be known by their SystemIds after this one has loaded its mappings.
			const session = await stage.world.open();
			const other = await stage.world.open();
			const acquire = session.store.acquireLease.bind(session.store);
			session.store.acquireLease = async (...given) => {
				const lease = (await other.store.acquireLease('SHIPPING AGENT', 'other', 60_000))!;
				await other.store.moveIdentity({ mapping: 'SHIPPING AGENT', table: 'ShippingAgents', to: 'systemId' }, lease);
				await other.store.releaseLease(lease);
				session.store.acquireLease = acquire;
				return await acquire(...given);
			};
			says(await refusedWith('IDENTITY_MOVED', synchronizeMapping(session, { mapping })), 'Try again', 'next run');
			expect(await session.store.leaseInUse(mapping)).toBeNull();
			fine(await synchronizeMapping(session, { mapping }));
			await session.store.close();
			await other.store.close();
		}),

	RUN_STOPPED: () =>
		on(2, async (stage) => {
			// A person names a record, and before its turn another run takes the mapping over.
			stage.quarrel(1);
			const request = { mapping, side: 'businessCentral' as const, ids: [stage.customerId(1)], winner: 'crm' as const };
			const session = await stage.world.open();
			const thief = await stage.world.open();
			onFirstCommit(session, async () => {
				const { fence } = (await thief.store.leaseInUse(mapping))!;
				await thief.store.acquireLease(mapping, 'thief', 60_000, { insteadOf: fence });
			});
			const { records } = await synchronizeWithSide(session, request);
			says(errorWith('RUN_STOPPED', records[0]!.error), 'then try again');
			stage.world.minutes(5);
			expect((await stage.with((each) => synchronizeWithSide(each, request))).records[0]!.outcome).toBe('synchronized');
			expect(stage.customer(1)).toMatchObject({ phoneNumber: '+44 2' });
			await session.store.close();
			await thief.store.close();
		}),

	RUN_ENDING: () =>
		on(2, async (stage) => {
			// n8n is asked to end while a record that a person named is on its way.
			stage.quarrel(1);
			const request = { mapping, side: 'businessCentral' as const, ids: [stage.customerId(1)], winner: 'crm' as const };
			const end = new AbortController();
			const session = await stage.world.open({ ending: end.signal });
			onFirstCommit(session, () => Promise.resolve(end.abort(new RunStopped('shutdown'))));
			const refused = synchronizeWithSide(session, request);
			says(await refusedWith('RUN_ENDING', refused), 'Nothing was lost. Run it again when n8n is back');
			await session.store.close();
			expect((await stage.with((each) => synchronizeWithSide(each, request))).records[0]!.outcome).toBe('synchronized');
			expect(stage.customer(1)).toMatchObject({ phoneNumber: '+44 2' });
		}),

	MASS_CHANGE: () =>
		on(15, async (stage) => {
			for (let number = 1; number <= 12; number++) stage.company().remove('customers', stage.customerId(number));
			const strategy = { deletion: 'deleteOther' as const, findDeleted: 'now' as const };
			const seen = failedWith('MASS_CHANGE', await run(stage, strategy));
			says(seen, 'run once with the option "Allow Mass Changes"', 'raise the limits of the table mapping');
			fine(await run(stage, { ...strategy, allowMassChanges: true }));
			expect(stage.world.sandbox.crm.rows('account')).toHaveLength(3);
		}),

	COMPANY_ROW_MISSING: () =>
		on(1, async (stage) => {
			const { crm } = stage.world.sandbox;
			const { companyRowId, companyId, companyName } = stage.world.base;
			stage.inBc(1, { phoneNumber: '+44 1' });
			crm.remove('bcbi_company', companyRowId);
			says(failedWith('COMPANY_ROW_MISSING', await run(stage)), 'right to read all rows of the table', 'create it in CRM', 'External ID');
			crm.seed('bcbi_company', [{ bcbi_companyid: companyRowId, bcbi_externalid: companyId, bcbi_name: companyName }]);
			fine(await run(stage));
			expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
		}),

	COMPANY_HIDDEN: () =>
		on(1, async (stage) => {
			const { crm } = stage.world.sandbox;
			for (let index = 0; index < 30; index++) crm.insert('account', { name: `Of nobody ${index}`, customertypecode: 3 });
			stage.inBc(1, { phoneNumber: '+44 1' });
			crm.secureColumn('account', 'bcbi_companyid');
			clearDataverseMetadata();
			const results = await run(stage, { createUncoupled: true });
			says(failedWith('COMPANY_HIDDEN', results), 'column security profile', 'switch column security off');
			const user = stage.world.sandbox.log.requests.find(({ system, user: name }) => system === 'crm' && name)!.user!;
			crm.grantColumn(user, 'account', 'bcbi_companyid', { read: true, create: true, update: true });
			clearDataverseMetadata();
			fine(await run(stage));
			expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
		}),

	SETUP_CHANGED: () =>
		on(1, async (stage) => {
			await run(stage);
			stage.world.sandbox.crm.removeColumn('account', 'bcbi_companyid');
			stage.inBc(1, { phoneNumber: '+44 7' });
			says(failedWith('SETUP_CHANGED', await run(stage)), 'Nothing needs to be done: the next run goes on without what is missing');
			fine(await run(stage));
			expect(stage.account(1)).toMatchObject({ telephone1: '+44 7' });
		}),
};
