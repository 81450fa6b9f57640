import { next, type Rules, type Write } from './rule';

const persons = new Set(['contact', 'systemuser', 'lead']);
const composites = ['address1', 'address2', 'billto', 'shipto'];

/** Columns put together from others: full names, composed addresses, names of lines. */
export const names: Rules = {
	tables: 'all',
	fill(write) {
		const { table, changes } = write;
		if (persons.has(table.logicalName) && ('firstname' in changes || 'lastname' in changes || 'middlename' in changes)) {
			changes.fullname = joined(' ', next(write, 'firstname'), next(write, 'middlename'), next(write, 'lastname'));
		}
		for (const prefix of composites) {
			if (table.columns.has(`${prefix}_composite`)) compose(write, prefix);
		}
		const lineName = `${table.logicalName}name`;
		if (table.columns.get(lineName)?.access === 'read' && ('productid' in changes || 'productdescription' in changes)) {
			const product = write.crm.db.row('product', String(next(write, 'productid')));
			changes[lineName] = product?.name ?? next(write, 'productdescription');
		}
	},
};

function compose(write: Write, prefix: string): void {
	const parts = ['line1', 'line2', 'line3', 'city', 'stateorprovince', 'postalcode', 'country'].map((part) => `${prefix}_${part}`);
	if (!parts.some((part) => part in write.changes)) return;
	const [line1, line2, line3, city, state, postalCode, country] = parts.map((part) => next(write, part));
	write.changes[`${prefix}_composite`] = joined('\r\n', line1, line2, line3, joined(' ', joined(', ', city, state), postalCode), country);
}

function joined(separator: string, ...values: unknown[]): string | null {
	return values.filter((value) => typeof value === 'string' && value !== '').join(separator) || null;
}
