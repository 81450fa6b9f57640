import type { FieldName, FieldValue, RecordSystem, TableSource } from '../system';
import type { BusinessCentralOptions } from './options';

export type { BusinessCentralLimits, BusinessCentralOptions, BusinessCentralWebClient } from './options';

export interface Company {
	id: string;
	name: string;
	displayName: string;
}

export interface CompanyInformation {
	/** ISO code of the local currency. */
	currencyCode: string;
	displayName: string;
}

/** Business Central behind the common interface, and what only it has. */
export interface BusinessCentralSystem extends RecordSystem {
	readonly side: 'businessCentral';
	companies(): Promise<Company[]>;
	/** Read once per session. */
	companyInformation(): Promise<CompanyInformation>;
	/** All rows of a small table, e.g. `currencyExchangeRates`; `filter` and `orderBy` are OData text. */
	readAll(
		entitySet: string,
		fields: readonly FieldName[],
		filter?: string | null,
		orderBy?: string | null,
	): Promise<Array<Record<string, FieldValue>>>;
	/** `number`: the web client finds the record by it; without it there is no address. */
	link(table: TableSource, id: string, number?: string): string | null;
}

export function createBusinessCentral(_options: BusinessCentralOptions): BusinessCentralSystem {
	throw new Error('under construction');
}
