import { otherSide, type Row, type Side, SIDES } from '../fields';
import type { Random } from '../random';
import { kindNamed } from './kinds';
import { companyOf, type KindField, type KindName, text } from './kinds/kind';
import { contactOf } from './kinds/parties';
import type { Resident, Town } from './town';

/** What people do to the records of all tables. */
const digits = (number: number): string => String(number).padStart(5, '0');
/** Where people enter records of a kind, if not on both sides. */
const sidesOf = (name: KindName): readonly Side[] => {
	const { way } = kindNamed(name);
	return way === 'bidirectional' ? SIDES : [way === 'toCrm' ? 'businessCentral' : 'crm'];
};

/** What a new record hangs on, where it hangs on something. */
const OWNERS: Partial<Record<KindName, readonly KindName[]>> = { person: ['customer', 'vendor'], unit: ['item'], line: ['list'] };

/** Somebody enters a new record, where that is possible by hand. Answers its mark. */
export function create(town: Town, name: KindName, random: Random): string | null {
	const side = random.pick(sidesOf(name));
	const there = (each: Resident | null): Resident | null => (each && town.row(side, each) ? each : null);
	const owner = OWNERS[name] ? there(pick(town, random, OWNERS[name])) : null;
	const product = name === 'line' ? there(pick(town, random, ['item', 'resource'])) : null;
	if ((OWNERS[name] && !owner) || (name === 'line' && !product)) return null;
	const number = town.next();
	const mark = owner && product ? `${owner.mark}/${product.mark}` : `#${number}`;
	if (town.residents.has(mark)) return null;
	const resident: Resident = { mark, kind: kindNamed(name), values: new Map() };
	if (owner) resident.owner = owner.mark;
	if (product) resident.product = product.mark;
	const value = `${mark} v${town.next()}`;
	ENTER[name][side]!({ town, name: value, number, mark, owner, product });
	town.residents.set(mark, resident);
	const [first] = resident.kind.fields;
	const row = town.row(side, resident)!;
	town.note(resident, first!, side, town.value(side, first!, row));
	town.figures.edits++;
	town.tell(`${name} ${value} is entered in ${side}${owner ? ` for ${owner.mark}` : ''}`);
	return mark;
}

interface Entry {
	town: Town;
	name: string;
	number: number;
	mark: string;
	owner: Resident | null;
	product: Resident | null;
}
type Enter = (entry: Entry) => void;

const party = (set: string, type: number): Record<Side, Enter> => ({
	businessCentral: ({ town: { world }, name }) => void companyOf(world).insert(set, { displayName: name }),
	crm: ({ town: { world }, name }) => void world.sandbox.crm.insert('account', { name, customertypecode: type }),
});

