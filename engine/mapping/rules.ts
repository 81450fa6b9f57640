import type { SyncError } from '../model/errors';
import type { MoreAccess } from '../model/access';
import type { JobRecorder } from '../jobs/recorder';
import type { SyncSession } from '../ports/session';
import type { ReferenceLookup } from './referenceLookup';
import type { CompanySettings, Setup } from '../model/companySettings';
import type { TableMapping } from '../model/tableMapping';
import type { FieldName, FieldValue, LookupValue, SystemRecord } from '../model/record';
import type { PassDirection } from '../model/direction';
import type { Side } from '../model/side';
import type { FieldMapping } from '../model/fieldMapping';
import type { Coupling } from '../model/coupling';
import type { Crossing } from './desired';

export type WriteValues = Record<FieldName, FieldValue | LookupValue>;

export interface RuleContext {
	session: SyncSession;
	references: ReferenceLookup;
	direction: PassDirection;
	mapping: TableMapping;
	/** All mappings of the connection that are active with its settings, by name. */
	mappings: ReadonlyMap<string, TableMapping>;
	settings: CompanySettings;
	/** CRM row of the company; null when rows carry no company identity. */
	companyRowId: string | null;
	/** Where a rule tells people what they should know, such as what a service did by itself; absent where nobody listens. */
	recorder?: Pick<JobRecorder, 'warn'>;
}

/** A pair after its write, as `afterWrite` sees it. */
export interface WrittenPair {
	source: SystemRecord;
	/** As far as it was read or the service told it back. */
	target: SystemRecord;
	inserted: boolean;
	/** Keys of the fields whose values were written; absent: none. */
	changed?: readonly string[];
	/** To be set by `afterWrite` when it wrote to the target itself: the record as it is now, so that the rule's own write is no change later. */
	after?: SystemRecord;
	/** The same for the source. What a rule writes to records of other mappings goes into `StoreChanges.ownWrites`. */
	sourceAfter?: SystemRecord;
}

/**
 * Turns the values of one field, for a page of source records at a time, where couplings alone do not tell (the product of a price list line is an
 * item or a resource). Reads in batches; the function it answers needs no request. For lookups to CRM the value is the row's id, and
 * `FieldMapping.crmTable` names its table unless `value` is given with a table of its own.
 */
export type FieldTranslation = (context: RuleContext, field: FieldMapping, records: readonly SystemRecord[]) => Promise<Crossing>;

export interface DependentsContext {
	session: SyncSession;
	/** All mappings of the connection, by name. */
	mappings: ReadonlyMap<string, TableMapping>;
	side: Side;
}

/** Records of one mapping that depend on records of another one. */
export interface Dependents {
	mapping: string;
	/** Of the side that was asked about. */
	ids: readonly string[];
	/** Keys of the fields that say what they belong to. */
	fields: readonly string[];
	/** They have to be there before the record that they belong to is created, as units before their product. */
	first?: true;
	/** Their partners cannot move: each gets the one that belongs to the new partner of the other record. */
	anew?: true;
}

/**
 * What a default mapping does beyond moving its fields. All hooks work on a page at a time, so that none costs a request per record.
 */
