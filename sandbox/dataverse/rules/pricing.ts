import { rounded, type Changes, type Row } from '../values';
import { lineParents } from './documents';
import type { Session } from '../environment';
import { next, numberOf, touches, type Rules, type RowWriter, type Write } from './rule';

const inputs = [
	'productid',
	'uomid',
	'quantity',
	'priceperunit',
	'ispriceoverridden',
	'manualdiscountamount',
	'volumediscountamount',
	'tax',
	'isproductoverridden',
];

const organization = (crm: RowWriter): Row | undefined => crm.db.row('organization', crm.environment.organizationId);

/** `discountcalculationmethod` 1: a manual discount counts for each unit. */
const perUnit = (crm: RowWriter): boolean => organization(crm)?.discountcalculationmethod === 1;

/**
 * Whether the service computes prices for this write: not when the organization switched it off, and not for orders and invoices that an integration
 * user writes while the integration of sales order processing is on.
 * Source: https://learn.microsoft.com/dynamics365/sales/developer/sales-order-processing-integration
 */
function calculates(crm: RowWriter, session: Session, table: string): boolean {
	const settings = organization(crm);
	if (!crm.environment.priceCalculation || settings?.oobpricecalculationenabled === false) return false;
	const integrated = settings?.issopintegrationenabled === true && /^(salesorder|invoice)(detail)?$/.test(table);
	return !(integrated && crm.db.row('systemuser', session.user)?.isintegrationuser === true);
}

/** The price of a line: from the price list unless overridden. */
export const linePrices: Rules = {
	tables: Object.keys(lineParents),
	fill(write) {
		if (write.seeded || !touches(write, ...inputs) || !calculates(write.crm, write.session, write.table.logicalName)) return;
		const { table, column } = lineParents[write.table.logicalName]!;
		const parent = write.crm.db.row(table, String(next(write, column)));
		const fixed = next(write, 'ispriceoverridden') === true || next(write, 'isproductoverridden') === true;
		if (!fixed && parent?.ispricelocked !== true) listPrice(write, parent);
		const price = numberOf(next(write, 'priceperunit'));
		const quantity = numberOf(next(write, 'quantity'));
		if (!fixed) volumeDiscount(write, parent, price, quantity);
		const base = rounded(price * quantity, 2);
		write.changes.baseamount = base;
		const manual = numberOf(next(write, 'manualdiscountamount')) * (perUnit(write.crm) ? quantity : 1);
		const discount = manual + numberOf(next(write, 'volumediscountamount')) * quantity;
		write.changes.extendedamount = rounded(base - discount + numberOf(next(write, 'tax')), 2);
	},
	after(write) {
		const { table, column } = lineParents[write.table.logicalName]!;
		const parents = new Set([write.before?.[column], next(write, column)]);
		for (const parent of parents) if (typeof parent === 'string') recalculate(write.crm, table, parent, write.session);
	},
	afterDelete({ table, row, crm, session, cascade }) {
		if (cascade) return;
		const { table: parentTable, column } = lineParents[table.logicalName]!;
		if (typeof row[column] === 'string') recalculate(crm, parentTable, row[column], session);
	},
};

function listItem(write: Write, parent: Row | undefined): Row | undefined {
	const { db } = write.crm;
	const items = [...db.store('productpricelevel').having('productid', next(write, 'productid'))].map((id) =>
		db.row('productpricelevel', id)!,
	);
	return items.find((each) => each.pricelevelid === parent?.pricelevelid && each.uomid === next(write, 'uomid'));
}

function listPrice(write: Write, parent: Row | undefined): void {
	if (typeof parent?.pricelevelid !== 'string') return void Object.assign(write.changes, { priceperunit: 0, pricingerrorcode: 2 });
	const item = listItem(write, parent);
	Object.assign(
		write.changes,
		item ? { priceperunit: numberOf(item.amount), pricingerrorcode: 0 } : { priceperunit: 0, pricingerrorcode: 11 },
	);
}

