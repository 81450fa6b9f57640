import type { FieldName, FieldValue, Side, TableSource } from '../systems/system';

/** Direction of a mapping or a field: `toCrm` = Business Central to CRM, `fromCrm` = CRM to Business Central. */
export type Direction = 'toCrm' | 'fromCrm' | 'bidirectional';
/** Direction of one pass. */
export type PassDirection = 'toCrm' | 'fromCrm';

export const sourceSide = (direction: PassDirection): Side => (direction === 'toCrm' ? 'businessCentral' : 'crm');
export const targetSide = (direction: PassDirection): Side => (direction === 'toCrm' ? 'crm' : 'businessCentral');

/** How an update conflict is settled: not at all, Business Central wins, CRM wins, or the side changed last wins. */
export type ConflictStrategy = 'none' | 'send' | 'get' | 'newest';
/**
 * What happens to the remaining record when its partner was deleted: it is reported; the partner is created again; it is kept without a
 * partner; it is deleted, too.
 */
export type DeletionStrategy = 'none' | 'restore' | 'removeCoupling' | 'deleteOther';

/** When a run is held to be a mistake: it stops before it deletes, uncouples or overwrites more records than this (mission: mass-change guard). */
export interface MassChangeLimits {
	/** Part of the mapping's couplings, 0 to 1. */
	share: number;
	/** Records. */
	absolute: number;
	/** Fewer records than this never stop a run. */
	minimum: number;
}

/** How a value crosses. Each kind is one file in `engine/mapping/values`. */
export type FieldKind =
	| 'text'
	| 'code'
	| 'number'
	| 'money'
	| 'boolean'
	| 'date'
	/** CRM lookup to the partner of a BC record that the BC field names by number or code; `mapping` holds its couplings. */
	| 'lookup'
	/** As lookup to transactioncurrency, where BC's local currency (blank or LCY code) means the CRM currency of the same ISO code. */
	| 'currency'
	/** CRM owner: the user coupled to the salesperson. */
	| 'owner'
	/** CRM choice whose label equals the BC code. */
	| 'choice';

export interface FieldMapping {
	/** Stable key within the mapping; names the field's baseline. */
	key: string;
	/** Caption people know the field by. */
	caption: string;
	/** Null for a constant written to CRM. */
	bcField: FieldName | null;
	/** Null for a constant written to BC. */
	crmField: FieldName | null;
	direction: Direction;
	kind: FieldKind;
	enabled: boolean;
	constant?: FieldValue;
	/** Write only when the record is created (column is fixed afterwards). */
	insertOnly?: boolean;
	/** Side whose column takes no value when a record is created there: what it holds then is where both sides start from. */
	updateOnly?: Side;
	/** A blank value is sent with an insert, too: the service would fill the field by itself. */
	sendBlank?: boolean;
	/** Lookup that cannot be resolved: empty the target instead of failing the record. */
	clearOnFailure?: boolean;
	/** A source that resolves to nothing leaves the target as it is. */
	notNull?: boolean;
	/** Lookup, owner, currency: the mapping whose couplings resolve it. */
	mapping?: string;
	/** Lookup, owner, currency: logical CRM table. */
	crmTable?: string;
	/** Characters that fit on each side; longer text is cut on the way there. */
	bcLength?: number;
	crmLength?: number;
	/** Digits after the decimal point that both sides keep (default 2 for money, 10 for numbers). */
	decimals?: number;
	/** A blank source leaves the target as it is in this direction. */
	blankLeaves?: PassDirection;
	/** Pairs of BC code and CRM choice value that labels do not tell. */
	options?: ReadonlyArray<{ businessCentral: string; crm: number }>;
	/** Used by match-based coupling. */
	match?: { caseSensitive: boolean; priority: number };
	/** Transformation rules applied to the source value, in order, before it is fitted to the target (sync-semantics 11.3). */
	transform?: { toCrm?: readonly TransformationRule[]; fromCrm?: readonly TransformationRule[] };
	/** While a run uses it: the field behind a derived source value (`transformations/derivedSources.ts`). */
	source?: FieldName | null;
	/** A system without this field is run without it, with a warning in the job; otherwise the mapping does not run. */
	optional?: boolean;
	/** Made by a user. */
	own?: boolean;
}

