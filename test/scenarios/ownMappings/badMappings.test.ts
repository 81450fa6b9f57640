import { synchronizeAll, synchronizeMapping } from '../../../engine';
import type { TableMapping } from '../../../engine/model/tableMapping';
import { leads, openScene, own, type Scene } from './scene';
import type { FieldMapping } from '../../../engine/model/fieldMapping';

/** What an import or an older version left in the store is refused when it is run, before anything is read or written. */

let scene: Scene;
beforeAll(async () => {
	scene = await openScene();
	scene.customer({ displayName: 'Adatum' });
});
afterAll(async () => await scene.close());

const name = own('Name', 'displayName', 'fullname');
const withField = (caption: string, bc: string | null, crm: string | null, more: Partial<FieldMapping> = {}) =>
	leads({ fields: [name, own(caption, bc, crm, more)] });

const table: Array<[what: string, mapping: TableMapping, says: RegExp]> = [
	[
		'both exclusive flags',
		withField('Phone', 'phoneNumber', 'telephone1', { clearOnFailure: true, notNull: true }),
		/Field "Phone": .*exclude each other/,
	],
	['"not null" on a text', withField('Phone', 'phoneNumber', 'telephone1', { notNull: true }), /"Not null" is for lookups only/],
	[
		'a one-way field in the wrong direction',
		{ ...withField('Phone', 'phoneNumber', 'telephone1', { direction: 'fromCrm' }), direction: 'toCrm' },
		/runs from Business Central to CRM only/,
	],
	['no usable field', leads({ fields: [own('Name', 'displayName', 'fullname', { enabled: false })] }), /no enabled field mapping/],
	[
		'a lookup without a mapping',
		withField('Owner', 'salespersonCode', 'fullname', { kind: 'lookup', direction: 'toCrm' }),
		/no table mapping tells which record is which/,
	],
	[
		'a lookup into nothing',
		withField('Owner', 'salespersonCode', 'subject', { kind: 'lookup', mapping: 'NOBODY', crmTable: 'x', direction: 'toCrm' }),
		/NOBODY, which does not exist/,
	],
	['two fields into one column', withField('Phone', 'phoneNumber', 'fullname'), /writes fullname .* as the field "Name" does/],
	[
		'a rule that does not exist',
		withField('Phone', 'phoneNumber', 'telephone1', { transform: { toCrm: [{ rule: 'none', parameters: {} }] } }),
		/no transformation rule "none"/,
	],
	[
		'a rule against the direction',
		withField('Phone', 'phoneNumber', 'telephone1', { direction: 'toCrm', transform: { fromCrm: [{ rule: 'trim', parameters: {} }] } }),
		/which the field does not travel/,
	],
	[
		'several sources both ways',
		withField('Phone', 'phoneNumber', 'telephone1', {
			transform: { toCrm: [{ rule: 'firstNonBlank', parameters: { fields: [{ field: 'email' }] } }] },
		}),
		/cannot travel both ways/,
	],
	[
		'a constant of 101 characters',
		withField('Topic', null, 'subject', { direction: 'toCrm', constant: 'x'.repeat(101) }),
		/101 characters/,
	],
	['a dependency on itself', leads({ dependsOn: ['LEADS'] }), /circle|depends on itself/],
	['an unparsable filter', leads({ bcFilter: { conditions: [], raw: "(city eq 'A'" } }), /open quote or parenthesis/],
];

it.each(table)('%s', async (_what, mapping, says) => {
	await scene.save(mapping);
	scene.writes();
	const told = await scene.with(async (session) => {
		try {
			const results = await synchronizeMapping(session, { mapping: 'LEADS' });
			return results.map(({ job, failed }) => [job.status, job.message, ...failed.map(({ message }) => message)].join(' ')).join(' ');
		} catch (error) {
			return (error as Error).message;
		}
	});
	expect(told).toMatch(says);
	expect(scene.writes()).toBe(0);
	expect(scene.world.sandbox.crm.rows('lead')).toHaveLength(0);
});

it('does not keep the other mappings from running', async () => {
	await scene.save(withField('Phone', 'phoneNumber', 'telephone1', { clearOnFailure: true, notNull: true }));
	const results = await scene.with((session) => synchronizeAll(session, {}));
	const status = new Map(results.map(({ job }) => [job.mapping, job.status]));
	expect(status.get('LEADS')).toBe('failed');
	expect(status.get('CUSTOMER')).toBe('finished');
});
