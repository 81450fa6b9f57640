import { coupleRecords } from '../../../engine';
import { openScene, type Scene } from '../parties/scene';
import { company } from '../products/shop';
import { openVisits, type Visits } from './visits';

describe('customers and accounts', () => {
	let scene: Scene;
	beforeEach(async () => {
		scene = await openScene();
		company(scene.world).seed('countriesRegions', [
			{ code: 'ES', displayName: 'Spain' },
			{ code: 'CH', displayName: 'Switzerland' },
			{ code: 'X1', displayName: 'Congo' },
			{ code: 'X2', displayName: 'Congo' },
		]);
	});
	afterEach(() => scene.world.close());

	const account = (values: Record<string, string | number>) => scene.row('account', { name: 'Adatum', customertypecode: 3, ...values });
	const run = async () => (await scene.run('CUSTOMER')).map(({ job, failed }) => ({ job, failed }));
	const partnerOf = (): Record<string, unknown> =>
		company(scene.world)
			.rows('customers')
			.find((row) => row['displayName'] === 'Adatum')!;
	const log = () => scene.use(async ({ store }) => (await store.log({ limit: 500 })).rows.map(({ code }) => code));

	test.each([
		['es', 'ES'],
		[' ES ', 'ES'],
		['Spain', 'ES'],
		['SPAIN', 'ES'],
		['great britain', 'GB'],
		['Switzerland', 'CH'],
	])('the country "%s" of an account is %s in Business Central, and stays as it is in CRM', async (written, code) => {
		const id = account({ address1_country: written, address1_postalcode: 'sw1a 1aa' });
		const [, fromCrm] = await run();
		expect(fromCrm!.failed).toEqual([]);
		expect(partnerOf()).toMatchObject({ country: code, postalCode: 'SW1A 1AA' });
		scene.world.minutes(30);
		scene.writes();
		await run();
		expect(scene.crm('account', id)).toMatchObject({ address1_country: written, address1_postalcode: 'sw1a 1aa' });
		expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
	});

	test.each(['United Kingdom', 'Neverland', 'Congo', 'SPAINX'])(
		'"%s" is nobody’s code or name: the record fails, and the value is quoted',
		async (written) => {
			account({ address1_country: written });
			const [, fromCrm] = await run();
			expect(fromCrm!.failed).toEqual([
				expect.objectContaining({
					errorCode: 'COUNTRY_UNKNOWN',
					errorClass: 'data',
					message: expect.stringContaining(`"${written}"`) as string,
				}),
			]);
			expect(partnerOf()).toBeUndefined();
		},
	);

	test('once the country is there, the record comes by itself', async () => {
		account({ address1_country: 'United Kingdom' });
		for (let again = 0; again < 3; again++) {
			await run();
			scene.world.minutes(30);
		}
		company(scene.world).seed('countriesRegions', [{ code: 'UK', displayName: 'United Kingdom' }]);
		await run();
		expect(partnerOf()).toMatchObject({ country: 'UK' });
	});

	test('fresh couples GB / gb, GB / Great Britain, sw1a 1aa / SW1A 1AA agree: nothing is written, nothing is replaced', async () => {
		for (const [number, country] of [
			['A', 'gb'],
			['B', 'Great Britain'],
		] as const) {
			const customer = scene.enter('customers', { displayName: `Adatum ${number}`, country: 'GB', postalCode: 'SW1A 1AA' });
			const row = scene.row('account', { name: `Adatum ${number}`, customertypecode: 3, address1_country: country, address1_postalcode: 'sw1a 1aa', creditlimit: 0 }); // prettier-ignore
			await scene.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId: customer.id, crmId: row, initial: 'none' }));
		}
		for (const { failed } of await run()) expect(failed).toEqual([]);
		expect(scene.world.sandbox.crm.rows('account').map((row) => row['address1_country'])).toEqual(['gb', 'Great Britain']);
		expect(await log()).not.toContain('REPLACED_AT_FIRST');
		expect(await log()).not.toContain('CONFLICT');
	});

	test('another country in Business Central is written to CRM as its code', async () => {
		const id = account({ address1_country: 'Spain' });
		await run();
		scene.world.minutes(30);
		scene.change('customers', String(partnerOf()['id']), { country: 'CH' });
		await run();
		expect(scene.crm('account', id)).toMatchObject({ address1_country: 'CH' });
	});

	test('where countries may not be read, a code is delivered and a longer name fails, uncut', async () => {
		scene.world.sandbox.businessCentral.permissions.deny('SYNC', 'Country/Region', 'Read');
		account({ address1_country: 'United Kingdom' });
		const [, fromCrm] = await run();
		expect(fromCrm!.failed[0]).toMatchObject({
			errorCode: 'VALUE_IMPLAUSIBLE',
			message: expect.stringContaining('"United Kingdom"') as string,
		});
	});
});

describe('fields of a mapping of one’s own', () => {
	let visits: Visits;
	beforeEach(async () => {
		visits = await openVisits();
	});
	afterEach(() => visits.close());
	const resource = (values: Record<string, unknown>) =>
		void company(visits.world).seed('ResourceCard', [{ Type: 'Person', Base_Unit_of_Measure: 'HOUR', Name: 'One', ...values }]);

	test('the number of the table and fields that Business Central keeps as codes are codes, phone numbers are text', async () => {
		await visits.save([], {
			businessCentral: { table: 'customers' },
			fields: [
				{ bcField: 'number', crmField: 'cr1_number', direction: 'toCrm' },
				{ bcField: 'displayName', crmField: 'cr1_name', direction: 'toCrm' },
				{ bcField: 'postalCode', crmField: 'cr1_text', direction: 'bidirectional' },
				{ bcField: 'phoneNumber', crmField: 'cr1_short', direction: 'toCrm' },
			],
		});
		const session = await visits.world.open();
		try {
			const kinds = (await session.store.settings()).get('VISITS')!.definition!.fields.map(({ bcField, kind }) => [bcField, kind]);
			expect(kinds).toEqual([
				['number', 'code'],
				['displayName', 'text'],
				['postalCode', 'code'],
				['phoneNumber', 'text'],
			]);
		} finally {
			await session.store.close();
		}
	});

	test('a code is never cut: one that is too long fails its record, and is quoted', async () => {
		resource({ No: 'R1' });
		resource({ No: 'SCHLOß-STRASSE' });
		await visits.save([], {
			fields: [
				{ bcField: 'No', crmField: 'cr1_short', direction: 'toCrm' },
				{ bcField: 'Name', crmField: 'cr1_name', direction: 'toCrm' },
			],
			direction: 'toCrm',
		});
		const result = await visits.run();
		expect(result).toContain('I1 M0 F1');
		expect(result).toContain('VALUE_IMPLAUSIBLE: No holds "SCHLOß-STRASSE"');
		expect(visits.rows().map((row) => row['cr1_short'])).toEqual(['R1']);
	});
});
