import { spelledCode } from '../../model/upperCase';
import { idOn } from '../../model/coupling';
import { opposite, sourceSide } from '../../model/direction';
import type { SystemRecord } from '../../model/record';
import { SYSTEM_NAMES } from '../../model/side';
import type { WriteOutcome } from '../../ports/write';
import type { Insertion } from '../contract/insertion';
import type { PassContext } from '../contract/passContext';
import type { PlannedWrite } from '../contract/plannedWrite';
import type { PageRecord } from '../record/pageRecord';
import { requeue } from '../record/requeue';
import { notBroughtBack } from './broughtBack';

/**
 * A record that is created again is refused with its former number where its number series gives none by hand or another record has it, and with
 * values that a service does not take: it is tried without the one, without the others, and at last without both. Answers whether it is to be.
 */
export function restoreWithLess({ item, insertion }: PlannedWrite, outcome: WriteOutcome): boolean {
	const back = insertion?.back;
	if (!back || (!back.number && back.writes.length === 0)) return false;
	const next = lessThan(item.restoresWithout ?? new Set(), outcome, back.number !== null);
	if (next) item.restoresWithout = next;
	return next !== null;
}

type Without = NonNullable<PlannedWrite['item']['restoresWithout']>;

function lessThan(tried: Without, outcome: WriteOutcome, numbered: boolean): Without | null {
	if (outcome.status === 'exists' && numbered) return new Set([...tried, 'number', 'numberTaken']);
	if (outcome.status !== 'failed' || outcome.error.errorClass !== 'data') return null;
	if (tried.size === 0) return new Set([numbered ? 'number' : 'values']);
	if (tried.has('numberTaken') || tried.has('values')) return new Set([...tried, 'number', 'values']);
	return new Set(['values']);
}

/** Keys of the fields that hold the number of a record that got another one: the partner is to have it. */
export function numbersAnew({ mapping, target }: PassContext, { back }: Insertion, record: SystemRecord): string[] {
	if (!isNumberedAnew(back, record) || target.side !== 'businessCentral') return [];
	return mapping.fields.filter(({ enabled, bcField, direction }) => enabled && bcField === mapping.bc.numberField && direction !== 'fromCrm').map(({ key }) => key); // prettier-ignore
}

const isNumberedAnew = (back: Insertion['back'], { number }: SystemRecord): boolean =>
	back !== undefined && back.former !== '' && number !== '' && spelledCode(number) !== spelledCode(back.former);

/** Says what of a record that was created again could not come back, once; and has what depends on it looked at again. */
export function restored(context: PassContext, { item, insertion }: PlannedWrite, record: SystemRecord, page: PageRecord): void {
	const { recorder, direction, mapping, target } = context;
	if (!insertion?.back || !item.coupling) return;
	const couple = { ...item.coupling, ...(target.side === 'crm' ? { crmId: record.id } : { bcId: record.id }) };
	page.restored(couple, insertion.intent.byHand ?? false);
	const { former } = insertion.back;
	const anew = isNumberedAnew(insertion.back, record);
	const lost = notBroughtBack(context, insertion, record);
	if (anew && mapping.direction === 'bidirectional') {
		const other = opposite(direction);
		page.requeue(
			requeue(context, other, sourceSide(other) === target.side ? record.id : idOn(item.coupling, sourceSide(other)), 'otherWayDue'),
		);
	}
	if (!anew && lost.length === 0) return;
	const pair = page.pair({ ...item, partner: record });
	const called = [record.number, record.name].filter(Boolean).join(' ') || record.id;
	const number = anew ? [`its number is ${record.number} instead of ${former}`] : [];
	const values = lost.length > 0 ? [`not brought back: ${lost.join(', ')}`] : [];
	recorder.warn(`${called} was created again in ${SYSTEM_NAMES[target.side]}; ${[...number, ...values].join('; ')}.`, {
		code: 'RESTORED_IN_PART',
		direction,
		hint: anew
			? `Rename the record to ${former} in Business Central if others there name it by that number, and enter what is missing.`
			: `Enter what is missing in ${SYSTEM_NAMES[target.side]}.`,
		businessCentral: recorder.ref('businessCentral', pair),
		crm: recorder.ref('crm', pair),
	});
}
