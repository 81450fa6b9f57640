import fc from 'fast-check';
import { composeName, splitName } from '../../../engine/systems/dataverse/fullName';

test.each([
	['Robert Townes', ['Robert', null, 'Townes']],
	['Jan van der Berg', ['Jan', null, 'van der Berg']],
	['Madonna', [null, null, 'Madonna']],
	['María José de la Cruz López', ['María', 'José de la Cruz', 'López']],
	['  Anna   Maria  Cruz ', ['Anna', 'Maria', 'Cruz']],
	["Gerard 't Hooft", ['Gerard', null, "'t Hooft"]],
	['jan van den heuvel', ['jan', null, 'van den heuvel']],
	['李 小龍', ['李', null, '小龍']],
	['', [null, null, null]],
])('the name "%s" in parts', (name, parts) => {
	const { firstname, middlename, lastname } = splitName(name);
	expect([firstname, middlename, lastname]).toEqual(parts);
});

test('the parts of any name of Business Central give the name again, as long as each of its words has room', () => {
	const word = fc.string({ minLength: 1, maxLength: 16 }).map((text) => text.replace(/\s/g, '_'));
	fc.assert(
		fc.property(fc.array(word, { maxLength: 12 }), (words) => {
			const name = words.join(' ');
			fc.pre(name.length <= 100);
			const parts = splitName(name);
			expect(composeName(parts) ?? '').toBe(name);
			for (const part of Object.values(parts)) expect(part?.length ?? 0).toBeLessThanOrEqual(50);
		}),
	);
});

test('what was cut is stable: splitting the composed name changes nothing more', () => {
	const long = `Anna ${'B'.repeat(80)} ${'C'.repeat(60)}`;
	const once = composeName(splitName(long));
	expect(composeName(splitName(once))).toBe(once);
});
