import type { PassDirection } from '../../model/direction';
import type { ConflictStrategy, DeletionStrategy } from '../../model/tableMapping';
import type { FieldValue, SystemRecord } from '../../model/record';
import type { Coupling } from '../../model/coupling';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import type { SyncError } from '../../model/errors';
import type { Side } from '../../model/side';
import type { FieldConflict } from '../../model/fieldConflict';
import type { Desired } from '../../mapping/desired';

export interface DecisionOptions {
	direction: PassDirection;
	/** The mapping moves records both ways (decides whether a change of the partner counts). */
	conflict: ConflictStrategy;
	/** It was chosen for this run, and settles the conflicts of fields that have a strategy of their own as well. */
	conflictOfRun?: true;
	deletion: DeletionStrategy;
	createUncoupled: boolean;
	/** The mapping moves records this way: the partner may be written. Default yes. */
	writesTarget?: boolean;
	/** The mapping moves records the other way, too: the source record may be written, and deleted. Default yes. */
	writesSource?: boolean;
	/** Compare with the partner even when nothing is known to have changed. */
	force: boolean;
	/** The source wins in every field that differs, whoever changed it. */
	overwrite?: boolean;
	/** A person accepts records that were put back to an earlier state: their values travel as edits do, and what they replace is logged. */
	rolledBack?: 'asEdit';
}

export interface DecisionInput {
	source: SystemRecord;
	/**
	 * `unread`: decide on what the baseline tells, and ask for the partner only when that is not enough. `missing`: deleted. `hidden`: it exists,
	 * but the service does not show it to this user.
	 */
	partner: SystemRecord | 'unread' | 'missing' | 'hidden';
	coupling: Coupling | null;
	/** Enabled field mappings with a field on both sides, of every direction. */
	fields: readonly FieldMapping[];
	/** What a field asks of the target; evaluated only for fields that matter. */
	translate: (field: FieldMapping) => Desired;
	options: DecisionOptions;
	/** Keys of fields that the couple is compared in once more: a conflict of one of them leaves that field, and no other. */
	reopened?: ReadonlySet<string> | undefined;
	/** Keys of fields to be delivered although their source value is the one that was agreed on. */
	due?: ReadonlySet<string> | undefined;
}

export interface FieldWrite {
	field: FieldMapping;
	value: FieldValue;
	/** Current value on the target; undefined when the target was not read. */
	before: FieldValue | undefined;
}

export type Decision =
	/** Not coupled and this run creates no partners. */
	| { action: 'ignore' }
	| { action: 'insert'; restoring: boolean }
	| { action: 'needPartner' }
	/** `version`: what the update is decided on (If-Match). `agreed`: keys of fields that are equal now without being written. */
	| {
			action: 'modify';
			version: string;
			writes: FieldWrite[];
			agreed: string[];
			untouched: string[];
			overwritten: FieldConflict[];
			/** Values that the first synchronization of a couple replaces: nobody is known to have edited them since, yet they are gone. */
			replaced?: FieldConflict[];
			/** Fields that the couple never agreed on as they are, and that hold different values: they are left and told, the others travel. */
			unsettled?: { error: SyncError; conflicts: FieldConflict[] };
			/** Keys of fields that lose the value both sides had agreed on: a blank takes its place. */
			emptied?: string[];
	  }
	| { action: 'unchanged'; agreed: string[]; untouched: string[] }
	/** A strategy leaves the field to the other direction. */
	| { action: 'skip'; conflicts: FieldConflict[]; agreed: string[] }
	| { action: 'uncouple' }
	/** The source record follows its deleted partner. `edited`: what was changed in it since the last synchronization, and goes with it. */
	| { action: 'delete'; edited: FieldConflict[] }
	/** `settled`: what the record's other fields came to, where they are dealt with all the same. */
	| {
			action: 'fail';
			error: SyncError;
			conflicts: FieldConflict[];
			settled?: { agreed: readonly string[]; untouched: readonly string[]; forgotten: readonly string[] };
	  };

export const valueOn = (record: SystemRecord, field: FieldMapping, side: Side): FieldValue | undefined =>
	record.values[fieldOn(field, side)!];
