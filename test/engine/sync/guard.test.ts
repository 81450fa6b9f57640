import type { SyncSession } from '../../../engine/ports/session';
import { MassChangeGuard } from '../../../engine/sync/guard/massChangeGuard';
import { coupling, mapping } from './parts';

const guard = (couplings: number, manner: 'strict' | 'watch' | 'open' = 'strict') => {
	const session = { store: { countCouplings: () => Promise.resolve(couplings) } } as unknown as SyncSession;
	return new MassChangeGuard(session, mapping({ massChange: { minimum: 3, absolute: 10, share: 0.5 } }), manner);
};
const some = (count: number, from = 0) =>
	Array.from({ length: count }, (_, index) => ({
		action: 'delete' as const,
		coupling: coupling({ bcId: `bc ${from + index}`, bcName: `N${from + index}` }),
	}));

test.each([
	['fewer than the minimum never stop a run', 2, 2],
	['the share of the couplings', 8, 4],
	['the absolute number', 100, 10],
])('the limit is %s', async (_what, couplings, allowed) => {
	expect(await guard(couplings).limit()).toBe(allowed);
	await expect(guard(couplings).spend(some(allowed))).resolves.toBeUndefined();
	await expect(guard(couplings).spend(some(allowed + 1))).rejects.toMatchObject({ code: 'MASS_CHANGE', errorClass: 'setup' });
});

test('a record counts once, whatever is done to it, over all pages of a run', async () => {
	const strict = guard(8);
	await strict.spend(some(4));
	await expect(strict.spend(some(4).map((each) => ({ ...each, action: 'overwrite' as const })))).resolves.toBeUndefined();
	await expect(strict.spend(some(1, 4))).rejects.toMatchObject({ message: expect.stringContaining('delete 5') as string });
});

test('watching stops nothing before it is asked; with consent nothing stops', async () => {
	const watch = guard(8, 'watch');
	await watch.spend(some(6));
	await expect(watch.check()).rejects.toMatchObject({ code: 'MASS_CHANGE' });
	await expect(guard(8, 'open').spend(some(6))).resolves.toBeUndefined();
});
