import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { TableMappings } from '../../nodes/TableMappings/TableMappings.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { defineEmployees, defineLeads } from '../kit/ownTables';
import { loadList, loadOptions, runNode, useNewState, type CredentialVault } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;

beforeAll(async () => {
	systems = await startLocalSystems();
	defineEmployees(systems.sandbox);
	defineLeads(systems.sandbox);
	systems.sandbox.businessCentral.publish('ResourceCard');
});
afterAll(async () => await systems.close());
beforeEach(() => {
	useNewState();
	vault = systems.vault();
});

const company = () => systems.sandbox.businessCentral.company(systems.base.companyName);

async function run(parameters: INodeParameters, items?: IDataObject[]): Promise<IDataObject[]> {
	const outcome = await runNode(TableMappings, { company: systems.company, ...parameters } as INodeParameters, {
		credentials: vault,
		...(items ? { items } : {}),
	});
	if (outcome.error) throw new Error(`${outcome.error.message} | ${outcome.error.description ?? ''}`);
	return outcome.json[0]!;
}
const refusal = (parameters: INodeParameters, items?: IDataObject[]): Promise<string> =>
	run(parameters, items).then(
		() => 'not refused',
		(error: Error) => error.message,
	);
async function synchronize(mapping: string): Promise<string> {
	const outcome = await runNode(
		SyncMapping,
		{ company: systems.company, mapping: by('list', mapping), options: { nothingCoupled: 'isNew' } } as INodeParameters,
		{ credentials: vault },
	);
	if (outcome.error) throw new Error(`${outcome.error.message} | ${outcome.error.description ?? ''}`);
	return outcome.json[0]!.map((job) => `I${Number(job['inserted'])} M${Number(job['modified'])} F${Number(job['failed'])}`).join(' / ');
}

const field = (businessCentralField: string, crmColumn: string, more: IDataObject = {}): IDataObject => ({
	businessCentralField,
	crmColumn,
	...more,
});
const employees = (fields: IDataObject[], more: IDataObject = {}): INodeParameters =>
	({
		operation: 'create',
		name: 'EMPLOYEES',
		businessCentralTable: by('list', 'employees'),
		crmTable: by('list', 'cr1_employee'),
		direction: 'bidirectional',
		fieldMappings: { fields },
		settings: { onlyCoupled: false },
		...more,
	}) as INodeParameters;
const good = [
	field('givenName', 'cr1_firstname'),
	field('surname', 'cr1_lastname'),
	field('jobTitle', 'cr1_title', { rules: { rule: [{ way: 'toCrm', rule: 'uppercase' }] } }),
	field('number', 'cr1_number', { direction: 'toCrm', match: true, priority: 0 }),
	field('displayName', 'cr1_name', { direction: 'toCrm' }),
	field('employmentDate', 'cr1_hired', {
		direction: 'toCrm',
		rules: { rule: [{ way: 'toCrm', rule: 'dateFormat', dateFormat_format: 'dd.MM.yyyy' }] },
	}),
	field('status', 'cr1_state', { direction: 'toCrm' }),
];

describe('drop-downs', () => {
	it('list the tables of both systems, published pages among them', async () => {
		const bc = await loadList(TableMappings, 'searchBusinessCentralTables', { company: systems.company }, vault, { filter: 'empl' });
		expect(bc.results).toEqual([{ name: 'Employees (employees)', value: 'employees' }]);
		const pages = await loadList(TableMappings, 'searchBusinessCentralTables', { company: systems.company }, vault, {
			filter: 'published page',
		});
		expect(pages.results.length).toBeGreaterThan(0);
		expect(pages.results.every(({ value }) => String(value).startsWith('page:'))).toBe(true);
		const crm = await loadList(TableMappings, 'searchCrmTables', { company: systems.company }, vault, { filter: 'employee' });
		expect(crm.results).toEqual([{ name: 'Employee (cr1_employee)', value: 'cr1_employee' }]);
	});

	it('list the columns of the tables chosen, with labels and types', async () => {
		const parameters = { company: systems.company, operation: 'create', crmTable: by('list', 'cr1_employee') } as INodeParameters;
		const columns = await loadOptions(TableMappings, 'getColumnsOfCrm', parameters, vault);
		expect(columns).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ name: 'State of Employment (cr1_state)', value: 'cr1_state', description: 'choice' }),
				expect.objectContaining({ value: 'cr1_total', description: 'decimal, read-only' }),
			]),
		);
	});

	it('say why they cannot be filled', async () => {
		const reason = await loadOptions(
			TableMappings,
			'getFieldsOfBusinessCentral',
			{ company: systems.company, operation: 'create' } as INodeParameters,
			vault,
		).then(
			() => 'filled',
			(error: Error) => error.message,
		);
		expect(reason).toContain('No Business Central Table is chosen yet.');
	});
});

