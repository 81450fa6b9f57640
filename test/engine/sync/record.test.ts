import { fingerprint } from '../../../engine/mapping/normalize';
import type { FieldBaseline } from '../../../engine/model/coupling';
import { advanceBaseline, followedUp } from '../../../engine/sync/record/advanceBaseline';
import { arrived, inFlight } from '../../../engine/sync/record/inFlight';
import { partedByHand, tombstoneOf } from '../../../engine/sync/record/tombstones';
import { context, coupling, NAME, PHONE, record } from './parts';

const marks = (name: string, phone: string) =>
	Object.fromEntries(
		(
			[
				[NAME, name],
				[PHONE, phone],
			] as const
		).map(([field, value]): [string, FieldBaseline] => [
			field.key,
			[fingerprint(field, 'businessCentral', value), fingerprint(field, 'crm', value)],
		]),
	);
const agreed = coupling({ baseline: marks('Adatum', '1') });
const settled = { direction: 'toCrm', fields: [NAME, PHONE], agreed: [], untouched: [], now: '2026-01-02T00:00:00Z' } as const;

describe('advanceBaseline', () => {
	it('remembers both versions once all fields stand at the baseline', () => {
		const source = record('bc', { name: 'Adatum', phone: '2' }, { version: 'bc 2' });
		const partner = record('crm', { name: 'Adatum', phone: '2' }, { version: 'crm 2' });
		const next = advanceBaseline(agreed, { ...settled, source, partner, writes: [{ field: PHONE, value: '2', before: '1' }] });
		expect(next).toMatchObject({ bcVersion: 'bc 2', crmVersion: 'crm 2', baseline: marks('Adatum', '2'), lastSyncedAt: settled.now });
	});

	it('remembers no version of a side that holds an edit which is still to travel', () => {
		const source = record('bc', { name: 'Adatum', phone: '2' }, { version: 'bc 2' });
		const partner = record('crm', { name: 'Adatum Corp.', phone: '2' }, { version: 'crm 2' });
		const next = advanceBaseline(agreed, { ...settled, source, partner, writes: [{ field: PHONE, value: '2', before: '1' }] });
		expect([next.bcVersion, next.crmVersion]).toEqual(['bc 2', null]);
	});
});

describe('what a rule wrote after the record', () => {
	it('is no edit: fields at the baseline stay there, and so does the version', () => {
		const before = record('crm', { name: 'Adatum', phone: '1' });
		const after = record('crm', { name: 'Adatum', phone: '9' }, { version: 'crm 2' });
		const next = followedUp(agreed, [NAME, PHONE], 'crm', before, after);
		expect(next.crmVersion).toBe('crm 2');
		expect(next.baseline?.['phone']).toEqual([fingerprint(PHONE, 'businessCentral', '1'), fingerprint(PHONE, 'crm', '9')]);
	});
});

describe('an update whose answer is not recorded', () => {
	const { context: toCrm } = context('toCrm');
	const source = record('bc', { name: 'Adatum', phone: '2' });
	const decision = { action: 'modify', version: 'crm 1', writes: [{ field: PHONE, value: '2', before: '1' }] } as never;
	const item = { source, coupling: agreed, partner: 'unread', failure: undefined } as const;
	const [announced] = inFlight(toCrm, [{ item, decision, insertion: null, operation: {} as never }]);

	it('is known by its marks when the record holds it', () => {
		const there = record('crm', { name: 'Adatum', phone: '2' }, { version: 'crm 2' });
		expect(arrived(toCrm, announced!, source, there).baseline).toEqual(marks('Adatum', '2'));
	});

	it('and is nothing when the record was not reached', () => {
		const there = record('crm', { name: 'Adatum', phone: '1' }, { version: 'crm 1' });
		expect(arrived(toCrm, announced!, source, there).baseline).toEqual(marks('Adatum', '1'));
	});
});

test('a couple that people end is remembered as parted, unless its row turned out to be gone', () => {
	expect(tombstoneOf(agreed, 'v', 'now')).toMatchObject({ kind: 'deleted', version: 'v' });
	expect(partedByHand([agreed], [], 'now')).toMatchObject([{ kind: 'parted', version: null }]);
	expect(partedByHand([agreed], ['crm'], 'now')).toMatchObject([{ kind: 'deleted' }]);
});
