import fc from 'fast-check';
import { allOf, anyOf, keySegment, literal, queryString, type Dialect, type LiteralType } from '../../../../engine/systems/odata/literals';

const GUID = '5A1D0C1E-0001-4000-8000-00000000000A';

test.each<[string | number | boolean | null, LiteralType, Dialect, string]>([
	["O'Brien", 'text', 'businessCentral', "'O''Brien'"],
	["' or 1 eq 1 or name eq '", 'text', 'crm', "''' or 1 eq 1 or name eq '''"],
	['', 'text', 'businessCentral', "''"],
	[null, 'text', 'businessCentral', "''"],
	[null, 'text', 'crm', 'null'],
	[GUID, 'guid', 'crm', GUID.toLowerCase()],
	[`{${GUID}}`, 'guid', 'businessCentral', GUID.toLowerCase()],
	[null, 'guid', 'businessCentral', '00000000-0000-0000-0000-000000000000'],
	[1e21, 'number', 'crm', '1000000000000000000000'],
	[0.1, 'number', 'businessCentral', '0.1'],
	['12.50', 'number', 'businessCentral', '12.50'],
	['Non_x002D_Inventory', 'enum', 'businessCentral', "'Non_x002D_Inventory'"],
	[null, 'enum', 'businessCentral', "'_x0020_'"],
	[3, 'enum', 'crm', '3'],
	[true, 'boolean', 'crm', 'true'],
	['2026-01-31', 'date', 'businessCentral', '2026-01-31'],
	['2026-01-31T10:00:00.123Z', 'date', 'crm', '2026-01-31T10:00:00.123Z'],
	[null, 'date', 'businessCentral', '0001-01-01'],
])('%p as %s in %s is written %s', (value, type, dialect, expected) => {
	expect(literal(value, type, dialect)).toBe(expected);
});

test.each<[string, LiteralType]>([
	['1 or 1 eq 1', 'number'],
	['00000000-0000-0000-0000-000000000000 or true', 'guid'],
	['2026-01-31 or true', 'date'],
	['true or true', 'boolean'],
	['NaN', 'number'],
])('a value that is more than a %s is refused, not written', (value, type) => {
	expect(() => literal(value, type, 'crm')).toThrow(expect.objectContaining({ code: 'INVALID_LITERAL', errorClass: 'setup' }));
});

test('no text can leave its literal, and no option can leave the query', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			const written = literal(text, 'text', 'crm');
			expect(written.slice(1, -1).replaceAll("''", '')).not.toContain("'");
			expect(written.slice(1, -1).replaceAll("''", "'")).toBe(text);
		}),
	);
	const query = queryString({ $filter: "name eq 'a&$top=1#?'", $select: null, $orderby: '' });
	expect(query).toBe("?$filter=name%20eq%20'a%26%24top%3D1%23%3F'");
});

test('keys that are texts are quoted and encoded, GUIDs are bare', () => {
	expect(keySegment("A/B'C")).toBe("('A%2FB''C')");
	expect(keySegment(GUID)).toBe(`(${GUID})`);
});

test('many keys are cut into filters that respect both limits, each key asked for once', () => {
	const values = Array.from({ length: 250 }, (_, index) => `C${index}`);
	const byCount = anyOf('number', [...values, ...values], 'text', 'businessCentral', { conditions: 100, characters: 100_000 });
	expect(byCount.map((filter) => filter.split(' or ').length)).toEqual([100, 100, 50]);
	const byLength = anyOf('number', values, 'text', 'businessCentral', { conditions: 1000, characters: 500 });
	for (const filter of byLength) expect(encodeURIComponent(filter).length).toBeLessThanOrEqual(500);
	expect(byLength.flatMap((filter) => filter.split(' or '))).toHaveLength(250);
});

test('conditions are joined so that an or inside one cannot swallow the other', () => {
	expect(allOf('a eq 1 or a eq 2', null, 'b eq 3')).toBe('(a eq 1 or a eq 2) and (b eq 3)');
	expect(allOf(null, undefined)).toBeNull();
	expect(allOf('a eq 1')).toBe('a eq 1');
});