export interface MappingRules {
	/** What the rules read and write in tables beside those of the mapping and of what its fields refer to; for the user's rights. */
	access?(setup: Setup): MoreAccess;
	/** Fields read besides the mapped ones. */
	extraFields?: { bc?: readonly FieldName[]; crm?: readonly FieldName[] };
	/** The table is small and what is derived for it moves without its stamp: look at all records in every run. */
	everyRun?: boolean;
	/** Once before the first page of a pass that may create records. */
	beforePass?(context: RuleContext): Promise<void>;
	/** Derived source values (field names starting with `@`), by record id. */
	derive?(context: RuleContext, records: readonly SystemRecord[]): Promise<Map<string, Record<FieldName, FieldValue>>>;
	/** Fields of Business Central that it calculates, or that book something when they are written: a record that is created again is not given them. */
	calculated?: readonly FieldName[];
	/** Fields that cross in a way of their own, by field key. */
	translations?: Readonly<Record<string, FieldTranslation>>;
	/** Records that do not take part in this direction, by id: they are neither counted nor coupled. */
	ignore?(context: RuleContext, records: readonly SystemRecord[]): Promise<ReadonlySet<string>>;
	/** Records that cannot be synchronized as they are, with the reason, by id. Asked of records that would be looked at. */
	refuse?(context: RuleContext, records: readonly SystemRecord[]): Promise<ReadonlyMap<string, SyncError>>;
	/** An uncoupled record looks for its partner by these fields before one is created. */
	matchBeforeCreate?: { bcField: FieldName; crmField: FieldName };
	/**
	 * An uncoupled record looks for its partner in a way of its own before one is created: candidates by source id. One that
	 * is coupled already is not taken. Instead of `matchBeforeCreate`.
	 */
	findPartner?(context: RuleContext, records: readonly SystemRecord[]): Promise<ReadonlyMap<string, SystemRecord>>;
	/** Pairs of fields each of which belongs to one record only, like the e-mail address of a user: asked for before a partner is created. */
	recognizedBy?: ReadonlyArray<{ bcField: FieldName; crmField: FieldName }>;
	/** Directions in which missing partners of what a record refers to are brought in without being asked for, for instance the customer of a contact. */
	bringsIn?: readonly PassDirection[];
	/** Why a record of Business Central must not be coupled by hand; null when it may. The record is read with `extraFields`. */
	refuseCoupling?(settings: CompanySettings, bc: SystemRecord): SyncError | null;
	/** Completes the values of records about to be created, in order. A record that cannot be created gets a `refusal`; the others go on. */
	beforeInsert?(
		context: RuleContext,
		inserts: ReadonlyArray<{ source: SystemRecord; values: WriteValues; refusal?: SyncError }>,
	): Promise<void>;
	/**
	 * After the writes of a page and before it is recorded, for pairs that were written or found equal. A crash makes it run
	 * again with the same pairs, so it compares before it writes. Errors, by source id, are recorded as failures of their records, which are tried
	 * again; the pairs stay coupled.
	 */
	afterWrite?(context: RuleContext, pairs: readonly WrittenPair[]): Promise<ReadonlyMap<string, SyncError>>;
	/** The partner must be read for this source record, because `stateChange` looks at it. */
	needsPartner?(direction: PassDirection, source: SystemRecord): boolean;
	/** Values written to the partner because of the source's state, mapped fields apart; null for none. */
	stateChange?(direction: PassDirection, source: SystemRecord, partner: SystemRecord): WriteValues | null;
	/**
	 * Fields of Business Central that it fills by itself when another one is written, by the keys of both: a person inherits the address of the company
	 * that it is given. They are sent along as they stand, so that nothing is replaced that nobody changed; in a new record also where they are blank.
	 */
	fills?: Readonly<Record<string, readonly string[]>>;
	/** The insert carries a key that makes it recognizable: the field that holds it (BC). */
	naturalKey?: FieldName;
	/** Couplings of other mappings that end with these, for instance the contacts of a customer. Asked before the couplings go. */
	alsoUncouple?(
		session: SyncSession,
		mapping: TableMapping,
		couplings: readonly Coupling[],
	): Promise<ReadonlyArray<{ mapping: string; couplings: readonly Coupling[] }>>;
	/**
	 * Couples of other mappings whose records are part of these, or name them: when a record is created again, or gets another partner, they follow.
	 * Asked by the records of `side`, which are there.
	 */
	dependents?(context: DependentsContext, couplings: readonly Coupling[]): Promise<readonly Dependents[]>;
	/**
	 * How uncoupled records find each other before a full synchronization creates what is missing, where the fields are not flagged for
	 * matching: pairs of fields with their priority.
	 */
	firstMatch?: ReadonlyArray<{ bcField: FieldName; crmField: FieldName; caseSensitive?: boolean; priority?: number }>;
}
