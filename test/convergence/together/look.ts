import { type Row, type Side, SIDES, otherSide } from '../fields';
import { companyOf, type Kind, same, text } from './kinds/kind';
import { contactOf } from './kinds/parties';
import type { Resident, Town } from './town';

/** Rows of each kind and side, by mark. */
type Register = Map<Kind, Record<Side, Map<string, Row[]>>>;

/** Both sides as they are now that they have had time to agree: held against what people entered. */
export function lookAtAll(town: Town, kinds: readonly Kind[]): void {
	const register: Register = new Map(
		kinds.map((kind) => [kind, { businessCentral: rowsByMark(town, kind, 'businessCentral'), crm: rowsByMark(town, kind, 'crm') }]),
	);
	const rowOf = (side: Side, { kind, mark }: Resident): Row | undefined => register.get(kind)![side].get(mark)?.[0];
	for (const resident of town.residents.values()) look(town, resident, rowOf);
	lookForStrangers(town, register);
}

function rowsByMark({ world }: Town, kind: Kind, side: Side): Map<string, Row[]> {
	const rows = new Map<string, Row[]>();
	for (const row of kind.rows(world, side)) {
		const mark = kind.mark(world, side, row);
		// What was there from the start, and what a service makes by itself.
		if (mark !== '') rows.set(mark, [...(rows.get(mark) ?? []), row]);
	}
	return rows;
}

type RowOf = (side: Side, resident: Resident) => Row | undefined;

function look(town: Town, resident: Resident, rowOf: RowOf): void {
	if (resident.free || resident.blocked) return;
	const [bc, crm] = [rowOf('businessCentral', resident), rowOf('crm', resident)];
	const who = `${resident.kind.name} ${resident.mark}`;
	if (resident.gone) {
		if (!rowOf(otherSide(resident.gone), resident))
			town.broken(`${who}: was deleted in ${resident.gone} by people, and on the other side by nobody who was asked`);
		return;
	}
	if (!bc || !crm) return town.broken(`${who}: is missing in ${bc ? 'CRM' : 'Business Central'}`);
	for (const field of resident.kind.fields) {
		const now = { businessCentral: field.bc(town.world, bc), crm: field.crm(town.world, crm) };
		const entered = resident.values.get(field.caption);
		if (field.onlyEntered && !entered) continue;
		// What became of a person that nobody promises anything about, its customer may show.
		if (field.to && SIDES.some((side) => isFree(town, now[side]))) continue;
		if (!same(field, now.businessCentral, now.crm)) {
			town.broken(`${who} ${field.caption}: "${now.businessCentral}" in Business Central, "${now.crm}" in CRM`);
		} else if (entered && SIDES.some((side) => !same(field, now[side], entered.value))) {
			town.broken(`${who} ${field.caption}: "${entered.value}" was entered in ${entered.side}, "${now.crm}" stands`);
		}
		if (entered) entered.settled = true;
	}
	if (resident.kind.stamped && crm['bcbi_companyid'] !== town.world.base.companyRowId)
		town.broken(`${who}: the row in CRM does not name its company`);
	lookAtPlace(town, resident, bc, crm, rowOf);
	delete resident.movedIn;
	delete resident.formerOwners;
}

const isFree = (town: Town, mark: string): boolean => {
	const other = town.residents.get(mark);
	return mark !== '' && (!other || Boolean(other.free || other.gone || other.blocked));
};

/** What it belongs to is the same on both sides. */
function lookAtPlace(town: Town, resident: Resident, bc: Row, crm: Row, rowOf: RowOf): void {
	const who = `${resident.kind.name} ${resident.mark}`;
	const owner = resident.owner === undefined ? undefined : town.residents.get(resident.owner);
	if (owner?.free || owner?.gone || owner?.blocked) return;
	if (owner && resident.kind.name === 'person') {
		const [party, account] = [rowOf('businessCentral', owner), rowOf('crm', owner)];
		if (account && crm['parentcustomerid'] !== account['accountid']) town.broken(`${who}: does not belong to ${owner.mark} in CRM`);
		if (party && contactOf(town.world, owner.kind, party['number']) !== bc['companyNumber'])
			town.broken(`${who}: does not belong to ${owner.mark} in Business Central`);
	}
	if (owner && resident.kind.name === 'unit') {
		const product = rowOf('crm', owner);
		if (product && crm['uomscheduleid'] !== product['defaultuomscheduleid'])
			town.broken(`${who}: is no unit of the group of ${owner.mark} in CRM`);
	}
	if (resident.kind.name === 'item' || resident.kind.name === 'resource') lookAtProduct(town, who, bc, crm);
}

const DEFAULT_LIST = 'Business Central Default Price List';

/** Unit group, unit and price of a product are those of its item or resource. */
function lookAtProduct(town: Town, who: string, bc: Row, crm: Row): void {
	const { world } = town;
	const broken = (what: string): void => town.broken(what);
	const tables = world.sandbox.crm;
	const group = tables.get('uomschedule', text(crm['defaultuomscheduleid']));
	const unit = tables.get('uom', text(crm['defaultuomid']));
	const wanted = text(bc['baseUnitOfMeasureCode'] ?? bc['Base_Unit_of_Measure']);
	if (unit?.['name'] !== wanted) broken(`${who}: its unit is ${wanted} in Business Central, ${text(unit?.['name'])} in CRM`);
	if (unit && unit['uomscheduleid'] !== group?.['uomscheduleid']) broken(`${who}: its unit is not one of its unit group`);
	const lists = tables.rows('pricelevel').filter(({ name }) => name === DEFAULT_LIST);
	if (lists.length > 1) broken(`${DEFAULT_LIST} is there ${lists.length} times`);
	const price = tables
		.rows('productpricelevel')
		.filter((row) => row['pricelevelid'] === lists[0]?.['pricelevelid'] && row['productid'] === crm['productid'] && row['uomid'] === unit?.['uomid']); // prettier-ignore
	if (price.length !== 1) return broken(`${who}: has ${price.length} prices in the default list, in its unit`);
	const amount = Number(bc['unitPrice'] ?? bc['Unit_Price']);
	if (Number(price[0]!['amount']) !== amount) broken(`${who}: costs ${amount}, and ${text(price[0]!['amount'])} in the default list`);
}

/** No record is there twice, and none that nobody entered. */
function lookForStrangers(town: Town, register: Register): void {
	for (const [kind, sides] of register)
		for (const side of SIDES)
			for (const [mark, rows] of sides[side]) {
				if (!town.residents.has(mark)) town.broken(`${kind.name} "${mark}" in ${side}: entered by nobody`);
				else if (rows.length > 1) town.broken(`${kind.name} ${mark} is ${rows.length} times in ${side}`);
			}
	const left = companyOf(town.world).rows('customers').concat(companyOf(town.world).rows('vendors')).filter(({ displayName }) => /^left/.test(text(displayName))); // prettier-ignore
	if (left.length > 0) town.broken(`${text(left[0]!['displayName'])}: nobody wanted it in Business Central`);
}
