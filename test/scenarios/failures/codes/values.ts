import { coupleRecords, setFieldMappings, synchronizeAll, updateMapping, type TableMapping } from '../../../../engine';
import type { JobResult } from '../../../../engine/jobs/jobResult';
import { createScene, TERMS, type Scene as Options } from '../../options/scene';
import { leads, openScene as openLeads, own, type Scene as Leads } from '../../ownMappings/scene';
import { openScene, type Scene } from '../../parties/scene';
import { openStage, type Stage } from '../kit';
import { failedWith, says, type Walks } from './kit';

/** Values that cannot cross as they are, and what records refer to. */
const mapping = 'CUSTOMER';

async function using<T extends { world: { close(): Promise<void> } }>(
	open: () => Promise<T>,
	walk: (scene: T) => Promise<void>,
): Promise<void> {
	const scene = await open();
	try {
		await walk(scene);
	} finally {
		await scene.world.close();
	}
}
const onStage = (count: number, walk: (stage: Stage) => Promise<void>) => using(() => openStage(count), walk);
const withParties = (walk: (scene: Scene) => Promise<void>) => using(openScene, walk);
const withOptions = (walk: (scene: Options) => Promise<void>) => using(createScene, walk);
const withLeads = (walk: (scene: Leads) => Promise<void>) => using(openLeads, walk);

const fine = (results: readonly JobResult[]): void =>
	expect(results.map(({ job, failed }) => [job.mapping, job.status, failed])).toEqual(
		results.map(({ job }) => [job.mapping, 'finished', []]),
	);
const again = async (stage: Stage, more: Parameters<Stage['run']>[0] = {}): Promise<JobResult[]> => {
	stage.world.minutes(15);
	return await stage.run(more);
};
const party = async (scene: Scene, name: string): Promise<JobResult[]> => {
	scene.world.minutes(15);
	return await scene.run(name);
};
const terms = async (scene: Options, more: object = {}): Promise<JobResult[]> => {
	scene.world.minutes(30);
	return await scene.world.run({ mapping: TERMS, createUncoupled: true, ...more });
};
const termId = (scene: Options, code: string): string =>
	String(
		scene.world.sandbox.businessCentral.company('CRONUS International Ltd.').find('paymentTerms', (row) => row['code'] === code)!['id'],
	);
const coupleTerm = async (scene: Options, bcId: string, crmId: string): Promise<void> => {
	const session = await scene.world.open();
	await coupleRecords(session, { mapping: TERMS, bcId, crmId, initial: 'none' });
	await session.store.close();
};
const company = (scene: { world: Stage['world'] }) => scene.world.sandbox.businessCentral.company(scene.world.base.companyName);

