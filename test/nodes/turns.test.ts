import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { TableMappings } from '../../nodes/TableMappings/TableMappings.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState } from '../kit/workflow';

/** Operations that change what a run of the mapping works on. Scheduled ones do not wait: the next run catches up. */
const BY_HAND = {
	CoupleRecords: [
		'couple',
		'coupleWithSurvivor',
		'createAndCouple',
		'createAndCoupleAll',
		'deleteOther',
		'findForDeleted',
		'matchBased',
		'restore',
		'synchronizeWithSide',
		'uncouple',
	],
	FullSync: ['restartMapping', 'resume', 'run'],
	ReadSyncLog: ['exportState', 'importState'],
	SyncMapping: ['settleRestored', 'synchronizeSelected'],
	TableMappings: ['delete', 'reset'],
};

test('every operation by hand that takes a mapping has the one option that says how long it waits', () => {
	const found = Object.fromEntries(
		Object.entries({ CoupleRecords, FullSync, ReadSyncLog, SyncMapping, TableMappings }).map(([name, Type]) => [
			name,
			new Type().description.properties.filter(isWaiting).flatMap(operationsOf).sort(),
		]),
	);
	expect(found).toEqual(BY_HAND);
});

const isWaiting = ({ name, options }: INodeProperties): boolean =>
	name === 'options' && (options ?? []).some((each) => each.name === 'waitSeconds' && 'displayName' in each && each.displayName === 'Wait for Its Turn (Seconds)'); // prettier-ignore
const operationsOf = ({ displayOptions }: INodeProperties): string[] => (displayOptions?.show?.['operation'] ?? []) as string[];

describe('while another execution runs the mapping', () => {
	let systems: LocalSystems;
	beforeEach(async () => {
		useNewState();
		systems = await startLocalSystems();
		const customers = Array.from({ length: 3 }, (_, index) => ({
			number: `C${index}`,
			displayName: `Customer ${index}`,
			type: 'Company',
			blocked: '_x0020_',
		}));
		systems.sandbox.businessCentral.company(systems.base.companyName).seed('customers', customers);
	});
	afterEach(async () => await systems.close());

	const common = (): INodeParameters => ({ company: systems.company, mapping: by('name', 'CUSTOMER') });
	const sync = async () =>
		await runNode(
			SyncMapping,
			{ ...common(), operation: 'synchronizeModified', options: { createUncoupled: true } },
			{ credentials: systems.vault() },
		);
	/** While a run of many round trips is under way. */
	async function busy<T>(work: () => Promise<T>): Promise<[T, Awaited<ReturnType<typeof sync>>]> {
		systems.sandbox.latency = { roundTripMs: 150, perOperationMs: 0 };
		const running = sync();
		while (systems.sandbox.log.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		return await Promise.all([work(), running]);
	}
	const uncouple = async (options: INodeParameters) =>
		await runNode(CoupleRecords, { ...common(), operation: 'uncouple', scope: 'mapping', options }, { credentials: systems.vault() });

	test('an operation that may not wait fails with an error that names it and the way on, so that "Retry On Fail" works', async () => {
		const [{ status, error }] = await busy(() => uncouple({ waitSeconds: 0 }));
		expect(status).toBe('error');
		expect(error?.message).toMatch(/CUSTOMER is being run right now. It is run by workflow "Local run".*node "Sync Mapping"/);
		expect(error?.description).toMatch(/Wait for Its Turn \(Seconds\).*Retry On Fail.*MAPPING_BUSY/);
	});

	test('one that may waits, and is done', async () => {
		const [{ error, json }, first] = await busy(() => uncouple({}));
		expect(first.json[0]![0]).toMatchObject({ status: 'finished', inserted: 3 });
		expect(error).toBeUndefined();
		expect(json[0]![0]).toMatchObject({ status: 'finished', uncoupled: 3 });
	});
});
