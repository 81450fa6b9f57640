import type { Transport } from '../../../engine/systems/odata/transport';
import { openStage, type Stage } from '../deciding/stage';

const GENT = { code: '9000', city: 'Gent', county: 'Oost-Vlaanderen', country: 'BE' };

let stage: Stage;
beforeEach(async () => {
	stage = await openStage(1);
});
afterEach(() => stage.world.close());

const crmAddress = () => {
	const { address1_postalcode, address1_city, address1_stateorprovince, address1_country } = stage.account(1)!;
	return [address1_postalcode, address1_city, address1_stateorprovince ?? null, address1_country ?? null];
};
const bcAddress = () => {
	const { postalCode, city, state, country } = stage.customer(1)!;
	return [postalCode, city, state || null, country || null];
};
const phones = () => [stage.customer(1)!['phoneNumber'], stage.account(1)!['telephone1']];

/** As Business Central might: it keeps no blanks in the property. */
const withoutBlanks =
	(property: string) =>
	(transport: Transport): Transport =>
	(request) =>
		transport(
			request.url.startsWith('http://bc') && typeof request.body === 'string'
				? {
						...request,
						body: request.body.replace(
							new RegExp(`"${property}":"([^"]*)"`, 'g'),
							(_, text: string) => `"${property}":"${text.replace(/ /g, '')}"`,
						),
					}
				: request,
		);

/** CRM spells phone numbers in groups of two. */
const inPairs = () =>
	stage.world.sandbox.crm.addPlugin({
		table: 'account',
		messages: ['Create', 'Update'],
		when: 'before',
		run: ({ telephone1 }) =>
			typeof telephone1 === 'string' ? { telephone1: telephone1.replace(/ /g, '').replace(/(..)(?=.)/g, '$1 ') } : null,
	});

async function runs(count: number, options?: { transport: (transport: Transport) => Transport }): Promise<string[]> {
	const warnings: string[] = [];
	for (let run = 1; run <= count; run++) {
		stage.world.minutes(5);
		for (const job of await stage.world.run({ mapping: 'CUSTOMER' }, options)) {
			expect(job.failed).toEqual([]);
			warnings.push(...job.warnings);
		}
	}
	return warnings;
}

/** The third run in a row, and the fourth, write nothing. */
async function settled(options?: { transport: (transport: Transport) => Transport }): Promise<string[]> {
	const warnings = await runs(2, options);
	stage.writes();
	expect(await runs(2, options)).toEqual([]);
	expect(stage.writes()).toBe(0);
	return warnings;
}

describe('a validation of Business Central', () => {
	beforeEach(() => {
		stage.company().settings.postCodes = [GENT];
	});

	it('changes fields that were not written: city, county and country of the post code come back to CRM', async () => {
		stage.inCrm(1, { address1_city: 'Sint-Denijs' });
		await runs(2);
		stage.inCrm(1, { address1_postalcode: '9000' });
		expect(await settled()).toEqual([]);
		expect([bcAddress(), crmAddress()]).toEqual([
			['9000', 'Gent', 'Oost-Vlaanderen', 'BE'],
			['9000', 'Gent', 'Oost-Vlaanderen', 'BE'],
		]);
		expect(await stage.log('overwritten')).toEqual([]);
	});

	it('changes a field that was written: the post code of the city comes back to CRM', async () => {
		stage.inCrm(1, { address1_postalcode: '9999', address1_city: 'Gent' });
		expect(await settled()).toEqual([]);
		expect([bcAddress(), crmAddress()]).toEqual([
			['9000', 'Gent', 'Oost-Vlaanderen', 'BE'],
			['9000', 'Gent', 'Oost-Vlaanderen', 'BE'],
		]);
	});

	it('does the same to a new customer', async () => {
		const id = stage.world.sandbox.crm.insert('account', {
			name: 'Adatum',
			customertypecode: 3,
			address1_postalcode: '9999',
			address1_city: 'Gent',
		});
		await stage.run({ createUncoupled: true });
		await settled();
		expect(stage.world.sandbox.crm.row('account', id)).toMatchObject({
			address1_postalcode: '9000',
			address1_stateorprovince: 'Oost-Vlaanderen',
		});
	});

	it("fills what a new customer was not given; that is nobody's edit, and what is entered in CRM before it travelled is no conflict", async () => {
		await stage.settings({ conflict: 'none' });
		const { crm } = stage.world.sandbox;
		const id = crm.insert('account', { name: 'Adatum', customertypecode: 3, address1_city: 'Gent' });
		await stage.run({ createUncoupled: true });
		crm.update('account', id, { address1_postalcode: '8000', address1_city: 'Brugge' });
		await settled();
		const customer = stage
			.company()
			.rows('customers')
			.find((row) => row['displayName'] === 'Adatum');
		expect(customer).toMatchObject({ postalCode: '8000', city: 'Brugge', state: 'Oost-Vlaanderen' });
		expect(crm.row('account', id)).toMatchObject({
			address1_postalcode: '8000',
			address1_city: 'Brugge',
			address1_stateorprovince: 'Oost-Vlaanderen',
		});
	});

	it('is told once, with what was sent and what is kept, where the mapping goes one way', async () => {
		await stage.settings({ direction: 'fromCrm' });
		stage.inCrm(1, { address1_postalcode: '9999', address1_city: 'Gent' });
		const warnings = await runs(1);
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toMatch(/Post Code is "9000" instead of "9999"/);
		const told = (await stage.log('warning')).filter(({ code }) => code === 'VALUE_REWRITTEN');
		expect(told).toHaveLength(1);
		expect(told[0]!.fields).toContainEqual({ name: 'Post Code', businessCentral: '9000', crm: '9999' });
		expect(told[0]!.businessCentral?.id).toBe(stage.customerId(1));
		stage.writes();
		expect(await runs(2)).toEqual([]);
		expect(stage.writes()).toBe(0);
		// And another edit is no reason to fight for the post code.
		stage.inCrm(1, { telephone1: '1' });
		expect(await runs(1)).toEqual([]);
		expect(bcAddress()[0]).toBe('9000');
	});
});

