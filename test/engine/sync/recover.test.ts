import { fingerprint } from '../../../engine/mapping/normalize';
import type { TableMapping } from '../../../engine/model/tableMapping';
import { InsertsInDoubt } from '../../../engine/sync/contract/insertsInDoubt';
import { couplingFromIntent, isOwn, sentValue } from '../../../engine/sync/recover/couplingFromIntent';
import { isWaiting, mayStillArrive } from '../../../engine/sync/recover/inDoubt';
import { context, field, intent, mapping, NAME, PHONE, record } from './parts';

const NOW = Date.parse('2026-01-02T00:00:00Z');
const at = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();
const nobody = (): InsertsInDoubt => new InsertsInDoubt({ open: [], blocked: new Map() }, []);

describe('an insert whose answer was lost', () => {
	it('may still arrive in Business Central for fifteen minutes, in CRM it has an id of ours', () => {
		expect(mayStillArrive(context('fromCrm').context, intent('a', { createdAt: at(14) }))).toBe(true);
		expect(mayStillArrive(context('fromCrm').context, intent('a', { createdAt: at(16) }))).toBe(false);
		expect(mayStillArrive(context('toCrm').context, intent('a', { createdAt: at(1) }))).toBe(false);
	});

	it('keeps a record waiting that may be what the other direction still creates', () => {
		const { context: toCrm } = context('toCrm', { mapping: mapping() });
		const opposite = [intent('row', { direction: 'fromCrm', values: { name: 'Adatum' } })];
		const doubts = new InsertsInDoubt({ open: [], blocked: new Map() }, opposite);
		expect(isWaiting(toCrm, doubts, record('bc', { name: 'Adatum' }))).toBe(true);
		expect(isWaiting(toCrm, doubts, record('bc', { name: 'Somebody' }))).toBe(false);
		expect(isWaiting(toCrm, nobody(), record('bc', { name: 'Adatum' }))).toBe(false);
	});

	it('has what was sent as its baseline, so that a later edit is seen as one', () => {
		const { context: toCrm } = context('toCrm', { templateOf: () => null, references: { translations: new Map() } });
		const source = record('bc', { name: 'Adatum', phone: '2' });
		const target = record('crm', { name: 'Adatum', phone: '1' });
		const { baseline } = couplingFromIntent(toCrm, intent('bc', { values: { name: 'Adatum', phone: '1' } }), source, target);
		expect(baseline?.['name']).toEqual([fingerprint(NAME, 'businessCentral', 'Adatum'), fingerprint(NAME, 'crm', 'Adatum')]);
		expect(baseline?.['phone']?.[0]).not.toBe(fingerprint(PHONE, 'businessCentral', '2'));
		expect(baseline?.['phone']?.[1]).toBe(fingerprint(PHONE, 'crm', '1'));
	});

	it('of several tries, the one whose value is there counts', () => {
		const tries = intent('bc', { values: { phone: '3' }, sentBefore: [{ phone: '2' }, { phone: '1' }] });
		expect(sentValue(PHONE, tries, 'phone', record('crm', { phone: '1' }), 'crm')).toBe('1');
		expect(sentValue(PHONE, tries, 'phone', record('crm', { phone: '9' }), 'crm')).toBe('3');
	});
});

test('the number of a choice may have gone to another label meanwhile; other ids are ours', () => {
	const label = field('label');
	const choice = {
		mapping: mapping({ fields: [label] }) as TableMapping,
		target: { table: { name: 'account', choice: { column: 'x' } } },
	} as never;
	expect(isOwn(choice, intent('a', { values: { label: 'Net 30' } }), record('7', { label: 'Net 30' }))).toBe(true);
	expect(isOwn(choice, intent('a', { values: { label: 'Net 30' } }), record('7', { label: 'Net 60' }))).toBe(false);
	expect(isOwn(context('toCrm').context, intent('a', { values: { name: 'A' } }), record('7', { name: 'B' }))).toBe(true);
});
