import type { PassContext } from '../contract/passContext';
import type { Intent } from '../../model/intent';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import { canonical, fingerprint } from '../../mapping/normalize';
import { type Baseline, type Coupling, type FieldBaseline, newCoupling } from '../../model/coupling';
import { CHANGED, pair } from '../../mapping/baseline';
import { translate } from '../../mapping/translate';
import type { FieldMapping } from '../../model/fieldMapping';
import type { Side } from '../../model/side';
import { SyncError } from '../../model/errors';
import { markOfTemplate } from './templateMark';

/**
 * Whether a row that has the chosen id was made for the record. An id that is made of the record is nobody else's; the number of a choice may have
 * been given to another label meanwhile.
 */
export function isOwn({ target, mapping }: Pick<PassContext, 'target' | 'mapping'>, intent: Intent, record: SystemRecord): boolean {
	if (!target.table.choice) return true;
	return mapping.fields.every((field) => {
		const sent = field.crmField === null ? undefined : intent.values[field.crmField];
		return sent === undefined || canonical(field, 'crm', record.values[field.crmField!]) === canonical(field, 'crm', sent);
	});
}

/**
 * The coupling of an insert whose answer was lost: what was sent is the baseline. A source that changed since, or a target that somebody edited
 * meanwhile, is then seen as exactly that.
 */
export function couplingFromIntent(context: PassContext, intent: Intent, source: SystemRecord, target: SystemRecord): Coupling {
	const { direction } = context;
	const toCrm = direction === 'toCrm';
	const baseline: Record<string, FieldBaseline> = {};
	for (const field of context.fields) {
		const targetName = (toCrm ? field.crmField : field.bcField)!;
		const sourceName = (toCrm ? field.bcField : field.crmField)!;
		const sourceSide = context.source.side;
		const targetSide = context.target.side;
		if (source.values[sourceName] === undefined) continue;
		if (field.direction !== 'bidirectional' && field.direction !== direction) {
			// It only travels back: what a new record has there by itself says nothing, everything else is delivered.
			const there = canonical(field, targetSide, target.values[targetName]);
			const targetMark = ['', '0', 'false'].includes(there) ? fingerprint(field, targetSide, target.values[targetName]) : CHANGED;
			const sourceMark = fingerprint(field, sourceSide, source.values[sourceName]);
			baseline[field.key] = pair(sourceSide, sourceMark, targetMark);
			continue;
		}
		if (targetName.includes('/')) {
			// Fields of a companion page are written after the record; whether that happened is not known. From blank, what was written agrees,
			// what was not is delivered, and what somebody entered there meanwhile is a conflict. Where there was nothing to write and still is
			// not, what stands there is that person's alone.
			const blank = fingerprint(field, targetSide, null);
			const sent = intent.values[targetName] ?? null;
			// A value of the template is owed, and the source's is not to take its place.
			const own = fingerprint(field, sourceSide, source.values[sourceName]);
			const templated = markOfTemplate(context, field, source, sent) !== undefined;
			const agrees =
				templated ||
				(isBlank(field, targetSide, sent) && isAsSent(translate(context.references, direction, field, source), field, targetSide, sent));
			baseline[field.key] = pair(sourceSide, agrees ? own : CHANGED, blank);
			continue;
		}
		const sent = sentValue(field, intent, targetName, target, targetSide);
		const templated = markOfTemplate(context, field, source, sent);
		if (templated !== undefined) {
			const own = fingerprint(field, sourceSide, source.values[sourceName]);
			baseline[field.key] = pair(sourceSide, own, templated);
			continue;
		}
		const now = translate(context.references, direction, field, source);
		const sourceMark = isAsSent(now, field, targetSide, sent) ? fingerprint(field, sourceSide, source.values[sourceName]) : CHANGED;
		const asThere = now.kind === 'leave' || field.updateOnly === targetSide;
		const targetMark = fingerprint(field, targetSide, asThere ? target.values[targetName] : sent);
		baseline[field.key] = pair(sourceSide, sourceMark, targetMark);
	}
	const [bc, crm] = toCrm ? [source, target] : [target, source];
	const names = { bcNumber: bc.number, bcName: bc.name, crmName: crm.name, ...(crm.createdAt ? { crmCreatedAt: crm.createdAt } : {}) };
	const coupling = newCoupling(context.mapping.name, { bcId: bc.id, crmId: crm.id }, toCrm ? 'send' : 'get', context.recorder.now());
	const created = { createdOn: context.target.side, writtenAt: { [direction]: Date.parse(intent.createdAt) } };
	return { ...coupling, ...names, ...created, baseline: baseline as Baseline };
}

const isBlank = (field: FieldMapping, side: Side, value: FieldValue): boolean =>
	canonical(field, side, value) === canonical(field, side, null);

/** Whether the source still gives what the insert carried. */
const isAsSent = (now: ReturnType<typeof translate>, field: FieldMapping, side: Side, sent: FieldValue): boolean =>
	now.kind !== 'value' || canonical(field, side, now.value) === canonical(field, side, sent);

/** What was sent: where several tries went unanswered, the one whose value is there now. */
export function sentValue(field: FieldMapping, intent: Intent, name: FieldName, target: SystemRecord, side: Side): FieldValue {
	const tries = [intent.values, ...(intent.sentBefore ?? [])].map((values) => values[name] ?? null);
	const there = canonical(field, side, target.values[name]);
	// A blank that was sent is null, so what is found is told by its place.
	return tries[
		Math.max(
			0,
			tries.findIndex((value) => canonical(field, side, value) === there),
		)
	]!;
}

/** Why an insert whose answer was lost is not repeated yet. */
export function unsettled(context: PassContext): SyncError {
	return new SyncError({
		code: 'INSERT_UNSETTLED',
		errorClass: 'transient',
		system: context.target.side,
		message: 'The answer to creating this record was lost; it may still appear in Business Central.',
		hint: 'Nothing to do: a later run looks for it, and creates it only when it surely does not exist. Should another record fail with INSERT_AMBIGUOUS, settle that one.',
	});
}
