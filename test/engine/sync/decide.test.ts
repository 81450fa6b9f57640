import fc from 'fast-check';
import { fingerprint } from '../../../engine/mapping/normalize';
import { decide } from '../../../engine/sync/decide/decide';
import { advanceBaseline } from '../../../engine/sync/record/advanceBaseline';
import type { SystemRecord } from '../../../engine/model/record';
import type { FieldMapping } from '../../../engine/model/fieldMapping';
import type { Baseline, Coupling } from '../../../engine/model/coupling';
import type { DecisionInput, DecisionOptions } from '../../../engine/sync/decide/decision';

const field = (key: string, direction: FieldMapping['direction'] = 'bidirectional'): FieldMapping => ({
	key,
	caption: key.toUpperCase(),
	bcField: key,
	crmField: key,
	direction,
	kind: 'text',
	enabled: true,
});
const NAME = field('name');
const PHONE = field('phone');
const LIMIT = field('limit', 'toCrm');
const FIELDS = [NAME, PHONE, LIMIT];
type Values = Record<string, string>;
const AGREED: Values = { name: 'Adatum', phone: '1', limit: '100' };

const record = (id: string, values: Values, version: string, stamp = '2026-01-01T00:00:00Z'): SystemRecord => ({
	id,
	modifiedAt: stamp,
	version,
	number: '',
	name: values['name'] ?? '',
	values,
});
const baseline = (values: Values): Baseline =>
	Object.fromEntries(
		FIELDS.map((each) => [each.key, [fingerprint(each, 'businessCentral', values[each.key]), fingerprint(each, 'crm', values[each.key])]]),
	);
const coupling = (more: Partial<Coupling> = {}): Coupling => ({
	mapping: 'CUSTOMER',
	bcId: 'bc',
	crmId: 'crm',
	bcNumber: '',
	bcName: '',
	crmName: '',
	bcVersion: 'b1',
	crmVersion: 'c1',
	bcStamp: null,
	crmStamp: null,
	baseline: baseline(AGREED),
	initial: null,
	coupledAt: '2026-01-01T00:00:00Z',
	lastSyncedAt: null,
	...more,
});

function look(input: {
	source: Values;
	partner?: Values | 'missing' | 'unread';
	coupling?: Coupling | null;
	options?: Partial<DecisionOptions>;
	stamps?: [source: string, partner: string];
}) {
	const direction = input.options?.direction ?? 'toCrm';
	const [sourceId, partnerId] = direction === 'toCrm' ? ['bc', 'crm'] : ['crm', 'bc'];
	const source = record(sourceId, input.source, 's2', input.stamps?.[0]);
	const partner = input.partner ?? AGREED;
	const decisionInput: DecisionInput = {
		source,
		partner: typeof partner === 'string' ? partner : record(partnerId, partner, 'p1', input.stamps?.[1]),
		coupling: input.coupling === undefined ? coupling() : input.coupling,
		fields: FIELDS,
		translate: (each) => ({ kind: 'value', value: source.values[each.key] ?? null }),
		options: { direction, conflict: 'none', deletion: 'none', createUncoupled: false, force: false, ...input.options },
	};
	return decide(decisionInput);
}
const written = (decision: ReturnType<typeof decide>): Values =>
	decision.action === 'modify' ? Object.fromEntries(decision.writes.map((write) => [write.field.key, String(write.value)])) : {};

describe('a record without coupling', () => {
	test('is ignored while the mapping synchronizes only coupled records', () => {
		expect(look({ source: AGREED, coupling: null }).action).toBe('ignore');
	});
	test('is created when the run may create records', () => {
		expect(look({ source: AGREED, coupling: null, options: { createUncoupled: true } }).action).toBe('insert');
	});
});

describe('a record whose partner is not known to have changed', () => {
	test('is written field by field, guarded by the version both sides last agreed on', () => {
		const decision = look({ source: { ...AGREED, phone: '2' }, partner: 'unread' });
		expect(decision).toMatchObject({ action: 'modify', version: 'c1' });
		expect(written(decision)).toEqual({ phone: '2' });
	});
	test('is unchanged when only its stamp moved', () => {
		expect(look({ source: AGREED, partner: 'unread' }).action).toBe('unchanged');
	});
	test('asks for the partner when no version vouches for it', () => {
		expect(look({ source: { ...AGREED, phone: '2' }, partner: 'unread', coupling: coupling({ crmVersion: null }) }).action).toBe(
			'needPartner',
		);
	});
	test('asks for the partner in a forced run and at the first synchronization', () => {
		expect(look({ source: AGREED, partner: 'unread', options: { force: true } }).action).toBe('needPartner');
		expect(look({ source: AGREED, partner: 'unread', coupling: coupling({ baseline: null, initial: 'send' }) }).action).toBe('needPartner');
	});
});

