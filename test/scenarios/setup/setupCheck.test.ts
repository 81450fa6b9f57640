import { checkSetup, coupleRecords, reviewFullSync, reviewMatches, synchronizeMapping, uncoupleRecords } from '../../../engine';
import { forThisCompany } from '../../../engine/model/mappingStages';
import type { TableMapping } from '../../../engine/model/tableMapping';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';
import { createResources, RESOURCES, type Resources } from '../pages/resources';
import type { JobResult } from '../../../engine/jobs/jobResult';

const metadataRequests = (world: World): string[] =>
	world
		.takeRequests()
		// A token that has run out is asked for again, and then the request.
		.filter(({ status }) => status !== 401)
		.flatMap(({ path, parts }) => [path, ...parts.map((part) => part.path)])
		.filter((path) => /\$metadata|EntityDefinitions/.test(path))
		.map((path) => path.replace(/^.*?(ODataV4|api\/v2\.0|d365sync|EntityDefinitions[^?]*).*$/, '$1'));

const only = (results: readonly JobResult[]): JobResult => results[0]!;
const writes = (world: World): number => world.takeRequests().reduce((sum, request) => sum + request.writes, 0);

describe('a mapping of a page', () => {
	let at: Resources;
	const open = async (mapping: TableMapping = RESOURCES): Promise<void> => {
		at = await createResources(2, mapping);
	};
	const run = (more: object = {}): Promise<JobResult[]> => at.world.run({ mapping: 'RESOURCES', ...more });
	afterEach(() => at.close());

	test('a page that is not published stops the run before anything is read; once it is published, the next run goes on', async () => {
		await open();
		at.world.sandbox.businessCentral.unpublish('ResourceCard');
		const results = await run();
		expect(results).toHaveLength(1);
		expect(only(results)).toMatchObject({
			job: { status: 'failed', inserted: 0 },
			failed: [{ errorCode: 'BC_PAGE_NOT_PUBLISHED', errorClass: 'setup' }],
		});
		expect(only(results).job.message).toContain('object ID 76 ("Resource Card")');
		expect(only(results).failed[0]!.hint).toContain('version 30');
		at.world.sandbox.businessCentral.publish('ResourceCard');
		expect((await run()).map(({ job }) => job.status)).toEqual(['finished', 'finished']);
	});

	test('a table of an app that is not installed is named with the app; what both systems lack is one error', async () => {
		await open({ ...RESOURCES, crm: { name: 'product', numberField: 'productnumber', nameField: 'name' } });
		at.world.sandbox.crm.removeTable('product');
		expect(only(await run()).failed).toMatchObject([{ errorCode: 'CRM_TABLE_NOT_FOUND', errorClass: 'setup' }]);
		expect(only(await run()).job.message).toContain('Dynamics 365 Sales app');
		at.world.sandbox.businessCentral.unpublish('ResourceCard');
		const { failed } = only(await run());
		expect(failed).toHaveLength(1);
		expect(failed[0]!.message).toMatch(/page "ResourceCard" is not published.*no table "product"/);
		expect(failed[0]!.hint).toMatch(/Resource Card.*Sales app/);
	});

	test('a table of the Business Central solution is named with the solution', async () => {
		await open({ ...RESOURCES, crm: { name: 'nav_accountstatistics', numberField: null, nameField: 'nav_name' } });
		at.world.sandbox.crm.removeTable('nav_accountstatistics');
		expect(only(await run()).failed[0]!.hint).toContain('Business Central integration solution');
	});

	test('fields that are not there are named with table, use and remedy, all of one system at once', async () => {
		const broken = RESOURCES.fields.map((field) => ({
			...field,
			...(field.key === 'Job' ? { bcField: 'Profession' } : {}),
			...(field.key === 'City' ? { bcField: 'Town', crmField: 'new_town' } : {}),
		}));
		await open({ ...RESOURCES, fields: broken });
		const { failed, job } = only(await run());
		expect(job.status).toBe('failed');
		expect(failed).toMatchObject([{ errorCode: 'SETUP_FIELD_MISSING', errorClass: 'setup' }]);
		expect(failed[0]!.message).toBe(
			'Business Central has no fields Profession (needed by the field "Job Title"), Town (needed by the field "City") in "ResourceCard", which the table mapping RESOURCES uses. ' +
				'Dataverse has no field new_town (needed by the field "City") in "contact", which the table mapping RESOURCES uses.',
		);
		expect(failed[0]!.hint).toContain('Table Mappings');
		expect(writes(at.world)).toBe(0);
	});

	test('a field of a filter that is not there is an error of the filter', async () => {
		await open({ ...RESOURCES, crmFilter: { conditions: [{ field: 'new_kind', operator: 'eq', value: 1, type: 'number' }] } });
		expect(only(await run()).failed[0]!.message).toContain('new_kind (needed by the filter)');
	});

	test('a disabled field mapping needs nothing', async () => {
		await open({
			...RESOURCES,
			fields: RESOURCES.fields.map((field) => (field.key === 'City' ? { ...field, crmField: 'new_town', enabled: false } : field)),
		});
		expect((await run()).map(({ job }) => job.status)).toEqual(['finished', 'finished']);
	});

	test('a field flagged optional is left out with a warning: neither read nor written; when it is back, its baseline still stands', async () => {
		await open({ ...RESOURCES, fields: RESOURCES.fields.map((field) => (field.key === 'Job' ? { ...field, optional: true } : field)) });
		await run();
		at.world.minutes(30);
		at.world.sandbox.businessCentral.reshape('ResourceCard', { without: ['Job_Title'] });
		at.editContact('R0', { jobtitle: 'Changed in CRM' });
		at.editContact('R1', { lastname: 'Renamed' });
		// The first run after the change finds out in the middle, the next one knows.
		await run();
		const results = await run();
		expect(results.map(({ job }) => job.status)).toEqual(['finished', 'finished']);
		expect(only(results).warnings).toEqual(['Business Central has no Job_Title, so the field Job Title is left out of RESOURCES.']);
		expect(at.resource('R1')['Name']).toBe('Renamed');
		at.world.takeRequests();
		await run();
		expect(at.world.takeRequests().some(({ path, requestBody }) => `${path} ${requestBody}`.includes('Job_Title'))).toBe(false);

		at.world.sandbox.businessCentral.publish('ResourceCard');
		at.world.minutes(30);
		const again = await run({ fromStart: true });
		expect(again.flatMap(({ warnings }) => warnings)).toEqual([]);
		await run({ force: true });
		expect(at.resource('R0')['Job_Title']).toBe('Changed in CRM');
	});

	test('a property that was renamed between two runs is found out by the answer of the service, and told like at the start of a run', async () => {
		await open();
		await run();
		at.world.minutes(30);
		await run();
		expect(metadataRequests(at.world)).not.toEqual([]);
		at.world.sandbox.businessCentral.reshape('ResourceCard', { renamed: { Job_Title: 'Profession' } });
		const [failed] = only(await run()).failed;
		expect(failed).toMatchObject({ errorCode: 'SETUP_FIELD_MISSING', errorClass: 'setup' });
		expect(failed!.message).toContain('Job_Title (needed by the field "Job Title") in "ResourceCard"');
		expect(only(await run()).failed).toMatchObject([{ errorCode: 'SETUP_FIELD_MISSING' }]);
		at.world.sandbox.businessCentral.publish('ResourceCard');
		expect((await run()).map(({ job }) => job.status)).toEqual(['finished', 'finished']);
	});

	test('a column that was removed between two runs is told the same way', async () => {
		await open();
		await run();
		at.world.minutes(30);
		at.world.sandbox.crm.removeColumn('contact', 'jobtitle');
		at.editResource('R0', { Name: 'Edited' });
		const failed = (await run()).flatMap((result) => result.failed);
		expect(failed).toMatchObject([{ errorCode: 'SETUP_FIELD_MISSING', errorClass: 'setup' }]);
		expect(failed[0]!.message).toContain('Dataverse has no field jobtitle (needed by the field "Job Title") in "contact"');
	});

	test('a process asks once for what both systems have, and not again for a day', async () => {
		await open();
		// The table itself is asked whether it tracks changes, until its changes are followed.
		const asked = [
			'd365sync',
			'ODataV4',
			"EntityDefinitions(LogicalName='contact')/Attributes",
			"EntityDefinitions(LogicalName='contact')",
		];
		at.world.takeRequests();
		await run();
		expect(metadataRequests(at.world)).toEqual(asked);
		for (const minutes of [30, 30, 23 * 60 - 1]) {
			at.world.minutes(minutes);
			await run();
		}
		expect(metadataRequests(at.world)).toEqual([]);
		at.world.minutes(30);
		await run();
		expect(metadataRequests(at.world)).toEqual(asked.slice(0, 3));
	});

	test('two mappings of the same tables do not make each other ask again', async () => {
		await open();
		const other = { ...RESOURCES, name: 'OTHERS', fields: RESOURCES.fields.filter(({ key }) => key !== 'Job') };
		const more = { ...other, fields: other.fields.map((field) => (field.key === 'City' ? { ...field, bcField: 'Address' } : field)) };
		const session = await at.world.open();
		for (const mapping of [RESOURCES, more, RESOURCES, more]) {
			at.world.minutes(30);
			await checkSetup(session, forThisCompany(mapping));
		}
		expect(metadataRequests(at.world)).toHaveLength(4);
		await session.store.close();
	});

	test('metadata that may not be read is no reason to stop', async () => {
		await open();
		const body = JSON.stringify({ error: { code: 'Authorization_Denied', message: 'No.' } });
		for (const url of [/ODataV4\/\$metadata/, /EntityDefinitions/]) {
			at.world.sandbox.faults.add({ url, times: 100, fault: { kind: 'answer', status: 403, body } });
		}
		const results = await run();
		expect(results.map(({ job }) => `${job.status} ${job.inserted}`)).toEqual(['finished 2', 'finished 2']);
		expect(only(results).warnings).toEqual([
			'The user of the credential may not read the metadata of Business Central, so tables and fields are not checked before a run.',
			'The user of the credential may not read the metadata of CRM, so tables and fields are not checked before a run.',
		]);
	});

	test('a preview is checked, too, and a mapping can be checked when it is saved', async () => {
		await open();
		at.world.sandbox.businessCentral.unpublish('ResourceCard');
		expect(only(await run({ preview: true })).failed).toMatchObject([{ errorCode: 'BC_PAGE_NOT_PUBLISHED' }]);
		const session = await at.world.open();
		await expect(checkSetup(session, forThisCompany(RESOURCES))).rejects.toMatchObject({ code: 'BC_PAGE_NOT_PUBLISHED' });
		at.world.sandbox.businessCentral.publish('ResourceCard');
		expect(await checkSetup(session, forThisCompany(RESOURCES))).toMatchObject({ warnings: [], mapping: RESOURCES });
		await session.store.close();
	});

	test('the review of a full synchronization names what is missing, and goes on with the other mappings', async () => {
		await open();
		at.world.sandbox.businessCentral.unpublish('ResourceCard');
		const session = await at.world.open();
		const lines = await reviewFullSync(session, { mappings: ['SALESPEOPLE', 'RESOURCES'] });
		expect(lines.map(({ mapping, recommendation }) => `${mapping} ${recommendation}`)).toEqual([
			'SALESPEOPLE fullSync',
			'RESOURCES setupIncomplete',
		]);
		expect(lines[1]!.message).toContain('The page "ResourceCard" is not published');
		await session.store.close();
	});
});

