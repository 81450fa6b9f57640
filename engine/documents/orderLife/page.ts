import type { CoupledDocument } from '../../model/document';
import { Decimal } from '../../model/decimal';
import type { DocumentAmounts } from '../../model/documentAmounts';
import { contentOf } from '../kernel/fingerprint';
import { inWords } from '../kernel/money/reconcile';
import { amountsOf } from '../orderImport/compareAmounts';
import { amountsDiffer } from '../orderImport/orderErrors';
import { applyChanges } from './applyChanges';
import { detach, end } from './ended';
import { headerBack } from './headerBack';
import type { LifeContext, LifeWork } from './lifeContext';
import { readLife } from './readLife';
import { crmOrderStateOf, type LifeAction, lifeAction } from './states';
import { takenBack } from './takenBack';
import { newsOf, type News, tell } from './tell';

/** A page of imported orders: read on both sides, judged by the states of both, and told, closed, parted or changed. */
export async function lifePage(context: LifeContext, documents: readonly CoupledDocument[]): Promise<void> {
	const { works, deleted } = await readLife(context, documents);
	const byAction = new Map<LifeAction, LifeWork[]>();
	for (const work of works) {
		const action = lifeAction(crmOrderStateOf(work.order), work.progress.state);
		byAction.set(action, [...(byAction.get(action) ?? []), work]);
	}
	const those = (...actions: LifeAction[]): LifeWork[] => actions.flatMap((action) => byAction.get(action) ?? []);
	await end(context, deleted);
	await takenBack(context, those('userHasIt'));
	await detach(context, those('detach'));
	for (const work of those('leave')) left(context, work);
	const changed = those('tell', 'tellHeader').filter(isChanged);
	await applyChanges(context, changed);
	const header = those('tellHeader').filter((work) => !changed.includes(work));
	const closing = those('close');
	const drafts = those('tell').filter((work) => !changed.includes(work));
	for (const work of closing) if (isChanged(work)) tooLate(context, work);
	for (const work of closing) tellShort(context, work);
	const lookups = header.length + closing.length > 0 ? await context.lookups() : null;
	const back = (work: LifeWork): News['header'] =>
		work.bc === null || isChanged(work) ? {} : headerBack(work.order, work.bc, lookups!, work.shippedOn);
	const compared = (work: LifeWork): LifeWork => compareTotals(context, work);
	await tell(context, [
		...drafts.map((work) => newsOf(work, {}, false)),
		...header.map((work) => newsOf(compared(work), back(work), false)),
		...closing.map((work) => newsOf(work, back(work), true)),
		...those('pay').map((work) => newsOf(work, {}, false)),
	]);
}

/** It does not hold any more what was imported. */
const isChanged = ({ order, lines, document }: LifeWork): boolean => contentOf(order, lines) !== document.content;

/** Nothing to be done; the import may have something to do. */
function left({ report, job, chosen }: LifeContext, work: LifeWork): void {
	job.recorder.count('unchanged');
	if (chosen)
		report.done(work, 'known', undefined, work.document.amounts, { progress: { status: work.progress.status, text: work.progress.text } }); // prettier-ignore
	else report.passOver(work);
}

/** All of it was invoiced before the changes could be seen: they come to nothing, and that is said. */
function tooLate({ report }: LifeContext, work: LifeWork): void {
	report.warn(
		work,
		`it was changed and submitted again in CRM, but order ${work.document.bcNumber} of Business Central was invoiced as it was.`,
		{
			code: 'CRM_ORDER_CHANGED',
			hint: 'Enter a new order in CRM for what was changed.',
		},
	);
}

/** The order went, and less was invoiced than ordered. By its net amount, which invoices and order have in common. */
function tellShort({ report }: LifeContext, work: LifeWork): void {
	const { bc, posted, document } = work;
	if (bc !== null || posted.length === 0 || document.amounts === null) return;
	const invoiced = posted.reduce((sum, { total }) => sum.plus(Decimal.orZero(total)), Decimal.ZERO);
	const ordered = Decimal.orZero(document.amounts.businessCentral.total);
	if (ordered.minus(invoiced).minus(Decimal.orZero(0.01)).sign <= 0) return;
	const { currency } = document.amounts;
	report.warn(work, `less was invoiced than ordered: ${invoiced.toFixed(2)} of ${ordered.toFixed(2)} ${currency}.`, {
		code: 'ORDER_CLOSED_SHORT',
		hint: 'Nothing to do if the rest is not to be delivered; otherwise enter a new order for it.',
	});
}

/** Totals are calculated by each side for itself and written by nobody: a difference that came up since they were compared is told, once. */
function compareTotals({ report, settings }: LifeContext, work: LifeWork): LifeWork {
	const { bc, document, order } = work;
	const before = document.amounts;
	const { detail, lessFreight, freight, tax, total } = order.money;
	if (before === null || before.status === 'unchecked' || bc === null || detail === null || lessFreight === null) return work;
	const crm: DocumentAmounts = {
		discount: Decimal.orZero(detail).minus(Decimal.orZero(lessFreight)).toNumber(),
		net: Decimal.orZero(lessFreight).plus(Decimal.orZero(freight)).toNumber(),
		tax: tax ?? 0,
		total: total ?? 0,
	};
	const businessCentral = amountsOf(bc);
	const moved = (now: DocumentAmounts, then: DocumentAmounts): Decimal => Decimal.orZero(now.net).minus(Decimal.orZero(then.net));
	const apart = moved(businessCentral, before.businessCentral).minus(moved(crm, before.crm)).magnitude;
	if (apart.minus(Decimal.orZero(settings.amountTolerance)).sign <= 0) return work;
	const amounts = { ...before, crm, businessCentral, status: 'differ' as const, causes: ['a line that was changed in Business Central'] };
	const { message, hint } = amountsDiffer(order, bc.number, inWords(amounts), amounts.causes);
	report.warn(work, message.replace(/^Order [^:]*: /, ''), { code: 'AMOUNTS_DIFFER', hint });
	return { ...work, document: { ...document, amounts } };
}
