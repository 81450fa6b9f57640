import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import type { WriteValues } from '../../mapping/rules';
import type { FieldWrite } from '../decide/decision';
import type { Intent } from '../../model/intent';
import { type SyncError } from '../../model/errors';

/** A record about to be created on the target side. */
export interface Insertion {
	source: SystemRecord;
	values: WriteValues;
	writes: FieldWrite[];
	/** Keys of fields left to the target's own default because the source is blank. */
	blank: string[];
	untouched: string[];
	/** What fields would have been given that the new record takes no value for: kept to tell later whether the source changed since. */
	withheld: Record<FieldName, FieldValue>;
	intent: Intent;
	/** An earlier run sent it without hearing an answer: a row with its key may be its own. */
	repeated: boolean;
	/** Of a record that was deleted and is created again: what it had besides. */
	back?: BroughtBack;
	/** Why a rule of the mapping keeps it from being created. */
	refusal?: SyncError;
}

/** What a deleted record had and the mapping does not carry to its side. */
export interface BroughtBack {
	/** Its number, where the record is to be given it again. */
	number: { field: FieldName; value: string } | null;
	/** The number it had; empty where its table has none. */
	former: string;
	values: WriteValues;
	/** Of fields that only travel the other way: what the partner holds. */
	writes: FieldWrite[];
	/** Captions of fields whose values cannot be told, or that the service refused before. */
	left: string[];
}
