import { otherSide, type Row, type Side, SIDES } from '../fields';
import type { Random } from '../random';
import { companyOf, kindNamed, type KindField } from './kinds';
import type { Resident, Town } from './town';

/** What people do to the records of all tables. */
export const NAMES = ['customer', 'vendor', 'person', 'item', 'resource'] as const;
export type Name = (typeof NAMES)[number];

const digits = (number: number): string => String(number).padStart(5, '0');

/** Somebody enters a new record, where that is possible by hand. Answers whether it was. */
export function create(town: Town, name: Name, random: Random): boolean {
	const side = random.pick(SIDES);
	const companies = [...town.residents.values()].filter(
		(each) => (each.kind.name === 'customer' || each.kind.name === 'vendor') && !each.free && !each.gone && town.row(side, each),
	);
	if (name === 'person' && companies.length === 0) return false;
	const number = town.next();
	const resident: Resident = { mark: `#${number}`, kind: kindNamed(name), values: new Map() };
	const value = `#${number} v${town.next()}`;
	if (name === 'person') enterPerson(town, resident, side, value, random.pick(companies));
	else ENTER[name][side](town, value, number);
	town.residents.set(resident.mark, resident);
	town.note(resident, resident.kind.fields[0]!, side, value);
	town.tell(`${name} ${value} is entered in ${side}${resident.company ? ` for ${resident.company}` : ''}`);
	return true;
}

type Enter = (town: Town, name: string, number: number) => void;
const party = (set: string, type: number): Record<Side, Enter> => ({
	businessCentral: ({ world }, displayName) => void companyOf(world).insert(set, { displayName }),
	crm: ({ world }, name) => void world.sandbox.crm.insert('account', { name, customertypecode: type }),
});

const ENTER: Record<Exclude<Name, 'person'>, Record<Side, Enter>> = {
	customer: party('customers', 3),
	vendor: party('vendors', 11),
	item: {
		businessCentral: ({ world }, displayName, number) =>
			void companyOf(world).insert('items', {
				...{ number: `I${digits(number)}`, displayName, type: 'Inventory', baseUnitOfMeasureCode: 'PCS', unitPrice: number },
			}),
		crm: (town, name, number) => enterProduct(town, name, number, { unit: 'PCS', type: 1 }),
	},
	resource: {
		businessCentral: ({ world }, Name, number) =>
			void companyOf(world).insert('ResourceCard', {
				...{ No: `R${digits(number)}`, Name, Type: 'Person', Base_Unit_of_Measure: 'HOUR', Unit_Price: number },
			}),
		crm: (town, name, number) => enterProduct(town, name, number, { unit: 'HOUR', type: 3 }),
	},
};

/** A product of CRM has a unit group of its own. */
function enterProduct({ world }: Town, name: string, number: number, { unit, type }: { unit: string; type: number }): void {
	const { crm } = world.sandbox;
	const group = crm.insert('uomschedule', { name: `Group ${number}`, baseuomname: unit });
	const base = crm.rows('uom').find((row) => row['uomscheduleid'] === group)!;
	const id = crm.insert('product', {
		...{
			name,
			productnumber: `P${digits(number)}`,
			producttypecode: type,
			defaultuomscheduleid: group,
			defaultuomid: String(base['uomid']),
		},
	} as never);
	crm.update('product', id, { statecode: 0 });
}

/** Number of the company contact behind a customer or vendor. */
function contactOf({ world }: Town, resident: Resident, party: Row): string {
	const kind = resident.kind.name === 'customer' ? 'Customer' : 'Vendor';
	const relations = companyOf(world).data.table('Contact Business Relation').withField('No.', String(party['number']));
	return String(relations.find(({ fields }) => fields['Link to Table'] === kind)?.fields['Contact No.'] ?? '');
}

function enterPerson(town: Town, resident: Resident, side: Side, value: string, company: Resident): void {
	const [firstname, lastname] = value.split(' ') as [string, string];
	const parent = town.row(side, company)!;
	resident.company = company.mark;
	if (side === 'crm') {
		const account = { table: 'account', id: String(parent['accountid']) };
		town.world.sandbox.crm.insert('contact', { firstname, lastname, parentcustomerid: account });
	} else {
		const companyNumber = contactOf(town, company, parent);
		companyOf(town.world).insert('contacts', { type: 'Person', displayName: value, companyNumber });
	}
}

/** Somebody changes a field. */
export function edit(town: Town, random: Random): void {
	const resident = pick(town, random);
	const side = random.pick(SIDES);
	if (!resident) return;
	const field = random.pick(resident.kind.fields);
	enter(town, resident, field, side);
}

export function enter(town: Town, resident: Resident, field: KindField, side: Side): void {
	const row = town.row(side, resident);
	if (!row || !town.isFree(resident, field, side)) return;
	const word = `v${town.next()}`;
	const isName = field === resident.kind.fields[0];
	const before = town.value(side, field, row);
	const fresh = field.values === 'amount' ? String(town.next()) : field.values === 'yesNo' ? String(before !== 'true') : word;
	const value = isName ? `${resident.mark} ${word}` : fresh;
	if (side === 'crm') field.enterCrm!(town.world, row, value);
	else field.enterBc(town.world, row, value);
	town.note(resident, field, side, value);
	town.figures.edits++;
	town.tell(`${resident.kind.name} ${resident.mark} ${field.caption} = ${value} in ${side}`);
}

/** A record that is in use. */
export function pick(town: Town, random: Random, names: readonly string[] = NAMES): Resident | null {
	const all = [...town.residents.values()].filter((each) => names.includes(each.kind.name) && !each.free && !each.gone);
	return all.length === 0 ? null : random.pick(all);
}

/** A person changes over to another customer or vendor. */
export function move(town: Town, random: Random): void {
	const person = pick(town, random, ['person']);
	const company = pick(town, random, ['customer', 'vendor']);
	const side = random.pick(SIDES);
	if (!person || !company || person.company === company.mark) return;
	// Nobody moves a person on one side while somebody else does on the other.
	if (person.movedIn && person.movedIn !== side) return;
	const [row, parent] = [town.row(side, person), town.row(side, company)];
	// Where the other side does not know of it yet, or was told otherwise meanwhile, it waits.
	if (!row || !parent || !town.row(otherSide(side), person) || !town.row(otherSide(side), company)) return;
	if (side === 'crm') {
		const account = { table: 'account', id: String(parent['accountid']) };
		town.world.sandbox.crm.update('contact', String(row['contactid']), { parentcustomerid: account });
	} else companyOf(town.world).update('contacts', String(row['id']), { companyNumber: contactOf(town, company, parent) });
	person.company = company.mark;
	person.movedIn = side;
	town.tell(`person ${person.mark} moves to ${company.mark} in ${side}`);
}
