import type { INodeExecutionData } from 'n8n-workflow';
import { SyncMapping } from '../../../nodes/SyncMapping/SyncMapping.node';
import { by } from '../../kit/n8nLocalSystems';
import { startPostgres, type RunningPostgres } from '../../kit/postgres';
import { CUSTOMERS, expectNothingCoupled, jobsOf, openOffice, type Office } from './kit';

let office: Office;
let postgres: RunningPostgres;
/** What an operator exported before anything was lost. */
let kept: INodeExecutionData;
beforeAll(async () => {
	postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
	office = await openOffice();
	await postgres.query(`drop schema if exists "${postgres.settings.schema}" cascade`);
});
afterEach(() => office.close());

const synchronized = async (): Promise<void> => {
	expect(jobsOf(await office.fullSync())).toEqual([`toCrm I${CUSTOMERS} M0 F0 finished`, 'fromCrm I0 M0 F0 finished']);
	kept = await office.exportState();
	office.edit();
};
/** Sends the edits of `edit` and creates nobody. */
const expectNobodyTwice = (): void => {
	const { customers, accounts } = office.names();
	expect(new Set(customers).size).toBe(CUSTOMERS);
	expect(customers).toHaveLength(CUSTOMERS);
	expect(accounts).toHaveLength(CUSTOMERS);
	expect(office.phones().customers).toEqual(office.phones().accounts);
};

interface Loss {
	danger: string;
	/** Before the first synchronization. */
	given(): void;
	happens(): Promise<void>;
	/** What the message says of the two stores. */
	told: RegExp[];
	/** What brings the old store back. */
	attach?(): void;
}

