import { coupleRecords, setFieldMappings, updateMapping, type TableMapping } from '../../../../engine';
import type { JobResult } from '../../../../engine/jobs/jobResult';
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
};
