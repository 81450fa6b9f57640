import fc from 'fast-check';
import { evaluator } from '../../../../engine/mapping/filters/evaluate';
import { express } from '../../../../engine/mapping/filters/express';
import { inside } from '../../../../engine/mapping/filters/reading';
import { resolveFilter } from '../../../../engine/mapping/filters/resolve';
import { sideFilter } from '../../../../engine/mapping/filter';
import type { SyncSession } from '../../../../engine/ports/session';
import { createWorld, type World } from '../../../kit/world';
import type { Side } from '../../../../engine/model/side';
import type { SystemRecord, TableSource } from '../../../../engine/model/record';
import type { Condition, ConditionOperator, Filter } from '../../../../engine/model/filter';

/** What is looked at locally must be what the service would have answered: random filters, asked of both sandboxes and evaluated here. */

const CITIES = ['Berlin', 'BERLIN', 'berlin', "O'Fallon", '50% Bath', 'A_B', 'x[1]', '', 'Zürich'];
const LIMITS = [0, 10, 99.5, -3, 1_000_000];
const BC: TableSource = { name: 'customers', numberField: 'number', nameField: 'displayName' };
const CRM: TableSource = { name: 'account', numberField: 'accountnumber', nameField: 'name' };

let world: World;
let session: SyncSession;
const all = new Map<Side, SystemRecord[]>();
const FIELDS = {
	businessCentral: ['number', 'city', 'creditLimit', 'taxLiable', 'blocked', 'displayName'],
	crm: ['name', 'address1_city', 'creditlimit', 'donotphone', 'customertypecode', 'primarycontactid', 'lastusedincampaign'],
} as const;

beforeAll(async () => {
	world = await createWorld();
	const { sandbox, base } = world;
	const people = sandbox.crm.seed('contact', [{ lastname: 'Miller' }, { lastname: 'Stone' }]);
	sandbox.businessCentral.company(base.companyName).seed(
		'customers',
		Array.from({ length: 60 }, (_, index) => ({
			number: `C${String(index).padStart(3, '0')}`,
			displayName: `Customer ${index}`,
			city: CITIES[index % CITIES.length],
			creditLimit: LIMITS[index % LIMITS.length],
			taxLiable: index % 3 === 0,
			blocked: index % 4 === 0 ? 'All' : '_x0020_',
		})),
	);
	sandbox.crm.seed(
		'account',
		Array.from({ length: 60 }, (_, index) => ({
			name: `Account ${index}`,
			address1_city: CITIES[index % CITIES.length] || null,
			creditlimit: index % 7 === 0 ? null : LIMITS[index % LIMITS.length],
			donotphone: index % 3 === 0,
			customertypecode: index % 5 === 0 ? null : (index % 3) + 1,
			...(index % 2 === 0 ? { primarycontactid: { table: 'contact', id: people[index % 4 === 0 ? 0 : 1]! } } : {}),
			lastusedincampaign: index % 6 === 0 ? null : `2026-0${(index % 5) + 1}-11T10:00:00Z`,
		})) as never,
	);
	session = await world.open();
	for (const side of ['businessCentral', 'crm'] as const) {
		const records: SystemRecord[] = [];
		const table = side === 'crm' ? CRM : BC;
		for await (const page of session[side].readChanges({ table, fields: [...FIELDS[side]], filter: null, since: null, pageSize: 500 }))
			records.push(...page);
		all.set(side, records);
	}
	expect(all.get('businessCentral')!.length).toBeGreaterThanOrEqual(60);
	expect(all.get('crm')!.length).toBeGreaterThanOrEqual(60);
	conditions.crm = crmConditions(people);
});
afterAll(async () => {
	await session.store.close();
	await world.close();
});

const texts = fc.constantFrom(...CITIES, 'er', 'B', '%', '_', '[', 'LIN', 'ZÜR', null);
const listOf = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 4 }));
const condition = (
	field: string,
	type: Condition['type'],
	operators: readonly ConditionOperator[],
	values: fc.Arbitrary<Condition['value']>,
): fc.Arbitrary<Condition> =>
	fc.record({ field: fc.constant(field), type: fc.constant(type), operator: fc.constantFrom(...operators), value: values });
const EQUAL = ['eq', 'ne', 'in'] as const;
const ORDER = ['eq', 'ne', 'in', 'gt', 'ge', 'lt', 'le'] as const;
const PARTS = ['contains', 'startswith', 'endswith'] as const;
const filled = texts.filter((text) => text !== null && text !== '') as fc.Arbitrary<string>;
const numbers = fc.constantFrom(...LIMITS, 5, null);

