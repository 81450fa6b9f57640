import { asCode } from '../../../engine/systems/businessCentral/codes';
import { meet } from '../../../engine/mapping/validation/columnTypes';
import type { ColumnShape } from '../../../engine/model/shape';

const column = (type: ColumnShape['type'], more: Partial<ColumnShape> = {}): ColumnShape => ({
	name: 'x',
	label: 'X',
	type,
	maxLength: null,
	writable: true,
	creatable: true,
	...more,
});

test.each([
	['number', 20, 'code'],
	['postalCode', 20, 'code'],
	['workflowCustomers/salespersonCode', 20, 'code'],
	['Vendor_No', 20, 'code'],
	['customerNumber', 20, 'code'],
	['externalDocumentNumber', 35, 'code'],
	['country', 10, 'country'],
	['sellToCountry', 10, 'country'],
	['Country_Region_Code', 10, 'country'],
	['countryRegionCode', 10, 'country'],
	['phoneNumber', 30, 'text'],
	['ContactCard/Fax_No', 30, 'text'],
	['taxRegistrationNumber', 20, 'text'],
	['displayName', 100, 'text'],
	['casino', 20, 'text'],
	['country', 100, 'text'],
] as const)('%s of %d characters is a %s', (name, maxLength, kind) => {
	const { code, country } = asCode(column('text', { name, maxLength }), 'number');
	expect(country ? 'country' : code ? 'code' : 'text').toBe(kind);
});

const both = ['toCrm', 'fromCrm'] as const;
test.each([
	[column('duration'), column('text'), 'text'],
	[column('text'), column('multiChoice'), 'text'],
	[column('guid'), column('text'), 'guid'],
	[column('text', { code: true }), column('text'), 'code'],
	[column('dateTime'), column('dateTime'), 'dateTime'],
	[column('dateTime'), column('dateTime', { daysOnly: true }), 'date'],
	[column('date'), column('dateTime'), 'date'],
	[column('date'), column('date'), 'date'],
] as const)('%j and %j meet as %s', (bc, crm, kind) => expect(meet(bc, crm, both, {})).toMatchObject({ kind }));

test.each([
	[column('duration'), column('integer')],
	[column('date'), column('boolean')],
	[column('multiChoice'), column('money')],
])('%j and %j do not meet, and it is said why', (bc, crm) => {
	expect(meet(bc, crm, both, {})).toEqual({ refused: expect.stringMatching(/ holds .* of CRM .*: \S/) as string });
});

test('an id that a rule makes text of is text', () => {
	expect(meet(column('guid'), column('text'), ['toCrm'], { toCrm: 'text' })).toEqual({ kind: 'text' });
});
