import { sourceSide as sourceSideOf, targetSide as targetSideOf } from '../../model/direction';
import { fingerprint } from '../../mapping/normalize';
import { CHANGED, indexOf, owedBack, pair } from '../../mapping/baseline';
import { withoutInFlight } from './inFlight';
import type { Completed } from './completed';
import { rewrittenBy } from './rewritten';
import type { Side } from '../../model/side';
import type { SystemRecord } from '../../model/record';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import type { Baseline, Coupling, FieldBaseline } from '../../model/coupling';
import { valueOn } from '../decide/decision';

/**
 * The coupling after a record was dealt with. A version is remembered only when all mapped fields of that side stand at the baseline: an equal
 * version then proves that nothing is left to deliver from that side, and makes it a safe guard for the next write.
 */
export function advanceBaseline(coupling: Coupling, settled: Completed): Coupling {
	const { direction, fields, source, partner } = settled;
	const [sourceSide, targetSide] = [sourceSideOf(direction), targetSideOf(direction)];
	const baseline: Record<string, FieldBaseline> = { ...coupling.baseline };
	for (const key of settled.forgotten ?? []) delete baseline[key];
	const sourceMarks = marksOf(fields, source, sourceSide);
	const partnerMarks = marksOf(fields, partner, targetSide);
	const rewritten = new Map(rewrittenBy(coupling, settled).map((each) => [each.field.key, each]));

	for (let position = 0; position < fields.length; position++) {
		const field = fields[position]!;
		const { key } = field;
		const sourceMark = sourceMarks[position];
		if (sourceMark === undefined) continue;
		const current = partnerMarks[position];
		const write = settled.writes.find((each) => each.field.key === key);
		let target: string | undefined;
		if (settled.undelivered?.includes(key)) {
			baseline[key] = pair(sourceSide, CHANGED, fingerprint(field, targetSide, null));
			continue;
		}
		if (settled.changedBack?.includes(key)) {
			baseline[key] = pair(sourceSide, sourceMark, CHANGED);
			continue;
		}
		// A page that is not published took nothing.
		if (write && current === undefined && isOnPage(field, targetSide)) continue;
		const anew = rewritten.get(key);
		const made = anew?.back ? owedBack(current!, anew.back) : current;
		// What the service made of the value is what both sides agree on, or goes back to the source.
		if (write) target = made ?? fingerprint(field, targetSide, write.value);
		else if (settled.agreed.includes(key)) target = made;
		else if (settled.blank?.includes(key)) target = filledIn(field, settled, sourceMark, current);
		else if (settled.untouched.includes(key))
			target = baseline[key]?.[indexOf(targetSide)] ?? current ?? fingerprint(field, targetSide, null);
		else if (settled.inserted) target = current;
		else if (current !== undefined && (anew || isRulesOwn(settled, field, targetSide))) {
			// The source still has to show what it held before, should somebody have edited it.
			if (baseline[key]) baseline[key] = pair(sourceSide, baseline[key][indexOf(sourceSide)], made!);
			continue;
		}
		if (target !== undefined) baseline[key] = pair(sourceSide, sourceMark, target);
	}

	// A field that the partner does not show, and never did, cannot be carried: it says nothing about the source.
	const shown = fields.filter((field, position) => {
		if (partner === null || partnerMarks[position] !== undefined || baseline[field.key] !== undefined) return true;
		return settled.inserted === true && !isOnPage(field, targetSide);
	});
	const sourceClean = standsAtBaseline(shown, marksOf(shown, source, sourceSide), sourceSide, baseline, false);
	const partnerClean = partner !== null && standsAtBaseline(fields, partnerMarks, targetSide, baseline, settled.inserted ?? false);
	const complete = fields.every(
		(field, position) => field.insertOnly || baseline[field.key] || sourceMarks[position] === undefined || !shown.includes(field),
	);
	const bc = sourceSide === 'businessCentral' ? source : partner;
	const crm = sourceSide === 'crm' ? source : partner;
	const keep = (side: Side, record: SystemRecord | null, known: string | null): string | null => {
		if (!record) return known;
		return (side === sourceSide ? sourceClean : partnerClean) ? record.version : null;
	};
	const dates = dated(coupling, settled);
	return {
		...withoutInFlight(coupling),
		bcNumber: bc?.number || coupling.bcNumber,
		bcName: bc?.name || coupling.bcName,
		crmName: crm?.name || coupling.crmName,
		bcVersion: keep('businessCentral', bc, coupling.bcVersion),
		crmVersion: keep('crm', crm, coupling.crmVersion),
		bcStamp: bc?.modifiedAt ?? coupling.bcStamp,
		crmStamp: crm?.modifiedAt ?? coupling.crmStamp,
		...(crm?.createdAt ? { crmCreatedAt: crm.createdAt } : {}),
		// As long as nothing was agreed on, the couple waits for its first synchronization.
		baseline: coupling.baseline === null && dates.lastSyncedAt === null ? null : baseline,
		initial: complete ? null : coupling.initial,
		...(settled.fieldSet === undefined ? {} : { fieldSet: settled.fieldSet }),
		...dates,
	};
}

