import {
	changeCompanySettings,
	createMapping,
	deleteMapping,
	exportMappings,
	importMappings,
	optionValues,
	resetMappings,
	resumeFullSync,
	runFullSync,
	setEnabled,
	setFieldMappings,
	synchronizeMapping,
	synchronizeWithSide,
	updateMapping,
	type SyncSession,
	type TableMapping,
} from '../../../../engine';
import { DEFAULT_COMPANY_SETTINGS } from '../../../../engine/model/companySettings';
import type { JobResult } from '../../../../engine/jobs/jobResult';
import type { Filter } from '../../../../engine/model/filter';
import { RunStopped } from '../../../../engine/model/errors';
import { clearBusinessCentralMetadata } from '../../../../engine/systems/businessCentral';
import { clearDataverseMetadata } from '../../../../engine/systems/dataverse';
import { createResources, RESOURCES, type Resources } from '../../pages/resources';
import { itIsNew } from '../../../kit/world';
import { openStage, type Stage } from '../kit';
import { errorWith, failedWith, refusedWith, says, type Walks } from './kit';

/** Settings of table mappings and of the company, filters, pages and columns that are not there, and how runs come to their end. */
const mapping = 'CUSTOMER';

async function on(count: number, walk: (stage: Stage) => Promise<void>): Promise<void> {
	const stage = await openStage(count);
	try {
		await walk(stage);
	} finally {
		await stage.world.close();
	}
}
async function withResources(walk: (at: Resources) => Promise<void>): Promise<void> {
	const at = await createResources(2);
	try {
		await walk(at);
	} finally {
		await at.close();
	}
}

