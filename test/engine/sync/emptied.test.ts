import { fingerprint } from '../../../engine/mapping/normalize';
import type { FieldMapping } from '../../../engine/model/fieldMapping';
import type { FieldValue } from '../../../engine/model/record';
import type { Side } from '../../../engine/model/side';
import { empties } from '../../../engine/sync/decide/emptied';
import { field } from './parts';

const GUID = '0e4b5a3e-0000-4000-8000-000000000001';
const ZERO = '00000000-0000-0000-0000-000000000000';

interface Case {
	kind: FieldMapping['kind'];
	/** What the source holds, what is written, and what the target held. */
	values: readonly [source: FieldValue, value: FieldValue, before: FieldValue];
	target: Side;
	takes: boolean;
}
const cases: Case[] = [
	{ kind: 'text', values: ['', null, '+44 1'], target: 'crm', takes: true },
	{ kind: 'text', values: [null, '', '+44 1'], target: 'businessCentral', takes: true },
	{ kind: 'text', values: ['', null, '  '], target: 'crm', takes: false },
	{ kind: 'text', values: ['', null, null], target: 'crm', takes: false },
	{ kind: 'text', values: ['a', 'a', 'b'], target: 'crm', takes: false },
	{ kind: 'code', values: ['', null, 'N1'], target: 'crm', takes: true },
	{ kind: 'date', values: ['0001-01-01', null, '2026-01-01'], target: 'crm', takes: true },
	{ kind: 'date', values: [null, '0001-01-01', '2026-01-01'], target: 'businessCentral', takes: true },
	{ kind: 'date', values: [null, '0001-01-01', '0001-01-01'], target: 'businessCentral', takes: false },
	{ kind: 'lookup', values: ['', null, GUID], target: 'crm', takes: true },
	{ kind: 'lookup', values: [ZERO, '', 'EUR'], target: 'businessCentral', takes: true },
	{ kind: 'lookup', values: ['', null, ZERO], target: 'crm', takes: false },
	{ kind: 'choice', values: ['', null, 2], target: 'crm', takes: true },
	{ kind: 'choice', values: [null, '', 'CIF'], target: 'businessCentral', takes: true },
	{ kind: 'number', values: [0, 0, 5], target: 'crm', takes: false },
	{ kind: 'money', values: [0, 0, 5], target: 'crm', takes: false },
	{ kind: 'money', values: [0, 0, 5], target: 'businessCentral', takes: false },
	{ kind: 'number', values: [null, 0, 5], target: 'businessCentral', takes: true },
	{ kind: 'money', values: [null, 0, 5], target: 'businessCentral', takes: true },
	{ kind: 'money', values: [null, 0, 0], target: 'businessCentral', takes: false },
	{ kind: 'boolean', values: [false, false, true], target: 'crm', takes: false },
	{ kind: 'boolean', values: [null, false, true], target: 'businessCentral', takes: false },
];

describe.each(cases)('$kind $values to $target', ({ kind, values: [source, value, before], target, takes }) => {
	const mapped = field('f', { kind });

	test(`${takes ? 'takes a value away' : 'takes nothing away'}, known from the partner`, () => {
		expect(empties({ field: mapped, value, before }, target, source, undefined)).toBe(takes);
	});

	test('known from what both sides agreed on', () => {
		const mark = fingerprint(mapped, target, before);
		expect(empties({ field: mapped, value, before: undefined }, target, source, [mark, mark])).toBe(takes);
	});
});
