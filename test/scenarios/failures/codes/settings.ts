import { join } from 'node:path';
import {
	changeCompanySettings,
	createMapping,
	deleteMapping,
	exportMappings,
	importMappings,
	optionValues,
	resetMappings,
	runFullSync,
	setEnabled,
	setFieldMappings,
	updateMapping,
	type SyncSession,
	type TableMapping,
} from '../../../../engine';
import { DEFAULT_COMPANY_SETTINGS } from '../../../../engine/model/companySettings';
import type { JobResult } from '../../../../engine/jobs/jobResult';
import type { Filter } from '../../../../engine/model/filter';
import { clearBusinessCentralMetadata } from '../../../../engine/systems/businessCentral';
import { clearDataverseMetadata } from '../../../../engine/systems/dataverse';
import { createResources, RESOURCES, type Resources } from '../../pages/resources';
import { itIsNew } from '../../../kit/world';
import { openStage, type Stage } from '../kit';
import { failedWith, refusedWith, says, type Walks } from './kit';

/** Settings of table mappings and of the company, filters, pages and columns that are not there. */
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
const fine = (results: readonly JobResult[]): void =>
	expect(results.map(({ job, failed }) => [job.status, failed])).toEqual(results.map(() => ['finished', []]));
const full = (mappings: string[], more = {}) => ({ mappings, afterwards: 'keep' as const, ...more });
const column = (bcField: string, crmField: string, more = {}) => ({ bcField, crmField, direction: 'toCrm' as const, ...more });
const mine = (name = 'MINE', fields = [column('displayName', 'name')]) => ({
	name,
	businessCentral: { table: 'customers' },
	crm: { table: 'account' },
	direction: 'toCrm' as const,
	fields,
});

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

	DEPENDENCY_CIRCLE: () =>
		on(1, async (stage) => {
			await stage.with((session) => createMapping(session, mine('A')));
			await stage.with((session) => createMapping(session, { ...mine('B'), dependsOn: ['A'] }));
			const depend = (dependsOn: string[]) => (session: SyncSession) => updateMapping(session, 'A', { dependsOn });
			await refusedThen(stage, 'DEPENDENCY_CIRCLE', depend(['B']), ['Remove one of these dependencies'], depend([]));
			await itIsNew(stage.world, 'B');
			fine(await stage.world.run({ mapping: 'B' }));
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

	BC_EXTENSION_GONE: () =>
		withResources(async (at) => {
			at.world.sandbox.businessCentral.installExtension(join(__dirname, '../../../../extension'));
			await at.world.run({ mapping: 'RESOURCES' });
			at.world.sandbox.businessCentral.uninstallExtension();
			at.world.minutes(24 * 60);
			const preview = () => at.world.run({ mapping: 'RESOURCES', preview: true });
			says(failedWith('BC_EXTENSION_GONE', await preview()), 'Synchronize the table mapping once with Sync Mapping, without Preview');
			fine(await at.world.run({ mapping: 'RESOURCES' }));
			fine(await preview());
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
};