it('a mapping of the user’s own is made, runs both ways, is exported, imported elsewhere, reset and deleted', async () => {
	const made = await run(employees(good));
	expect(made[0]).toMatchObject({
		mapping: 'EMPLOYEES',
		own: true,
		direction: 'bidirectional',
		onlyCoupled: false,
		businessCentral: { table: 'employees' },
		crm: { table: 'cr1_employee' },
		couplings: 0,
		lastRun: null,
	});
	expect(made[0]!['fieldMappings']).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ businessCentralField: 'status', crmColumn: 'cr1_state', kind: 'choice', direction: 'toCrm' }),
		]),
	);
	const warnings = made[0]!['warnings'] as string[];
	expect(warnings.some((text) => text.includes('"Job title"') && text.includes('takes 20'))).toBe(true);

	// The pickers of the other nodes offer it.
	const offered = await loadList(SyncMapping, 'searchMappings', { company: systems.company }, vault, { filter: 'EMPLOYEES' });
	expect(offered.results.map(({ value }) => value)).toEqual(['EMPLOYEES']);

	const anna = String(
		company().insert('employees', { givenName: 'Anna', surname: 'Berg', jobTitle: 'Chef', employmentDate: '2026-02-03' })['id'],
	);
	expect(await synchronize('EMPLOYEES')).toBe('I1 M0 F0 / I0 M0 F0');
	const row = systems.sandbox.crm.rows('cr1_employee')[0]!;
	expect(row).toMatchObject({ cr1_firstname: 'Anna', cr1_name: 'Anna Berg', cr1_title: 'CHEF', cr1_hired: '03.02.2026', cr1_state: 100 });
	systems.sandbox.crm.update('cr1_employee', String(row['cr1_employeeid']), { cr1_lastname: 'Bergman' });
	systems.sandbox.crm.insert('cr1_employee', { cr1_firstname: 'Otto', cr1_lastname: 'Falk' });
	company().update('employees', anna, { jobTitle: 'Cook' });
	expect(await synchronize('EMPLOYEES')).toBe('I0 M1 F0 / I1 M1 F0');
	expect(company().get('employees', anna)).toMatchObject({ surname: 'Bergman', jobTitle: 'Cook' });
	expect(systems.sandbox.crm.rows('cr1_employee').map((each) => each['cr1_title'])).toContain('COOK');
	expect(company().find('employees', (each) => each['givenName'] === 'Otto')).toBeDefined();
	await synchronize('EMPLOYEES');
	expect(await synchronize('EMPLOYEES')).toBe('I0 M0 F0 / I0 M0 F0');

	const [listed] = await run({ operation: 'getMany', filters: { own: true } } as INodeParameters);
	expect(listed).toMatchObject({ mapping: 'EMPLOYEES', couplings: 2, failed: 0, lastRun: { status: 'finished' } });

	const [exported] = await run({ operation: 'export', which: 'all' } as INodeParameters);
	expect(JSON.stringify(exported)).not.toContain('clientSecret');
	const review = await runNode(
		FullSync,
		{ company: systems.company, operation: 'review', mappingSelection: 'selection', mappings: ['EMPLOYEES'] } as INodeParameters,
		{ credentials: vault },
	);
	expect(review.json[0]![0]).toMatchObject({ mapping: 'EMPLOYEES', coupled: 2 });

	useNewState();
	const imported = await run({ operation: 'import' } as INodeParameters, [exported!]);
	expect(imported).toMatchObject([{ mapping: 'EMPLOYEES', outcome: 'created' }]);
	expect(await run({ operation: 'import' } as INodeParameters, [exported!])).toMatchObject([{ outcome: 'skipped' }]);
	const again = await run({ operation: 'import', conflicts: 'overwrite' } as INodeParameters, [exported!]);
	expect(again).toMatchObject([{ outcome: 'overwritten' }]);

	expect(await run({ operation: 'reset', which: 'all' } as INodeParameters)).toEqual(
		expect.arrayContaining([expect.objectContaining({ mapping: 'EMPLOYEES', outcome: 'kept' })]),
	);
	const reset = await run({ operation: 'reset', which: 'selection', mappings: ['EMPLOYEES'], deleteOwn: true } as INodeParameters);
	expect(reset).toMatchObject([{ mapping: 'EMPLOYEES', outcome: 'deleted' }]);
	const [none] = await run({ operation: 'getMany', filters: { own: true } } as INodeParameters);
	expect(none).toMatchObject({ message: 'No table mapping fits the filters.' });
});

