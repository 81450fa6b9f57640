import { restoreRecords } from '../../../engine';
import { furnish, type Household, openHousehold } from './kit';

const DAY = 24 * 60;

let household: Household;
let furniture: ReturnType<typeof furnish>;
/** The settings of a household in which everything is as it was when it was opened. */
let leftAsItWas: string | undefined;

/** A household in step. To make one takes longer than a test: where everything is as it was, the next test goes on with it, a day later. */
async function open(settings: { unitGroups?: boolean; extendedPrices?: boolean } = {}): Promise<void> {
	const kept = leftAsItWas;
	leftAsItWas = undefined;
	if (kept === JSON.stringify(settings)) return household.world.minutes(DAY);
	await household?.world.close();
	household = await openHousehold(settings);
	furniture = furnish(household, settings.extendedPrices ?? true);
	household.change('customers', furniture.customer.id, { paymentTermsId: String(household.record1('paymentTerms', 'code', 'NET 30').id) });
	for (let round = 0; round < 2; round++) {
		await household.everything();
		household.world.minutes(30);
	}
}
afterAll(() => household.world.close());

const { keys } = Object;
const couple = async (mapping: string, name: string) => {
	const all = await household.couplings(mapping);
	const found = all.find(({ bcNumber, bcName, crmName }) => [bcNumber, bcName, crmName].includes(name));
	if (!found)
		throw new Error(`${mapping} has no couple ${name}: ${all.map(({ bcNumber, crmName }) => `${bcNumber} – ${crmName}`).join(', ')}.`);
	return found;
};
const removeWhere = (table: string, column: string, value: string): void => {
	const { crm } = household.world.sandbox;
	for (const row of crm.rows(table)) if (row[column] === value) crm.remove(table, String(row[`${table}id`]));
};
const noManualNumbers = (table: string): void => void (household.company.data.settings.series[table]!.manual = false);

/** The deletion is noticed by a run, which tells it; then the record is restored. */
async function restored(mapping: string, name: string, remove: (ids: { bcId: string; crmId: string }) => void): Promise<string[]> {
	const ids = await couple(mapping, name);
	remove(ids);
	household.world.minutes(30);
	expect((await household.runs()).join()).toContain(`${mapping} PARTNER_DELETED`);
	household.world.minutes(30);
	const { records, jobs } = await household.restore(mapping, 'businessCentral', [ids.bcId]);
	expect(records.map(({ outcome, error }) => [outcome, error?.message])).toEqual([['restored', undefined]]);
	return jobs.flatMap(({ warnings }) => warnings).filter((warning) => !warning.includes('not published'));
}

/**
 * Business Central deletes the lines of price lists along with their item or resource, and no service lets them be entered again from CRM: they are named,
 * and stay for somebody to decide about.
 */
const LINES = 'PLLINE-PRODPRICE';
const linesGone = (count: number): string =>
	`Not created again: ${count} ${count === 1 ? 'record' : 'records'} of ${LINES}, which is not synchronized to Business Central.`;
const butLines = (told: readonly string[]): string[] => told.filter((line) => !line.includes(LINES));

/** Nothing is left to be done, and nothing to be told. */
async function isQuiet(): Promise<void> {
	for (let round = 0; round < 2; round++) {
		household.world.minutes(30);
		await household.runs();
	}
	household.writes();
	household.world.minutes(30);
	expect(butLines(await household.runs())).toEqual([]);
	expect(household.writes()).toEqual({ businessCentral: 0, crm: 0 });
	expect(butLines(await household.log())).toEqual([]);
}

/** Quiet, and as people saw it before; only the ids of what was restored are others. */
async function isAsItWas(picture: readonly string[], settings = {}): Promise<void> {
	await isQuiet();
	expect(household.picture()).toEqual(picture);
	leftAsItWas = JSON.stringify(settings);
}

const inBusinessCentral = (set: string) => (ids: { bcId: string }) => household.company.remove(set, ids.bcId);
const inCrm = (table: string) => (ids: { crmId: string }) => household.world.sandbox.crm.remove(table, ids.crmId);

