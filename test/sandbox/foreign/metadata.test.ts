import { Model, type EntityType } from './model';
import { Services } from './services';

/**
 * A client that knows the addresses of the services and what `$metadata` says. It reads every entity set with every property, checks each value against
 * its type, follows every navigation property, and filters by each property (OData CSDL 4.0; OData 4.0 Part 1 and 2).
 */
const services = new Services();
let crm: Model;
let bc: Model;
beforeAll(async () => {
	await services.start();
	crm = new Model((await services.send('GET', `${services.crm}$metadata`)).text);
	bc = new Model((await services.send('GET', `${services.businessCentral}$metadata`)).text);
});
afterAll(() => services.stop());

const patterns: Record<string, (value: unknown) => boolean> = {
	'Edm.String': (value) => typeof value === 'string',
	'Edm.Guid': (value) => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value),
	'Edm.Boolean': (value) => typeof value === 'boolean',
	'Edm.Int32': Number.isInteger,
	'Edm.Int64': Number.isInteger,
	'Edm.Decimal': (value) => typeof value === 'number',
	'Edm.Double': (value) => typeof value === 'number',
	'Edm.Date': (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value),
	'Edm.DateTimeOffset': (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value),
	'Edm.Binary': (value) => typeof value === 'string',
};

function literal(type: string, value: unknown, enums: ReadonlyMap<string, string[]>): string | null {
	if (value === null || value === undefined) return 'null';
	if (type === 'Edm.String' || enums.has(type)) return `'${String(value).replaceAll("'", "''")}'`;
	return type === 'Edm.Stream' ? null : String(value);
}

/** What is wrong with a row, by its type. */
function faults(row: Record<string, unknown>, { properties, navigation }: EntityType, model: Model): string[] {
	const found: string[] = [];
	const known = new Set([...properties.map(({ name }) => name), ...navigation.map(({ name }) => name)]);
	for (const { name, type } of properties) {
		const value = row[name];
		if (value === null || type === 'Edm.Stream') continue;
		if (value === undefined) found.push(`${name} is missing`);
		else if (model.enums.has(type) ? !model.enums.get(type)!.includes(String(value)) : !patterns[type]!(value)) found.push(`${name} is no ${type}: ${JSON.stringify(value)}`); // prettier-ignore
	}
	for (const name of Object.keys(row)) if (!name.includes('@') && !known.has(name)) found.push(`${name} is not declared`);
	return found;
}

const key = (type: EntityType, row: Record<string, unknown>, model: Model): string => {
	const values = type.keys.map((name) => {
		const property = type.properties.find((each) => each.name === name)!;
		return literal(property.type, row[name], model.enums)!;
	});
	return type.keys.length === 1 ? values[0]! : type.keys.map((name, index) => `${name}=${values[index]!}`).join(',');
};