describe('a plug-in of CRM', () => {
	it('spells a phone number its own way, which comes back to Business Central', async () => {
		inPairs();
		stage.inBc(1, { phoneNumber: '091234' });
		expect(await settled()).toEqual([]);
		expect(phones()).toEqual(['09 12 34', '09 12 34']);
	});

	it('does so with a new account', async () => {
		inPairs();
		const id = String(stage.company().insert('customers', { displayName: 'Adatum', phoneNumber: '091234' })['id']);
		await stage.run({ createUncoupled: true });
		await settled();
		expect(stage.company().get('customers', id)).toMatchObject({ phoneNumber: '09 12 34' });
	});

	it('that Business Central does not agree with: it stops there, and is told', async () => {
		inPairs();
		stage.inBc(1, { phoneNumber: '091234' });
		const warnings = await settled({ transport: withoutBlanks('phoneNumber') });
		expect(phones()).toEqual(['091234', '09 12 34']);
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toMatch(/Business Central changed what it was given.*"091234" instead of "09 12 34"/);
		// What a person enters afterwards travels as ever.
		stage.inCrm(1, { telephone1: '0999' });
		await settled({ transport: withoutBlanks('phoneNumber') });
		expect(phones()[0]).toBe('0999');
	});

	it('is no edit that a person’s own could be in conflict with', async () => {
		inPairs();
		stage.inBc(1, { phoneNumber: '091234' });
		stage.world.minutes(5);
		await stage.run({ direction: 'toCrm' });
		expect(phones()).toEqual(['091234', '09 12 34']);
		stage.world.minutes(5);
		stage.inBc(1, { phoneNumber: '0555' });
		stage.world.minutes(5);
		await stage.run({ direction: 'fromCrm' });
		await settled();
		expect(phones()).toEqual(['05 55', '05 55']);
		expect([await stage.log('error'), await stage.log('overwritten')]).toEqual([[], []]);
	});

	it('that only cuts a text is told, and Business Central keeps the whole of it', async () => {
		stage.world.sandbox.crm.addPlugin({
			table: 'account',
			messages: ['Update'],
			when: 'before',
			run: ({ telephone1 }) => ({ telephone1: String(telephone1).slice(0, 4) }),
		});
		stage.inBc(1, { phoneNumber: '091234' });
		expect(await settled()).toEqual([expect.stringMatching(/"0912" instead of "091234"/)]);
		expect(phones()).toEqual(['091234', '0912']);
	});

	it('changes a field nobody wrote: it comes back, too', async () => {
		stage.world.sandbox.crm.addPlugin({
			table: 'account',
			messages: ['Update'],
			when: 'before',
			run: ({ telephone1 }) => ({ fax: `F ${String(telephone1)}` }),
		});
		stage.inBc(1, { phoneNumber: '7' });
		await settled();
		expect(stage.company().get('workflowCustomers', String(stage.customer(1)!['number']))).toMatchObject({ faxNumber: 'F 7' });
	});
});

it('what an additional page makes of a value comes back as well', async () => {
	const options = { transport: withoutBlanks('faxNumber') };
	stage.inCrm(1, { fax: '1 2 3' });
	expect(await settled(options)).toEqual([]);
	expect([stage.company().get('workflowCustomers', String(stage.customer(1)!['number']))!['faxNumber'], stage.account(1)!['fax']]).toEqual([
		'123',
		'123',
	]);
});