const losses: Loss[] = [
	{
		danger: 'the state file was deleted',
		given: () => office.use(office.embedded),
		happens: async () => office.deleteFile(),
		told: [
			/This state store is new: embedded file .*state-\d+\.sqlite/,
			/Another one was used before: embedded file .* \(12 couplings, last used 20/,
		],
	},
	{
		danger: 'the schema of the database was dropped, and is made again by the next session',
		given: () => office.use(office.withPostgres(postgres)),
		happens: async () => void (await postgres.query(`drop schema "${postgres.settings.schema}" cascade`)),
		told: [
			/This state store is new: PostgreSQL database \w+ on 127\.0\.0\.1:\d+, schema/,
			/used before: PostgreSQL database .*12 couplings/,
		],
	},
	{
		danger: 'n8n runs with another user folder',
		given: () => office.use(office.embedded),
		happens: async () => void office.newFile(),
		told: [/Another one was used before: embedded file .*12 couplings/],
	},
	{
		danger: 'n8n runs with another user folder, and the workflow was imported there, so that nobody remembers',
		given: () => office.use(office.embedded),
		happens: async () => {
			office.newFile();
			office.workflow.staticData = {};
		},
		told: [/CRM records carry this company, so they were synchronized before/],
	},
	{
		danger: 'the database credential was attached later',
		given: () => office.use(office.embedded),
		happens: async () => office.use(office.withPostgres(postgres)),
		told: [/This state store is new: PostgreSQL/, /used before: embedded file .*12 couplings/],
		attach: () => office.use(office.embedded),
	},
	{
		danger: 'the database credential was attached later, on a node of another workflow, and the note beside the file is gone',
		given: () => office.use(office.embedded),
		happens: async () => {
			office.use(office.withPostgres(postgres));
			office.workflow.staticData = {};
			office.forgetNote();
		},
		told: [/This state store is new: PostgreSQL/, /used before: embedded file .*12 couplings/],
		attach: () => office.use(office.embedded),
	},
	{
		danger: 'the database credential was forgotten on a node',
		given: () => office.use(office.withPostgres(postgres)),
		happens: async () => office.use(office.embedded),
		told: [/This state store is new: embedded file/, /used before: PostgreSQL database .*12 couplings/],
		attach: () => office.use(office.withPostgres(postgres)),
	},
];

describe.each(losses)('$danger', ({ given, happens, told, attach }) => {
	beforeEach(async () => {
		given();
		await synchronized();
		await happens();
	});

	test('every way to run says so before it writes: modified and selected records, a preview, all mappings, and a full sync that creates all', async () => {
		for (const more of [{}, { preview: true }, { options: { createUncoupled: false } }]) {
			const text = await expectNothingCoupled(office, () => office.schedule(more));
			for (const each of told) expect(text).toMatch(each);
		}
		const record = by(
			'number',
			String(office.systems.sandbox.businessCentral.company(office.systems.base.companyName).rows('customers')[0]!['number']),
		);
		await expectNothingCoupled(office, () =>
			office.schedule({ operation: 'synchronizeSelected', side: 'businessCentral', businessCentralRecord: record }),
		);
		await expectNothingCoupled(office, () => office.fullSync({ bothSides: 'createAll' }));
		const before = office.snapshot();
		office.writes();
		const all = await office.run(SyncMapping, { operation: 'synchronizeAll', options: { createUncoupled: true } });
		if (!all.error) {
			// One job of a mapping that failed; others went on.
			const customer = all.json[0]!.filter(({ mapping }) => mapping === 'CUSTOMER');
			expect(customer.map(({ status }) => status)).toEqual(['failed']);
			expect(all.json[1]).toContainEqual(
				expect.objectContaining({ mapping: 'CUSTOMER', errorCode: 'NOTHING_COUPLED', errorClass: 'setup' }),
			);
			expect(office.names().accounts).toHaveLength(CUSTOMERS);
		} else {
			expect(all.error.description).toMatch(/STORE_IS_NEW|NOTHING_COUPLED/);
			expect(office.writes()).toBe(0);
			expect(office.snapshot()).toBe(before);
		}
	});

	test('way on: Full Sync with Match First couples what belongs together, and schedules go on', async () => {
		await expectNothingCoupled(office, () => office.schedule());
		const matched = await office.fullSync();
		expect(jobsOf(matched).at(-1)).toBe('fromCrm I0 M0 F0 finished');
		expectNobodyTwice();
		office.edit();
		expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M1 F0 finished', 'fromCrm I0 M1 F0 finished']);
		expectNobodyTwice();
	});

	test('way on: It Is New, said once, is remembered; runs meet what is there by its id, company and number, and create nothing beside it', async () => {
		await expectNothingCoupled(office, () => office.schedule());
		await expectNothingCoupled(office, () => office.schedule({ options: { nothingCoupled: 'stop' } }));
		expect(jobsOf(await office.schedule({ preview: true, options: { nothingCoupled: 'isNew' } }))[0]).toBe('toCrm I0 M0 F0 finished');
		await expectNothingCoupled(office, () => office.schedule());
		const once = await office.schedule({ options: { createUncoupled: false, nothingCoupled: 'isNew' } });
		expect(jobsOf(once)).toEqual(['toCrm I0 M0 F0 finished', 'fromCrm I0 M0 F0 finished']);
		expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M0 F0 finished', 'fromCrm I0 M0 F0 finished']);
		expectNobodyTwice();
	});

	test('way on: Import State of an export that was kept; the edits made since travel', async () => {
		await expectNothingCoupled(office, () => office.schedule());
		const imported = await office.importState(kept);
		expect(imported.json[0]![0]).toMatchObject({ couplings: CUSTOMERS });
		office.edit();
		expect(jobsOf(await office.schedule()).every((job) => job.endsWith('F0 finished') && job.includes(' I0 '))).toBe(true);
		expectNobodyTwice();
	});

	if (!attach) return;

	test('way on: the old store, which is still there, is attached again', async () => {
		await expectNothingCoupled(office, () => office.schedule());
		attach();
		expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M1 F0 finished', 'fromCrm I0 M1 F0 finished']);
		expectNobodyTwice();
	});
});