it('customers and a table like leads, with a filter of alternatives, templates and a constant', async () => {
	await run({
		operation: 'create',
		name: 'LEADS',
		businessCentralTable: by('name', 'customers'),
		crmTable: by('name', 'lead'),
		direction: 'bidirectional',
		fieldMappings: {
			fields: [
				field('displayName', 'companyname'),
				field('city', 'address1_city'),
				field('phoneNumber', 'telephone1'),
				field('', 'subject', { direction: 'toCrm', constant: 'From the ERP' }),
			],
		},
		settings: {
			onlyCoupled: false,
			bcFilter: {
				filter: {
					match: 'any',
					conditions: {
						condition: [
							{ field: 'city', operator: 'eq', value: 'bath' },
							{ field: 'phoneNumber', operator: 'startswith', value: '+44' },
						],
					},
				},
			},
			crmTemplates: {
				template: [{ name: 'rich', priority: 1, filter: {}, values: { value: [{ field: 'donotemail', value: 'yes' }] } }],
			},
		},
	} as INodeParameters);
	company().insert('customers', { displayName: 'In Bath', city: 'Bath' });
	company().insert('customers', { displayName: 'By phone', city: 'York', phoneNumber: '+44 1' });
	company().insert('customers', { displayName: 'Neither', city: 'York', phoneNumber: '+49 1' });
	systems.sandbox.crm.insert('lead', { companyname: 'From CRM', address1_city: 'Leeds' });
	expect(await synchronize('LEADS')).toBe('I2 M0 F0 / I1 M0 F0');
	const leads = systems.sandbox.crm.rows('lead');
	expect(leads.map((lead) => lead['companyname']).sort()).toEqual(['By phone', 'From CRM', 'In Bath']);
	expect(leads.find((lead) => lead['companyname'] === 'In Bath')).toMatchObject({ subject: 'From the ERP', donotemail: true });
	const [details] = await run({ operation: 'get', mapping: by('list', 'LEADS') } as INodeParameters);
	expect(details).toMatchObject({ businessCentral: { filter: 'city is bath or phoneNumber begins with +44' }, couplings: 3 });
});

