import {
	coupleRecords,
	createAndCouple,
	createMapping,
	deleteMapping,
	deleteOther,
	exportState,
	findForDeleted,
	matchCouple,
	resetMappings,
	restartMapping,
	restoreRecords,
	resumeFullSync,
	runFullSync,
	settleRestored,
	synchronizeWithSide,
	uncouple,
} from '../../../engine';
import type { SyncSession } from '../../../engine/ports/session';
import { openStage, type Stage } from '../failures/kit';

/** Every action by hand waits for a mapping that another run has, and fails by name when that is not free in time: none ends as if it were done. */
let stage: Stage;
beforeEach(async () => {
	stage = await openStage(2);
});
afterEach(() => stage.world.close());

const mapping = 'CUSTOMER';
const holder = { what: 'workflow "Nightly" (id 12), node "Sync", execution 4711', host: 'n8n-1', pid: 12, process: null };
const first = () => ({ mapping, side: 'businessCentral' as const, ids: [stage.customerId(1)] });
const newCustomer = (): string => String(stage.company().insert('customers', { displayName: 'Fabrikam' })['id']);
const removeAccount = (): void => void stage.world.sandbox.crm.remove('account', stage.accountId(1));
const couplings = (session: SyncSession) => session.store.countCouplings(mapping);
const drain = async (stream: AsyncIterable<unknown>): Promise<void> => {
	for await (const _ of stream);
};

interface Action {
	before?: (session: SyncSession) => Promise<void> | void;
	act: (session: SyncSession) => Promise<unknown>;
	/** What shows that it was done. */
	done: (session: SyncSession, result: unknown) => Promise<unknown> | unknown;
	/** The mapping it takes; default CUSTOMER. */
	busy?: string;
}

let created = '';
const ACTIONS: Readonly<Record<string, Action>> = {
	Couple: {
		before: async (session) => {
			await uncouple(session, first());
		},
		act: (session) => coupleRecords(session, { mapping, bcId: stage.customerId(1), crmId: stage.accountId(1), initial: 'none' }),
		done: async (session) => (await couplings(session)) === 2,
	},
	'Create and Couple': {
		before: () => {
			created = newCustomer();
		},
		act: (session) => createAndCouple(session, { mapping, side: 'businessCentral', ids: [created] }),
		done: async (session) => (await couplings(session)) === 3,
	},
	Uncouple: { act: (session) => uncouple(session, first()), done: async (session) => (await couplings(session)) === 1 },
	'Match-Based Coupling': {
		before: async (session) => {
			await uncouple(session, first());
		},
		act: (session) =>
			matchCouple(session, { mapping, criteria: [{ bcField: 'displayName', crmField: 'name', priority: 1, caseSensitive: false }] }),
		done: async (session) => (await couplings(session)) === 2,
	},
	Restore: {
		before: removeAccount,
		act: (session) => restoreRecords(session, first()),
		done: () => stage.world.sandbox.crm.rows('account').length === 2,
	},
	'Delete the Other Record': {
		before: removeAccount,
		act: (session) => deleteOther(session, first()),
		done: () => stage.customer(1) === undefined,
	},
	'Synchronize With a Side': {
		before: () => stage.quarrel(1),
		act: (session) => synchronizeWithSide(session, { ...first(), winner: 'crm' }),
		done: () => stage.customer(1)!['phoneNumber'] === '+44 2',
	},
	'Find for Deleted': {
		before: removeAccount,
		act: (session) => findForDeleted(session, { mapping }),
		done: (_, result) => (result as { missing: unknown[] }).missing.length === 1,
	},
	'Full Sync: Run': {
		before: () => void newCustomer(),
		act: (session) => runFullSync(session, { mappings: [mapping], afterwards: 'keep', ignoreDependencies: true }),
		done: async (session) => (await couplings(session)) === 3,
	},
	'Full Sync: Resume': {
		before: async (session) => {
			const fault = { kind: 'answer' as const, status: 403 };
			stage.world.sandbox.faults.add({ system: 'businessCentral', method: 'GET', url: /\/customers\?/, times: 1000, fault });
			await runFullSync(session, { mappings: [mapping], afterwards: 'keep', ignoreDependencies: true });
			stage.world.sandbox.faults.clear();
		},
		act: (session) => resumeFullSync(session, { mappings: [mapping], ignoreDependencies: true }),
		done: async (session) => (await session.store.fullSyncLines()).get(mapping)?.status === 'finished',
	},
	'Full Sync: Restart Mapping': {
		before: () => void newCustomer(),
		act: (session) => restartMapping(session, { mapping, ignoreDependencies: true }),
		done: async (session) => (await couplings(session)) === 3,
	},
	'Settle Restored System': {
		act: (session) => settleRestored(session, { mapping, way: 'notRestored', preview: false }),
		done: (_, result) => (result as Array<{ job: { status: string } }>).every(({ job }) => job.status === 'finished'),
	},
	'Reset to Defaults': {
		before: (session) => session.store.saveSettings(mapping, { onlyCoupled: false }),
		act: (session) => resetMappings(session, [mapping], false),
		done: async (session) => !(await session.store.settings()).has(mapping),
	},
	Delete: {
		before: async (session) => {
			const fields = [{ bcField: 'displayName', crmField: 'name', direction: 'toCrm' as const }];
			await createMapping(session, {
				name: 'MINE',
				businessCentral: { table: 'customers' },
				crm: { table: 'account' },
				direction: 'toCrm',
				fields,
			});
		},
		act: (session) => deleteMapping(session, 'MINE', { couplings: true }),
		done: async (session) => !(await session.store.settings()).has('MINE'),
		busy: 'MINE',
	},
	'Export State': {
		act: (session) => exportState(session, { log: false }, drain),
		done: (_, result) => ((result as { rows: Record<string, number> }).rows['coupling'] ?? 0) === 2,
	},
};