describe('edits on both sides', () => {
	test('of different fields are both kept: each direction writes only its own', () => {
		const toCrm = look({ source: { ...AGREED, phone: '2' }, partner: { ...AGREED, name: 'New name' } });
		expect(written(toCrm)).toEqual({ phone: '2' });
		const fromCrm = look({
			source: { ...AGREED, name: 'New name' },
			partner: { ...AGREED, phone: '2' },
			options: { direction: 'fromCrm' },
		});
		expect(written(fromCrm)).toEqual({ name: 'New name' });
	});
	test('of the same field to the same value agree without a write', () => {
		expect(look({ source: { ...AGREED, phone: '2' }, partner: { ...AGREED, phone: '2' } })).toMatchObject({
			action: 'unchanged',
			agreed: ['phone'],
		});
	});
	test('of the same field are a conflict that writes nothing, not even the other fields', () => {
		const decision = look({ source: { ...AGREED, name: 'A', phone: '2' }, partner: { ...AGREED, phone: '3' } });
		expect(decision).toMatchObject({
			action: 'fail',
			error: { code: 'CONFLICT', errorClass: 'data' },
			conflicts: [{ source: '2', target: '3' }],
		});
	});
	test('send: Business Central overwrites, and what was overwritten is told', () => {
		const options = { conflict: 'send' as const };
		const toCrm = look({ source: { ...AGREED, phone: '2' }, partner: { ...AGREED, phone: '3' }, options });
		expect(written(toCrm)).toEqual({ phone: '2' });
		expect(toCrm).toMatchObject({ overwritten: [{ source: '2', target: '3' }] });
		expect(
			look({ source: { ...AGREED, phone: '3' }, partner: { ...AGREED, phone: '2' }, options: { ...options, direction: 'fromCrm' } }).action,
		).toBe('skip');
	});
	test('get: CRM overwrites; the other pass skips', () => {
		const options = { conflict: 'get' as const };
		expect(look({ source: { ...AGREED, phone: '2' }, partner: { ...AGREED, phone: '3' }, options }).action).toBe('skip');
		expect(
			written(
				look({ source: { ...AGREED, phone: '3' }, partner: { ...AGREED, phone: '2' }, options: { ...options, direction: 'fromCrm' } }),
			),
		).toEqual({
			phone: '3',
		});
	});
	test('newest: the side changed last wins; within one second Business Central does', () => {
		const both = { source: { ...AGREED, phone: '2' }, partner: { ...AGREED, phone: '3' }, options: { conflict: 'newest' as const } };
		expect(look({ ...both, stamps: ['2026-01-01T10:00:01Z', '2026-01-01T10:00:00Z'] }).action).toBe('modify');
		expect(look({ ...both, stamps: ['2026-01-01T10:00:00.900Z', '2026-01-01T10:00:01Z'] }).action).toBe('skip');
		expect(look({ ...both, stamps: ['2026-01-01T10:00:00.100Z', '2026-01-01T10:00:00Z'] }).action).toBe('modify');
	});
	test('of a one-way field: its own direction overwrites and says so, the other leaves it', () => {
		const decision = look({ source: { ...AGREED, limit: '200' }, partner: { ...AGREED, limit: '300' } });
		expect(written(decision)).toEqual({ limit: '200' });
		expect(decision).toMatchObject({ overwritten: [{ target: '300' }] });
		expect(
			look({ source: { ...AGREED, limit: '300' }, partner: { ...AGREED, limit: '200' }, options: { direction: 'fromCrm' } }).action,
		).toBe('unchanged');
	});
});

describe('the first synchronization of a coupling', () => {
	const fresh = (initial: 'send' | 'get' | 'none') => coupling({ baseline: null, initial, bcVersion: null, crmVersion: null });
	const source = { ...AGREED, phone: '2' };
	test('send: Business Central wins where the sides differ, without a conflict', () => {
		expect(written(look({ source, coupling: fresh('send') }))).toEqual({ phone: '2' });
	});
	test('get: the pass to CRM leaves the difference to the other pass', () => {
		expect(look({ source, coupling: fresh('get') })).toMatchObject({ action: 'unchanged', agreed: ['name', 'limit'] });
		expect(written(look({ source: AGREED, partner: source, coupling: fresh('get'), options: { direction: 'fromCrm' } }))).toEqual({
			phone: '1',
		});
	});
	test('none: equal fields agree at once, differing ones are a conflict', () => {
		expect(look({ source: AGREED, coupling: fresh('none') })).toMatchObject({ action: 'unchanged', agreed: ['name', 'phone', 'limit'] });
		expect(look({ source, coupling: fresh('none') })).toMatchObject({ action: 'fail', error: { code: 'CONFLICT' } });
	});
});

