import type { DayOfChanges, MassChange } from '../../../engine/model/massChange';
import { NO_CHANGES } from '../../../engine/model/massChange';
import type { MassChangeLimits } from '../../../engine/model/tableMapping';
import type { SyncSession } from '../../../engine/ports/session';
import { MassChangeGuard } from '../../../engine/sync/guard/massChangeGuard';
import { mapping } from './parts';

const LIMITS = { minimum: 3, absolute: 10, share: 0.5 };
type Manner = 'strict' | 'watch' | 'open';

/** Over a store in which runs of the day have done what is given. */
const guard = (
	couplings: number,
	manner: Manner = 'strict',
	done: readonly MassChange[] = [],
	limits: Partial<MassChangeLimits> = LIMITS,
) => {
	const counts = { ...NO_CHANGES };
	for (const { action } of done) counts[action]++;
	const day: DayOfChanges = { counts, titles: done.map(({ title }) => title).slice(0, 5), untidy: false };
	const session = {
		store: {
			countCouplings: () => Promise.resolve(couplings),
			massChangesOfDay: () => Promise.resolve(day),
			massChangesAmong: (_mapping: string, ids: readonly string[]) =>
				Promise.resolve(done.filter(({ recordId }) => ids.includes(recordId))),
		},
		businessCentral: { counts: { writes: 0 } },
		crm: { counts: { writes: 0 } },
	} as unknown as SyncSession;
	return new MassChangeGuard({ session, mapping: mapping({ massChange: limits }), manner });
};
const some = (count: number, from = 0, action: MassChange['action'] = 'delete'): MassChange[] =>
	Array.from({ length: count }, (_, index) => ({
		mapping: 'CUSTOMER',
		recordId: `bc ${from + index}`,
		action,
		title: `N${from + index}`,
	}));

test.each([
	['fewer than the minimum never stop a run', 2, 2],
	['the share of the couplings', 8, 4],
	['the absolute number', 100, 10],
])('the limit is %s', async (_what, couplings, allowed) => {
	await expect(guard(couplings).spend(some(allowed))).resolves.toBeUndefined();
	await expect(guard(couplings).spend(some(allowed + 1))).rejects.toMatchObject({ code: 'MASS_CHANGE', errorClass: 'setup' });
	expect([await guard(couplings).allows(allowed), await guard(couplings).allows(allowed + 1)]).toEqual([true, false]);
});

test('a record counts once a day, whatever is done to it', async () => {
	const done = some(4);
	await expect(guard(8, 'strict', done).spend(some(4, 0, 'overwrite'))).resolves.toBeUndefined();
	// Four were deleted: the day began with twelve couples.
	await expect(guard(8, 'strict', done).spend(some(2, 4))).resolves.toBeUndefined();
	await expect(guard(8, 'strict', done).spend(some(3, 4, 'empty'))).rejects.toMatchObject({
		message:
			'This run would empty 3 of 12 coupled records of CUSTOMER (25 %, 58 % with the last 24 hours); more than 6 a day need your consent (limits: 50 % of the couplings, 10 records). 4 were deleted in the last 24 hours: N0, N1, N2, N3. Nothing was changed. For instance: N4, N5, N6.',
	});
});

test('watching stops nothing before it is asked; with consent nothing stops', async () => {
	const watch = guard(8, 'watch');
	await watch.spend(some(3));
	await watch.spend(some(3, 2));
	await expect(watch.check()).rejects.toMatchObject({ code: 'MASS_CHANGE', message: expect.stringContaining('delete 5 of 8') as string });
	await expect(guard(8, 'open').spend(some(6))).resolves.toBeUndefined();
});

test('creations: 10,000 a day, or as many as were coupled when it began, or what the mapping says', async () => {
	const creations = (couplings: number, before: number, more: number, limits: Partial<MassChangeLimits> = {}) =>
		guard(couplings, 'strict', some(before, 0, 'create'), limits).spend(some(more, before, 'create'));
	await expect(creations(5, 400, 9600)).resolves.toBeUndefined();
	await expect(creations(5, 400, 9601)).rejects.toMatchObject({
		message:
			'This run would create 9601 records of CUSTOMER; more than 10000 a day need your consent. 400 were created in the last 24 hours. Nothing was changed. For instance: N400, N401, N402, N403, N404, ….',
	});
	// 400 of 13,400 couples were created today.
	await expect(creations(13400, 400, 12600)).resolves.toBeUndefined();
	await expect(creations(13400, 400, 12601)).rejects.toMatchObject({ code: 'MASS_CHANGE' });
	await expect(creations(3400, 4, 7, { creations: 10 })).rejects.toMatchObject({
		message: expect.stringContaining('more than 10 a day') as string,
	});
});

test('creations and losses do not count together', async () => {
	await expect(guard(8, 'strict', some(4)).spend(some(900, 100, 'create'))).resolves.toBeUndefined();
	await expect(guard(8, 'strict', some(900, 100, 'create')).spend(some(4))).resolves.toBeUndefined();
});
