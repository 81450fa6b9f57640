import { Client, code } from './client';

describe('Pages published under ODataV4', () => {
	let bc: Client;
	let root: string;
	beforeEach(() => {
		bc = new Client();
		root = `${bc.odata}/Company(Id=${bc.company.id})`;
		for (const page of ['ResourceCard', 'ResourceList', 'PriceListLines', 'ItemUnitsOfMeasure']) bc.sandbox.businessCentral.publish(page);
		bc.company.seed('ResourceCard', [{ No: 'LINA', Name: 'Lina', Unit_Price: 50 }]);
		bc.company.seed('PriceListLines', [{ Price_List_Code: 'S1', Line_No: 10000, Description: 'Bicycle' }]);
		bc.sandbox.clock.advance(1000);
	});

	it('has rows with an etag, without id and stamp', async () => {
		const [row] = (await bc.get(`${root}/ResourceCard`)).body.value;
		expect(Object.keys(row)[0]).toBe('@odata.etag');
		expect(row).not.toHaveProperty('id');
		expect(row).not.toHaveProperty('lastModifiedDateTime');
	});

	it('takes a single key quoted, several by name, whole numbers bare, and quotes doubled', async () => {
		bc.company.seed('ItemUnitsOfMeasure', [{ Item_No: "O'C", Code: 'PCS' }]);
		expect((await bc.get(`${root}/ResourceCard('lina')`)).body.Name).toBe('Lina');
		expect((await bc.get(`${root}/PriceListLines(Price_List_Code='S1',Line_No=10000)`)).body.Description).toBe('Bicycle');
		expect((await bc.get(`${root}/ItemUnitsOfMeasure(Item_No='O''C',Code='PCS')`)).body.Code).toBe('PCS');
		expect((await bc.get(`${root}/PriceListLines(Price_List_Code='S1')`)).status).toBe(400);
		expect((await bc.get(`${root}/ResourceCard('NOBODY')`)).status).toBe(404);
	});

	it('refuses "or" over two properties, and filters by all combinations of two keys', async () => {
		const filter = (text: string) => `${root}/PriceListLines?$filter=${encodeURIComponent(text)}`;
		expect(code(await bc.get(filter("Price_List_Code eq 'S1' or Line_No eq 10000")))).toBe('501 BadRequest_MethodNotImplemented');
		const both = await bc.get(filter("(Price_List_Code eq 'S1' or Price_List_Code eq 'S2') and (Line_No eq 10000 or Line_No eq 20000)"));
		expect(both.body.value).toHaveLength(1);
	});

	it('guards changes by the etag, which every change moves', async () => {
		const etag = (await bc.get(`${root}/ResourceCard('LINA')`)).body['@odata.etag'];
		expect(code(await bc.patch(`${root}/ResourceCard('LINA')`, { Unit_Price: 55 }, null))).toBe('400 BadRequest_InvalidToken');
		const changed = await bc.patch(`${root}/ResourceCard('LINA')`, { Unit_Price: 55 }, etag);
		expect(changed.body).toMatchObject({ Unit_Price: 55, No: 'LINA' });
		expect(changed.body['@odata.etag']).not.toBe(etag);
		expect(code(await bc.patch(`${root}/ResourceCard('LINA')`, { Unit_Price: 60 }, etag))).toBe('409 Request_EntityChanged');
	});

	it('creates in a $batch of its own root, answers the address by key, and refuses a key that is taken', async () => {
		const part = (id: string, No: string) => ({
			id,
			method: 'POST',
			url: `Company(Id=${bc.company.id})/ResourceCard`,
			headers: { 'Content-Type': 'application/json' },
			body: { No, Name: 'New' },
		});
		const { body } = await bc.post(
			`${bc.odata}/$batch`,
			{ requests: [part('1', 'mary'), part('2', 'LINA')] },
			{ 'content-type': 'application/json' },
		);
		expect(body.responses.map(({ status }: { status: number }) => status)).toEqual([201, expect.any(Number) as number]);
		expect(body.responses[0].body.No).toBe('MARY');
		expect(body.responses[0].headers.location).toMatch(/ResourceCard\('MARY'\)$/);
		expect(body.responses[1].body.error.code).toBe('Internal_EntityWithSameKeyExists');
	});

	it('does not let a list be written, nor a property that shows the system', async () => {
		expect((await bc.post(`${root}/ResourceList`, { No: 'X' })).status).toBe(405);
		expect((await bc.patch(`${root}/ResourceList('LINA')`, { Name: 'X' }, '*')).status).toBe(405);
		expect(code(await bc.patch(`${root}/ResourceCard('LINA')`, { Last_Date_Modified: '2026-01-01' }, '*'))).toBe(
			'400 BadRequest_InvalidOperation',
		);
	});

	it('carries the name an administrator chose, and may change its shape', async () => {
		bc.sandbox.businessCentral.publish('ResourceCard', 'MyResources');
		expect((await bc.get(`${root}/MyResources('LINA')`)).body.Name).toBe('Lina');
		bc.sandbox.businessCentral.reshape('MyResources', { without: ['Job_Title'], renamed: { Name: 'Full_Name' } });
		expect((await bc.get(`${root}/MyResources('LINA')`)).body).toMatchObject({ Full_Name: 'Lina' });
		expect((await bc.get(`${root}/MyResources?$select=Job_Title`)).status).toBe(400);
		const { text } = await bc.get(`${bc.odata}/$metadata`);
		expect(text).toContain('<EntitySet Name="MyResources"');
		expect(text.split('<EntityType Name="MyResources"')[1]!.split('</EntityType>')[0]).not.toContain('Job_Title');
		expect((await bc.get(`${root}/ResourceCard('LINA')`)).body.Name).toBe('Lina');
	});

	it('is reached on a multitenant server only with the tenant', async () => {
		bc.sandbox.businessCentral.tenant = 'contoso';
		expect(code(await bc.get(`${root}/ResourceCard`))).toBe('404 Internal_TenantNotFound');
		expect((await bc.get(`${root}/ResourceCard?tenant=contoso`)).status).toBe(200);
	});
});
