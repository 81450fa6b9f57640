import { classesOf } from './documented';
import { topics } from './topics';

const cases = Object.values(topics).flatMap(({ title, cases: all }) => all.map((each) => ({ ...each, title })));

test('no situation stands in the tables twice', () => {
	const named = cases.map(({ title, what }) => `${title}: ${what}`);
	expect(named.filter((name, index) => named.indexOf(name) !== index)).toEqual([]);
	expect(cases.length).toBeGreaterThanOrEqual(330);
});

test('every code of the tables is explained on the page of errors, with that class', () => {
	const errors = cases.flatMap(({ expect: expected }) => ('works' in expected ? [] : [expected]));
	const unexplained = errors.filter(({ code, errorClass }) => !classesOf(code).includes(errorClass));
	expect(unexplained.map(({ code, errorClass }) => `${errorClass} ${code}`)).toEqual([]);
});
