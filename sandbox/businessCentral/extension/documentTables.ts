import type { CompanyData } from '../data/companyData';
import type { Row, Value } from '../data/row';

/** How the sandbox keeps a table of Business Central that it does not keep as such. */
export interface KeptTable {
	table: string;
	where?: Readonly<Record<string, readonly string[]>>;
	/** Fields that are worked out, by AL field name. */
	reads?: Readonly<Record<string, (row: Row, company: CompanyData) => Value>>;
}

/** Status words of API v2.0, in which the sandbox keeps orders, and those of the table. */
const STATUS: Readonly<Record<string, string>> = { Draft: 'Open', 'In Review': 'Pending Approval', Open: 'Released' };

const statusOf = ({ fields }: Row): Value =>
	(fields['Document Type'] === 'Order' ? STATUS[String(fields['Status'] ?? '')] : fields['Document Status']) ?? 'Open';

function lastShipment({ fields }: Row, company: CompanyData): Value {
	const shipments = company.table('Sales Shipment Header').withField('Order No.', fields['No.'] ?? '');
	const dates = shipments.map((shipment) => String(shipment.fields['Shipment Date'] ?? shipment.fields['Posting Date'] ?? ''));
	return dates.sort().at(-1) || '0001-01-01';
}

/** By AL name. Posted invoices are kept beside the other documents; a note's record is kept by its SystemId. */
export const keptTables: Readonly<Record<string, KeptTable>> = {
	'Sales Header': {
		table: 'Sales Header',
		reads: {
			Status: statusOf,
			'Last Shipment Date': lastShipment,
			'Completely Shipped': ({ fields }) => fields['Completely Shipped'] === true,
		},
	},
	'Sales Invoice Header': { table: 'Sales Header', where: { 'Document Type': ['Posted Invoice'] } },
};
