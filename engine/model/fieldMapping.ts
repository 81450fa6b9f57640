import type { FieldName, FieldValue } from './record';
import type { ConflictStrategy } from './conflictStrategy';
import type { Direction, PassDirection } from './direction';
import type { Side } from './side';

/** How a value becomes one of the other side (`engine/mapping/translate.ts`). */
export type FieldKind =
	| 'text'
	| 'code'
	| 'number'
	| 'money'
	| 'boolean'
	/** A day. */
	| 'date'
	/** A point in time, to the second. */
	| 'dateTime'
	/** An id, which the other side may keep as text. */
	| 'guid'
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
	/** The code of a country, which CRM may hold by its name. */
	country?: true;
	/** Side whose column takes no value when a record is created there: what it holds then is where both sides start from. */
	updateOnly?: Side;
	/** A blank value is sent with an insert, too: the service would fill the field by itself. */
	sendBlank?: boolean;
	/**
	 * The record is part of the one that the field refers to, as a price is of its product: while that one is not coupled, nothing is written for the
	 * record.
	 */
	parent?: boolean;
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
	/**
	 * A day, on a side whose column holds a date and time: it is written as noon UTC. `utc`: read as the day it is in UTC. `midnight`: people enter days there,
	 * which the service keeps as midnight in their own zone, so it is read as the day whose beginning is next.
	 */
	dayOf?: Partial<Record<Side, 'utc' | 'midnight'>>;
	/** A blank source leaves the target as it is in this direction. */
	blankLeaves?: PassDirection;
	/** Pairs of BC code and CRM choice value that labels do not tell. */
	options?: ReadonlyArray<{ businessCentral: string; crm: number }>;
	/** How a conflict of this field is settled; default: as the mapping says. */
	conflict?: ConflictStrategy;
	/** Used by match-based coupling. */
	match?: { caseSensitive: boolean; priority: number };
	/** Transformation rules applied to the source value, in order, before it is fitted to the target. */
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

/** Name of the field on that side; null where the other side gets a constant. */
export const fieldOn = (field: Pick<FieldMapping, 'bcField' | 'crmField'>, side: Side): FieldName | null =>
	side === 'crm' ? field.crmField : field.bcField;

/** Characters that fit on that side; undefined where any length does. */
export const lengthOn = (field: Pick<FieldMapping, 'bcLength' | 'crmLength'>, side: Side): number | undefined =>
	side === 'crm' ? field.crmLength : field.bcLength;