describe('Dataverse', () => {
	const rowsOf = async (set: string, query = '') => {
		const reply = await services.send('GET', `${services.crm}${set}${query}`);
		if (reply.status !== 200) throw new Error(`${set}${query}: ${reply.status} ${reply.text.slice(0, 200)}`);
		return reply.json.value as Array<Record<string, unknown>>;
	};

	test('every set in the service document is declared, and the other way round', async () => {
		const names = (await services.send('GET', services.crm)).json.value.map(({ name }: { name: string }) => name);
		expect([...crm.sets.keys()].sort()).toEqual(names.sort());
	});

	test('every row is what its type says, selected or not', async () => {
		const wrong: string[] = [];
		for (const [set, { type }] of crm.sets) {
			const entity = crm.types.get(type)!;
			const [row] = await rowsOf(set, '?$top=1');
			if (!row) continue;
			wrong.push(...faults(row, entity, crm).map((each) => `${set}: ${each}`)); // prettier-ignore
			const names = entity.properties.map(({ name }) => name);
			const [selected] = await rowsOf(set, `?$top=1&$select=${names.join(',')}`);
			const missing = names.filter((name) => !(name in selected!));
			if (missing.length) wrong.push(`${set}: selected and not there: ${missing.join(', ')}`);
		}
		expect(wrong).toEqual([]);
	});

	test('every navigation property can be expanded and addressed', async () => {
		const wrong: string[] = [];
		for (const [set, { type }] of crm.sets) {
			const entity = crm.types.get(type)!;
			const [row] = await rowsOf(set, '?$top=1');
			if (!row) continue;
			const id = String(row[Object.keys(row).find((name) => name === (entity.keys[0] === 'ownerid' ? `${type.split('.').at(-1)!}id` : entity.keys[0]))!]); // prettier-ignore
			for (const { name, type: target, many } of entity.navigation) {
				const keys = crm.types.get(target)!.keys;
				const select = crm.types.get(target)!.abstract || keys[0] === 'ownerid' ? '' : `($select=${keys[0]!})`;
				const expanded = await services.send('GET', `${services.crm}${set}(${id})?$expand=${name}${select}`);
				if (expanded.status !== 200 || Array.isArray(expanded.json[name]) !== many)
					wrong.push(`$expand ${set}/${name}: ${expanded.status}`);
				const direct = await services.send('GET', `${services.crm}${set}(${id})/${name}`);
				if (direct.status !== 200 && !(direct.status === 204 && !many)) wrong.push(`${set}/${name}: ${direct.status}`);
			}
		}
		expect(wrong).toEqual([]);
	}, 60_000);

	test('a filter by the value a row has finds the row', async () => {
		const wrong: string[] = [];
		for (const [set, { type }] of crm.sets) {
			const entity = crm.types.get(type)!;
			const [row] = await rowsOf(set, '?$top=1');
			if (!row) continue;
			const etag = row['@odata.etag'];
			for (const property of entity.properties) {
				if (!(property.name in row)) continue;
				const filter = `${property.name} eq ${literal(property.type, row[property.name], crm.enums)!}`;
				const reply = await services.send('GET', `${services.crm}${set}?$select=${entity.keys[0] === 'ownerid' ? '' : entity.keys[0]!}&$filter=${encodeURIComponent(filter)}`.replace('$select=&', '')); // prettier-ignore
				const found = reply.status === 200 && reply.json.value.some((each: Record<string, unknown>) => each['@odata.etag'] === etag);
				if (!found) wrong.push(`${set}: ${filter.slice(0, 80)}: ${reply.status} ${reply.text.slice(0, 120)}`);
			}
		}
		expect(wrong).toEqual([]);
	}, 60_000);
});

