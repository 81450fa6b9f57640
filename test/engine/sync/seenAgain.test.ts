import type { Coupling } from '../../../engine/model/coupling';
import { compareVersions } from '../../../engine/model/versionOrder';
import { seenAgain } from '../../../engine/sync/restored/seenAgain';

const at = (second: string): string => `2026-03-07T10:00:${second}Z`;
const coupling = (change: Partial<Coupling> = {}): Coupling => ({
	...{ mapping: 'CUSTOMER', bcId: 'b', crmId: 'c', bcNumber: '', bcName: '', crmName: '', baseline: {}, initial: null },
	...{ coupledAt: at('00'), lastSyncedAt: at('00') },
	...{ bcVersion: 'W/"hash"', crmVersion: 'W/"120"', bcStamp: at('30.120'), crmStamp: at('30') },
	...change,
});

test.each([
	['the same version and stamp', 'W/"120"', at('30'), 'standing'],
	['an older version', 'W/"90"', at('10'), 'rolledBack'],
	['an older version that was written since: the counter of a restored database begins further back', 'W/"110"', at('50'), 'redone'],
	['the very same version, written since', 'W/"120"', at('50'), 'redone'],
	['a newer version', 'W/"130"', at('50'), 'edited'],
	['a newer version with an earlier stamp: a clock was set back', 'W/"130"', at('10'), 'edited'],
	['ten digits are more than nine', 'W/"1000000000"', at('50'), 'edited'],
] as const)('CRM: %s', (_what, version, modifiedAt, expected) => {
	expect(seenAgain(coupling(), 'crm', { version, modifiedAt })).toBe(expected);
});

test.each([
	['the same etag', 'W/"hash"', at('30.120'), 'standing'],
	['another etag with the same stamp: a sum on the page moved', 'W/"other"', at('30.120'), 'standing'],
	['a stamp that SQL Server rounded otherwise', 'W/"other"', at('30.117'), 'standing'],
	['an earlier stamp', 'W/"other"', '2026-03-07T09:40:00Z', 'rolledBack'],
	['a stamp a few minutes earlier: a clock was corrected', 'W/"other"', '2026-03-07T09:55:00Z', 'edited'],
	['a later stamp', 'W/"other"', at('50'), 'edited'],
] as const)('Business Central: %s', (_what, version, modifiedAt, expected) => {
	expect(seenAgain(coupling(), 'businessCentral', { version, modifiedAt })).toBe(expected);
});

test('a record of which no version is known is judged by its stamp', () => {
	expect(seenAgain(coupling({ crmVersion: null }), 'crm', { version: 'W/"90"', modifiedAt: '2026-03-07T09:40:00Z' })).toBe('rolledBack');
	expect(seenAgain(coupling({ crmVersion: null }), 'crm', { version: 'W/"121"', modifiedAt: at('30') })).toBe('standing');
	expect(seenAgain(coupling({ bcVersion: null, bcStamp: null }), 'businessCentral', { version: 'W/"x"', modifiedAt: at('10') })).toBe(
		'edited',
	);
});

test('only numbers have an order', () => {
	expect(compareVersions('W/"2"', 'W/"10"')).toBeLessThan(0);
	expect(compareVersions('W/"10"', '"2"')).toBeGreaterThan(0);
	expect(compareVersions('W/"JzQ0Ow=="', 'W/"JzIwOw=="')).toBeNull();
	expect(compareVersions('W/"7"', null)).toBeNull();
});