/** The step of the discount list of the price list item that holds the quantity: a share of the price or an amount, per unit. */
function volumeDiscount(write: Write, parent: Row | undefined, price: number, quantity: number): void {
	const { db } = write.crm;
	const list = listItem(write, parent)?.discounttypeid;
	if (typeof list !== 'string') return;
	const steps = [...db.store('discount').having('discounttypeid', list)].map((id) => db.row('discount', id)!);
	const step = steps.find(({ lowquantity, highquantity }) => quantity >= numberOf(lowquantity) && quantity <= numberOf(highquantity));
	const amount = !step ? 0 : typeof step.percentage === 'number' ? rounded((price * step.percentage) / 100, 2) : numberOf(step.amount);
	write.changes.volumediscountamount = amount;
}

const documentInputs = ['discountamount', 'discountpercentage', 'freightamount'];

/** Totals of quotes, orders and invoices. */
export const documentTotals: Rules = {
	tables: ['opportunity', 'quote', 'salesorder', 'invoice'],
	fill(write) {
		if (write.seeded || !calculates(write.crm, write.session, write.table.logicalName)) return;
		const estimated = write.table.logicalName === 'opportunity' && write.before !== null && 'isrevenuesystemcalculated' in write.changes;
		if (!estimated && !touches(write, ...documentInputs) && !Object.keys(write.changes).some((column) => column.startsWith('total')))
			return;
		const row: Row = { ...write.before, ...write.changes };
		Object.assign(write.changes, totals(write.crm, write.table.logicalName, write.id, row));
	},
};

/** Prices every line of a document anew, and its totals. */
export function recalculateAll(crm: Write['crm'], table: string, id: string, session: Write['session']): void {
	const found = Object.entries(lineParents).find(([, parent]) => parent.table === table);
	if (!found) return;
	const [lineTable, { column }] = found;
	for (const lineId of [...crm.db.store(lineTable).having(column, id)]) {
		const { quantity } = crm.db.row(lineTable, lineId)!;
		crm.update(lineTable, lineId, { quantity: quantity ?? null }, session);
	}
	recalculate(crm, table, id, session);
}

function recalculate(crm: Write['crm'], table: string, id: string, session: Write['session']): void {
	const row = crm.db.row(table, id);
	if (!row) return;
	const changes: Changes = calculates(crm, session, table) ? totals(crm, table, id, row) : {};
	const rate = numberOf(row.exchangerate) || 1;
	for (const [column, value] of Object.entries(changes)) {
		if (crm.model.table(table).columns.has(`${column}_base`)) changes[`${column}_base`] = rounded(numberOf(value) / rate, 4);
	}
	crm.touch(table, id, changes, session);
}

function totals(crm: Write['crm'], table: string, id: string, row: Row): Changes {
	const { db } = crm;
	const [lineTable, { column }] = Object.entries(lineParents).find(([, parent]) => parent.table === table)!;
	let detail = 0;
	let discounts = 0;
	let tax = 0;
	for (const lineId of db.store(lineTable).having(column, id)) {
		const line = db.row(lineTable, lineId)!;
		const manual = numberOf(line.manualdiscountamount) * (perUnit(crm) ? numberOf(line.quantity) : 1);
		const discount = manual + numberOf(line.volumediscountamount) * numberOf(line.quantity);
		detail += numberOf(line.baseamount) - discount;
		discounts += discount;
		tax += numberOf(line.tax);
	}
	const discount = numberOf(row.discountamount) + (numberOf(row.discountpercentage) * detail) / 100;
	const lessFreight = detail - discount;
	const amounts: Changes = {
		totallineitemamount: detail,
		totallineitemdiscountamount: discounts,
		totaldiscountamount: discount,
		totalamountlessfreight: lessFreight,
		totaltax: tax,
		totalamount: lessFreight + numberOf(row.freightamount) + tax,
	};
	for (const [name, value] of Object.entries(amounts)) amounts[name] = rounded(numberOf(value), 2);
	if (table === 'opportunity' && row.isrevenuesystemcalculated === true) amounts.estimatedvalue = amounts.totalamount!;
	return amounts;
}