describe('what was deleted in Business Central', () => {
	const CASES: Record<string, readonly [mapping: string, name: string, set: string]> = {
		'a salesperson': ['SALESPEOPLE', 'Helena Ray', 'salespeoplePurchasers'],
		'a customer': ['CUSTOMER', 'Adatum', 'customers'],
		'a vendor': ['VENDOR', 'Fabrikam', 'vendors'],
		'a person': ['CONTACT', 'Ann Lee', 'contacts'],
		'an item': ['ITEM-PRODUCT', 'I2', 'items'],
	};
	test.each(keys(CASES))('%s is there again as it was, number and all, and so is what belongs to it', async (kind) => {
		await open();
		const [mapping, name, set] = CASES[kind]!;
		const [picture, couples] = [household.picture(), await household.couples('ITEM UOM')];
		expect(await restored(mapping, name, inBusinessCentral(set))).toEqual(kind === 'an item' ? [linesGone(2)] : []);
		await isAsItWas(picture);
		expect(await household.couples('ITEM UOM')).toEqual(couples);
	});

	test('a resource is there again as it was', async () => {
		await open();
		const picture = household.picture();
		const [row] = household.company.data.table('Resource').withField('No.', 'LINA');
		expect(await restored('RESOURCE-PRODUCT', 'LINA', () => household.company.remove('ResourceCard', row!.id))).toEqual([linesGone(1)]);
		await isAsItWas(picture);
	});

	test('without unit groups, an item is there again as it was', async () => {
		await open({ unitGroups: false });
		const picture = household.picture();
		expect(await restored('ITEM-PRODUCT', 'I2', inBusinessCentral('items'))).toEqual([linesGone(2)]);
		household.world.minutes(30);
		await household.runs();
		// Units beside the base unit are Business Central's alone then.
		expect(household.picture()).toEqual(picture.filter((line) => !line.includes('I2 | BOX | 12')));
	});

	test('where numbers are not given by hand, the new number is told, and the product and its group follow', async () => {
		await open();
		// The number that a price list item shows is a copy that Dataverse made when it was created.
		const renumbered = household
			.picture()
			.map((line) => (line.startsWith('productpricelevel') ? line : line.replaceAll('I2', '1000').replace('Item 1000', 'Item I2')));
		noManualNumbers('Item');
		expect(await restored('ITEM-PRODUCT', 'I2', inBusinessCentral('items'))).toEqual([
			'1000 Item I2 was created again in Business Central; its number is 1000 instead of I2.',
			linesGone(2),
		]);
		await isQuiet();
		expect(household.picture()).toEqual(renumbered.sort());
		expect(await household.couples('ITEM UOM')).toEqual(['BOX 1000 – BOX', 'PCS 1000 – PCS']);
	});

	test('a person whose number another one has got meanwhile takes the next one', async () => {
		await open();
		const { id, number } = furniture.ann;
		household.company.remove('contacts', id);
		household.enter('contacts', { type: 'Person', number, displayName: 'Somebody Else' });
		const { records, jobs } = await household.restore('CONTACT', 'businessCentral', [id]);
		expect(records.map(({ outcome }) => outcome)).toEqual(['restored']);
		expect(jobs.flatMap(({ warnings }) => warnings).join()).toContain(
			`CT000006 Ann Lee was created again in Business Central; its number is CT000006 instead of ${number}.`,
		);
		expect(household.record1('contacts', 'number', number)['displayName']).toBe('Somebody Else');
		expect(household.record1('contacts', 'number', 'CT000006')).toMatchObject({ displayName: 'Ann Lee', email: 'ann@adatum.example' });
		await isQuiet();
	});

	test('a value that the mapping cannot bring is named', async () => {
		await open();
		household.world.sandbox.faults.add({
			system: 'businessCentral', method: 'POST', url: /items/, fault: { kind: 'answer', status: 400 }, times: 2 } as never); // prettier-ignore
		expect(await restored('ITEM-PRODUCT', 'I2', inBusinessCentral('items'))).toEqual([
			'I2 Item I2 was created again in Business Central; not brought back: Unit Price, Unit Cost.',
			linesGone(2),
		]);
	});
});