describe('customers', () => {
	let world: World;
	beforeEach(async () => {
		world = await createWorld();
		seedCustomers(world, 3);
	});
	afterEach(() => world.close());
	const run = (more: object = {}): Promise<JobResult[]> => world.run({ mapping: 'CUSTOMER', createUncoupled: true, ...more });

	test('without the additional page its fields are left out with one warning that names them; baselines stay, and when it is published they travel', async () => {
		await run();
		world.minutes(30);
		world.sandbox.businessCentral.unpublish('workflowCustomers');
		const account = world.sandbox.crm.rows('account')[0]!;
		world.sandbox.crm.update('account', String(account['accountid']), { fax: '+44 1', telephone1: '+44 2' });
		// What was seen is believed for a day: the page itself tells, and its fields are left out nevertheless.
		const first = await run();
		expect(first.map(({ job }) => job.status)).toEqual(['finished', 'finished']);
		world.minutes(25 * 60);
		const results = await run({ force: true });
		expect(results.map(({ job }) => `${job.status} ${job.failed}`)).toEqual(['finished 0', 'finished 0']);
		expect(only(results).warnings).toHaveLength(1);
		expect(only(results).warnings[0]).toMatch(/^The page "workflowCustomers" is not published .*Fax No\..* left out\. Publish it/);
		world.takeRequests();
		await run({ force: true });
		expect(world.takeRequests().some(({ path, requestBody }) => `${path} ${requestBody}`.includes('workflowCustomers'))).toBe(false);

		world.sandbox.businessCentral.publish('workflowCustomers');
		const back = await run({ force: true });
		expect(back.flatMap(({ warnings }) => warnings)).toEqual([]);
		const company = world.sandbox.businessCentral.company(world.base.companyName);
		expect(company.rows('workflowCustomers').map((row) => row['faxNumber'])).toContain('+44 1');
	});

	test('while the page stays away, a run pays for one look at the metadata', async () => {
		world.sandbox.businessCentral.unpublish('workflowCustomers');
		await run();
		for (const minutes of [30, 30]) {
			world.minutes(minutes);
			world.takeRequests();
			await run();
			expect(metadataRequests(world)).toEqual(['api/v2.0', 'ODataV4', 'd365sync']);
		}
	});

	test('rows carry no company where the solution with that column is not installed', async () => {
		world.sandbox.crm.removeColumn('account', 'bcbi_companyid');
		const results = await run();
		expect(results.map(({ job }) => `${job.status} ${job.inserted}`)).toEqual(['finished 3', 'finished 0']);
		expect(only(results).warnings).toEqual([expect.stringContaining('bcbi_companyid is missing') as string]);
	});

	test('… and they are coupled, matched and uncoupled nevertheless', async () => {
		await run();
		world.sandbox.crm.removeColumn('account', 'bcbi_companyid');
		world.sandbox.crm.removeTable('bcbi_company');
		const session = await world.open();
		const { rows } = await session.store.findCouplings({ mapping: 'CUSTOMER', limit: 10 });
		const [first] = rows;
		await uncoupleRecords(session, { mapping: 'CUSTOMER', side: 'crm', ids: rows.map(({ crmId }) => crmId) });
		expect(await session.store.countCouplings('CUSTOMER')).toBe(0);
		await coupleRecords(session, { mapping: 'CUSTOMER', bcId: first!.bcId, crmId: first!.crmId, initial: 'none' });
		const { matched } = await reviewMatches(session, 'CUSTOMER');
		expect(matched).toBe(2);
		await session.store.close();
	});

	test('where that column goes between two runs, one run says so and the next goes on without it', async () => {
		await run();
		world.minutes(30);
		world.sandbox.crm.removeColumn('account', 'bcbi_companyid');
		const company = world.sandbox.businessCentral.company(world.base.companyName);
		company.update('customers', String(company.rows('customers')[0]!['id']), { phoneNumber: '+44 7' });
		expect((await run()).flatMap(({ failed }) => failed)).toMatchObject([{ errorCode: 'SETUP_CHANGED', errorClass: 'transient' }]);
		const results = await run();
		expect(results.map(({ job }) => job.status)).toEqual(['finished', 'finished']);
		expect(world.sandbox.crm.rows('account').map((row) => row['telephone1'])).toContain('+44 7');
	});

	test('a cold process asks once for each service root and once for the CRM table; a warm one not at all', async () => {
		world.takeRequests();
		const session = await world.open();
		await synchronizeMapping(session, { mapping: 'CUSTOMER' });
		expect(metadataRequests(world).filter((path) => /api|OData|d365sync|Attributes$/.test(path))).toEqual([
			'd365sync',
			'api/v2.0',
			'ODataV4',
			"EntityDefinitions(LogicalName='account')/Attributes",
		]);
		await synchronizeMapping(session, { mapping: 'CUSTOMER' });
		expect(metadataRequests(world)).toEqual([]);
		await session.store.close();
	});
});
