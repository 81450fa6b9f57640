import { compileFilter, FilterSyntaxError, parseFilter, type FilterValue } from '../../../sandbox/odata/filter';

type Row = { [name: string]: FilterValue | Row | Row[] };

const resolve = (row: Row, path: readonly string[]): FilterValue => {
	let value: FilterValue | Row | Row[] = row;
	for (const name of path) value = (value as Row | null)?.[name] ?? null;
	return value as FilterValue;
};

const holds = (filter: string, row: Row, ignoreCase = false, aliases?: Map<string, string>) =>
	compileFilter(parseFilter(filter, aliases), resolve, {
		ignoreCase,
		wildcards: ignoreCase,
		collection: (from, path) => (resolve(from, path) as unknown as Row[]) ?? [],
	})(row);

const id = '0A1B2C3D-0000-4000-8000-00000000ABCD';

describe('a filter', () => {
	const row: Row = {
		id: id.toLowerCase(),
		name: "O'Brien & Sons",
		amount: 12.5,
		count: -3,
		active: true,
		city: null,
		born: '2024-02-29',
		changed: '2024-05-01T10:00:00.250Z',
		parent: { name: 'Parent' },
		lines: [{ number: 1 }, { number: 5 }],
	};

	test.each<[string, boolean]>([
		["name eq 'O''Brien & Sons'", true],
		["name eq 'o''brien & sons'", false],
		['amount gt 12 and amount le 12.5', true],
		['count eq -3', true],
		['active', true],
		['not active', false],
		['active eq false', false],
		['city eq null', true],
		["city ne 'Rome'", true],
		["city gt 'A'", false],
		[`id eq ${id}`, true],
		[`id eq '${id.toLowerCase()}'`, true],
		[`id ne ${id}`, false],
		['born eq 2024-02-29', true],
		['born lt 2024-03-01', true],
		['changed ge 2024-05-01T10:00:00.25Z', true],
		['changed ge 2024-05-01T12:00:00.25+02:00', true],
		['changed gt 2024-05-01T10:00:00.250Z', false],
		['changed gt 2024-05-01', true],
		["parent/name eq 'Parent'", true],
		["contains(name,'Brien')", true],
		["startswith(tolower(name),'o''b')", true],
		["endswith(name,'x') or length(name) eq 14", true],
		["not contains(name,'Brien')", false],
		["not (name eq 'a' or name eq 'b')", true],
		["name in ('x','O''Brien & Sons')", true],
		['amount in (1,2)', false],
		['year(born) eq 2024 and month(born) eq 2', true],
		["substring(name,2,5) eq 'Brien'", true],
		['amount gt count', true],
		['lines/any(l:l/number eq 5)', true],
		['lines/all(l:l/number eq 5)', false],
		['lines/any()', true],
		["lines/any(l:l/number eq 5 and name eq 'x')", false],
		['active eq true and (amount lt 1 or (count lt 0 and city eq null))', true],
		["name eq 'a' or amount gt 1 and active eq false", false],
		["blocked eq Microsoft.NAV.blocked'All'", false],
	])('%s → %s', (filter, expected) => {
		expect(holds(filter, row)).toBe(expected);
	});

	test('can ignore case and read wildcards, as Dataverse does', () => {
		expect(holds("name eq 'o''BRIEN & sons'", row, true)).toBe(true);
		expect(holds("contains(name,'b_ien%s')", row, true)).toBe(true);
		expect(holds("startswith(name,'[a-n]')", row, true)).toBe(false);
		expect(holds("startswith(name,'[n-p]')", row, true)).toBe(true);
		expect(holds("name eq 'X' or name eq 'O''BRIEN & SONS'", row, true)).toBe(true);
	});

	test('takes parameter aliases', () => {
		expect(holds('amount gt @p1', row, false, new Map([['@p1', '3']]))).toBe(true);
		expect(() => holds('amount gt @p2', row)).toThrow(/@p2/);
	});

	test('keeps quoted enumeration values and their type', () => {
		expect(parseFilter("kind eq Microsoft.NAV.customerType'Person'")).toMatchObject({
			right: { literal: { type: 'enum', value: 'Person', enumType: 'Microsoft.NAV.customerType' } },
		});
	});

	test('reads the functions of Dataverse with lists in either quotes', () => {
		expect(parseFilter(`Microsoft.Dynamics.CRM.In(PropertyName='accountid',PropertyValues=["a","b""])`.replace('""', '"'))).toMatchObject({
			kind: 'serviceFunction',
			name: 'In',
			args: { PropertyName: { value: 'accountid' }, PropertyValues: [{ value: 'a' }, { value: 'b' }] },
		});
		const aliased = parseFilter('Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)', new Map([['@p1', "'name'"], ['@p2', "['x',5]"]])); // prettier-ignore
		expect(aliased).toMatchObject({ args: { PropertyName: { value: 'name' }, PropertyValues: [{ value: 'x' }, { value: 5 }] } });
	});

	test('a chain of many alternatives stays flat', () => {
		const chain = Array.from({ length: 2000 }, (_, n) => `id eq 00000000-0000-0000-0000-${String(n).padStart(12, '0')}`).join(' or ');
		const node = parseFilter(chain);
		expect(node).toMatchObject({ kind: 'or' });
		const test = compileFilter<Row>(node, resolve);
		expect(test({ id: '00000000-0000-0000-0000-000000001999' })).toBe(true);
		expect(test({ id: '00000000-0000-0000-0000-000000002000' })).toBe(false);
	});

	test.each<[string, number]>([
		['', 0],
		['name eq', 7],
		["name eq 'x", 8],
		["name == 'x'", 5],
		["name eq 'x' and", 15],
		["(name eq 'x'", 12],
		["name eq 'x')", 11],
		['5', 1],
		["name eq 'x' 'y'", 12],
	])('%s is refused with the position', (filter, position) => {
		let caught: unknown;
		try {
			parseFilter(filter);
		} catch (error) {
			caught = error;
		}
		expect(caught).toBeInstanceOf(FilterSyntaxError);
		expect((caught as FilterSyntaxError).position).toBe(position);
	});

	test('an unknown function is refused', () => {
		expect(() => holds("soundslike(name,'x')", row)).toThrow(/soundslike/);
	});
});
