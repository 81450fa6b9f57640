import type { SystemRecord, TableSource } from '../../../engine/model/record';
import { KeysSeen } from '../../../engine/systems/businessCentral/keysSeen';

const RESOURCES: TableSource = {
	name: 'Machines',
	numberField: 'No',
	nameField: 'Name',
	extension: { keys: ['No'], standardName: 'ResourceCard' },
};
const record = (id: string, key?: string): SystemRecord => ({
	...{ id, modifiedAt: '', version: '', number: '', name: '', values: {} },
	...(key === undefined ? {} : { key }),
});

test('keys are handed over once, under the usual name of the page, as they were met last', () => {
	const seen = new KeysSeen();
	seen.see(RESOURCES, [record('1', 'a'), record('2', 'b'), record('3')]);
	seen.see(RESOURCES, [record('1', 'c')]);
	seen.see({ ...RESOURCES, extension: undefined } as never, [record('4', 'd')]);
	expect(seen.take()).toEqual(new Map([['ResourceCard', [{ id: '2', key: 'b' }, { id: '1', key: 'c' }]]])); // prettier-ignore
	expect(seen.take()).toEqual(new Map());
});

test('who never takes them does not fill the memory: those met first go', () => {
	const seen = new KeysSeen();
	seen.see(
		RESOURCES,
		Array.from({ length: 50_002 }, (_, n) => record(String(n), `k${n}`)),
	);
	const kept = seen.take().get('ResourceCard')!;
	expect([kept.length, kept[0]!.id, kept.at(-1)!.id]).toEqual([50_000, '2', '50001']);
});
