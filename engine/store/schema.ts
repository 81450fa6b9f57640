import type { ColumnType, Generated } from 'kysely';

/**
 * Tables of the state store, alike in both dialects: texts, integers (0/1 for yes/no, milliseconds since the epoch for
 * points in time that are compared) and JSON as text. `connection_key` stands for the connection, so that the long
 * identifying text is not repeated in each row and index.
 */
export interface StoreTables {
	connection: ConnectionTable;
	connection_address: ConnectionAddressTable;
	mapping_setting: MappingSettingTable;
	lease: LeaseTable;
	coupling: CouplingTable;
	intent: IntentTable;
	failure: FailureTable;
	requeued_record: RequeuedRecordTable;
	watermark: WatermarkTable;
	deletion_search: DeletionSearchTable;
	compared_record: ComparedRecordTable;
	missing_partner: MissingPartnerTable;
	former_partner: FormerPartnerTable;
	job: JobTable;
	log_entry: LogEntryTable;
	full_sync: FullSyncTable;
	store_identity: StoreIdentityTable;
	origin: OriginTable;
	field_set: FieldSetTable;
	field_list: FieldListTable;
	mass_change: MassChangeTable;
	change_token: ChangeTokenTable;
	document: DocumentTable;
	document_line: DocumentLineTable;
	derived_row: DerivedRowTable;
	record_identity: RecordIdentityTable;
	record_key: RecordKeyTable;
	surface_offer: SurfaceOfferTable;
	trigger_state: TriggerStateTable;
	trigger_mapping: TriggerMappingTable;
	trigger_signal: TriggerSignalTable;
	trigger_subscription: TriggerSubscriptionTable;
}

export interface ConnectionTable {
	connection_key: Generated<number>;
	id: string;
	bc_address: string;
	company_id: string;
	company_name: string;
	crm_address: string;
	created_ms: ColumnType<number, number, never>;
	opened_ms: number;
	/** As in `KnownSystems`; null while the service has not told. */
	bc_system: string | null;
	crm_system: string | null;
}

/** A spelling of the addresses under which a connection was met, and the id that it makes. */
export interface ConnectionAddressTable {
	connection_key: number;
	bc_address: string;
	crm_address: string;
	former_id: string;
}

export interface MappingSettingTable {
	connection_key: number;
	mapping: string;
	settings: string;
}

export interface LeaseTable {
	connection_key: number;
	mapping: string;
	/** Null once released; the row stays so that the fence goes on growing. */
	owner: string | null;
	fence: number;
	expires_ms: number;
	/** JSON of `LeaseHolder`; null where nobody holds it, or an earlier version does. */
	holder: string | null;
	acquired_ms: number | null;
}

export interface CouplingTable {
	connection_key: number;
	mapping: string;
	bc_id: string;
	crm_id: string;
	bc_number: string;
	bc_name: string;
	crm_name: string;
	/** Number and names in lower case: the databases fold letters beyond ASCII differently, so the engine does it. */
	search: string;
	bc_version: string | null;
	crm_version: string | null;
	bc_stamp: string | null;
	crm_stamp: string | null;
	crm_created_at: string | null;
	baseline: string | null;
	initial: string | null;
	coupled_at: string;
	last_synced_at: string | null;
	/** Update that is not confirmed, as JSON. */
	sent: string | null;
	/** Hash of the fields it was compared with last; null where an earlier version compared it. */
	field_set: string | null;
	/** Whose record a run created: `crm` or `bc`; null where both were there. */
	created_on: string | null;
	/** When a run wrote to CRM, and to BC, last. */
	to_crm_ms: number | null;
	from_crm_ms: number | null;
}

/** Names of the fields that baselines hold, as a JSON list; see `PackedBaseline`. */
export interface FieldListTable {
	connection_key: number;
	id: string;
	fields: string;
}

