import { maySelect } from '../../../engine/model/filterText';
import { sideFilter } from '../../../engine/mapping/filter';
import { customer } from '../../../engine/defaults/customer';
import { contact } from '../../../engine/defaults/contact';
import type { FieldValue } from '../../../engine/model/record';

const COMPANY = '0b7c0a10-0000-4000-8000-000000000001';
const of = (values: Record<string, FieldValue>) => (field: string) => values[field];

test.each<[string, Record<string, FieldValue>, boolean]>([
	["name eq 'O''Brien'", { name: "o'brien" }, true],
	['name ne null', { name: null }, false],
	['_parentcustomerid_value eq ' + COMPANY, { parentcustomerid: COMPANY }, true],
	['_parentcustomerid_value eq ' + COMPANY, { parentcustomerid: null }, false],
	["blocked eq '_x0020_'", { blocked: null }, true],
	['(statecode eq 0 or statecode eq 1) and type eq 3', { statecode: 1, type: 3 }, true],
	['(statecode eq 0 or statecode eq 1) and type eq 3', { statecode: 2, type: 3 }, false],
	['statecode eq 0 and type eq 3', { type: 4 }, false],
	["not contains(name,'ab')", { name: 'Cab' }, false],
	["startswith(code,'SP NO. ')", { code: 'SP NO. 00001' }, true],
	["tolower(city) eq 'london'", { city: 'London' }, true],
	['price gt 10 and price le 20', { price: 20 }, true],
	['price gt 10', { price: 9 }, false],
])('%s of %j is %s', (filter, values, selected) => {
	expect(maySelect(filter, of(values))).toBe(selected);
});

test('what is not known, or cannot be read, leaves the record in', () => {
	expect(maySelect('statecode eq 0', of({}))).toBe(true);
	expect(maySelect('statecode eq 0 or type eq 3', of({ type: 4 }))).toBe(true);
	expect(maySelect("Microsoft.Dynamics.CRM.LastXDays(PropertyName='modifiedon',PropertyValue=7)", of({ modifiedon: null }))).toBe(true);
	expect(maySelect('lines/any(l:l/amount gt 5)', of({}))).toBe(true);
	expect(maySelect(null, of({}))).toBe(true);
});

test('the filters of default mappings select what their runs create, and leave out what would be moved away', () => {
	const account = { customertypecode: 3, bcbi_companyid: COMPANY, name: 'A' };
	const accounts = sideFilter(customer.mapping.crmFilter, 'crm', COMPANY, customer.mapping.crm).odata;
	expect(maySelect(accounts, of(account))).toBe(true);
	expect(maySelect(accounts, of({ ...account, customertypecode: 11 }))).toBe(false);
	const contacts = sideFilter(contact.mapping.bcFilter, 'businessCentral', COMPANY, contact.mapping.bc).odata;
	expect(maySelect(contacts, of({ type: 'Person', companyNumber: 'CT1' }))).toBe(true);
	expect(maySelect(contacts, of({ type: 'Person', companyNumber: '' }))).toBe(false);
});
