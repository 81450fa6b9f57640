import type { PassDirection } from '../model/direction';
import type { FieldMapping } from '../model/fieldMapping';
import type { FieldValue, SystemRecord } from '../model/record';
import type { TableMapping } from '../model/tableMapping';
import type { Crossing } from './desired';

/** What a referring value becomes on the other side. */
export type Resolved =
	/** `id`: the record's id, where Business Central's own number was looked up. */
	| { found: string; id?: string }
	/** `name`: what people call the record, where the value is an id; `off`: its table mapping is switched off. */
	| { found: null; reason: 'blank' | 'unknown' | 'uncoupled'; name?: string; off?: boolean };

/** Answers about choice values that were prepared for a page. */
export interface ChoiceLookup {
	/** Choice value for a code (upper case); undefined when nothing tells. */
	valueOf(field: FieldMapping, code: string): FieldValue | undefined;
	/** Code for a choice value (a number; words for one that CRM has not given yet); undefined when nothing tells. */
	codeOf(field: FieldMapping, value: string | number): string | undefined;
	/** Labels among which a code or a choice value cannot be told apart; empty when that is not the reason. */
	sharing(field: FieldMapping, codeOrValue: string | number): readonly string[];
	/** What people call a choice value; undefined where its label was not read. */
	labelOf(field: FieldMapping, value: string | number): string | undefined;
	/** The option mapping that the field names is switched off. */
	isOff(field: FieldMapping): boolean;
}

/** Countries of Business Central, by code and by name. */
export interface Countries {
	/** The code that is spelled so, or whose name is; null where there is none, or several have the name. */
	codeOf(text: string): string | null;
	/** The name of a code, in upper case; undefined where it has none. */
	nameOf(code: string): string | undefined;
}

/**
 * What codes of Business Central and ids of CRM rows stand for on the other side. `prepare` loads what a page of records refers to, in batches;
 * afterwards answers need no request, so that translating a value stays pure.
 */
export interface ReferenceLookup {
	readonly choices: ChoiceLookup;
	/** Null where they cannot be read, or no record prepared has a country. */
	readonly countries: Countries | null;
	/** Fields that cross in a way of their own, by field key, for the records prepared last. */
	readonly translations: ReadonlyMap<string, Crossing>;
	/** Loads what the given fields of the records refer to. `records` are of the pass's source side. */
	prepare(
		direction: PassDirection,
		mapping: TableMapping,
		fields: readonly FieldMapping[],
		records: readonly SystemRecord[],
	): Promise<void>;
	/** Id of the CRM row for a BC code. */
	crmId(field: FieldMapping, code: FieldValue | undefined): Resolved;
	/** BC code for the id of a CRM row. */
	bcCode(field: FieldMapping, id: FieldValue | undefined): Resolved;
	/** Ids of the CRM rows coupled with records of a mapping, by the records' ids in Business Central. */
	coupledRows(mapping: string, bcIds: Iterable<string>): Promise<Map<string, string>>;
	/** As `coupledRows`, by the keys that the records have (`compositeId`), of a mapping whose records pages show. */
	rowsOfKeys(mapping: string, keys: Iterable<string>): Promise<Map<string, string>>;
	/** ISO code of the company's local currency, upper case. */
	localCurrencyCode(): Promise<string>;
	/** Forgets what CRM answered about the local currency, after it was created. */
	forgetLocalCurrency(): void;
}
