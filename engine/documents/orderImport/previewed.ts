import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import { reconcile } from '../kernel/money/reconcile';

/** Tells what would be sent, and what both sides would come to: that of Business Central as far as the plan tells it, without VAT. */
export function previewed({ report, settings, job }: ImportContext, works: readonly OrderWork[]): void {
	for (const work of works) {
		const { header, lines, discount, externalNumber, currency, amounts, planned, calculated, causes } = work.plan!;
		const reconciliation = reconcile({
			currency,
			crm: amounts,
			businessCentral: planned,
			calculated,
			tolerance: settings.amountTolerance,
			causes,
		});
		job.recorder.count(work.document === null ? 'inserted' : 'modified');
		const outcome = work.document === null ? 'wouldCreate' : 'wouldComplete';
		report.done(
			work,
			outcome,
			{
				header,
				lines: lines.map(({ properties }) => properties),
				discountAmount: discount,
				externalDocumentNumber: externalNumber,
			},
			work.document?.amounts ?? reconciliation,
		);
	}
}
