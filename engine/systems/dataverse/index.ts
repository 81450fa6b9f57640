import type { FieldName, FieldValue, RecordSystem } from '../system';
import type { DataverseOptions } from './options';

export type { DataverseLimits, DataverseOptions } from './options';

export interface WhoAmI {
	userId: string;
	businessUnitId: string;
	organizationId: string;
}

export interface Organization {
	id: string;
	baseCurrencyId: string;
	/** ISO code. */
	baseCurrencyCode: string;
	/** Decimals of money (pricing precision of the organization). */
	currencyPrecision: number;
}

export interface Choice {
	value: number;
	label: string;
}

/** Dataverse behind the common interface, and what only it has. */
export interface DataverseSystem extends RecordSystem {
	readonly side: 'crm';
	whoAmI(): Promise<WhoAmI>;
	/** Read once per session. */
	organization(): Promise<Organization>;
	/** All rows of a small table; lookups by logical name, as in records. */
	readAll(table: string, columns: readonly FieldName[], filter?: string | null): Promise<Array<Record<string, FieldValue>>>;
	/** Values and labels of a choice column, from metadata. */
	choices(table: string, column: FieldName): Promise<Choice[]>;
}

export function createDataverse(_options: DataverseOptions): DataverseSystem {
	throw new Error('under construction');
}
