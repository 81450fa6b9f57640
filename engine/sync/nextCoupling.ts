import { fingerprint } from '../mapping/normalise';
import type { FieldMapping, PassDirection } from '../mapping/tableMapping';
import type { Baseline, Coupling, FieldBaseline } from '../store/store';
import type { FieldValue, Side, SystemRecord } from '../systems/system';
import { valueOn, type FieldWrite } from './decide';

/** No value has this fingerprint: the side counts as changed. */
export const CHANGED = 'changed';

export interface Settled {
	direction: PassDirection;
	fields: readonly FieldMapping[];
	source: SystemRecord;
	/** The partner as it is now: after the write, or as it was read. Null when it was neither written nor read. */
	partner: SystemRecord | null;
	writes: readonly FieldWrite[];
	/** Keys of fields found equal on both sides. */
	agreed: readonly string[];
	/** Keys of fields whose source value says nothing to the target. */
	left: readonly string[];
	/** Keys of fields that were blank and therefore not sent with an insert: a default of the service counts as its own edit and travels back. */
	blank?: readonly string[];
	/** Keys of fields that should have been written but were not: the source counts as changed, the target as blank. */
	undelivered?: readonly string[];
	/** The partner was just created: fields that only travel the other way start from what is there now. */
	inserted?: boolean;
	/** ISO, UTC. */
	now: string;
}

/**
 * The coupling after a record was dealt with. A version is remembered only when all mapped fields of that side stand at the baseline: an equal
 * version then proves that nothing is left to deliver from that side, and makes it a safe guard for the next write.
 */
export function nextCoupling(coupling: Coupling, settled: Settled): Coupling {
	const { direction, fields, source, partner } = settled;
	const sourceSide: Side = direction === 'toCrm' ? 'businessCentral' : 'crm';
	const targetSide: Side = direction === 'toCrm' ? 'crm' : 'businessCentral';
	const baseline: Record<string, FieldBaseline> = { ...coupling.baseline };
	const written = new Map(settled.writes.map((write) => [write.field.key, write.value]));

	for (const field of fields) {
		const sourceValue = valueOn(source, field, sourceSide);
		if (sourceValue === undefined) continue;
		const sourceMark = fingerprint(field, sourceSide, sourceValue);
		const current = partner ? valueOn(partner, field, targetSide) : undefined;
		if (settled.undelivered?.includes(field.key)) {
			baseline[field.key] = pair(sourceSide, CHANGED, fingerprint(field, targetSide, null));
		} else if (written.has(field.key)) {
			// What the service made of the value is what both sides agree on.
			const value: FieldValue = current !== undefined ? current : written.get(field.key)!;
			baseline[field.key] = pair(sourceSide, sourceMark, fingerprint(field, targetSide, value));
		} else if (settled.agreed.includes(field.key) && current !== undefined) {
			baseline[field.key] = pair(sourceSide, sourceMark, fingerprint(field, targetSide, current));
		} else if (settled.blank?.includes(field.key)) {
			baseline[field.key] = pair(sourceSide, sourceMark, fingerprint(field, targetSide, null));
		} else if (settled.left.includes(field.key)) {
			const kept = baseline[field.key]?.[targetSide === 'businessCentral' ? 0 : 1];
			const target = kept ?? fingerprint(field, targetSide, current ?? null);
			baseline[field.key] = pair(sourceSide, sourceMark, target);
		} else if (settled.inserted && current !== undefined) {
			baseline[field.key] = pair(sourceSide, sourceMark, fingerprint(field, targetSide, current));
		}
	}

	const sourceClean = standsAtBaseline(fields, source, sourceSide, baseline);
	const partnerClean = partner !== null && standsAtBaseline(fields, partner, targetSide, baseline, settled.inserted ?? false);
	const complete = fields.every((field) => baseline[field.key] || valueOn(source, field, sourceSide) === undefined);
	const bc = sourceSide === 'businessCentral' ? source : partner;
	const crm = sourceSide === 'crm' ? source : partner;
	const keep = (side: Side, record: SystemRecord | null, known: string | null): string | null => {
		if (!record) return known;
		return (side === sourceSide ? sourceClean : partnerClean) ? record.version : null;
	};
	return {
		...coupling,
		bcNumber: bc?.number || coupling.bcNumber,
		bcName: bc?.name || coupling.bcName,
		crmName: crm?.name || coupling.crmName,
		bcVersion: keep('businessCentral', bc, coupling.bcVersion),
		crmVersion: keep('crm', crm, coupling.crmVersion),
		bcStamp: bc?.stamp ?? coupling.bcStamp,
		crmStamp: crm?.stamp ?? coupling.crmStamp,
		baseline: baseline as Baseline,
		initial: complete ? null : coupling.initial,
		lastSyncedAt: settled.now,
	};
}

const pair = (sourceSide: Side, source: string, target: string): FieldBaseline =>
	sourceSide === 'businessCentral' ? [source, target] : [target, source];

function standsAtBaseline(fields: readonly FieldMapping[], record: SystemRecord, side: Side, baseline: Baseline, created = false): boolean {
	return fields.every((field) => {
		const value = valueOn(record, field, side);
		// A value that the service did not tell is taken as untouched, except on a new record, which may carry defaults of its own.
		if (value === undefined) return !created || isDerived(field, side);
		const mark = baseline[field.key];
		return mark !== undefined && fingerprint(field, side, value) === mark[side === 'businessCentral' ? 0 : 1];
	});
}

const isDerived = (field: FieldMapping, side: Side): boolean =>
	(side === 'businessCentral' ? field.bcField : field.crmField)!.startsWith('@');
