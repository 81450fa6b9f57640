import type { FieldMapping } from '../../model/fieldMapping';
import type { PassDirection } from '../../model/direction';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import type { FieldWrite } from '../decide/decision';

/** What became of a record: what was read, found equal, sent, and answered. */
export interface Completed {
	direction: PassDirection;
	fields: readonly FieldMapping[];
	source: SystemRecord;
	/** The partner as it is now: after the write, or as it was read. Null when it was neither written nor read. */
	partner: SystemRecord | null;
	writes: readonly FieldWrite[];
	/** Keys of fields found equal on both sides. */
	agreed: readonly string[];
	/** Keys of fields whose source value leaves the target as it is. */
	untouched: readonly string[];
	/** Keys of fields that were blank and therefore not sent with an insert: a default of the service counts as its own edit and travels back. */
	blank?: readonly string[];
	/** Keys of fields that should have been written but were not: the source counts as changed, the target as blank. */
	undelivered?: readonly string[];
	/** Keys of fields that the target holds as if somebody had changed them there: they travel back. */
	changedBack?: readonly string[];
	/** Keys of fields that the sides are not agreed on any more: only their equality, or a person, settles them. */
	forgotten?: readonly string[];
	/** What the couple was compared with: a hash of `FieldSet` (see `partlySeen`). */
	fieldSet?: string;
	/** What was sent for the partner, by field, values of rules included; absent when nothing was written. */
	sent?: Readonly<Record<FieldName, FieldValue>>;
	/** The partner before the write; null when it was not read. */
	before?: SystemRecord | null;
	/** The mapping also moves records the other way: what the target makes of a value goes back to the source. */
	twoWay?: boolean;
	/** The partner was just created: fields that only travel the other way start from what is there now. */
	inserted?: boolean;
	/** Both records were read, and nothing of them differs. */
	compared?: boolean;
	/** What was sent was not taken: the page it belongs to is not there. */
	nothingTaken?: boolean;
	/** ISO, UTC. */
	now: string;
}
