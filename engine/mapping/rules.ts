import type { SyncError } from '../errors';
import type { SyncSession } from '../session';
import type { Coupling } from '../store/store';
import type { FieldName, FieldValue, LookupValue, SystemRecord } from '../systems/system';
import type { References } from '../sync/references';
import type { PassDirection, TableMapping } from './tableMapping';

export type WriteValues = Record<FieldName, FieldValue | LookupValue>;

export interface RuleContext {
	session: SyncSession;
	references: References;
	direction: PassDirection;
}

/**
 * What a default mapping does beyond moving its fields. All hooks work on a page at a time, so that none costs a request per record.
 */
export interface MappingRules {
	/** Fields read besides the mapped ones. */
	extraFields?: { bc?: readonly FieldName[]; crm?: readonly FieldName[] };
	/** The table is small and what is derived for it moves without its stamp: look at all records in every run. */
	everyRun?: boolean;
	/** Once before the first page of a pass that may create records. */
	beforePass?(context: RuleContext): Promise<void>;
	/** Derived source values (field names starting with `@`), by record id. */
	derive?(context: RuleContext, records: readonly SystemRecord[]): Promise<Map<string, Record<FieldName, FieldValue>>>;
	/** An uncoupled record looks for its partner by these fields before one is created. */
	matchBeforeCreate?: { bcField: FieldName; crmField: FieldName };
	/** Completes the values of records about to be created, in order. A record that cannot be created gets a `refusal`; the others go on. */
	beforeInsert?(
		context: RuleContext,
		inserts: ReadonlyArray<{ source: SystemRecord; values: WriteValues; refusal?: SyncError }>,
	): Promise<void>;
	/** The partner must be read for this source record, because `stateChange` looks at it. */
	needsPartner?(direction: PassDirection, source: SystemRecord): boolean;
	/** Values written to the partner because of the source's state, mapped fields apart; null for none. */
	stateChange?(direction: PassDirection, source: SystemRecord, partner: SystemRecord): WriteValues | null;
	/** The insert carries a key that makes it recognisable: the field that holds it (BC). */
	naturalKey?: FieldName;
	/** Couplings of other mappings that end with these, for instance the contacts of a customer (sync-semantics 16.6). Asked before the couplings go. */
	alsoUncouple?(
		session: SyncSession,
		mapping: TableMapping,
		couplings: readonly Coupling[],
	): Promise<ReadonlyArray<{ mapping: string; couplings: readonly Coupling[] }>>;
	/**
	 * How uncoupled records find each other before a full synchronisation creates what is missing, where the fields are not flagged for matching:
	 * pairs of fields with their priority.
	 */
	firstMatch?: ReadonlyArray<{ bcField: FieldName; crmField: FieldName; caseSensitive?: boolean; priority?: number }>;
}