/**
 * What a new record holds in a field that it was not given, because the source is blank there: the service's own value is nobody's edit. It goes to the
 * source unless a person enters something there first.
 */
function filledIn(field: FieldMapping, { direction, twoWay }: Completed, sourceMark: string, current: string | undefined): string {
	const blank = fingerprint(field, targetSideOf(direction), null);
	const isLeft = sourceMark === fingerprint(field, sourceSideOf(direction), null);
	const travels = twoWay === true && field.direction === 'bidirectional' && !field.insertOnly;
	return isLeft && travels && current !== undefined && current !== blank ? owedBack(current, 1) : blank;
}

/**
 * When the two agreed last, and which run wrote to them. That an interrupted creation is settled is an agreement, too, whoever finds it out.
 */
function dated(
	{ baseline, lastSyncedAt, createdOn, writtenAt }: Coupling,
	settled: Completed,
): Pick<Coupling, 'lastSyncedAt' | 'createdOn' | 'writtenAt'> {
	const { direction, agreed, compared, inserted, now, nothingTaken, sent, writes } = settled;
	const wrote = !nothingTaken && (inserted || writes.length > 0 || Object.keys(sent ?? {}).length > 0);
	const isSettled = lastSyncedAt === null && baseline !== null;
	return {
		lastSyncedAt: wrote || compared || isSettled || agreed.length > 0 ? now : lastSyncedAt,
		...(inserted ? { createdOn: targetSideOf(direction) } : createdOn ? { createdOn } : {}),
		...(wrote ? { writtenAt: { ...writtenAt, [direction]: Date.parse(now) } } : {}),
	};
}

/**
 * The coupling after a rule of the mapping wrote to the target once more, for instance to publish a product: fields that stood at the baseline
 * stand there still, and so does the version.
 */
export function followedUp(
	coupling: Coupling,
	fields: readonly FieldMapping[],
	side: Side,
	before: SystemRecord,
	after: SystemRecord,
): Coupling {
	const baseline: Record<string, FieldBaseline> = { ...coupling.baseline };
	const [old, now] = [marksOf(fields, before, side), marksOf(fields, after, side)];
	fields.forEach(({ key }, position) => {
		const base = baseline[key];
		const mark = now[position];
		if (!base || mark === undefined || old[position] !== base[indexOf(side)]) return;
		baseline[key] = side === 'businessCentral' ? [mark, base[1]] : [base[0], mark];
	});
	const settled = { ...coupling, baseline: baseline as Baseline };
	const name = side === 'businessCentral' ? 'bcVersion' : 'crmVersion';
	const stamp = side === 'businessCentral' ? 'bcStamp' : 'crmStamp';
	return {
		...settled,
		[name]: coupling[name] === before.version ? after.version : coupling[name],
		[stamp]: after.modifiedAt || coupling[stamp],
	};
}

/** A rule of the mapping wrote it along with the record. */
const isRulesOwn = ({ sent }: Completed, field: FieldMapping, side: Side): boolean => sent?.[fieldOn(field, side)!] !== undefined;

/** On a companion page, whose values are told back whenever they are written. */
const isOnPage = (field: FieldMapping, side: Side): boolean => side === 'businessCentral' && field.bcField!.includes('/');

/** Fingerprints of the values that are known, in the order of the fields. */
function marksOf(fields: readonly FieldMapping[], record: SystemRecord | null, side: Side): ReadonlyArray<string | undefined> {
	return fields.map((field) => {
		const value = record ? valueOn(record, field, side) : undefined;
		return value === undefined ? undefined : fingerprint(field, side, value);
	});
}

function standsAtBaseline(
	fields: readonly FieldMapping[],
	marks: ReadonlyArray<string | undefined>,
	side: Side,
	baseline: Baseline,
	created: boolean,
): boolean {
	return fields.every((field, position) => {
		if (field.insertOnly) return true;
		const mark = marks[position];
		// A value that the service did not tell is taken as untouched, except on a new record, which may carry defaults of its own.
		return mark === undefined ? !created || isDerived(field, side) : baseline[field.key]?.[indexOf(side)] === mark;
	});
}

const isDerived = (field: FieldMapping, side: Side): boolean => fieldOn(field, side)!.startsWith('@');
