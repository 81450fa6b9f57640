import type { ConflictStrategy } from './conflictStrategy';
import type { FieldName, FieldValue, TableSource } from './record';
import type { Direction } from './direction';
import type { Filter } from './filter';
import type { FieldMapping } from './fieldMapping';
import type { Side } from './side';

export type { ConflictStrategy };
/**
 * What happens to the remaining record when its partner was deleted: it is reported; the partner is created again; it is kept without a
 * partner; it is deleted, too.
 */
export type DeletionStrategy = 'none' | 'restore' | 'removeCoupling' | 'deleteOther';

/** When runs are regarded as a mistake: they stop before they delete, uncouple, overwrite or empty more records within 24 hours than this. */
export interface MassChangeLimits {
	/** Part of the couplings that the mapping had at the beginning of the day, 0 to 1. */
	share: number;
	/** Records. */
	absolute: number;
	/** Fewer records than this never stop a run. */
	minimum: number;
	/** Records that runs create within 24 hours. Default: as many as were coupled at the beginning of the day, and 10,000 at least. */
	creations?: number;
}

/** Values that a record gets when a run creates it: the first template whose filter the source record meets, by priority. */
export interface RecordTemplate {
	name: string;
	/** Lower comes first. */
	priority: number;
	/** Asked of the source record; without conditions every record meets it. */
	filter: Filter;
	/** By target field; they win over mapped values. Lookups name their table. */
	values: Readonly<Record<FieldName, FieldValue | { table: string; id: string }>>;
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
	/** Mappings whose records this one refers to; synchronized first. */
	dependsOn: readonly string[];
	fields: readonly FieldMapping[];
	/** The CRM row carries the identity of the BC company (see `COMPANY_COLUMN`). */
	companyStamp: boolean;
	enabled: boolean;
	/** Minutes from one search for deleted records to the next; default 1,440 (a day). 0: in every run. */
	deletionCheckMinutes?: number;
	/** Minutes from the end of one run to the next that a trigger starts although nothing is known to have changed; default 30. */
	intervalMinutes?: number;
	/** Minutes that a trigger waits instead once a run had nothing to do; 0: it never does; default 720. A change in either system ends the wait. */
	inactivitySleepMinutes?: number;
	/** Limits not given are the defaults. */
	massChange?: Partial<MassChangeLimits>;
	/** Milliseconds re-read before the watermark, per side. */
	overlapMs: { businessCentral: number; crm: number };
	/** Duplicate detection rules of Dataverse are asked before a row is written; default: they are not, as for every client of its web service. */
	askDuplicateRules?: boolean;
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
		| 'intervalMinutes'
		| 'inactivitySleepMinutes'
		| 'massChange'
		| 'askDuplicateRules'
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

/** The table of that side. */
export const tableOn = (mapping: Pick<TableMapping, 'bc' | 'crm'>, side: Side): TableSource => (side === 'crm' ? mapping.crm : mapping.bc);
/** The filter of that side. */
export const filterOn = (mapping: Pick<TableMapping, 'bcFilter' | 'crmFilter'>, side: Side): Filter =>
	side === 'crm' ? mapping.crmFilter : mapping.bcFilter;

/** Of mappings that say nothing else: every 30 minutes, and twelve hours once there was nothing to do. */
export const DEFAULT_INTERVAL_MINUTES = 30;
export const DEFAULT_SLEEP_MINUTES = 720;