describe('a coupled record whose partner was deleted', () => {
	test.each([
		['none', 'fail'],
		['restore', 'insert'],
		['removeCoupling', 'uncouple'],
	] as const)('strategy %s → %s, also in a forced run', (deletion, action) => {
		expect(look({ source: AGREED, partner: 'missing', options: { deletion } }).action).toBe(action);
		expect(look({ source: AGREED, partner: 'missing', options: { deletion, force: true } }).action).toBe(action);
	});
});

test('whatever both sides were edited to, one pass each way ends in agreement or in a conflict that names every field in dispute', () => {
	const values: fc.Arbitrary<Values> = fc.record({
		name: fc.constantFrom('Adatum', 'A', 'B'),
		phone: fc.constantFrom('1', '2', '3'),
		limit: fc.constantFrom('100', '200'),
	});
	fc.assert(
		fc.property(values, values, fc.constantFrom('none', 'send', 'get', 'newest'), (bcStart, crmStart, conflict) => {
			let bc: Values = bcStart;
			let crm: Values = crmStart;
			let known = coupling();
			const failed: string[] = [];
			for (const direction of ['toCrm', 'fromCrm'] as const) {
				const [source, partner] = direction === 'toCrm' ? [bc, crm] : [crm, bc];
				const decision = look({ source, partner, coupling: known, options: { direction, conflict } });
				if (decision.action === 'fail') failed.push(...decision.conflicts.map((each) => each.field.key));
				if (decision.action !== 'modify' && decision.action !== 'unchanged' && decision.action !== 'skip') continue;
				const after = { ...partner, ...written(decision) };
				const sourceRecord = record('x', source, 's2');
				known = advanceBaseline(known, {
					direction,
					fields: FIELDS,
					source: sourceRecord,
					partner: record('y', after, 'p2'),
					writes: decision.action === 'modify' ? decision.writes : [],
					agreed: decision.agreed,
					untouched: [],
					now: '2026-01-01T00:00:00Z',
				});
				if (direction === 'toCrm') crm = after;
				else bc = after;
			}
			for (const key of ['name', 'phone']) {
				const disputed = bcStart[key] !== AGREED[key] && crmStart[key] !== AGREED[key] && bcStart[key] !== crmStart[key];
				if (failed.length > 0) {
					expect(disputed).toBe(failed.includes(key));
					expect([bc[key], crm[key]]).toEqual([bcStart[key], crmStart[key]]);
				} else expect(bc[key]).toBe(crm[key]);
				// an edit nobody disputes is on both sides
				if (failed.length === 0 && !disputed && bcStart[key] !== AGREED[key]) expect(crm[key]).toBe(bcStart[key]);
				if (failed.length === 0 && !disputed && crmStart[key] !== AGREED[key]) expect(bc[key]).toBe(crmStart[key]);
			}
		}),
		{ numRuns: 2000 },
	);
});

describe('a record whose version is older than the one that was synchronized', () => {
	const seen = coupling({ bcVersion: 'W/"hash"', crmVersion: 'W/"120"' });
	const old = record('crm', { ...AGREED, phone: 'old' }, 'W/"90"');
	const put = (more: Partial<DecisionInput>, options: Partial<DecisionOptions> = {}) =>
		decide({
			source: old,
			partner: record('bc', AGREED, 'W/"hash"'),
			coupling: seen,
			fields: FIELDS,
			translate: (each) => ({ kind: 'value', value: String((more.source ?? old).values[each.key] ?? '') }),
			options: { direction: 'fromCrm', conflict: 'get', deletion: 'none', createUncoupled: false, force: false, ...options },
			...more,
		});

	test('is no edit, as source and as partner, read or unread; the fields are named', () => {
		const bc = record('bc', { ...AGREED, name: 'New' }, 'W/"other"');
		for (const decision of [put({}), put({ partner: 'unread' }), put({ source: bc, partner: old }, { direction: 'toCrm' })]) {
			expect(decision).toMatchObject({ action: 'fail', error: { code: 'ROLLED_BACK', field: 'PHONE' }, conflicts: [{ field: PHONE }] });
		}
	});

	test('is an edit where a person accepts it, and what it replaces is told; a side that is to win wins', () => {
		expect(put({}, { rolledBack: 'asEdit' })).toMatchObject({
			action: 'modify',
			writes: [{ value: 'old' }],
			overwritten: [{ field: PHONE }],
		});
		expect(put({}, { overwrite: true })).toMatchObject({ action: 'modify', writes: [{ value: 'old' }] });
	});

	test('with the values that were agreed on is nothing at all, and a newer version is an edit', () => {
		expect(put({ source: record('crm', AGREED, 'W/"90"') })).toMatchObject({ action: 'unchanged' });
		expect(put({ source: { ...old, version: 'W/"121"' } })).toMatchObject({
			action: 'modify',
			writes: [{ value: 'old' }],
			overwritten: [],
		});
	});
});