describe('Business Central', () => {
	const needsParent = new Set(['companies', 'subscriptions', 'contactsInformation', 'salesQuoteLines', 'salesOrderLines', 'salesInvoiceLines', 'salesCreditMemoLines', 'pictures', 'dimensionSetLines', 'defaultDimensions', 'pdfDocument', 'agedAccountsReceivables', 'customerPayments']); // prettier-ignore
	const company = () => `${services.businessCentral}companies(${services.sandbox.businessCentral.companyList()[0]!.id})/`;
	const plain = () => [...bc.sets].filter(([set]) => !needsParent.has(set));

	test('every set in the service document is declared, and the other way round', async () => {
		const names = (await services.send('GET', services.businessCentral)).json.value.map(({ name }: { name: string }) => name);
		expect([...bc.sets.keys()].sort()).toEqual(names.sort());
	});

	test('every row is what its type says, and is found by its key', async () => {
		const wrong: string[] = [];
		for (const [set, { type }] of plain()) {
			const entity = bc.types.get(type)!;
			const { status, json } = await services.send('GET', `${company()}${set}`);
			if (status !== 200) wrong.push(`${set}: ${status}`);
			for (const row of (json.value as Array<Record<string, unknown>>).slice(0, 3)) {
				wrong.push(...faults(row, entity, bc).map((each) => `${set}: ${each}`));
				const one = await services.send('GET', `${company()}${set}(${key(entity, row, bc)})`);
				if (one.status !== 200) wrong.push(`${set}(${key(entity, row, bc)}): ${one.status}`);
			}
		}
		expect(wrong).toEqual([]);
	}, 60_000);

	test('every navigation property can be expanded and addressed', async () => {
		const wrong: string[] = [];
		for (const [set, { type }] of plain()) {
			const entity = bc.types.get(type)!;
			const { json } = await services.send('GET', `${company()}${set}?$top=1`);
			const [row] = json.value as Array<Record<string, unknown>>;
			if (!row) continue;
			for (const { name, type: target, many } of entity.navigation) {
				const expanded = await services.send('GET', `${company()}${set}(${key(entity, row, bc)})?$expand=${name}`);
				const value = expanded.json?.[name] as unknown;
				if (expanded.status !== 200 || Array.isArray(value) !== many) wrong.push(`$expand ${set}/${name}: ${expanded.status}`);
				for (const child of many ? ((value ?? []) as Array<Record<string, unknown>>).slice(0, 1) : value ? [value as Record<string, unknown>] : []) {
					wrong.push(...faults(child, bc.types.get(target)!, bc).map((each) => `${set}/${name}: ${each}`));
				} // prettier-ignore
			}
		}
		expect(wrong).toEqual([]);
	}, 60_000);

	test('a filter and an order by each property that allows it work, and what does not says so', async () => {
		const wrong: string[] = [];
		for (const [set, { type }] of plain()) {
			const entity = bc.types.get(type)!;
			const { json } = await services.send('GET', `${company()}${set}?$top=1`);
			const [row] = json.value as Array<Record<string, unknown>>;
			if (!row) continue;
			for (const property of entity.properties) {
				const value = literal(property.type, row[property.name], bc.enums);
				if (value === null || row[property.name] === undefined || row[property.name] === null) continue;
				const filter = `${property.name} eq ${value}`;
				const reply = await services.send('GET', `${company()}${set}?$filter=${encodeURIComponent(filter)}`);
				const keys = entity.keys.map((name) => row[name]).join();
				const found = reply.status === 200 && reply.json.value.some((each: Record<string, unknown>) => entity.keys.map((name) => each[name]).join() === keys); // prettier-ignore
				const refused = reply.status === 400 && /not bound directly to a table field/.test(reply.text);
				if (!found && !refused) wrong.push(`${set}: ${filter.slice(0, 80)}: ${reply.status} ${reply.text.slice(0, 120)}`);
				const ordered = await services.send('GET', `${company()}${set}?$orderby=${property.name} desc&$top=1`.replace(' ', '%20'));
				if ((ordered.status === 200) !== (reply.status === 200)) wrong.push(`${set}: $orderby ${property.name}: ${ordered.status}`);
			}
		}
		expect(wrong).toEqual([]);
	}, 60_000);

	test('read-only properties are refused, the others are not called unknown', async () => {
		const wrong: string[] = [];
		for (const [set, { type }] of plain()) {
			const entity = bc.types.get(type)!;
			const { json } = await services.send('GET', `${company()}${set}?$top=1`);
			const [row] = json.value as Array<Record<string, unknown>>;
			if (!row) continue;
			for (const property of entity.properties.filter(({ type: edm, name }) => edm !== 'Edm.Stream' && !entity.keys.includes(name))) {
				const body = JSON.stringify({ [property.name]: row[property.name] });
				const reply = await services.send('PATCH', `${company()}${set}(${key(entity, row, bc)})`, { 'If-Match': '*', 'Content-Type': 'application/json' }, body); // prettier-ignore
				if (reply.status === 405) break;
				if (property.readOnly ? reply.status !== 400 : /does not exist on type|read-only/.test(reply.text)) wrong.push(`${set}/${property.name}: ${reply.status} ${reply.text.slice(0, 100)}`); // prettier-ignore
			}
		}
		expect(wrong).toEqual([]);
	}, 60_000);
});