const conditions: Record<Side, fc.Arbitrary<Condition>> = {
	businessCentral: fc.oneof(
		condition('city', 'text', ORDER, listOf(texts)),
		condition('city', 'text', PARTS, listOf(filled)),
		condition('number', 'code', [...EQUAL, ...PARTS], listOf(fc.constantFrom('c001', 'C002', '00', 'C'))),
		condition('creditLimit', 'number', ORDER, listOf(numbers)),
		condition('taxLiable', 'boolean', ['eq', 'ne'], fc.constantFrom(true, false, null)),
		condition('blocked', 'enum', EQUAL, listOf(fc.constantFrom('_x0020_', 'All', null))),
		condition('lastModifiedDateTime', 'date', ['ge', 'lt'], fc.constantFrom('2026-03-07T08:00:00Z', '2026-01-01', '2027-01-01T00:00:00Z')),
	),
	crm: fc.constant({ field: 'name', operator: 'eq', type: 'text', value: '' }),
};
const crmConditions = (people: readonly string[]): fc.Arbitrary<Condition> =>
	fc.oneof(
		condition('address1_city', 'text', ORDER, listOf(texts)),
		condition('address1_city', 'text', PARTS, listOf(filled)),
		condition('creditlimit', 'number', ORDER, listOf(numbers)),
		condition('donotphone', 'boolean', ['eq', 'ne'], fc.constantFrom(true, false, null)),
		condition('customertypecode', 'enum', EQUAL, listOf(fc.constantFrom(1, 2, 3, null))),
		condition('primarycontactid', 'lookup', EQUAL, listOf(fc.constantFrom(...people, null))),
		condition('lastusedincampaign', 'date', ORDER, fc.constantFrom('2026-02-11T10:00:00Z', '2026-03-01', '2026-04-11T10:00:00.000Z', null)),
	);

const filterOf = (one: fc.Arbitrary<Condition>, depth: number): fc.Arbitrary<Filter> =>
	fc.record({
		match: fc.constantFrom('all' as const, 'any' as const),
		conditions: fc.array(one, { minLength: depth === 0 ? 1 : 0, maxLength: 3 }),
		groups: depth === 0 ? fc.constant([]) : fc.array(filterOf(one, depth - 1), { maxLength: 2 }),
	});

/** Business Central's own stamp is read with every record, but is no value of it. */
const withStamp = (record: SystemRecord): SystemRecord => ({
	...record,
	values: { ...record.values, lastModifiedDateTime: record.modifiedAt },
});

async function answerOf(side: Side, odata: string | null): Promise<Set<string>> {
	const table = side === 'crm' ? CRM : BC;
	const ids = new Set<string>();
	for await (const page of session[side].readChanges({ table, fields: [], filter: odata, since: null, pageSize: 500 }))
		for (const { id } of page) ids.add(id);
	return ids;
}

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.info(`filters: seed ${seed}`);

it.each(['businessCentral', 'crm'] as const)('a look at the records of %s says what the service says', async (side) => {
	let asked = 0;
	await fc.assert(
		fc.asyncProperty(filterOf(conditions[side], 2), async (filter) => {
			const node = resolveFilter(filter, side, null);
			const text = express(node, side);
			if (text === null || (node.kind !== 'test' && node.kind !== 'raw' && node.parts.length === 0)) return;
			asked++;
			const accepts = evaluator(node, side);
			const here = all.get(side)!.map(withStamp).filter(accepts);
			expect([...(await answerOf(side, text))].sort()).toEqual(here.map(({ id }) => id).sort());
		}),
		{ seed, numRuns: 400 },
	);
	expect(asked).toBeGreaterThan(50);
});

it.each(['businessCentral', 'crm'] as const)('what %s is asked for, and the look at the rest, together are the filter', async (side) => {
	await fc.assert(
		fc.asyncProperty(filterOf(conditions[side], 2), async (filter) => {
			const wanted = all
				.get(side)!
				.map(withStamp)
				.filter(evaluator(resolveFilter(filter, side, null), side));
			const ready = sideFilter(filter, side, null);
			const answered = await answerOf(side, ready.odata);
			const read = all
				.get(side)!
				.filter(({ id }) => answered.has(id))
				.map(withStamp);
			const selected = await inside(session[side], side === 'crm' ? CRM : BC, read, ready);
			expect(selected.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
			if (side === 'crm') expect(ready.accepts).toBeNull();
		}),
		{ seed, numRuns: 400 },
	);
});
