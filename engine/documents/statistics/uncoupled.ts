import { chunksOf } from '../../model/chunks';
import type { DerivedRow } from '../../model/derivedRow';
import { rowIdOf } from './deliver';
import { refused } from './statisticsErrors';
import type { StatisticsContext } from './statisticsWork';
import { CUSTOMER_MAPPING, STATISTICS, STATISTICS_ROWS } from './tables';

/**
 * Customers that are coupled no longer: the row that was made of their figures is deleted, because nobody keeps it up to date. A row that somebody else
 * has made stays. Costs requests only where there is one.
 */
export async function removeUncoupled(context: StatisticsContext): Promise<void> {
	const { session, job, report } = context;
	let next: string | undefined;
	do {
		await job.checkpoint();
		const page = await session.store.listDerivedRows({ mapping: STATISTICS, limit: 1_000, ...(next ? { next } : {}) });
		const ids = page.rows.map(({ sourceId }) => sourceId);
		const couplings = await session.store.couplingsOf(CUSTOMER_MAPPING, 'businessCentral', ids);
		const left = page.rows.filter(({ sourceId }) => !couplings.has(sourceId));
		for (const chunk of chunksOf(left, 200)) await remove(context, chunk);
		next = page.next;
	} while (next);
	const failing = report.failing();
	const coupled = await session.store.couplingsOf(CUSTOMER_MAPPING, 'businessCentral', failing);
	for (const id of failing) if (!coupled.has(id)) report.settle(id);
}

async function remove(context: StatisticsContext, rows: readonly DerivedRow[]): Promise<void> {
	const { session, job, report, preview } = context;
	const ours = rows.filter(({ sourceId, targetId }) => targetId === rowIdOf(session.companyId, sourceId));
	const there = await session.crm.readByIds(STATISTICS_ROWS, ours.map(({ targetId }) => targetId), []); // prettier-ignore
	const open = ours.filter(({ targetId }) => there.has(targetId));
	for (const row of rows) if (!open.includes(row)) report.forget(row);
	const told = (row: DerivedRow): void => {
		const { number, name } = there.get(row.targetId)!;
		const subject = { version: '', modifiedAt: '', values: {} };
		const pair = {
			businessCentral: { ...subject, id: row.sourceId, number, name },
			crm: { ...subject, id: row.ownerId, number: '', name },
			coupling: null,
		};
		job.recorder.count('deleted');
		report.forget(row);
		report.done(row.sourceId, {
			action: preview ? 'wouldDelete' : 'deleted',
			businessCentral: job.recorder.ref('businessCentral', pair)!,
			crm: job.recorder.ref('crm', pair)!,
			figures: {},
		});
	};
	if (preview) for (const row of open) told(row);
	else {
		const deletions = open.map(({ targetId }) => ({ kind: 'delete' as const, id: targetId, version: there.get(targetId)!.version }));
		const outcomes = deletions.length === 0 ? [] : await session.crm.write(STATISTICS_ROWS, deletions);
		for (const [index, outcome] of outcomes.entries()) {
			const row = open[index]!;
			if (outcome.status === 'written' || outcome.status === 'missing') told(row);
			else if (outcome.status === 'failed') {
				const { number, name } = there.get(row.targetId)!;
				const customer = { id: row.sourceId, number, name };
				const businessCentral = { ...customer, version: '', modifiedAt: '', values: {} };
				report.fail({ sourceId: row.sourceId, version: row.ownerId, businessCentral, crm: null }, refused(customer, outcome.error));
			}
		}
		await job.commit(report.take());
	}
}