describe.each(Object.entries(ACTIONS))('%s', (_name, { before, act, done, busy = mapping }) => {
	test('waits for its turn and is done then; when the turn does not come it fails, names who has the mapping, and can be asked for again', async () => {
		const session = await stage.world.open({ waitForTurnMs: 30_000 });
		await before?.(session);
		stage.world.minutes(1);
		const lease = await session.store.acquireLease(busy, 'other', 3_600_000, { holder });
		const started = stage.world.clock.now();
		const outcome = await act(session).then(refusedIn, (error: unknown) => error);
		expect(outcome).toMatchObject({
			code: 'MAPPING_BUSY',
			errorClass: 'transient',
			message: expect.stringContaining('workflow "Nightly" (id 12), node "Sync", execution 4711') as string,
			hint: expect.stringContaining('Wait for Its Turn (Seconds)') as string,
		});
		expect(stage.world.clock.now() - started).toBeGreaterThanOrEqual(30_000);
		// Asked for once more, as "Retry On Fail" does, while the other run comes to its end.
		stage.world.sandbox.clock.after(10_000, () => void session.store.releaseLease(lease!));
		const result = await act(session);
		expect(await done(session, result)).toBe(true);
		await session.store.close();
	});
});

/** A full synchronization tells it in the job of the mapping; the node makes an error of it. */
function refusedIn(result: unknown): unknown {
	const [job] = result as Array<{ failed: Array<{ errorCode: string }> }>;
	const failed = job?.failed[0];
	return failed && { ...failed, code: failed.errorCode };
}

test('what ends with other couplings is uncoupled with them, or nothing is', async () => {
	const { world } = stage;
	const session = await world.open({ waitForTurnMs: 4_000 });
	const party = stage.company().insert('customers', { displayName: 'Adatum' });
	const [relation] = stage.company().data.table('Contact Business Relation').withField('No.', String(party['number']));
	await world.run({ mapping, createUncoupled: true });
	stage.company().insert('contacts', { type: 'Person', displayName: 'Ann', companyNumber: String(relation!.fields['Contact No.']) });
	await world.run({ mapping: 'CONTACT', createUncoupled: true });
	const contacts = () => session.store.countCouplings('CONTACT');
	expect(await contacts()).toBe(1);
	const lease = await session.store.acquireLease('CONTACT', 'other', 3_600_000, { holder });
	const adatum = { mapping, side: 'businessCentral' as const, ids: [String(party['id'])] };
	const [job] = await uncouple(session, adatum);
	expect(job!.failed.map(({ errorCode }) => errorCode)).toEqual(['MAPPING_BUSY']);
	expect([await couplings(session), await contacts()]).toEqual([3, 1]);
	await session.store.releaseLease(lease!);
	expect((await uncouple(session, adatum)).map(({ job: { status } }) => status)).toEqual(['finished', 'finished']);
	expect([await couplings(session), await contacts()]).toEqual([2, 0]);
	await session.store.close();
});