const ENTER: Record<KindName, Partial<Record<Side, Enter>>> = {
	salesperson: {
		crm: ({ town: { world }, name, number }) => {
			const [firstname, lastname] = name.split(' ') as [string, string];
			const internalemailaddress = `user${number}@cronus.example`;
			world.sandbox.crm.insert('systemuser', { firstname, lastname, internalemailaddress, islicensed: true, isdisabled: false });
		},
	},
	currency: {
		businessCentral: ({ town: { world }, name, number }) => {
			const code = `C${number}`;
			companyOf(world).insert('currencies', { code, displayName: name, symbol: `s${number}` });
			companyOf(world).seed('currencyExchangeRates', [
				{ currencyCode: code, startingDate: '2026-01-01', exchangeRateAmount: 100, relationalExchangeRateAmount: 50 },
			]);
		},
	},
	terms: {
		businessCentral: ({ town: { world }, name }) =>
			void companyOf(world).insert('paymentTerms', { code: name.toUpperCase(), displayName: name }),
	},
	customer: party('customers', 3),
	vendor: party('vendors', 11),
	person: {
		businessCentral: ({ town, name, owner }) => {
			const { world } = town;
			const companyNumber = contactOf(world, owner!.kind, town.row('businessCentral', owner!)!['number']);
			companyOf(world).insert('contacts', { type: 'Person', displayName: name, companyNumber });
		},
		crm: ({ town, name, owner }) => {
			const [firstname, lastname] = name.split(' ') as [string, string];
			const account = { table: 'account', id: text(town.row('crm', owner!)!['accountid']) };
			town.world.sandbox.crm.insert('contact', { firstname, lastname, parentcustomerid: account });
		},
	},
	item: {
		businessCentral: ({ town: { world }, name, number }) =>
			void companyOf(world).insert('items', {
				...{ number: `I${digits(number)}`, displayName: name, type: 'Inventory', baseUnitOfMeasureCode: 'PCS', unitPrice: number },
			}),
		crm: (entry) => enterProduct(entry, 'PCS', 1),
	},
	resource: {
		businessCentral: ({ town: { world }, name, number }) =>
			void companyOf(world).insert('ResourceCard', {
				...{ No: `R${digits(number)}`, Name: name, Type: 'Person', Base_Unit_of_Measure: 'HOUR', Unit_Price: number },
			}),
		crm: (entry) => enterProduct(entry, 'HOUR', 3),
	},
	unit: {
		businessCentral: ({ town, mark, owner, number }) => {
			const company = companyOf(town.world);
			company.insert('unitsOfMeasure', { code: mark, displayName: mark });
			const item = text(town.row('businessCentral', owner!)!['number']);
			company.insert('ItemUnitsOfMeasure', { Item_No: item, Code: mark, Qty_per_Unit_of_Measure: 2 + number });
		},
	},
	list: {
		businessCentral: ({ town: { world }, name, mark }) =>
			void companyOf(world).insert('SalesPriceList', { Code: mark, Description: name, Status: 'Active', AmountType: 'Price' }),
	},
	line: {
		businessCentral: ({ town, owner, product, number }) => {
			const row = town.row('businessCentral', product!)!;
			const [Asset_Type, Asset_No] = product!.kind.name === 'item' ? ['Item', row['number']] : ['Resource', row['No']];
			companyOf(town.world).seed('PriceListLineReview', [
				{
					Price_List_Code: owner!.mark,
					Line_No: number * 10,
					Asset_Type,
					Asset_No,
					Unit_Price: number,
					Amount_Type: 'Price',
					Status: 'Active',
				},
			]);
		},
	},
};

/** A product of CRM has a unit group of its own. */
function enterProduct({ town: { world }, name, number }: Entry, unit: string, type: number): void {
	const { crm } = world.sandbox;
	const group = crm.insert('uomschedule', { name: `Group ${number}`, baseuomname: unit });
	const base = crm.rows('uom').find((row) => row['uomscheduleid'] === group)!;
	const id = crm.insert('product', {
		...{
			name,
			productnumber: `P${digits(number)}`,
			producttypecode: type,
			defaultuomscheduleid: group,
			defaultuomid: text(base['uomid']),
		},
	} as never);
	crm.update('product', id, { statecode: 0 });
}

/** Somebody changes a field. */
export function edit(town: Town, random: Random): void {
	const resident = pick(town, random);
	if (!resident) return;
	const field = random.pick(resident.kind.fields);
	const sides = SIDES.filter((side) => town.isFree(resident, field, side));
	if (sides.length > 0) enter(town, resident, field, random.pick(sides), random);
}

export function enter(town: Town, resident: Resident, field: KindField, side: Side, random: Random): void {
	const row = town.row(side, resident);
	if (!row || !town.isFree(resident, field, side)) return;
	const value = valueFor(town, resident, { field, side, row }, random);
	if (value === null) return;
	const enterOn = side === 'crm' ? field.enterCrm! : field.enterBc!;
	enterOn(town.world, row, value);
	town.note(resident, field, side, value);
	town.figures.edits++;
	town.tell(`${resident.kind.name} ${resident.mark} ${field.caption} = ${value} in ${side}`);
}

