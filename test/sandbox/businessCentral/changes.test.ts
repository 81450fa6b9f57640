import { Client, NOON, type Json } from './client';

describe('Stamps and incremental reads', () => {
	let bc: Client;
	beforeEach(() => {
		bc = new Client();
	});

	const since = async (stamp: string): Promise<string[]> => {
		const filter = encodeURIComponent(`lastModifiedDateTime ge ${stamp}`);
		const { body } = await bc.get(`customers?$filter=${filter}&$orderby=lastModifiedDateTime`);
		return body.value.map(({ displayName }: Json) => displayName);
	};

	it('rounds stamps to 1/300 s: milliseconds end in 0, 3 or 7', async () => {
		for (let step = 0; step < 20; step++) {
			bc.sandbox.clock.advance(1);
			const { lastModifiedDateTime } = (await bc.post('vendors', { displayName: `V${step}` })).body;
			expect(lastModifiedDateTime).toMatch(/[037]Z$/);
			expect(Math.abs(Date.parse(lastModifiedDateTime) - bc.sandbox.clock.now())).toBeLessThan(3);
		}
	});

	it('reads changes in the order of their stamps, the bound included', async () => {
		const a = bc.company.insert('customers', { displayName: 'A' });
		bc.sandbox.clock.advance(1000);
		bc.company.insert('customers', { displayName: 'B' });
		bc.sandbox.clock.advance(1000);
		bc.company.update('customers', String(a.id), { city: 'Bonn' });
		expect(await since('2026-01-01T00:00:00Z')).toEqual(['B', 'A']);
		expect(await since('2026-06-01T12:00:02.000Z')).toEqual(['A']);
		expect(await since('2026-06-01T12:00:02.001Z')).toEqual([]);
	});

	it('shows rows of a long transaction at its commit, with the older stamp of their write', async () => {
		const transaction = bc.sandbox.businessCentral.beginTransaction('BEN');
		transaction.insert(bc.company, 'customers', { displayName: 'Late' });
		bc.sandbox.clock.advance(60_000);
		bc.company.insert('customers', { displayName: 'Early' });
		expect(await since('2026-01-01T00:00:00Z')).toEqual(['Early']);
		transaction.commit();
		expect(await since('2026-01-01T00:00:00Z')).toEqual(['Late', 'Early']);
		expect(bc.company.find('customers', ({ displayName }) => displayName === 'Late')!.lastModifiedDateTime).toBe(
			new Date(NOON).toISOString(),
		);
	});

	it('shows nothing of a transaction that is rolled back', async () => {
		const customer = bc.company.insert('customers', { displayName: 'A', city: 'Bonn' });
		const transaction = bc.sandbox.businessCentral.beginTransaction();
		transaction.update(bc.company, 'customers', String(customer.id), { city: 'Ulm' });
		transaction.remove(bc.company, 'customers', String(customer.id));
		transaction.rollback();
		expect(bc.company.get('customers', String(customer.id))!.city).toBe('Bonn');
	});

	it('shows each row once in the order of stamps after a batch was rolled back', async () => {
		const customer = bc.company.insert('customers', { displayName: 'A' });
		const read = { method: 'GET', url: 'customers?$filter=lastModifiedDateTime ge 2026-01-01T00:00:00Z&$orderby=lastModifiedDateTime' };
		const parts = [
			{ method: 'PATCH', url: `customers(${String(customer.id)})`, headers: { 'If-Match': '*' }, body: { city: 'Ulm' } },
			{ method: 'POST', url: 'customers', body: { displayName: 'B' } },
			read,
			{ method: 'POST', url: 'customers', body: { nope: 1 } },
		];
		const { body } = await bc.batch(parts, { isolation: 'snapshot' });
		expect(body.responses[2].body.value).toHaveLength(2);
		expect(await since('2026-01-01T00:00:00Z')).toEqual(['A']);
		await bc.batch([...parts.slice(0, 3), read, read], { isolation: 'snapshot' });
		expect((await since('2026-01-01T00:00:00Z')).sort()).toEqual(['A', 'B']);
	});

	it('leaves no tombstone of a deleted row', async () => {
		const customer = bc.company.insert('customers', { displayName: 'A' });
		bc.company.remove('customers', String(customer.id));
		expect(await since('2020-01-01T00:00:00Z')).toEqual([]);
	});

	it('stamps with the skewed clock of the service', async () => {
		bc.sandbox.clock.skew.businessCentral = -90_000;
		const { lastModifiedDateTime } = (await bc.post('vendors', { displayName: 'V' })).body;
		expect(lastModifiedDateTime).toBe('2026-06-01T11:58:30.000Z');
	});

	it('remembers who changed a row, though no API shows it', async () => {
		const { body } = await bc.post('vendors', { displayName: 'V' });
		expect(bc.company.modifiedBy('vendors', body.id)).toBe('SYNC');
		bc.company.update('vendors', body.id, { city: 'Ulm' }, 'BEN');
		expect(bc.company.modifiedBy('vendors', body.id)).toBe('BEN');
		expect(Object.keys(body)).not.toContain('systemModifiedBy');
	});

	it('writes the change log where it is switched on', async () => {
		bc.sandbox.businessCentral.publish('ChangeLogEntries');
		bc.company.settings.changeLog.add('Customer');
		const customer = bc.company.insert('customers', { displayName: 'A' }, 'BEN');
		bc.company.update('customers', String(customer.id), { city: 'Ulm' }, 'BEN');
		bc.company.remove('customers', String(customer.id), 'BEN');
		const { body } = await bc.get(`${bc.odata}/Company('CRONUS')/ChangeLogEntries?$filter=Entry_No gt 0`);
		expect(body.value.map(({ Type_of_Change }: Json) => Type_of_Change)).toEqual(['Insertion', 'Modification', 'Deletion']);
		expect(body.value[2]).toMatchObject({ User_ID: 'BEN', Primary_Key_Field_1_Value: customer.number });
	});

	it('finds 200 alternatives among many rows by the index', async () => {
		bc.company.seed(
			'customers',
			Array.from({ length: 20_000 }, (_, index) => ({ number: `S${index}`, displayName: `Customer ${index}` })),
		);
		const filter = Array.from({ length: 200 }, (_, index) => `number eq 'S${index * 90}'`).join(' or ');
		const { body } = await bc.batch([{ method: 'GET', url: `customers?$filter=${filter}` }]);
		expect(body.responses[0].body.value).toHaveLength(200);
	});

	it('keeps the ordered index right through updates, deletions and late rows', async () => {
		bc.company.seed(
			'customers',
			Array.from({ length: 3000 }, (_, index) => ({ number: `S${index}`, displayName: `${index}` })),
		);
		bc.sandbox.clock.advance(1000);
		for (let index = 0; index < 3000; index += 2) bc.company.update('customers', `S${index}`, { city: 'Ulm' });
		for (let index = 0; index < 3000; index += 3) bc.company.remove('customers', `S${index}`);
		const all = await since('2026-01-01T00:00:00Z');
		expect(new Set(all).size).toBe(2000);
		expect(all).toHaveLength(2000);
		const changed = await since('2026-06-01T12:00:01.000Z');
		expect(changed).toHaveLength(1000);
		expect(all.slice(-1000)).toEqual(changed);
	});
});