describe('a bad mapping is refused when it is saved, in words', () => {
	const table: Array<[what: string, parameters: INodeParameters, says: RegExp]> = [
		['an unknown column', employees([field('givenName', 'cr1_frstname')]), /CRM has no column "cr1_frstname" in the table cr1_employee/],
		['an unknown field', employees([field('given_name', 'cr1_firstname')]), /has no field "given_name".*\(givenName\?\)/],
		[
			'a read-only target',
			employees([field('givenName', 'cr1_firstname'), field('displayName', 'cr1_name')]),
			/displayName is read-only in Business Central/,
		],
		[
			'a read-only column',
			employees([field('number', 'cr1_total', { direction: 'toCrm' })]),
			/cr1_total is read-only in CRM|cannot become/,
		],
		[
			'the wrong direction',
			employees([field('givenName', 'cr1_firstname', { direction: 'fromCrm' })], { direction: 'toCrm' }),
			/travels from CRM to Business Central, but/,
		],
		['no usable field', employees([field('givenName', 'cr1_firstname', { enabled: false })]), /No enabled field travels from/],
		['no field at all', employees([]), /No enabled field travels from/],
		[
			'both exclusive flags',
			employees([field('givenName', 'cr1_firstname', { clearOnFailure: true, notNull: true })]),
			/exclude each other.*for lookups only/,
		],
		['text and number', employees([field('jobTitle', 'cr1_points')]), /a text cannot become a whole number/],
		['date and choice', employees([field('birthDate', 'cr1_state', { direction: 'toCrm' })]), /holds a date, cr1_state of CRM a choice/],
		[
			'a reference to nothing',
			employees([field('number', 'cr1_accountid', { direction: 'toCrm', refersTo: 'NOBODY' })]),
			/table mapping NOBODY, which does not exist/,
		],
		[
			'two fields into one column',
			employees([field('givenName', 'cr1_firstname'), field('surname', 'cr1_firstname')]),
			/writes cr1_firstname .* as the field/,
		],
		['neither side', employees([field('givenName', 'cr1_firstname'), field('', '')]), /neither a Business Central field nor a CRM column/],
		[
			'a constant without a value',
			employees([field('givenName', 'cr1_firstname'), field('', 'cr1_phone', { direction: 'toCrm' })]),
			/there is no constant/,
		],
		[
			'a long constant',
			employees([field('givenName', 'cr1_firstname'), field('', 'cr1_phone', { direction: 'toCrm', constant: 'x'.repeat(101) })]),
			/101 characters/,
		],
		[
			'a constant and both sides',
			employees([field('givenName', 'cr1_firstname', { constant: 'x' })]),
			/a constant and fields on both sides/,
		],
		['a bad filter', employees(good, { settings: { bcFilter: { filter: { raw: "(city eq 'A'" } } } }), /open quote or parenthesis/],
		[
			'a filter on no column',
			employees(good, {
				settings: { crmFilter: { filter: { conditions: { condition: [{ field: 'nothing', operator: 'eq', value: '1' }] } } } },
			}),
			/filter on CRM names a field that does not exist/,
		],
		[
			'a bad regular expression',
			employees([
				field('givenName', 'cr1_firstname', { rules: { rule: [{ way: 'toCrm', rule: 'regexReplace', regexReplace_pattern: '(a' }] } }),
			]),
			/cannot be used: the regular expression "\(a"/,
		],
		[
			'a template for no column',
			employees(good, {
				settings: { crmTemplates: { template: [{ name: 'x', priority: 1, values: { value: [{ field: 'nothing', value: '1' }] } }] } },
			}),
			/gives a value to "nothing"/,
		],
		['a long name', employees(good, { name: 'A NAME THAT IS FAR TOO LONG' }), /has 27 characters/],
		['the name of a default mapping', employees(good, { name: 'customer' }), /There is a table mapping named "CUSTOMER" already/],
		['no such table', employees(good, { businessCentralTable: by('name', 'employes') }), /no API page "employes"/],
		['no such CRM table', employees(good, { crmTable: by('name', 'cr1_nobody') }), /Dataverse has no table "cr1_nobody"/],
		['a circle', employees(good, { settings: { dependsOn: ['EMPLOYEES'] } }), /depends on itself/],
	];
	it.each(table)('%s', async (_what, parameters, says) => {
		expect(await refusal(parameters)).toMatch(says);
		expect(await run({ operation: 'getMany', filters: { own: true } } as INodeParameters)).toMatchObject([
			{ message: expect.any(String) as string },
		]);
	});
});