describe('what was deleted in CRM', () => {
	const CASES: Record<
		string,
		readonly [mapping: string, name: string, table: string, settings?: { unitGroups?: boolean; extendedPrices?: boolean }]
	> = {
		'a currency': ['CURRENCY', 'EUR', 'transactioncurrency'],
		'an account': ['CUSTOMER', 'Adatum', 'account'],
		'the account of a vendor': ['VENDOR', 'Fabrikam', 'account'],
		'a contact': ['CONTACT', 'Ann Lee', 'contact'],
		'a product': ['ITEM-PRODUCT', 'I2', 'product'],
		'the product of a resource': ['RESOURCE-PRODUCT', 'LINA', 'product'],
		'a price list item': ['PLLINE-PRODPRICE', 'LINA', 'productpricelevel'],
		'the price of a customer price group': ['SALESPRC-PRODPRICE', 'I2', 'productpricelevel', { extendedPrices: false }],
	};
	test.each(keys(CASES))('%s is there again as it was, and so is what went with it', async (kind) => {
		const [mapping, name, table, settings] = CASES[kind]!;
		await open(settings);
		const picture = household.picture();
		expect(await restored(mapping, name, inCrm(table))).toEqual([]);
		await isAsItWas(picture, settings);
	});

	const LISTS = { 'PLHEADER-PRICE': ['S1', {}], 'CUSTPRCGRP-PRICE': ['G1', { extendedPrices: false }] } as const;
	test.each(keys(LISTS) as Array<keyof typeof LISTS>)('a price list of %s, with its prices', async (mapping) => {
		const [name, settings] = LISTS[mapping];
		await open(settings);
		const picture = household.picture();
		await restored(mapping, name, ({ crmId }) => {
			removeWhere('productpricelevel', 'pricelevelid', crmId);
			household.world.sandbox.crm.remove('pricelevel', crmId);
		});
		await isAsItWas(picture, settings);
	});

	test('a unit, with its prices', async () => {
		await open();
		const picture = household.picture();
		await restored('ITEM UOM', 'BOX', ({ crmId }) => {
			removeWhere('productpricelevel', 'uomid', crmId);
			household.world.sandbox.crm.remove('uom', crmId);
		});
		await isAsItWas(picture);
	});

	test.each([
		['ITEM-PRODUCT', 'I2'],
		['RESOURCE-PRODUCT', 'LINA'],
	])('a product of %s together with its unit group: the units come back first', async (mapping, name) => {
		await open();
		const picture = household.picture();
		const group = await couple('UNIT GROUP', name);
		await restored(mapping, name, ({ crmId }) => {
			household.world.sandbox.crm.remove('product', crmId);
			household.world.sandbox.crm.remove('uomschedule', group.crmId);
		});
		await isAsItWas(picture);
	});

	test('a unit of measure without unit groups, with its prices', async () => {
		await open({ unitGroups: false });
		const picture = household.picture();
		await restored('UNIT OF MEASURE', 'BOX', ({ crmId }) => {
			removeWhere('productpricelevel', 'uomscheduleid', crmId);
			household.world.sandbox.crm.remove('uomschedule', crmId);
		});
		await isAsItWas(picture, { unitGroups: false });
	});
});

test('a preview of restoring an account names the contacts that come back with it', async () => {
	await open();
	const { bcId, crmId } = await couple('CUSTOMER', 'Adatum');
	household.world.sandbox.crm.remove('account', crmId);
	household.world.minutes(30);
	const run = (preview: boolean) =>
		household.use(async (session) => {
			const { jobs } = await restoreRecords(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [bcId], preview });
			return jobs.map(({ job, changes }) => [job.mapping, job.inserted, changes.map(({ action, crm }) => `${action} ${crm?.name}`)]);
		});
	household.writes();
	const preview = await run(true);
	expect(household.writes()).toEqual({ businessCentral: 0, crm: 0 });
	expect(preview).toEqual(await run(false));
	expect(preview).toContainEqual(['CONTACT', 2, ['restore Ann Lee', 'restore Bob Ray']]);
});