/** A sales document and its partner. */
export interface DocumentTable {
	connection_key: number;
	mapping: string;
	crm_id: string;
	bc_id: string | null;
	crm_number: string;
	bc_number: string;
	name: string;
	/** Numbers and name in lower case. */
	search: string;
	stage: string;
	content: string;
	/** JSON of `Reconciliation`. */
	amounts: string | null;
	accepted: string | null;
	gone_since: string | null;
	coupled_at: string;
	handed_over_at: string | null;
	/** Of an invoice. */
	payment: string | null;
	/** JSON of `DocumentLife`. */
	life: string | null;
}

/** A line of such a document, by its line number in Business Central. */
export interface DocumentLineTable {
	connection_key: number;
	mapping: string;
	crm_id: string;
	sequence: number;
	kind: string;
	bc_line_id: string | null;
	crm_line_id: string | null;
}

/** As `DerivedRow`. */
export interface DerivedRowTable {
	connection_key: number;
	mapping: string;
	source_id: string;
	target_id: string;
	owner_id: string;
	content: string;
	/** ISO, UTC. */
	at: string;
}

export interface IntentTable {
	connection_key: number;
	mapping: string;
	direction: string;
	source_id: string;
	target_id: string | null;
	values_json: string;
	created_at: string;
	/** By the clock of the service that is written to; null where it was not known. */
	announced_at: string | null;
}

export interface FailureTable {
	connection_key: number;
	mapping: string;
	direction: string;
	source_id: string;
	error_class: string;
	error_code: string;
	message: string;
	hint: string;
	attempts: number;
	skipped: number;
	source_version: string | null;
	partner_version: string | null;
	/** JSON list of the missing counterparts the record refers to; null when its failure has another reason. */
	missing: string | null;
	/** Null for failures kept since before this was known. */
	first_failed_at: string | null;
	failed_at: string;
}

export interface RequeuedRecordTable {
	connection_key: number;
	mapping: string;
	direction: string;
	source_id: string;
	reason: string;
	/** JSON list of the keys of fields that are delivered once more; null for none. */
	fields: string | null;
	/** JSON list of the missing counterparts the record refers to; null for none. */
	missing: string | null;
	source_version: string | null;
	attempts: number;
	since: string;
	/** JSON of `OwedValues`; null for none. */
	owed: string | null;
}

export interface WatermarkTable {
	connection_key: number;
	mapping: string;
	side: string;
	stamp: string | null;
	/** The stamp with a fixed number of digits, so that text order is time order; empty while there is no stamp. */
	sort_key: string;
	/** How far the service's clock was ahead of ours; null where it is not known. */
	clock_ahead_ms: number | null;
	/** Hash of the table and filter that were read; null where it is not known. */
	scope: string | null;
	/** Null where it is not known. */
	uncoupled_too: number | null;
}

/** A `VersionComparison`, under the name of the search that it came from; what an earlier version did not know is null. */
export interface DeletionSearchTable {
	connection_key: number;
	mapping: string;
	side: string;
	/** Null since comparisons of versions: there is a column for states that an earlier version exported. */
	token: string | null;
	position: string | null;
	checked_at: string | null;
	began_at: string | null;
	phase: string | null;
	knows_uncoupled: number | null;
	untold: number | null;
}

export interface ComparedRecordTable {
	connection_key: number;
	mapping: string;
	side: string;
	record_id: string;
	/** Which comparison met it last. */
	began_at: string;
	/** Null for a record whose coupling says all about it. */
	version: string | null;
}

export interface FormerPartnerTable {
	connection_key: number;
	mapping: string;
	crm_id: string;
	bc_id: string;
	kind: string;
	version: string | null;
	ended_ms: number;
}

export interface MissingPartnerTable {
	connection_key: number;
	mapping: string;
	/** Whose record is gone. */
	side: string;
	bc_id: string;
	crm_id: string;
}