describe('a default mapping', () => {
	const currency = by('list', 'CURRENCY');

	it('says how often a trigger runs it; what was set travels with an export and goes back to the default', async () => {
		const get = async () => (await run({ operation: 'get', mapping: currency } as INodeParameters))[0]!;
		const update = (settings: object) => run({ operation: 'update', mapping: currency, settings } as INodeParameters);
		expect(await get()).toMatchObject({ intervalMinutes: 30, inactivitySleepMinutes: 720 });
		await update({ intervalMinutes: 5, inactivitySleepMinutes: 0 });
		expect(await get()).toMatchObject({ changed: true, intervalMinutes: 5, inactivitySleepMinutes: 0 });
		const [exported] = await run({ operation: 'export', which: 'all' } as INodeParameters);
		expect(exported!['mappings']).toEqual([{ name: 'CURRENCY', settings: { intervalMinutes: 5, inactivitySleepMinutes: 0 } }]);
		await expect(update({ intervalMinutes: 0 })).rejects.toThrow('Parameter "Settings → Interval (Minutes)" must be 1 or more.');
		await run({ operation: 'reset', which: 'selection', mappings: ['CURRENCY'] } as INodeParameters);
		expect(await get()).toMatchObject({ changed: false, intervalMinutes: 30, inactivitySleepMinutes: 720 });
	});

	it('is changed, keeps what was changed, and goes back to its defaults', async () => {
		const [before] = await run({ operation: 'get', mapping: currency } as INodeParameters);
		const [changed] = await run({
			operation: 'update',
			mapping: currency,
			settings: { onlyCoupled: false, conflict: 'newest', guardShare: 50 },
		} as INodeParameters);
		expect(changed).toMatchObject({ changed: true, own: false, onlyCoupled: false, conflict: 'newest', massChange: { share: 0.5 } });
		const [limited] = await run({ operation: 'update', mapping: currency, settings: { guardCreations: 50 } } as INodeParameters);
		expect(limited).toMatchObject({ massChange: { share: 0.5, creations: 50 } });
		const [disabled] = await run({ operation: 'enable', mapping: currency, enabled: false } as INodeParameters);
		expect(disabled).toMatchObject({ enabled: false, conflict: 'newest' });
		const added = await run({
			operation: 'setFields',
			mapping: currency,
			manner: 'add',
			fieldMappings: { fields: [field('', 'currencyname', { direction: 'toCrm', constant: 'x' })] },
		} as INodeParameters).catch((error: Error) => error.message);
		expect(added).toMatch(/writes currencyname .* as the field "Description" does/);
		const [removed] = await run({
			operation: 'setFields',
			mapping: currency,
			manner: 'remove',
			fieldMappings: { fields: [field('@symbol', 'currencysymbol')] },
		} as INodeParameters);
		expect((removed!['fieldMappings'] as IDataObject[]).find(({ crmColumn }) => crmColumn === 'currencysymbol')).toMatchObject({
			enabled: false,
		});
		expect(await run({ operation: 'reset', which: 'selection', mappings: ['CURRENCY'] } as INodeParameters)).toMatchObject([
			{ outcome: 'default' },
		]);
		const [after] = await run({ operation: 'get', mapping: currency } as INodeParameters);
		expect(after).toEqual(before);
	});

	it('cannot be deleted', async () => {
		expect(await refusal({ operation: 'delete', mapping: currency } as INodeParameters)).toMatch(
			/is a default table mapping and cannot be deleted/,
		);
	});

	it('removing couplings while records may be created is warned of', async () => {
		const [item] = await run({
			operation: 'update',
			mapping: currency,
			settings: { onlyCoupled: false, deletion: 'removeCoupling' },
		} as INodeParameters);
		expect((item!['warnings'] as string[])[0]).toContain('may be created and coupled again');
	});
});

it('company settings are seen and changed', async () => {
	const [usual] = await run({ operation: 'companySettings' } as INodeParameters);
	expect(usual).toMatchObject({ unitGroups: true, changed: false, pages: {} });
	const [changed] = await run({
		operation: 'companySettings',
		companySettings: { unitGroups: false, pages: 'ResourceCard = Resources' },
	} as INodeParameters);
	expect(changed).toMatchObject({ unitGroups: false, changed: true, pages: { ResourceCard: 'Resources' } });
	const [after] = await run({ operation: 'companySettings' } as INodeParameters);
	expect(after).toMatchObject({ unitGroups: false, extendedPrices: true });
});

