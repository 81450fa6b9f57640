import { derivedId } from '../../../engine/model/derivedId';
import type { SyncSession } from '../../../engine/ports/session';
import { byText, LookAlikes } from '../../../engine/sync/evidence/evidence';
import { recordsOfRows, rowsOf } from '../../../engine/sync/evidence/originScan';
import { comparable, keyTraces, valueTraces } from '../../../engine/sync/evidence/partnerTraces';
import { context, field, mapping, record } from './parts';

const NUMBER = field('No', { bcField: 'number', crmField: 'accountnumber', kind: 'code' });
const DISPLAY = field('Name', { bcField: 'displayName', crmField: 'name' });
const customers = mapping({
	name: 'OWN',
	own: true,
	fields: [
		{ ...NUMBER, match: {} as never },
		{ ...DISPLAY, match: {} as never },
	],
});
const item = (values: Record<string, string>, number = '') => ({
	...{ source: record('bc', values, { number }), coupling: null, partner: 'unread' as const, failure: undefined },
});

test('keys and values that tell a partner come from the mapping', () => {
	expect(keyTraces(customers).map(({ bcField, travels }) => [bcField, travels])).toEqual([['number', true]]);
	expect(valueTraces(customers).map(({ crmField }) => crmField)).toEqual(['accountnumber', 'name']);
});

test('values are compared without regard to case, and as the shorter side holds them', () => {
	const trace = valueTraces(mapping({ ...customers, fields: [{ ...DISPLAY, match: {} as never, bcLength: 5 }] }))[0]!;
	expect(comparable(customers, trace, 'businessCentral', record('bc', { displayName: 'ADATU' }))).toBe('adatu');
	expect(comparable(customers, trace, 'crm', record('crm', { name: 'Adatum Corp.' }))).toBe('adatu');
});

describe('look-alikes', () => {
	const { context: toCrm } = context('toCrm', { mapping: customers });
	const traces = valueTraces(customers);
	const hits = (...rows: ReturnType<typeof record>[]) => new LookAlikes(toCrm, { couplings: new Map(), parted: new Map() }, traces, rows);
	const row = (id: string, name: string, number = '') => record(id, { name, accountnumber: number }, { number });

	it('one that agrees in all it holds is the partner', () => {
		expect(hits(row('crm', 'Adatum')).of(item({ displayName: 'adatum' }, '10'))).toMatchObject({ partner: { id: 'crm' }, certain: false });
	});

	it('one that contradicts, or two, are a question for a person', () => {
		expect(hits(row('crm', 'Adatum', '20')).of(item({ displayName: 'Adatum' }, '10'))).toMatchObject({
			error: { code: 'PARTNER_UNCLEAR' },
		});
		expect(hits(row('a', 'Adatum'), row('b', 'Adatum')).of(item({ displayName: 'Adatum' }))).toMatchObject({
			error: { code: 'PARTNER_UNCLEAR' },
		});
	});

	it('none that agrees is nothing', () => {
		expect(hits(row('crm', 'Fabrikam')).of(item({ displayName: 'Adatum' }))).toBeNull();
	});
});

test('records are found by a trace as it is asked for, trimmed and in any case', () => {
	const found = byText(customers, valueTraces(customers)[1]!, 'crm', [record('a', { name: ' Adatum ' }), record('b', { name: 'ADATUM' })]);
	expect(found.get('adatum')?.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('the record that a row was made for is found by going through the ids', async () => {
	const pages = [[record('one')], [record('two')]];
	const session = { companyId: 'company', businessCentral: { readChanges: () => pages } } as unknown as SyncSession;
	const row = derivedId({ companyId: 'company', mapping: 'OWN', bcId: 'two', generation: 1 });
	expect(rowsOf(session, customers, 'two')).toContain(row);
	expect([...(await recordsOfRows(session, customers, [row], () => Promise.resolve()))]).toEqual([[row, 'two']]);
});
