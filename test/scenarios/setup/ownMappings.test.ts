import { checkEverything } from '../../../engine/setup/check';
import { disableWhatCannotRun, loadMappings } from '../../../engine';
import type { Finding } from '../../../engine/model/finding';
import type { TableMapping } from '../../../engine/model/tableMapping';
import { defineEmployees } from '../../kit/ownTables';
import { createWorld, type World } from '../../kit/world';
import { within } from '../fullSync/fullSyncs';
import { offer } from '../surfaces/worlds';
import { BC_USER, CRM_USER } from './rights';

/** An own API page for people, against a table of the organization's own. */
const EMPLOYEES: TableMapping = {
	name: 'EMPLOYEES',
	caption: 'Employees',
	bc: { name: 'contoso/people/v1.0/workers', numberField: 'number', nameField: 'displayName' },
	crm: { name: 'cr1_employee', numberField: 'cr1_number', nameField: 'cr1_name' },
	direction: 'bidirectional',
	onlyCoupled: false,
	bcFilter: { conditions: [] },
	crmFilter: { conditions: [{ field: 'cr1_state', operator: 'eq', value: 100, type: 'number' }] },
	conflict: 'none',
	deletion: 'deleteOther',
	dependsOn: [],
	fields: [
		{ key: 'Name', caption: 'Name', bcField: 'displayName', crmField: 'cr1_name', direction: 'bidirectional', kind: 'text', enabled: true },
	],
	companyStamp: false,
	enabled: true,
	overlapMs: { businessCentral: 0, crm: 0 },
	own: true,
};

let world: World;
beforeAll(async () => {
	world = await createWorld();
	offer(world, 'published pages');
	defineEmployees(world.sandbox);
	world.sandbox.businessCentral.defineApiPage({
		publisher: 'contoso',
		group: 'people',
		version: 'v1.0',
		entityName: 'worker',
		entitySetName: 'workers',
		table: 'Worker',
		tableNo: 50_200,
		primaryKey: ['No.'],
		properties: {
			id: 'SystemId|guid!',
			number: 'No.|code20',
			displayName: 'Name|text100',
			lastModifiedDateTime: 'SystemModifiedAt|dateTime!',
		},
	});
	await within(world, ({ store }) => store.saveSettings('EMPLOYEES', { definition: EMPLOYEES }));
});
afterAll(() => world.close());

const check = (): Promise<Finding[]> => within(world, (session) => checkEverything(session));
const severe = (findings: readonly Finding[]): string[] =>
	findings.filter(({ severity }) => severity !== 'info').map(({ severity, area, subject }) => `${severity} ${area} ${subject}`);

test('rights of a mapping of the own are asked for by the names that metadata gives them', async () => {
	expect(severe(await check())).toEqual([]);
	const { crm, businessCentral } = world.sandbox;
	crm.revokePrivilege(CRM_USER, 'prvCreatecr1_employee');
	crm.revokePrivilege(CRM_USER, 'prvDeletecr1_employee');
	businessCentral.permissions.deny(BC_USER, 'Worker', 'Read');
	const found = await check();
	expect(severe(found)).toEqual([
		'error privilege prvCreatecr1_employee',
		'error privilege Worker: Read',
		'warning privilege prvDeletecr1_employee',
	]);
	expect(found.slice(0, 3).map(({ neededBy }) => neededBy)).toEqual([['EMPLOYEES'], ['EMPLOYEES'], ['EMPLOYEES']]);
	expect(found.find(({ subject }) => subject === 'Permissions to write')?.message).toContain(
		'contoso/people/v1.0/workers (Insert, Modify, Delete)',
	);
	crm.grantPrivilege(CRM_USER, 'prvCreatecr1_employee');
	crm.grantPrivilege(CRM_USER, 'prvDeletecr1_employee');
	businessCentral.permissions.allowAll(BC_USER);
});

test('a service that does not know several names at once is asked for all that the user holds', async () => {
	const { faults, crm } = world.sandbox;
	crm.revokePrivilege(CRM_USER, 'prvWriteAccount');
	faults.add({ system: 'crm', url: /RetrieveUserSetOfPrivilegesByNames/, times: 9, fault: { kind: 'answer', status: 404 } });
	expect(severe(await check())).toEqual(['error privilege prvWriteAccount']);
	faults.clear();
	crm.grantPrivilege(CRM_USER, 'prvWriteAccount');
});

test('with Business Central out of reach, CRM is looked at all the same', async () => {
	const { faults, crm } = world.sandbox;
	crm.revokePrivilege(CRM_USER, 'prvWriteAccount');
	faults.add({ system: 'businessCentral', times: 99, fault: { kind: 'answer', status: 401 } });
	expect(severe(await check())).toEqual(['error sign-in Sign-in to Business Central', 'error privilege prvWriteAccount']);
	faults.clear();
	crm.grantPrivilege(CRM_USER, 'prvWriteAccount');
});

test('what an API page of an extension lacks disables its mapping alone', async () => {
	world.sandbox.businessCentral.uninstallExtension('contoso/people/v1.0');
	await within(world, async (session) => {
		const findings = await checkEverything(session);
		expect(severe(findings)).toEqual(['error page contoso/people/v1.0/workers']);
		const told = await disableWhatCannotRun(session, findings, { preview: false });
		expect(told.map(({ subject }) => subject)).toEqual(['EMPLOYEES']);
		const disabled = (await loadMappings(session)).filter(({ enabled }) => !enabled).map(({ name }) => name);
		expect(disabled).toEqual(['EMPLOYEES']);
		expect(severe(await checkEverything(session))).toEqual([]);
	});
});