export interface JobTable {
	connection_key: number;
	id: string;
	mapping: string;
	direction: string | null;
	type: string;
	status: string;
	preview: number;
	started_at: string;
	started_ms: number;
	finished_at: string | null;
	finished_ms: number | null;
	message: string;
	counters: string;
	requests: string;
	writes: string;
}

export interface LogEntryTable {
	seq: Generated<number>;
	connection_key: number;
	job_id: string;
	mapping: string;
	direction: string | null;
	kind: string;
	error_class: string | null;
	code: string;
	message: string;
	hint: string;
	bc_id: string | null;
	business_central: string | null;
	crm_id: string | null;
	crm: string | null;
	fields: string;
	attempts: number;
	skipped: number;
	at: string;
	at_ms: number;
}

export interface FullSyncTable {
	connection_key: number;
	mapping: string;
	run_id: string;
	status: string;
	/** JSON: what the user chose. */
	choices: string;
	/** JSON per direction: job, status, counts and checkpoint; null when the mapping does not run that way. */
	to_crm: string | null;
	from_crm: string | null;
	message: string;
	started_at: string;
	finished_at: string | null;
}

/** One row, made when the store is opened for the first time: which store this is, wherever it is moved to. */
export interface StoreIdentityTable {
	only: number;
	id: string;
	created_ms: number;
}

/** What is known of a mapping that has no couplings; of the whole connection where `mapping` is empty. */
export interface OriginTable {
	connection_key: number;
	mapping: string;
	kind: string;
	at_ms: number;
}

/** Fields that couplings of a mapping are, or were, compared with. */
export interface FieldSetTable {
	connection_key: number;
	mapping: string;
	hash: string;
	/** JSON: `FieldMark` by key. */
	fields: string;
	/** 1: it is the one that couplings are compared with now. */
	current: number;
	position: string | null;
}

/** What runs of the last day did that the guard against mass changes counts. */
export interface MassChangeTable {
	connection_key: number;
	mapping: string;
	/** Of a couple, its record of Business Central; of a creation, the record it is made from. */
	record_id: string;
	action: string;
	title: string;
	at_ms: number;
}

export interface SurfaceOfferTable {
	connection_key: number;
	/** Addresses and company it was seen of. */
	environment: string;
	seen_ms: number;
	/** JSON; see `Offered`. */
	offer: string;
}

export interface ChangeTokenTable {
	connection_key: number;
	mapping: string;
	side: string;
	/** Hash of the table and columns that are asked for. */
	scope: string;
	/** The service's own link. */
	link: string;
	state: string;
}

/** How a mapping knows records of a table that pages show; without a row by their keys. */
export interface RecordIdentityTable {
	connection_key: number;
	mapping: string;
	/** `RecordIdentity`. */
	identity: string;
}

/** The key of a record that is known by its SystemId, as it was when it was read last. */
export interface RecordKeyTable {
	connection_key: number;
	/** See `keyTableOf`. */
	table_name: string;
	system_id: string;
	/** See `compositeId`. */
	key_id: string;
}

/** A trigger, `instance/workflow/node`. */
export interface TriggerStateTable {
	connection_key: number;
	trigger_id: string;
	/** JSON of `TriggerState`. */
	state: string;
	alive_ms: number;
}

export interface TriggerMappingTable {
	connection_key: number;
	trigger_id: string;
	mapping: string;
	/** JSON of `TriggerMapping`. */
	state: string;
}

/** What webhooks told and no look has taken up. */
export interface TriggerSignalTable {
	connection_key: number;
	trigger_id: string;
	/** `*`: all. */
	mapping: string;
	side: string;
	signals: number;
	first_ms: number;
	last_ms: number;
}

export interface TriggerSubscriptionTable {
	connection_key: number;
	trigger_id: string;
	side: string;
	resource: string;
	mapping: string;
	remote_id: string | null;
	etag: string | null;
	url: string;
	secret_hash: string;
	expires_ms: number | null;
	handshake_until_ms: number | null;
	last_told_ms: number | null;
	last_error: string | null;
}
