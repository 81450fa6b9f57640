import type { FieldValue, SystemRecord } from '../model/record';
import { type SyncError } from '../model/errors';

/** What a field asks of the target: a value, nothing at all (`leave`), or an error that fails the record. */
export type Desired =
	/**
	 * `waitsFor`: the value is a stand-in; as soon as that record is coupled, the field is looked at once more, though nobody touches the
	 * record.
	 */
	| {
			kind: 'value';
			value: FieldValue;
			waitsFor?: { mapping: string; value: string };
			/** What means the same in the target, in the field's one spelling: it is left as it stands there. */
			alike?: readonly string[];
	  }
	| { kind: 'leave' }
	/**
	 * `refersTo`: the record that would have to be coupled, by its number or code (BC) or id (CRM); told by translations of a mapping's own. `named`: what
	 * people call it, where it is known by its id alone.
	 */
	| { kind: 'error'; error: SyncError; refersTo?: { mapping: string; value: string }; named?: string };

/**
 * What a field of a source record asks of the target. `creating`: the target's record is about to be created, for the first time or because it was deleted;
 * a coupling of the source says nothing about it then.
 */
export type Crossing = (source: SystemRecord, creating: boolean) => Desired;