it('what is no export is not imported', async () => {
	expect(await refusal({ operation: 'import', json: '{"a":1}' } as INodeParameters)).toMatch(/The export cannot be read/);
	expect(await refusal({ operation: 'import', json: 'no json' } as INodeParameters)).toMatch(/JSON/);
});

describe('what was not entered stays', () => {
	const customer = by('list', 'CUSTOMER');
	const fieldOf = (details: IDataObject | undefined, key: string): IDataObject =>
		(details!['fieldMappings'] as IDataObject[]).find((each) => each['key'] === key)!;
	const change = (fields: IDataObject[], more: IDataObject = {}): Promise<IDataObject[]> =>
		run({ operation: 'setFields', mapping: customer, manner: 'change', fieldMappings: { fields }, ...more } as INodeParameters);

	it('of a field: its direction changes, and nothing else', async () => {
		await change([{ field: 'transactioncurrencyid', fieldOptions: { clearOnFailure: true, conflict: 'get' } }]);
		const [details] = await change([{ field: 'transactioncurrencyid', direction: 'toCrm' }]);
		expect(fieldOf(details, 'transactioncurrencyid')).toMatchObject({
			direction: 'toCrm',
			clearOnFailure: true,
			conflict: 'get',
			enabled: true,
		});
		expect(details!['changes']).toEqual([
			{ fieldMapping: 'Currency Code', before: { direction: 'bidirectional' }, after: { direction: 'toCrm' } },
		]);
	});

	it('of a field of the user’s own, which had options in a workflow saved by an earlier version', async () => {
		await run({
			operation: 'setFields',
			mapping: customer,
			manner: 'add',
			fieldMappings: {
				fields: [
					field('phoneNumber', 'telephone2', { direction: 'toCrm', insertOnly: true, rules: { rule: [{ way: 'toCrm', rule: 'trim' }] } }),
				],
			},
		} as INodeParameters);
		const [details] = await change([{ field: 'telephone2', fieldOptions: { caption: 'Second phone' } }]);
		expect(fieldOf(details, 'telephone2')).toMatchObject({
			caption: 'Second phone',
			direction: 'toCrm',
			insertOnly: true,
			transform: { toCrm: expect.anything() as unknown },
		});
		const [off] = await change([{ field: 'telephone2', fieldOptions: { insertOnly: false, rules: {} } }]);
		expect(fieldOf(off, 'telephone2')).toMatchObject({ insertOnly: false, caption: 'Second phone' });
		expect(fieldOf(off, 'telephone2')).not.toHaveProperty('transform');
	});

	it('of a filter: conditions come in addition, unless they are to replace it', async () => {
		const filterOf = (details: IDataObject | undefined) => (details!['businessCentral'] as IDataObject)['filter'];
		const inBath = { conditions: { condition: [{ field: 'city', operator: 'eq', value: 'Bath' }] } };
		const update = (filter: IDataObject) =>
			run({ operation: 'update', mapping: customer, settings: { bcFilter: { filter } } } as INodeParameters);
		const [former] = await run({ operation: 'get', mapping: customer } as INodeParameters);
		const [added] = await update(inBath);
		expect(filterOf(added)).toBe(`${String(filterOf(former))} and ${String(filterOf((await update({ way: 'replace', ...inBath }))[0]))}`);
		// Said twice it counts once.
		await run({ operation: 'reset', which: 'selection', mappings: ['CUSTOMER'] } as INodeParameters);
		await update(inBath);
		expect(filterOf((await update(inBath))[0])).toBe(filterOf(added));
		const either = {
			match: 'any',
			conditions: {
				condition: [
					{ field: 'city', operator: 'eq', value: 'Bath' },
					{ field: 'city', operator: 'eq', value: 'York' },
				],
			},
		};
		expect(filterOf((await update(either))[0])).toContain('York');
	});

	it('a preview tells what would change, and saves nothing', async () => {
		const [before] = await run({ operation: 'get', mapping: customer } as INodeParameters);
		const [told] = await run({
			operation: 'update',
			mapping: customer,
			settings: { direction: 'toCrm', conflict: 'newest' },
			preview: true,
		} as INodeParameters);
		expect(told).toMatchObject({
			preview: true,
			message: '2 settings would change.',
			changes: [
				{ setting: 'direction', before: 'bidirectional', after: 'toCrm' },
				{ setting: 'conflict', before: 'none', after: 'newest' },
			],
		});
		await change([{ field: 'telephone1', fieldOptions: { enabled: false } }], { preview: true });
		await run({ operation: 'enable', mapping: customer, enabled: false, preview: true } as INodeParameters);
		expect(await run({ operation: 'get', mapping: customer } as INodeParameters)).toEqual([before]);
		const [same] = await run({
			operation: 'update',
			mapping: customer,
			settings: { direction: 'bidirectional' },
			preview: true,
		} as INodeParameters);
		expect(same).toMatchObject({ message: 'Nothing changes.', changes: [] });
	});

	it('the fields of a mapping are chosen from a list that says what they are now', async () => {
		const parameters = { company: systems.company, operation: 'setFields', manner: 'change', mapping: customer } as INodeParameters;
		const list = await loadOptions(TableMappings, 'getFieldMappings', parameters, vault);
		expect(list.find(({ value }) => value === 'name')).toMatchObject({
			name: 'Display name ↔ Name',
			description: expect.stringContaining('enabled') as unknown,
		});
		const unsaid = await loadOptions(
			TableMappings,
			'getFieldMappings',
			{ company: systems.company, operation: 'setFields' } as INodeParameters,
			vault,
		).then(
			() => 'filled',
			(error: Error) => error.message,
		);
		expect(unsaid).toContain('No mapping is chosen yet.');
	});
});

