import { Handled } from '../../../engine/sync/pass/handled';

test('a record is known by id, and by each of its last versions', () => {
	const handled = new Handled();
	handled.add('one', 'v1');
	handled.add('one', 'v2');
	expect(handled.has('one')).toBe(true);
	expect(['v1', 'v2', 'v3'].map((version) => handled.hasVersion({ id: 'one', version }))).toEqual([true, true, false]);
	handled.drop('one');
	expect(handled.has('one')).toBe(false);
});

test('memory stays constant: of a million records those handled last are kept', () => {
	const handled = new Handled(1_000);
	for (let number = 0; number < 1_000_000; number++) handled.add(`id ${number}`, 'v');
	const kept = Array.from({ length: 1_000_000 }, (_, number) => `id ${number}`).filter((id) => handled.has(id));
	expect(kept).toHaveLength(1_000);
	expect(kept[0]).toBe('id 999000');
});
