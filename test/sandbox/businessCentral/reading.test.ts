import { Client, code, type Json } from './client';

const names = ({ body }: { body: Json }): string[] => body.value.map(({ displayName }: Json) => displayName);

describe('Reading', () => {
	let bc: Client;
	beforeEach(() => {
		bc = new Client();
		bc.company.seed('currencies', [{ code: 'EUR', displayName: 'Euro' }]);
		bc.company.seed('customers', [
			{ number: 'B', displayName: "O'Neil", city: 'Ulm', currencyCode: 'EUR', creditLimit: 500, email: 'a@b.example' },
			{ number: 'A', displayName: 'Adatum', city: 'Bonn', creditLimit: 100 },
			{ number: 'C', displayName: 'Zoo', city: 'bonn', blocked: 'All' },
		]);
	});

	it('starts each entity with its etag and answers in the order of the primary key', async () => {
		const { body } = await bc.get('customers');
		expect(body.value.map(({ number }: Json) => number)).toEqual(['A', 'B', 'C']);
		expect(Object.keys(body.value[0])[0]).toBe('@odata.etag');
		expect(body['@odata.context']).toContain('$metadata#companies');
	});

	it('selects without regard to case', async () => {
		const { body } = await bc.get('customers?$select=NUMBER,displayname');
		expect(Object.keys(body.value[0])).toEqual(['@odata.etag', 'number', 'displayName']);
	});

	it('refuses an unknown property in $select', async () => {
		expect((await bc.get('customers?$select=nope')).status).toBe(400);
	});

	it('orders descending and caps with $top and $skip', async () => {
		expect(names(await bc.get('customers?$orderby=creditLimit desc&$top=2'))).toEqual(["O'Neil", 'Adatum']);
		expect(names(await bc.get('customers?$skip=1&$top=1'))).toEqual(["O'Neil"]);
	});

	it('refuses to order by a page variable', async () => {
		const reply = await bc.get('customers?$orderby=currencyCode');
		expect(code(reply)).toBe('400 BadRequest');
		expect(reply.body.error.message).toContain('cannot be used for $orderby because it is not bound directly to a table field');
	});

	it('counts with $count=true and /$count', async () => {
		expect((await bc.get('customers?$count=true&$top=1')).body['@odata.count']).toBe(3);
		expect((await bc.get('customers/$count')).text).toBe('3');
		expect((await bc.get("customers/$count?$filter=number eq 'A'")).text).toBe('1');
	});

	it.each([
		["displayName eq 'O''Neil'", ["O'Neil"]],
		["startswith(displayName,'A')", ['Adatum']],
		["endswith(displayName,'o')", ['Zoo']],
		["contains(displayName,'dat')", ['Adatum']],
		["creditLimit gt 100 and city eq 'Ulm'", ["O'Neil"]],
		["city eq 'Bonn'", ['Adatum']],
		["tolower(city) eq 'BONN'", ['Adatum', 'Zoo']],
		["number eq 'a'", ['Adatum']],
		["number eq 'A' or number eq 'b'", ['Adatum', "O'Neil"]],
		["blocked eq '_x0020_'", ['Adatum', "O'Neil"]],
		["blocked eq 'All'", ['Zoo']],
		['email eq null', ['Adatum', 'Zoo']],
		['taxLiable eq false', ['Adatum', "O'Neil", 'Zoo']],
	])('filters by %s', async (filter, expected) => {
		expect(names(await bc.filter('customers', filter))).toEqual(expected);
	});

	it("refuses 'or' between different properties with 501", async () => {
		const reply = await bc.filter('customers', "number eq 'A' or displayName eq 'Zoo'");
		expect(code(reply)).toBe('501 BadRequest_MethodNotImplemented');
		expect(reply.body.error.message).toContain("The 'OR' operator is not supported on distinct fields on an OData filter.");
	});

	it('refuses a composite cursor with 501', async () => {
		const stamp = '2026-01-01T00:00:00Z';
		const filter = `(lastModifiedDateTime gt ${stamp}) or (lastModifiedDateTime eq ${stamp} and number gt 'A')`;
		expect((await bc.filter('customers', filter)).status).toBe(501);
	});

	it("refuses 'in' with 501 and takes it with schema version 2.1", async () => {
		expect(code(await bc.filter('customers', "number in ('A','C')"))).toBe('501 BadRequest_MethodNotImplemented');
		expect(names(await bc.filter('customers', "number in ('A','C')", '&$schemaversion=2.1'))).toEqual(['Adatum', 'Zoo']);
	});

	it('ignores a filter with any or all: every row comes back', async () => {
		expect(names(await bc.filter('customers', "contactsInformation/any(c: c/contactNumber eq 'X')"))).toHaveLength(3);
	});

	it.each([
		'nope eq 1',
		"creditLimit eq 'x'",
		"id eq 'A'",
		'number eq 5',
		"blocked eq 'Nonsense'",
		"currencyCode eq 'EUR'",
		'number eq',
		"lastModifiedDateTime ge '2026-01-01'",
	])('answers 400 to the filter %s', async (filter) => {
		expect((await bc.filter('customers', filter)).status).toBe(400);
	});

	it.each(['true', 'not (city eq null)', 'length(city) eq 3'])('answers 501 to the filter %s', async (filter) => {
		expect((await bc.filter('customers', filter)).status).toBe(501);
	});

	it('answers Application_FilterErrorException to a value longer than the field', async () => {
		expect(code(await bc.filter('customers', `number eq '${'9'.repeat(21)}'`))).toBe('400 Application_FilterErrorException');
	});

	it('refuses $search and $apply', async () => {
		expect((await bc.get('customers?$search=x')).status).toBe(501);
		expect((await bc.get('customers?$apply=aggregate($count as n)')).status).toBe(501);
	});

	it('reads a blank currency as the LCY code with the zero GUID, and filters by currencyId', async () => {
		const { body } = await bc.get('customers');
		expect(body.value[0]).toMatchObject({ currencyCode: 'GBP', currencyId: '00000000-0000-0000-0000-000000000000' });
		const id = body.value[1].currencyId;
		expect(names(await bc.filter('customers', `currencyId eq ${id}`))).toEqual(["O'Neil"]);
	});

	it('shows blanks as empty text, 0001-01-01 and zero, never null', async () => {
		bc.company.seed('opportunities', [{ number: 'OP1' }]);
		const [row] = (await bc.get('opportunities')).body.value;
		expect(row).toMatchObject({ description: '', dateClosed: '0001-01-01', estimatedValue: 0, closed: false, status: 'Not_x0020_Started' });
		expect(Object.values(row)).not.toContain(null);
	});

	it('expands on several levels with nested options', async () => {
		const customer = bc.company.insert('customers', { displayName: 'Party', currencyCode: 'EUR' });
		bc.company.insert('salesOrders', { customerNumber: customer.number });
		const url = 'salesOrders?$select=number&$expand=customer($select=displayName;$expand=currency($select=code)),salesOrderLines';
		const [order] = (await bc.get(url)).body.value;
		expect(order.customer).toMatchObject({ displayName: 'Party', currency: { code: 'EUR' } });
		expect(order.salesOrderLines).toEqual([]);
	});

	it('answers 404 for an unknown id and 400 for a key that is no GUID', async () => {
		expect((await bc.get('customers(00000000-0000-4000-8000-00000000dead)')).status).toBe(404);
		expect((await bc.get("customers('A')")).status).toBe(400);
	});

	describe('paging', () => {
		beforeEach(() => {
			const rows = Array.from({ length: 12 }, (_, index) => ({ number: `P${String(index).padStart(2, '0')}`, displayName: `P${index}` }));
			bc.company.seed('vendors', rows);
		});

		const readAll = async (first: string, headers: Record<string, string>): Promise<{ sizes: number[]; numbers: string[] }> => {
			const sizes: number[] = [];
			const numbers: string[] = [];
			for (let url: string | undefined = first; url;) {
				const { body } = await bc.get(url, headers);
				sizes.push(body.value.length);
				numbers.push(...body.value.map(({ number }: Json) => number));
				url = body['@odata.nextLink'];
			}
			return { sizes, numbers };
		};

		it('pages by maxpagesize with an absolute, opaque nextLink', async () => {
			const { body } = await bc.get('vendors', { prefer: 'odata.maxpagesize=5' });
			expect(body['@odata.nextLink']).toMatch(/^http:\/\/bc\.sandbox\/.*\$skiptoken=/);
			const { sizes, numbers } = await readAll('vendors', { prefer: 'odata.maxpagesize=5' });
			expect(sizes).toEqual([5, 5, 2]);
			expect(new Set(numbers).size).toBe(12);
		});

		it('forgets maxpagesize on a nextLink that does not send it again', async () => {
			const { body } = await bc.get('vendors', { prefer: 'odata.maxpagesize=5' });
			expect((await bc.get(body['@odata.nextLink'])).body.value).toHaveLength(7);
		});

		it('pages by the limit of the server when nothing is asked', async () => {
			bc.sandbox.businessCentral.pageSize = 10;
			expect((await readAll('vendors', {})).sizes).toEqual([10, 2]);
		});

		it('treats $top as a cap over all pages', async () => {
			expect((await readAll('vendors?$top=7', { prefer: 'odata.maxpagesize=5' })).sizes).toEqual([5, 2]);
		});

		it('pages in any order without losing or repeating rows', async () => {
			const { numbers } = await readAll('vendors?$orderby=lastModifiedDateTime,displayName desc', { prefer: 'odata.maxpagesize=5' });
			expect(new Set(numbers).size).toBe(12);
			const byStamp = await readAll('vendors?$filter=lastModifiedDateTime ge 2026-01-01T00:00:00Z&$orderby=lastModifiedDateTime', {
				prefer: 'odata.maxpagesize=5',
			});
			expect(byStamp.numbers).toHaveLength(12);
		});

		it('answers 413 when more than 20,000 are asked in one page', async () => {
			expect((await bc.get('vendors', { prefer: 'odata.maxpagesize=20001' })).status).toBe(413);
		});
	});
});