describe('every default mapping', () => {
	it('is disabled, changed, exported, imported and reset', async () => {
		const names = (await run({ operation: 'getMany', returnAll: true } as INodeParameters)).map(({ mapping }) => String(mapping));
		expect(names.length).toBeGreaterThan(13);
		for (const name of names) {
			const mapping = by('list', name);
			const [before] = await run({ operation: 'get', mapping } as INodeParameters);
			expect(await run({ operation: 'enable', mapping, enabled: before!['enabled'] !== true } as INodeParameters)).toMatchObject([
				{ mapping: name, enabled: before!['enabled'] !== true },
			]);
			expect(
				await run({ operation: 'update', mapping, settings: { conflict: 'newest', deletionCheckMinutes: 60 } } as INodeParameters),
			).toMatchObject([{ conflict: 'newest' }]);
			const [exported] = await run({ operation: 'export', which: 'selection', mappings: [name] } as INodeParameters);
			const [changed] = await run({ operation: 'get', mapping } as INodeParameters);
			expect(await run({ operation: 'reset', which: 'selection', mappings: [name] } as INodeParameters)).toMatchObject([
				{ outcome: 'default' },
			]);
			expect(
				(await run({ operation: 'import', json: '={{ $json }}', conflicts: 'skip' } as INodeParameters, [exported!]))[0],
			).toMatchObject({ mapping: name, outcome: 'changed' });
			expect(await run({ operation: 'get', mapping } as INodeParameters)).toEqual([changed]);
			await run({ operation: 'reset', which: 'selection', mappings: [name] } as INodeParameters);
			expect(await run({ operation: 'get', mapping } as INodeParameters)).toEqual([before]);
		}
	});
});

it('a mapping of contacts shows their names, which the environment names as such', async () => {
	await run({
		operation: 'create',
		name: 'PEOPLE',
		businessCentralTable: by('list', 'contacts'),
		crmTable: by('list', 'contact'),
		direction: 'toCrm',
		fieldMappings: { fields: [field('displayName', 'lastname', { direction: 'toCrm' })] },
	} as INodeParameters);
	const [exported] = await run({ operation: 'export', which: 'selection', mappings: ['PEOPLE'] } as INodeParameters);
	expect(JSON.stringify(exported)).toContain('"nameField":"fullname"');
});
