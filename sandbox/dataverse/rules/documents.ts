import { DataverseError } from '../errors';
import type { Row } from '../values';
import { next, type Rules, type Write } from './rule';

interface Document {
	number: string;
	prefix: string;
	/** State in which the document may be edited. */
	editable: number;
	word: string;
	/** State label → message that sets it. */
	messages: Record<string, string>;
}

export const documentTables: Record<string, Document> = {
	quote: { number: 'quotenumber', prefix: 'QUO', editable: 0, word: 'quote', messages: { Won: 'WinQuote', Closed: 'CloseQuote' } },
	salesorder: {
		number: 'ordernumber',
		prefix: 'ORD',
		editable: 0,
		word: 'order',
		messages: { Fulfilled: 'FulfillSalesOrder', Canceled: 'CancelSalesOrder' },
	},
	invoice: { number: 'invoicenumber', prefix: 'INV', editable: 0, word: 'invoice', messages: {} },
};

export const lineParents: Record<string, { table: string; column: string; lineNumber: string }> = {
	opportunityproduct: { table: 'opportunity', column: 'opportunityid', lineNumber: 'lineitemnumber' },
	quotedetail: { table: 'quote', column: 'quoteid', lineNumber: 'lineitemnumber' },
	salesorderdetail: { table: 'salesorder', column: 'salesorderid', lineNumber: 'lineitemnumber' },
	invoicedetail: { table: 'invoice', column: 'invoiceid', lineNumber: 'lineitemnumber' },
};

/** Messages close documents with this mark among the changes; it never reaches the row. */
export const byMessage = '@byMessage';

const stateColumns = new Set(['statecode', 'statuscode', byMessage]);

function locked(table: string, row: Row): boolean {
	return (table in documentTables || table === 'opportunity') && row.statecode !== (documentTables[table]?.editable ?? 0);
}

const lockedError = (table: string) =>
	new DataverseError(
		400,
		'0x80043b1d',
		`This ${documentTables[table]?.word ?? table} cannot be changed because it is read-only: it is not in an editable state.`,
	);

/** Quotes, orders, invoices, and the states of opportunities. */
export const documents: Rules = {
	tables: [...Object.keys(documentTables), 'opportunity'],
	check(write) {
		const { table, before, changes } = write;
		const special = byMessage in changes;
		delete changes[byMessage];
		checkPriceList(write);
		const document = documentTables[table.logicalName];
		const closing = table.states?.byMessageOnly?.includes(table.states.values[String(next(write, 'statecode'))]?.label ?? '');
		if (before === null) {
			if (document && next(write, 'customerid') === null) {
				throw new DataverseError(400, '0x80040203', `Required field 'customerid' is missing for entity '${table.logicalName}'.`);
			}
			const state = next(write, 'statecode');
			if (state !== null && state !== table.states!.default[0]) {
				throw new DataverseError(400, '0x80048408', `${table.logicalName} cannot be created in state ${String(state)}; create it in its default state and change the state afterwards.`); // prettier-ignore
			}
			return;
		}
		if (closing && !special && before.statecode !== next(write, 'statecode')) {
			const label = table.states!.values[String(next(write, 'statecode'))]!.label;
			throw new DataverseError(400, '0x80048408', `The state '${label}' of ${table.logicalName} cannot be set by an update. Use the message ${messageFor(table.logicalName, label)}.`); // prettier-ignore
		}
		if (!special && document && locked(table.logicalName, before) && Object.keys(changes).some((column) => !stateColumns.has(column))) {
			throw lockedError(table.logicalName);
		}
	},
	fill(write) {
		delete write.changes[byMessage];
		const document = documentTables[write.table.logicalName];
		if (!document || write.before !== null) return;
		write.changes[document.number] ??=
			`${document.prefix}-${String(1000 + write.crm.db.store(write.table.logicalName).rows.size).padStart(5, '0')}-${suffix(write.id)}`;
		if (write.table.logicalName === 'quote') write.changes.revisionnumber ??= 0;
	},
	beforeDelete({ table, row }) {
		if (table.logicalName !== 'opportunity' && locked(table.logicalName, row)) throw lockedError(table.logicalName);
	},
};

/** A document has the currency of its price list. */
function checkPriceList(write: Write): void {
	const { crm, changes, before, session } = write;
	if (!('pricelevelid' in changes || 'transactioncurrencyid' in changes)) return;
	const list = crm.db.row('pricelevel', String(next(write, 'pricelevelid')));
	const usual = before === null ? (crm.db.row('systemuser', session.user)?.transactioncurrencyid ?? crm.environment.baseCurrencyId) : null;
	const currency = next(write, 'transactioncurrencyid') ?? usual;
	if (!list?.transactioncurrencyid || currency === null || list.transactioncurrencyid === currency) return;
	throw new DataverseError(400, '0x80048cfe', 'The currency of the record does not match the currency of the price list.');
}

function messageFor(table: string, label: string): string {
	return documentTables[table]?.messages[label] ?? (label === 'Won' ? 'WinOpportunity' : 'LoseOpportunity');
}

const suffix = (id: string) => id.replace(/[^0-9a-z]/g, '').slice(-6).toUpperCase(); // prettier-ignore

/** Lines of documents: need their document, which must be editable. */
export const lines: Rules = {
	tables: Object.keys(lineParents),
	check(write) {
		const { table, column } = lineParents[write.table.logicalName]!;
		const parentId = next(write, column);
		if (parentId === null)
			throw new DataverseError(400, '0x80040203', `Required field '${column}' is missing for entity '${write.table.logicalName}'.`);
		const parent = write.crm.db.row(table, String(parentId));
		if (parent && locked(table, parent)) throw lockedError(table);
		checkProduct(write);
	},
	fill(write) {
		const { table, column, lineNumber } = lineParents[write.table.logicalName]!;
		if (write.before !== null) return;
		const parentId = String(next(write, column));
		const count = write.crm.db.store(write.table.logicalName).having(column, parentId).size;
		write.changes[lineNumber] ??= count + 1;
		const parent = write.crm.db.row(table, parentId);
		if (parent) {
			write.changes.ownerid = parent.ownerid ?? null;
			write.changes.owneridtype = parent.owneridtype ?? null;
			write.changes.transactioncurrencyid = parent.transactioncurrencyid ?? null;
		}
	},
	beforeDelete({ table, row, crm, cascade }) {
		if (cascade) return;
		const { table: parentTable, column } = lineParents[table.logicalName]!;
		const parent = crm.db.row(parentTable, String(row[column]));
		if (parent && locked(parentTable, parent)) throw lockedError(parentTable);
	},
};

function checkProduct(write: Write): void {
	const product = next(write, 'productid');
	if (next(write, 'isproductoverridden') === true) {
		if (product !== null) throw new DataverseError(400, '0x80040203', 'A write-in line cannot have a product.');
		if (next(write, 'productdescription') === null) {
			throw new DataverseError(400, '0x80040203', 'The product description of a write-in line is missing.');
		}
		return;
	}
	if (product === null)
		throw new DataverseError(400, '0x80040203', 'The line needs a product, or isproductoverridden and productdescription.');
	if (next(write, 'uomid') === null) throw new DataverseError(400, '0x80040203', 'The unit of the line is missing.');
	const row = write.crm.db.row('product', String(product));
	// Under revision, the product stays sellable as it was published.
	if (row && row.statecode !== 0 && row.statecode !== 3 && 'productid' in write.changes) {
		throw new DataverseError(400, '0x80040203', 'You can only add active products.');
	}
}
