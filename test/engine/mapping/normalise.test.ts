import { upperCase } from '../../../engine/model/upperCase';
import { canonical, fingerprint, fit, sameValue } from '../../../engine/mapping/normalize';
import type { FieldKind, FieldMapping } from '../../../engine/model/fieldMapping';

const field = (kind: FieldKind, more: Partial<FieldMapping> = {}): FieldMapping => ({
	key: 'f',
	caption: 'F',
	bcField: 'f',
	crmField: 'f',
	direction: 'bidirectional',
	kind,
	enabled: true,
	...more,
});

describe('one spelling for what means the same', () => {
	test.each([
		['text', 'businessCentral', '', 'crm', null],
		['text', 'businessCentral', 'two\r\nlines ', 'crm', 'two\nlines'],
		['code', 'businessCentral', ' de ', 'crm', 'DE'],
		['money', 'businessCentral', 1234.5, 'crm', 1234.5000001],
		['money', 'businessCentral', -0.001, 'crm', 0],
		['money', 'businessCentral', 1.005, 'crm', 1.01],
		['money', 'businessCentral', 8.345, 'crm', 8.35],
		['money', 'businessCentral', 0.615, 'crm', 0.62],
		['money', 'businessCentral', 10.235, 'crm', 10.24],
		['money', 'businessCentral', -1.005, 'crm', -1.01],
		['money', 'businessCentral', 1e-7, 'crm', 0],
		['code', 'businessCentral', 'schloß', 'crm', 'SCHLOß'],
		['lookup', 'businessCentral', 'straße 5', 'businessCentral', ' STRAßE 5'],
		['date', 'businessCentral', '0001-01-01', 'crm', null],
		['date', 'businessCentral', '0001-01-01T00:00:00Z', 'crm', null],
		['boolean', 'businessCentral', false, 'crm', null],
		['lookup', 'crm', '00000000-0000-0000-0000-000000000000', 'crm', null],
		['lookup', 'crm', 'ABCDEF00-0000-0000-0000-000000000001', 'crm', 'abcdef00-0000-0000-0000-000000000001'],
	] as const)('%s: %s %p equals %s %p', (kind, leftSide, left, rightSide, right) => {
		expect(canonical(field(kind), leftSide, left)).toBe(canonical(field(kind), rightSide, right));
	});
	test('text keeps its letter case, codes do not', () => {
		expect(canonical(field('text'), 'crm', 'aB')).not.toBe(canonical(field('text'), 'crm', 'Ab'));
		expect(canonical(field('code'), 'crm', 'aB')).toBe(canonical(field('code'), 'crm', 'Ab'));
	});
	test('fingerprints are 72 bits and differ for different values', () => {
		expect(fingerprint(field('text'), 'crm', 'a')).toHaveLength(12);
		expect(fingerprint(field('text'), 'crm', 'a')).not.toBe(fingerprint(field('text'), 'crm', 'b'));
	});
});

describe('what the target can hold', () => {
	test('long text is cut, never inside a surrogate pair, and then counts as the same value', () => {
		const name = field('text', { bcLength: 5, crmLength: 160 });
		expect(fit(name, 'businessCentral', 'abcdefgh')).toBe('abcde');
		expect(fit(name, 'businessCentral', 'abcd😀x')).toBe('abcd');
		expect(sameValue(name, 'businessCentral', 'abcdefgh', 'abcde')).toBe(true);
	});
	test('blank text is null in Dataverse and empty in Business Central', () => {
		expect(fit(field('text'), 'crm', '')).toBeNull();
		expect(fit(field('text'), 'businessCentral', null)).toBe('');
	});
	test('a blank date is written out for Business Central', () => {
		expect(fit(field('date'), 'businessCentral', null)).toBe('0001-01-01');
		expect(fit(field('date'), 'crm', '0001-01-01')).toBeNull();
	});
	test('money is rounded to two digits unless the field says otherwise', () => {
		expect(fit(field('money'), 'crm', 10.005)).toBe(10.01);
		expect(fit(field('number', { decimals: 4 }), 'crm', 1.23456)).toBe(1.2346);
	});
});

describe('codes in capitals as the server has them', () => {
	test.each([
		['schloß', 'SCHLOß'],
		['ŉamib', 'ŉAMIB'],
		['ırmak', 'ıRMAK'],
		['ſun', 'ſUN'],
		['éclair', 'ÉCLAIR'],
		['ﬁn', 'ﬁN'],
		['𐐨', '𐐀'],
		['plain 12', 'PLAIN 12'],
	])('%s is %s', (text, capitals) => {
		expect(upperCase(text)).toBe(capitals);
	});

	test('two codes that differ there are never one here', () => {
		expect(canonical(field('code'), 'businessCentral', 'SCHLOß')).not.toBe(canonical(field('code'), 'businessCentral', 'SCHLOSS'));
	});
});