export const valueWalks: Walks = {
	DEPENDENCY: () =>
		onStage(2, async (stage) => {
			stage.inBc(1, { currencyCode: 'EUR' });
			const seen = failedWith('DEPENDENCY', await again(stage));
			says(seen, 'Synchronize or couple "EUR" with the table mapping CURRENCY first');
			await again(stage);
			await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
			fine(await again(stage));
			expect(stage.account(1)!['transactioncurrencyid']).toBeDefined();
			// Switched off, it is to be switched on first; the option brings in what is missing.
			await stage.with((session) => updateMapping(session, 'SALESPEOPLE', { enabled: false }));
			stage.company().seed('salespeoplePurchasers', [{ code: 'ZZ', displayName: 'Jim Olive', email: 'jim@olive.example' }]);
			stage.inBc(2, { salespersonCode: 'ZZ' });
			const off = failedWith('DEPENDENCY', await again(stage));
			says(off, 'SALESPEOPLE is switched off', 'enable it in Table Mappings', 'or disable the field mapping');
			await stage.with((session) =>
				setFieldMappings(session, mapping, 'remove', [{ bcField: 'salespersonCode', crmField: 'ownerid', direction: 'bidirectional' }]),
			);
			fine(await again(stage));
		}),

	DEPENDENCIES_MISSING: () =>
		onStage(2, async (stage) => {
			stage.inBc(1, { currencyCode: 'EUR' });
			await again(stage);
			const [told] = (await stage.log('warning')).filter(({ code }) => code === 'DEPENDENCIES_MISSING');
			expect(told!.message).toContain('CURRENCY: EUR (1 record)');
			expect(told!.hint).toContain('Synchronize those mappings first, or let the run bring in missing records');
			fine(await again(stage, { pullDependencies: 'create' }));
			expect(stage.account(1)!['transactioncurrencyid']).toBeDefined();
		}),

	CHOICE_MISSING: () =>
		onStage(3, async (stage) => {
			const codes = ['CIF', 'DAP', 'EXW'];
			stage.company().seed(
				'shipmentMethods',
				codes.map((code) => ({ code, displayName: code })),
			);
			codes.forEach((code, index) => {
				const page = stage.company().find('workflowCustomers', (row) => row['number'] === `C00000${index + 1}`)!;
				stage.company().update('workflowCustomers', String(page['id'] ?? page['systemId']), { shipmentMethodCode: code });
			});
			const seen = failedWith('CHOICE_MISSING', await again(stage));
			says(
				seen,
				'Synchronize or couple "CIF" with the table mapping SHIPMENT METHOD',
				'add a choice labelled "CIF"',
				'enter the pair among the option values of the field in Table Mappings',
			);
			const { crm } = stage.world.sandbox;
			// One choice is added in CRM, one pair is entered, and the option mapping brings the last one.
			crm.defineOptions('account', 'address1_freighttermscode', { '1': 'FOB', '2': 'No Charge', '3': 'CIF' });
			await stage.with((session) =>
				setFieldMappings(session, mapping, 'change', [
					{
						bcField: 'workflowCustomers/shipmentMethodCode',
						crmField: 'address1_freighttermscode',
						direction: 'bidirectional',
						options: [{ businessCentral: 'DAP', crm: 2 }],
					},
				]),
			);
			await stage.world.run({
				mapping: 'SHIPMENT METHOD',
				createUncoupled: true,
				selected: {
					side: 'businessCentral',
					ids: [String(stage.company().find('shipmentMethods', (row) => row['code'] === 'EXW')!['id'])],
				},
			});
			stage.world.minutes(60);
			await again(stage);
			fine(await again(stage));
			expect([1, 2].map((number) => stage.account(number)!['address1_freighttermscode'])).toEqual([3, 2]);
			expect(stage.account(3)!['address1_freighttermscode']).toBeGreaterThan(3);
		}),

	TRANSFORMATION: () =>
		withLeads(async (scene) => {
			const rounded = {
				kind: 'number' as const,
				transform: { toCrm: [{ rule: 'rounding', parameters: {} }] },
				direction: 'toCrm' as const,
			};
			const table: TableMapping = leads({
				fields: [own('Name', 'displayName', 'fullname'), own('Revenue', 'phoneNumber', 'revenue', rounded)],
			});
			await scene.save(table);
			const id = scene.customer({ displayName: 'Worse', phoneNumber: 'none' });
			const run = async () => {
				scene.world.minutes(20);
				return await scene.world.run({ mapping: 'LEADS', direction: 'toCrm' });
			};
			says(failedWith('TRANSFORMATION', await run()), 'Correct Revenue in Business Central, or the rule in Table Mappings');
			await run();
			company(scene).update('customers', id, { phoneNumber: '1.5' });
			fine(await run());
			expect(scene.leadBy('fullname', 'Worse')).toMatchObject({ revenue: 1.5 });
		}),

	VALUE_IMPLAUSIBLE: () =>
		withLeads(async (scene) => {
			await scene.save(
				leads({
					fields: [
						own('Name', 'displayName', 'fullname'),
						own('Revenue', 'phoneNumber', 'revenue', { kind: 'number', direction: 'toCrm' }),
					],
				}),
			);
			const id = scene.customer({ displayName: 'Words', phoneNumber: 'none' });
			scene.world.minutes(20);
			says(
				failedWith('VALUE_IMPLAUSIBLE', await scene.world.run({ mapping: 'LEADS', direction: 'toCrm' })),
				'Correct Revenue in Business Central',
			);
			company(scene).update('customers', id, { phoneNumber: '2' });
			scene.world.minutes(20);
			fine(await scene.world.run({ mapping: 'LEADS', direction: 'toCrm' }));
			expect(scene.leadBy('fullname', 'Words')).toMatchObject({ revenue: 2 });
		}),

	COUNTRY_UNKNOWN: () =>
		withParties(async (scene) => {
			const ids = ['United Kingdom', 'Neverland', 'Far away'].map((address1_country, index) =>
				scene.row('account', { name: `Account ${index}`, customertypecode: 3, address1_country }),
			);
			const seen = failedWith('COUNTRY_UNKNOWN', await party(scene, mapping));
			says(seen, 'Enter the code in CRM', 'add the country', 'Countries/Regions', 'transformation rule "Lookup Table"');
			scene.changeRow('account', ids[0]!, { address1_country: 'GB' });
			company(scene).seed('countriesRegions', [{ code: 'NL', displayName: 'Neverland' }]);
			await scene.use((session) =>
				setFieldMappings(session, mapping, 'change', [
					{
						bcField: 'country',
						crmField: 'address1_country',
						direction: 'bidirectional',
						transform: { fromCrm: [{ rule: 'lookupTable', parameters: { values: [{ from: 'Far away', to: 'GB' }] } }] },
					},
				]),
			);
			scene.world.minutes(60);
			await party(scene, mapping);
			fine(await party(scene, mapping));
			expect(company(scene).rows('customers').map((row) => row['country']).sort()).toEqual(['GB', 'GB', 'NL']); // prettier-ignore
		}),

	CONTACT_WITHOUT_RELATION: () =>
		withParties(async (scene) => {
			const adatum = scene.enter('customers', { displayName: 'Adatum' });
			const nobody = scene.enter('contacts', { type: 'Company', displayName: 'Nobody' });
			const person = scene.person(adatum, 'Robert Townes');
			await scene.runAll();
			scene.world.minutes(30);
			scene.change('contacts', person.id, { companyNumber: nobody.number });
			const seen = failedWith('CONTACT_WITHOUT_RELATION', await party(scene, 'CONTACT'));
			says(seen, 'Create the company as customer or vendor', 'on its contact card', 'or choose another company for the contact');
			// As the action of the contact card does: a customer that is linked with this company.
			company(scene).settings.businessRelations.Customer = '';
			const made = scene.enter('customers', { displayName: 'Nobody' });
			company(scene).link({
				'Contact No.': nobody.number,
				'Business Relation Code': 'CUST',
				'Link to Table': 'Customer',
				'No.': made.number,
			});
			for (const number of [nobody.number, person.number]) {
				const [row] = company(scene).data.table('Contact').withField('No.', number);
				company(scene).data.modify('Contact', row!, { ...row!.fields, 'Contact Business Relation': 'Customer' }, 'ANNA');
			}
			await party(scene, mapping);
			fine(await party(scene, 'CONTACT'));
			expect(scene.crm('contact', (await scene.partner('CONTACT', person.id))!)?.['parentcustomerid']).toBe(
				await scene.partner(mapping, made.id),
			);
		}),

	CONTACT_WITHOUT_ACCOUNT: () =>
		withParties(async (scene) => {
			const adatum = scene.enter('customers', { displayName: 'Adatum' });
			const person = scene.person(adatum, 'Robert Townes');
			await scene.runAll();
			scene.world.minutes(30);
			const contact = (await scene.partner('CONTACT', person.id))!;
			const account = (await scene.partner(mapping, adatum.id))!;
			// A contact of nobody is to come back: its record was deleted, and it lost its account.
			scene.changeRow('contact', contact, { parentcustomerid: null });
			company(scene).remove('contacts', person.id);
			const request = {
				deletion: 'restore' as const,
				direction: 'fromCrm' as const,
				selected: { side: 'crm' as const, ids: [contact], outsideFilter: true },
			};
			scene.world.minutes(15);
			const seen = failedWith('CONTACT_WITHOUT_ACCOUNT', await scene.run('CONTACT', request));
			says(seen, 'Choose an account in the field Company of the contact in CRM', 'synchronize it again');
			scene.changeRow('contact', contact, { parentcustomerid: { table: 'account', id: account } });
			scene.world.minutes(15);
			fine(await scene.run('CONTACT', request));
			expect(company(scene).rows('contacts').filter(({ type }) => type === 'Person')).toHaveLength(1); // prettier-ignore
		}),

	COMPANY_CONTACT_MISSING: () =>
		withParties(async (scene) => {
			const bc = company(scene);
			bc.settings.businessRelations.Customer = '';
			const adatum = scene.enter('customers', { displayName: 'Adatum' });
			await scene.run(mapping);
			const account = (await scene.partner(mapping, adatum.id))!;
			scene.row('contact', { lastname: 'Cruz', parentcustomerid: { table: 'account', id: account } });
			const seen = failedWith('COMPANY_CONTACT_MISSING', await party(scene, 'CONTACT'));
			says(
				seen,
				'business relation code for customers on the page Marketing Setup',
				'Create Contacts from Customers',
				'Couple Records → Retry',
			);
			// What the report of that name does.
			const made = scene.enter('contacts', { type: 'Company', displayName: 'Adatum' });
			bc.link({ 'Contact No.': made.number, 'Business Relation Code': 'CUST', 'Link to Table': 'Customer', 'No.': adatum.number });
			await party(scene, 'CONTACT');
			fine(await party(scene, 'CONTACT'));
			expect(bc.rows('contacts').filter(({ type }) => type === 'Person')).toMatchObject([{ companyNumber: made.number }]);
		}),

	TEXT_CUT: () =>
		onStage(1, async (stage) => {
			stage.inCrm(1, { name: `${'Northwind '.repeat(11)}Ltd.` });
			fine(await again(stage));
			const told = async () => (await stage.log('warning')).filter(({ code }) => code === 'TEXT_CUT');
			expect((await told())[0]!.message).toContain('Business Central holds only the beginning of Name (100 characters)');
			// A shorter name crosses whole, and is not told of.
			stage.inCrm(1, { name: 'Northwind Ltd.' });
			fine(await again(stage));
			expect([stage.customer(1)!['displayName'], (await told()).length]).toEqual(['Northwind Ltd.', 1]);
		}),

	CRM_OWNER_NOT_ALLOWED: () =>
		onStage(8, async (stage) => {
			await stage.world.run({ mapping: 'SALESPEOPLE', createUncoupled: true });
			const { crm } = stage.world.sandbox;
			const [user] = stage.world.base.users;
			const mail = crm.rows('systemuser').find(({ systemuserid }) => systemuserid === user)!['internalemailaddress'];
			const sellers = stage.company().rows('salespeoplePurchasers');
			const own = sellers.find(({ email }) => email === mail)!;
			const other = sellers.find(({ email }) => email !== mail)!;
			crm.setRoles(user!, false);
			stage.inBc(1, { salespersonCode: String(own['code']) });
			stage.inBc(2, { salespersonCode: String(own['code']) });
			for (let number = 3; number <= 8; number++) stage.inBc(number, { phoneNumber: `+44 ${number}` });
			const seen = failedWith('CRM_OWNER_NOT_ALLOWED', await again(stage));
			says(seen, 'security role with the privilege named above', 'put another salesperson into the record');
			crm.setRoles(user!, true);
			stage.inBc(2, { salespersonCode: String(other['code']) });
			fine(await again(stage));
			expect(stage.account(1)!['ownerid']).toBe(user);
		}),

	CRM_REFERENCE_GONE: () =>
		onStage(1, async (stage) => {
			const { crm } = stage.world.sandbox;
			await stage.world.run({ mapping: 'SALESPEOPLE', createUncoupled: true });
			const seller = stage.company().rows('salespeoplePurchasers')[0]!;
			const user = crm.rows('systemuser').find((each) => each['internalemailaddress'] === seller['email'])!;
			crm.remove('systemuser', String(user['systemuserid']));
			stage.company().insert('customers', { displayName: 'New one', salespersonCode: seller['code'] } as never);
			const seen = failedWith('CRM_REFERENCE_GONE', await again(stage, { createUncoupled: true }));
			says(seen, 'with another row of systemuser in Couple Records', 'or remove its coupling there', 'This record follows by itself');
			const [free] = crm.seed('systemuser', [
				{
					fullname: 'Successor',
					internalemailaddress: 'new@cronus.example',
					isdisabled: false,
					islicensed: true,
					isintegrationuser: false,
				},
			]) as [string];
			const bcId = String(seller['id']).toLowerCase();
			await stage.with((session) => coupleRecords(session, { mapping: 'SALESPEOPLE', bcId, crmId: free, initial: 'none' }));
			fine(await again(stage, { createUncoupled: true }));
			expect(crm.rows('account').find(({ name }) => name === 'New one')).toMatchObject({ ownerid: free });
		}),

	OPTION_CODE_AMBIGUOUS: () =>
		withOptions(async (scene) => {
			scene.define({ '1': 'Express delivery A', '2': 'Express delivery B' });
			const id = scene.addTerms('EXPRESS DE');
			const seen = failedWith('OPTION_CODE_AMBIGUOUS', await terms(scene));
			says(seen, 'Couple the code with the right choice in Couple Records', 'rename the choices in Dataverse');
			await coupleTerm(scene, id, '1');
			fine(await terms(scene));
			expect(await scene.pairs()).toContain('EXPRESS DE ↔ 1');
		}),

	OPTION_LABEL_TAKEN: () =>
		withOptions(async (scene) => {
			const id = scene.addTerms('NET 14');
			await terms(scene);
			scene.renameTerms(id, '14 DAYS');
			await terms(scene);
			scene.define({ '1': 'Net 30', '4': 'Net 60', '5': 'NET 21' });
			scene.addTerms('NET 21');
			const seen = failedWith('OPTION_LABEL_TAKEN', await terms(scene));
			says(seen, 'Rename that choice in Dataverse', 'couple it with this code in Couple Records');
			scene.define({ '1': 'Net 30', '4': 'Net 60', '5': '14 DAYS' });
			fine(await terms(scene));
			expect((await scene.pairs()).some((pair) => pair.startsWith('NET 21 ↔'))).toBe(true);
		}),

	OPTION_CODE_COMMA: () =>
		fromChoices(
			{ '2': '2% 10, Net 30' },
			'OPTION_CODE_COMMA',
			{ '2': '2% 10 Net 30' },
			['first ten characters hold no comma', 'couple it by hand'],
			'2% 10 NET',
		),
	OPTION_CODE_SHARED: () =>
		fromChoices(
			{ '5': 'Express delivery A', '6': 'Express delivery B' },
			'OPTION_CODE_SHARED',
			{ '5': 'Express A', '6': 'Express B' },
			['first ten characters differ', 'couple them by hand'],
			'EXPRESS A',
		),

	OPTION_CODE_TAKEN: () =>
		withOptions(async (scene) => {
			await scene.change(TERMS, { direction: 'fromCrm' });
			scene.define({ '1': 'Net 30', '4': 'Net 60' });
			await terms(scene);
			const cod = scene.addTerms('COD');
			scene.define({ '1': 'Net 30', '4': 'COD' });
			const seen = failedWith('OPTION_CODE_TAKEN', await terms(scene));
			says(seen, 'Rename the choice in Dataverse', 'rename or delete the other record in Business Central');
			scene.renameTerms(cod, 'CASH');
			fine(await terms(scene));
			expect(await scene.pairs()).toContain('COD ↔ 4');
		}),

	CRM_CHOICE_NO_DELETION: () =>
		withOptions(async (scene) => {
			const id = scene.addTerms('NET 14');
			await terms(scene);
			scene.world.sandbox.businessCentral.company('CRONUS International Ltd.').remove('paymentTerms', id);
			const delete14 = { deletion: 'deleteOther', findDeleted: 'now', allowMassChanges: true };
			const seen = failedWith('CRM_CHOICE_NO_DELETION', await terms(scene, delete14));
			says(seen, 'Remove the coupling of the choice', 'delete the choice in Dataverse by hand');
			fine(await terms(scene, { deletion: 'removeCoupling', findDeleted: 'now' }));
			fine(await terms(scene, delete14));
			expect(await scene.pairs()).toEqual(['NET 30 ↔ 1', 'NET 60 ↔ 4']);
		}),

	CRM_CHOICE_PRIVILEGE: () =>
		withOptions(async (scene) => {
			scene.addTerms('NET 14');
			scene.revoke('prvWriteOptionSet');
			const seen = failedWith('CRM_CHOICE_PRIVILEGE', await terms(scene));
			says(seen, 'System Customizer', 'prvWriteOptionSet', 'disable the table mapping and add the choices by hand');
			const session = await scene.world.open();
			await updateMapping(session, TERMS, { enabled: false });
			fine((await synchronizeAll(session, {})).filter(({ job }) => job.mapping === TERMS));
			await updateMapping(session, TERMS, { enabled: true });
			await session.store.close();
			scene.grant('prvWriteOptionSet');
			fine(await terms(scene));
			expect(await scene.pairs()).toContain('NET 14 ↔ 5');
		}),

	CRM_CHOICE_UNPUBLISHED: () =>
		withOptions(async (scene) => {
			const id = scene.addTerms('NET 14');
			await terms(scene);
			scene.renameTerms(id, '14 DAYS');
			const body =
				'{"error":{"code":"0x80071151","message":"Cannot start the requested operation [Publish] because there is another [Import] running at this moment."}}';
			scene.world.sandbox.faults.add({ url: /PublishXml/, times: 99, fault: { kind: 'answer', status: 400, body } });
			says(failedWith('CRM_CHOICE_UNPUBLISHED', await terms(scene)), 'othing');
			scene.world.sandbox.faults.clear();
			fine(await terms(scene));
			expect(await scene.pairs()).toContain('14 DAYS ↔ 5');
		}),

	KEY_TAKEN: () =>
		withOptions(async (scene) => {
			scene.addTerms('NET 14');
			const headers = { authorization: `Bearer ${scene.world.sandbox.login.token('crm')}` };
			const Label = { LocalizedLabels: [{ Label: 'Prepaid', LanguageCode: 1033 }] };
			const body = JSON.stringify({ EntityLogicalName: 'account', AttributeLogicalName: 'paymenttermscode', Value: 5, Label });
			await scene.world.sandbox.handle({ method: 'POST', url: 'http://crm.sandbox/api/data/v9.2/InsertOptionValue', headers, body });
			says(failedWith('KEY_TAKEN', await terms(scene)), 'Nothing to do: the next run chooses a new code');
			fine(await terms(scene));
			expect(await scene.pairs()).toContain('NET 14 ↔ 6');
		}),

	BC_PAGE_RENAME: () =>
		withOptions(async (scene) => {
			const agent = { mapping: 'SHIPPING AGENT' };
			const { crm } = scene.world.sandbox;
			await scene.change('SHIPPING AGENT', { direction: 'fromCrm' });
			crm.defineOptions('account', 'address1_shippingmethodcode', { '1': 'Airborne', '2': 'DHL' });
			await terms(scene, agent);
			crm.defineOptions('account', 'address1_shippingmethodcode', { '1': 'Air mail', '2': 'DHL' });
			const seen = failedWith('BC_PAGE_RENAME', await terms(scene, agent));
			says(seen, 'correct the value in CRM', 'Rename the record in Business Central by hand');
			crm.defineOptions('account', 'address1_shippingmethodcode', { '1': 'Airborne', '2': 'DHL' });
			fine(await terms(scene, agent));
		}),
};

async function fromChoices(
	labels: Record<string, string>,
	code: string,
	renamed: Record<string, string>,
	steps: readonly string[],
	made: string,
): Promise<void> {
	await withOptions(async (scene) => {
		await scene.change(TERMS, { direction: 'fromCrm' });
		scene.define({ '1': 'Net 30', ...labels });
		says(failedWith(code, await terms(scene)), ...steps);
		// One of the two ways: some are coupled by hand with a code of somebody's own choice.
		const [first] = Object.keys(labels);
		if (Object.keys(labels).length > 1) {
			for (const value of Object.keys(labels)) await coupleTerm(scene, scene.addTerms(`OWN ${value}`), value);
			fine(await terms(scene));
			expect(await scene.pairs()).toContain(`OWN ${first} ↔ ${first}`);
			return;
		}
		scene.define({ '1': 'Net 30', ...renamed });
		fine(await terms(scene));
		expect(scene.codes()).toContain(made);
		expect(termId(scene, made)).toBeDefined();
	});
}