async function saveResources({ world }: Resources, definition: TableMapping): Promise<void> {
	const { store } = await world.open();
	await store.saveSettings('RESOURCES', { definition });
	await store.close();
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
const column = (bcField: string, crmField: string, more = {}) => ({ bcField, crmField, direction: 'toCrm' as const, ...more });
/** A mapping of one's own, of the same two tables as a default one. */
const mine = (name = 'MINE', fields = [column('displayName', 'name')]) => ({
	name,
	businessCentral: { table: 'customers' },
	crm: { table: 'account' },
	direction: 'toCrm' as const,
	fields,
});

/** A filter of customers, as the store may hold it from an earlier version or an import; the person then enters another one. */
async function walkFilter(code: string, bad: Filter, ...steps: string[]): Promise<void> {
	await on(1, async (stage) => {
		await stage.with(({ store }) => store.saveSettings(mapping, { bcFilter: bad }));
		stage.inBc(1, { phoneNumber: '+44 1' });
		const seen = await run(stage).then(
			(results) => failedWith(code, results),
			async (error: unknown) => await refusedWith(code, Promise.reject(error as Error)),
		);
		says(seen, ...steps);
		await stage.with((session) => resetMappings(session, [mapping], false));
		fine(await run(stage));
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
	});
}

/** One mapping is refused by its settings, and runs once they are as the remedy says. */
async function refusedThen(
	stage: Stage,
	code: string,
	work: (session: SyncSession) => Promise<unknown>,
	steps: readonly string[],
	then: (session: SyncSession) => Promise<unknown>,
): Promise<void> {
	says(await refusedWith(code, stage.with(work)), ...steps);
	await stage.with(then);
}

export const settingWalks: Walks = {
	DIRECTION: () =>
		on(1, async (stage) => {
			await stage.with((session) => updateMapping(session, mapping, { direction: 'toCrm' }));
			stage.inBc(1, { phoneNumber: '+44 1' });
			says(await refusedWith('DIRECTION', run(stage, { direction: 'fromCrm' })), 'hoose');
			fine(await run(stage));
			expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
		}),

	NO_FIELDS: () =>
		on(1, async (stage) => {
			await stage.with(({ store }) => store.saveSettings('SALESPEOPLE', { direction: 'toCrm' }));
			const refused = stage.world.run({ mapping: 'SALESPEOPLE' });
			says(await refusedWith('NO_FIELDS', refused), 'change the direction of the table mapping');
			await stage.with((session) => updateMapping(session, 'SALESPEOPLE', { direction: 'fromCrm' }));
			fine(await stage.world.run({ mapping: 'SALESPEOPLE' }));
		}),

	MAPPING_INVALID: () =>
		on(1, async (stage) => {
			const { crm } = stage.world.sandbox;
			// A constant that is no choice of its column is refused when it is saved, and so is one that no rule can make.
			const save = (constant: number | string) => (session: SyncSession) =>
				setFieldMappings(session, mapping, 'add', [{ bcField: null, crmField: 'industrycode', direction: 'toCrm' as const, constant }]);
			crm.defineOptions('account', 'industrycode', { '1': 'Accounting', '2': 'Agriculture' });
			clearDataverseMetadata();
			await refusedThen(stage, 'MAPPING_INVALID', save(7), ['Correct the constant'], save(2));
			stage.inBc(1, { phoneNumber: '+44 1' });
			fine(await run(stage, { force: true }));
			expect(stage.account(1)).toMatchObject({ industrycode: 2, telephone1: '+44 1' });
		}),

	MAPPING_EXISTS: () =>
		on(1, async (stage) => {
			await refusedThen(
				stage,
				'MAPPING_EXISTS',
				(session) => createMapping(session, mine('CUSTOMER')),
				['Choose another name', 'Update and Set Field Mappings'],
				(session) => createMapping(session, mine()),
			);
			await itIsNew(stage.world, 'MINE');
			fine(await stage.world.run({ mapping: 'MINE' }));
		}),

	MAPPING_NOT_OWN: () =>
		on(1, async (stage) => {
			const remove = (session: SyncSession) => deleteMapping(session, 'VENDOR', { couplings: true });
			await refusedThen(stage, 'MAPPING_NOT_OWN', remove, ['Disable it', 'reset it to its defaults'], (session) =>
				setEnabled(session, 'VENDOR', false),
			);
			await stage.with((session) => resetMappings(session, ['VENDOR'], false));
			fine(await stage.world.run({ mapping: 'VENDOR' }));
		}),

	MAPPING_NEEDED: () =>
		on(1, async (stage) => {
			await stage.with((session) => createMapping(session, { ...mine('PARENTS', [column('displayName', 'name')]) }));
			const lookup = column('id', 'parentaccountid', { refersTo: 'PARENTS' });
			await stage.with((session) => createMapping(session, mine('CHILDREN', [column('displayName', 'name'), lookup])));
			const remove = (session: SyncSession) => deleteMapping(session, 'PARENTS', { couplings: true });
			await refusedThen(stage, 'MAPPING_NEEDED', remove, ['Disable or remove these field mappings first'], (session) =>
				setFieldMappings(session, 'CHILDREN', 'remove', [lookup]),
			);
			await stage.with(remove);
			await itIsNew(stage.world, 'CHILDREN');
			fine(await stage.world.run({ mapping: 'CHILDREN' }));
		}),

	FIELD_UNKNOWN: () =>
		on(1, async (stage) => {
			const change = (crmField: string) => (session: SyncSession) =>
				setFieldMappings(session, mapping, 'change', [column('phoneNumber', crmField, { direction: 'bidirectional' })]);
			await refusedThen(stage, 'FIELD_UNKNOWN', change('telephone9'), ['phoneNumber – telephone1'], change('telephone1'));
			fine(await run(stage));
		}),

	IMPORT_UNREADABLE: () =>
		on(1, async (stage) => {
			await stage.with((session) => createMapping(session, mine()));
			const document = await stage.with((session) => exportMappings(session));
			await refusedThen(
				stage,
				'IMPORT_UNREADABLE',
				(session) => importMappings(session, '{"mappings":', 'skip'),
				['Export of the node Table Mappings'],
				(session) => importMappings(session, JSON.stringify(document), 'overwrite'),
			);
			await itIsNew(stage.world, 'MINE');
			fine(await stage.world.run({ mapping: 'MINE' }));
		}),

	COMPANY_SETTINGS_INVALID: () =>
		on(1, async (stage) => {
			const save = (creditLimits: string) => (session: SyncSession) => changeCompanySettings(session, { creditLimits });
			await refusedThen(
				stage,
				'COMPANY_SETTINGS_INVALID',
				save('both'),
				['Correct the setting in the node Table Mappings'],
				save(DEFAULT_COMPANY_SETTINGS.creditLimits),
			);
			fine(await run(stage));
		}),

	MAPPING_UNKNOWN: () =>
		on(1, async (stage) => {
			says(await refusedWith('MAPPING_UNKNOWN', stage.world.run({ mapping: 'CUSTOMERS' })), 'Choose one of: ', 'CUSTOMER');
			fine(await run(stage));
		}),

	MAPPING_DISABLED: () =>
		on(1, async (stage) => {
			await stage.with((session) => setEnabled(session, mapping, false));
			const start = (session: SyncSession) => runFullSync(session, full([mapping], { ignoreDependencies: true }));
			await refusedThen(stage, 'MAPPING_DISABLED', start, ['Enable it, or leave it out of the full synchronization'], (session) =>
				setEnabled(session, mapping, true),
			);
			fine(await stage.with(start));
		}),

	DEPENDENCY_NOT_SYNCHRONIZED: () =>
		on(1, async (stage) => {
			const seen = failedWith('DEPENDENCY_NOT_SYNCHRONIZED', await stage.with((session) => runFullSync(session, full([mapping]))));
			says(seen, 'take part too', 'Then resume, or restart CUSTOMER');
			await stage.with((session) => runFullSync(session, full(['SALESPEOPLE', 'CURRENCY', mapping])));
			fine(await stage.with((session) => resumeFullSync(session, { mappings: [mapping] })));
			fine(await stage.with((session) => runFullSync(session, full(['SALESPEOPLE', 'CURRENCY', mapping]))));
		}),

	DEPENDENCY_CIRCLE: () =>
		on(1, async (stage) => {
			await stage.with((session) => createMapping(session, mine('A')));
			await stage.with((session) => createMapping(session, { ...mine('B'), dependsOn: ['A'] }));
			const depend = (dependsOn: string[]) => (session: SyncSession) => updateMapping(session, 'A', { dependsOn });
			await refusedThen(stage, 'DEPENDENCY_CIRCLE', depend(['B']), ['Remove one of these dependencies'], depend([]));
			await itIsNew(stage.world, 'B');
			fine(await stage.world.run({ mapping: 'B' }));
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

	SETUP_FIELD_MISSING: () =>
		withResources(async (at) => {
			at.world.sandbox.businessCentral.reshape('ResourceCard', { without: ['Job_Title'] });
			clearBusinessCentralMetadata();
			const seen = failedWith('SETUP_FIELD_MISSING', await at.world.run({ mapping: 'RESOURCES' }));
			says(seen, 'Table Mappings');
			at.world.sandbox.businessCentral.publish('ResourceCard');
			clearBusinessCentralMetadata();
			fine(await at.world.run({ mapping: 'RESOURCES' }));
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

	BC_PAGE_NOT_PUBLISHED: () =>
		withResources(async (at) => {
			at.world.sandbox.businessCentral.unpublish('ResourceCard');
			const seen = failedWith('BC_PAGE_NOT_PUBLISHED', await at.world.run({ mapping: 'RESOURCES' }));
			says(seen, 'Publish it on the page Web Services', 'object ID 76', 'settings of the company');
			// A copy of the page in an extension has a service name of its own.
			at.world.sandbox.businessCentral.publish('ResourceCard');
			fine(await at.world.run({ mapping: 'RESOURCES' }));
		}),

	BC_PAGE_KEY: () =>
		withResources(async (at) => {
			const wrong = { ...RESOURCES, bc: { ...RESOURCES.bc, page: { ...RESOURCES.bc.page!, keys: ['Name'] } } };
			await saveResources(at, wrong);
			const seen = failedWith(
				'BC_PAGE_KEY',
				await at.world.run({ mapping: 'RESOURCES' }).catch((error: unknown) => Promise.reject(error as Error)),
			);
			says(seen, 'Correct the key of the page in the table mapping');
			await saveResources(at, RESOURCES);
			for (let more = 0; more < 3; more++) {
				await at.world.run({ mapping: 'RESOURCES' });
				at.world.minutes(30);
			}
			fine(await at.world.run({ mapping: 'RESOURCES' }));
		}),

	FIELD_NOT_CHOICE: () =>
		on(1, async (stage) => {
			const ask = (field: string) => (session: SyncSession) => optionValues(session, mapping, field);
			const seen = await refusedWith('FIELD_NOT_CHOICE', stage.with(ask('telephone1')));
			says(seen, 'Choose a field whose CRM column is a choice', 'paymenttermscode');
			expect((await stage.with(ask('paymenttermscode'))).crm.length).toBeGreaterThan(0);
		}),

	FILTER_EMPTY: () =>
		walkFilter(
			'FILTER_EMPTY',
			{ conditions: [{ field: 'city', operator: 'in', value: [], type: 'text' }] },
			'Add at least one value to the condition, or remove it',
		),
	FILTER_UNBALANCED: () =>
		walkFilter('FILTER_UNBALANCED', { conditions: [], raw: "city eq 'London" }, 'Close every parenthesis and double single quotes'),
	FILTER_RAW_INSIDE: () =>
		walkFilter(
			'FILTER_RAW_INSIDE',
			{
				match: 'any',
				conditions: [{ field: 'city', operator: 'eq', value: 'London', type: 'text' }],
				groups: [{ conditions: [{ field: 'country', operator: 'eq', value: 'GB', type: 'text' }], raw: "startswith(displayName,'C')" }],
			},
			'Put the OData text beside the conditions',
		),
	INVALID_LITERAL: () =>
		walkFilter(
			'INVALID_LITERAL',
			{ conditions: [{ field: 'creditLimit', operator: 'gt', value: 'much', type: 'number' }] },
			'Correct the value in the filter of the table mapping',
		),

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
};