/** A transformation rule by its name in the registry (`engine/mapping/transformations`), with its parameters. */
export interface TransformationRule {
	rule: string;
	parameters: Readonly<Record<string, FieldValue | ReadonlyArray<Readonly<Record<string, FieldValue>>>>>;
}

/** Values that a record gets when a run creates it (sync-semantics 10.4): the first template whose filter the source record meets, by priority. */
export interface RecordTemplate {
	name: string;
	/** Lower comes first. */
	priority: number;
	/** Asked of the source record; without conditions every record meets it. */
	filter: Filter;
	/** By target field; they win over mapped values. Lookups name their table. */
	values: Readonly<Record<FieldName, FieldValue | { table: string; id: string }>>;
}

export type ConditionOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'contains' | 'startswith' | 'endswith' | 'in';

export interface Condition {
	field: FieldName;
	operator: ConditionOperator;
	/** For `in`: any of. Null = blank. `@company` = the CRM row of the current BC company. */
	value: FieldValue | readonly FieldValue[];
	/**
	 * How the literal is written: BC enums, codes and text are quoted, GUIDs bare. Text is compared ignoring case on both sides; `code` is for BC's
	 * upper-case fields (numbers, codes), which the service can search for any part of.
	 */
	type: 'text' | 'code' | 'number' | 'boolean' | 'guid' | 'lookup' | 'enum' | 'date';
}

/**
 * All conditions and groups hold or, with `match: 'any'`, at least one of them. `raw` is OData text of an expert that must hold in addition.
 * Without any of them, every record is selected.
 */
export interface Filter {
	match?: 'all' | 'any';
	conditions: readonly Condition[];
	groups?: readonly Filter[];
	raw?: string;
}

export interface TableMapping {
	name: string;
	/** Caption for lists, e.g. "Customers – accounts". */
	caption: string;
	bc: TableSource;
	crm: TableSource;
	direction: Direction;
	/** Runs never create a partner while this is on. */
	onlyCoupled: boolean;
	bcFilter: Filter;
	crmFilter: Filter;
	conflict: ConflictStrategy;
	deletion: DeletionStrategy;
	/** Mappings whose records this one refers to; synchronised first. */
	dependsOn: readonly string[];
	fields: readonly FieldMapping[];
	/** The CRM row carries the identity of the BC company (`bcbi_companyid`). */
	companyStamp: boolean;
	enabled: boolean;
	/** Minutes from one search for deleted records to the next; default 1,440 (a day). 0: in every run. */
	deletionCheckMinutes?: number;
	/** Limits not given are the defaults. */
	massChange?: Partial<MassChangeLimits>;
	/** Milliseconds re-read before the watermark, per side. */
	overlapMs: { businessCentral: number; crm: number };
	/** Templates for records that a run creates on each side. */
	templates?: { businessCentral: readonly RecordTemplate[]; crm: readonly RecordTemplate[] };
	/** Made by a user: kept when mappings are reset, unless asked otherwise. */
	own?: boolean;
}

/** What a user may change about a mapping; kept in the store and laid over the default. */
export interface MappingSettings extends Partial<
	Pick<
		TableMapping,
		| 'direction'
		| 'onlyCoupled'
		| 'bcFilter'
		| 'crmFilter'
		| 'conflict'
		| 'deletion'
		| 'enabled'
		| 'deletionCheckMinutes'
		| 'massChange'
		| 'dependsOn'
		| 'templates'
	>
> {
	/** Field mappings by key: what differs from the default, or a whole field mapping of the user's own. */
	fields?: Readonly<Record<string, Partial<FieldMapping>>>;
	/** Business Central table the mapping reads instead of the default's, for instance an own API page with all fields. */
	bc?: TableSource;
	/** A mapping of the user's own, whole; the other settings are not used then. */
	definition?: TableMapping;
}
