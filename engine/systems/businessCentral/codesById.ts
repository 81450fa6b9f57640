import { ZERO_GUID } from '../../model/guid';
import type { FieldName, FieldValue } from '../../model/record';
import type { Connection } from '../odata/connection';
import type { Row } from '../odata/envelope';
import { queryString } from '../odata/literals';
import { type Addresses, apiAddress } from './address';

/** A code that API v2.0 shows as the id of its record. */
export interface CodeById {
	/** Property of the record. */
	property: string;
	/** Entity set of the codes, with `id` and `code`. */
	codes: string;
}

const PAYMENT_TERMS: CodeById = { property: 'paymentTermsId', codes: 'paymentTerms' };
const SHIPMENT_METHOD: CodeById = { property: 'shipmentMethodId', codes: 'shipmentMethods' };

/** By entity set and the usual service name of the companion: properties of the companion that API v2.0 has in another form. */
export const CODES_BY_ID: Readonly<Record<string, Readonly<Record<string, Readonly<Record<FieldName, CodeById>>>>>> = {
	customers: { workflowCustomers: { paymentTermsCode: PAYMENT_TERMS, shipmentMethodCode: SHIPMENT_METHOD } },
	vendors: { workflowVendors: { paymentTermsCode: PAYMENT_TERMS } },
};

/** Codes of small tables by their ids, read once a session and again when one is not known. */
export class Codes {
	private readonly known = new Map<string, Promise<ReadonlyMap<string, string>>>();

	constructor(
		private readonly connection: Connection,
		private readonly addresses: Addresses,
	) {}

	/** Rows with codes beside the ids they hold. A code that is not among its table's is left out: nobody knows what it says. */
	async shown(rows: Row[], properties: Readonly<Record<FieldName, CodeById>>): Promise<Row[]> {
		if (Object.keys(properties).length === 0) return rows;
		const shown = rows.map((row) => ({ ...row }));
		for (const [name, { property, codes }] of Object.entries(properties)) {
			const ids = [...new Set(rows.map((row) => idOf(row[property])).filter((id) => id !== null && id !== ZERO_GUID))] as string[];
			const table = ids.length === 0 ? new Map<string, string>() : await this.covering(codes, (all) => ids.every((id) => all.has(id)));
			for (const row of shown) {
				const id = idOf(row[property]);
				const code = id === null ? undefined : id === ZERO_GUID ? '' : table.get(id);
				if (code !== undefined) row[name] = code;
			}
		}
		return shown;
	}

	/** The id of a code; nothing is the zero GUID, and a code that is not there stays as it is, which the service refuses with its own words. */
	async idOf(code: FieldValue, { codes }: CodeById): Promise<FieldValue> {
		const text = String(code ?? '')
			.trim()
			.toUpperCase();
		if (text === '') return ZERO_GUID;
		const find = (all: ReadonlyMap<string, string>) => [...all].find(([, each]) => each.toUpperCase() === text)?.[0];
		return find(await this.covering(codes, (all) => find(all) !== undefined)) ?? code;
	}

	private async covering(set: string, enough: (all: ReadonlyMap<string, string>) => boolean): Promise<ReadonlyMap<string, string>> {
		const known = this.known.get(set);
		if (known) {
			const all = await known;
			if (enough(all)) return all;
		}
		const reading = this.read(set);
		this.known.set(set, reading);
		// One that failed is asked for again.
		reading.catch(() => this.known.delete(set));
		return await reading;
	}

	private async read(set: string): Promise<ReadonlyMap<string, string>> {
		const { root, path } = apiAddress(this.addresses, set);
		const rows = await this.connection.all(`${root}/${path}${queryString({ $select: 'id,code' })}`, { table: set });
		return new Map(rows.map((row) => [String(row['id']).toLowerCase(), String(row['code'] ?? '')]));
	}
}

const idOf = (value: unknown): string | null => (typeof value === 'string' ? value.toLowerCase() : null);