/** A value that nobody entered before; for a reference, a record that is in use on that side. */
function valueFor(town: Town, { mark, kind }: Resident, at: { field: KindField; side: Side; row: Row }, random: Random): string | null {
	const { field, side, row } = at;
	if (field.values === 'amount') return String(town.next());
	if (field.values === 'yesNo') return String(town.value(side, field, row) !== 'true');
	if (field.values === 'reference') {
		const other = pick(town, random, [field.to!]);
		return other && town.row(side, other) && town.row(otherSide(side), other) ? other.mark : null;
	}
	const word = `v${town.next()}`;
	const named = field === kind.fields[0] ? `${mark} ${word}` : word;
	return kind.name === 'terms' ? named.toUpperCase() : named;
}

/** A record that is in use. */
export function pick(town: Town, random: Random, names?: readonly KindName[]): Resident | null {
	const all = [...town.residents.values()].filter(
		(each) => (names?.includes(each.kind.name) ?? true) && !each.free && !each.gone && !each.blocked,
	);
	return all.length === 0 ? null : random.pick(all);
}

/** A person changes over to another customer or vendor. */
export function move(town: Town, random: Random): void {
	const person = pick(town, random, ['person']);
	const company = pick(town, random, ['customer', 'vendor']);
	const side = random.pick(SIDES);
	if (!person || !company || person.owner === company.mark) return;
	// Nobody moves a person on one side while somebody else does on the other.
	if (person.movedIn && person.movedIn !== side) return;
	// Business Central would fill in the company's values for what somebody enters in CRM at that time.
	if (side === 'businessCentral' && [...person.values.values()].some((entered) => !entered.settled && entered.side === 'crm')) return;
	const [row, parent] = [town.row(side, person), town.row(side, company)];
	// Where the other side does not know of it yet, or was told otherwise meanwhile, it waits.
	if (!row || !parent || !town.row(otherSide(side), person) || !town.row(otherSide(side), company)) return;
	const { world } = town;
	if (side === 'crm') {
		const account = { table: 'account', id: text(parent['accountid']) };
		world.sandbox.crm.update('contact', text(row['contactid']), { parentcustomerid: account });
	} else companyOf(world).update('contacts', text(row['id']), { companyNumber: contactOf(world, company.kind, parent['number']) });
	person.formerOwners = [...(person.formerOwners ?? []), ...(person.owner === undefined ? [] : [person.owner])];
	person.owner = company.mark;
	person.movedIn = side;
	town.touch(person.kind);
	town.tell(`person ${person.mark} moves to ${company.mark} in ${side}`);
}

/** A customer, vendor or person gets another number in Business Central; nothing else is different. */
export function renumber(town: Town, random: Random): void {
	const resident = pick(town, random, ['customer', 'vendor', 'person']);
	const row = resident && town.row('businessCentral', resident);
	if (!row) return;
	const number = `N${digits(town.next())}`;
	const set = resident.kind.name === 'person' ? 'contacts' : `${resident.kind.name}s`;
	companyOf(town.world).update(set, text(row['id']), { number });
	town.touch(resident.kind);
	town.tell(`${resident.kind.name} ${resident.mark} gets the number ${number}`);
}

/** A customer or vendor is blocked, and so left alone for a while; or somebody takes that back. */
export function block(town: Town, random: Random): void {
	const blocked = [...town.residents.values()].find((each) => each.blocked);
	if (blocked) return unblock(town, blocked);
	const resident = pick(town, random, ['customer', 'vendor']);
	const row = resident && town.row('businessCentral', resident);
	if (!row || !town.row('crm', resident)) return;
	companyOf(town.world).update(`${resident.kind.name}s`, text(row['id']), { blocked: 'All' });
	resident.blocked = true;
	town.expected.add(`${resident.kind.mapping} LEFT_FILTER`);
	town.touch(resident.kind);
	town.tell(`${resident.kind.name} ${resident.mark} is blocked`);
}

export function unblock(town: Town, resident: Resident): void {
	const row = town.row('businessCentral', resident)!;
	companyOf(town.world).update(`${resident.kind.name}s`, text(row['id']), { blocked: '_x0020_' });
	delete resident.blocked;
	town.touch(resident.kind);
	town.tell(`${resident.kind.name} ${resident.mark} is not blocked any more`);
}
