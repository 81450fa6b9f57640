import type { WorkEnd } from '../../jobs/jobPlan';
import { chunksOf } from '../../model/chunks';
import { SyncError } from '../../model/errors';
import { spelledCode } from '../../model/upperCase';
import type { SyncSession } from '../../ports/session';
import { type FlowContext, flowJob, type FlowRequest, type FlowResult, outOfTime } from '../kernel/flowJob';
import { ReadingMark } from '../kernel/readingMark';
import { activeCustomers, candidates, coupledOf } from './candidates';
import { readCorrections } from './corrections';
import { AT_ONCE, deliver } from './deliver';
import { fiscalYearOf } from './fiscalYear';
import { allFigures, figuresOf, findSource, pagesGone } from './source';
import { notCoupled, targetMissing } from './statisticsErrors';
import type { LocalCurrency, StatisticsContext, StatisticsOutcome } from './statisticsWork';
import { ACCOUNTS, CURRENCIES, LINK, ROW_COLUMNS, STATISTICS, STATISTICS_FLOW, STATISTICS_ROWS } from './tables';
import { removeUncoupled } from './uncoupled';

/** Digits that CRM keeps of money unless the currency says otherwise. */
const USUAL_PLACES = 2;

/**
 * Figures of coupled customers become rows of CRM that their accounts show: what they owe, what is overdue, what is outstanding, what they bought this
 * year. One request tells the figures of 20,000 customers; only those that changed are read further, and only what differs is written.
 * @throws SyncError (setup) where nothing can be written at all; (transient) `MAPPING_BUSY` when the session waited for its turn in vain
 */
export const updateStatistics = (session: SyncSession, request: FlowRequest = {}): Promise<FlowResult<StatisticsOutcome>> =>
	flowJob<StatisticsOutcome>(session, request, {
		flow: STATISTICS_FLOW,
		direction: 'toCrm',
		work: async (given) => {
			await requireTarget(given.session);
			const context = await open(given);
			return request.ids ? await chosen(context, request.ids) : await all(context);
		},
		explain: pagesGone,
	});

async function all(context: StatisticsContext): Promise<WorkEnd | undefined> {
	const { session, job, report, preview } = context;
	const mark = await ReadingMark.open(session, STATISTICS);
	const active = await activeCustomers(context, mark);
	for await (const page of allFigures(session, context.source)) {
		mark.begin();
		for await (const works of candidates(context, page, active))
			for (const chunk of chunksOf(works, AT_ONCE)) {
				await job.checkpoint();
				await deliver(context, chunk);
				if (context.isSpent()) return outOfTime(context);
			}
	}
	await removeUncoupled(context);
	const watermark = report.unexpected || preview ? undefined : mark.end();
	if (watermark) await job.commit({ ...report.take(), watermark });
	return undefined;
}

/** Chosen customers move no watermark. */
async function chosen(context: StatisticsContext, asked: readonly string[]): Promise<WorkEnd | undefined> {
	const { session, job, report, notFound } = context;
	for (const ids of chunksOf([...new Set(asked.map((id) => id.toLowerCase()))], AT_ONCE)) {
		await job.checkpoint();
		const figures = await figuresOf(session, context.source, ids);
		const there = new Set(figures.map(({ id }) => id));
		notFound.push(...ids.filter((id) => !there.has(id)));
		const works = await coupledOf(context, figures, 'skippedToo');
		const coupled = new Set(works.map(({ coupling }) => coupling.bcId));
		for (const { id, number, name } of figures.filter((each) => !coupled.has(each.id))) {
			const businessCentral = { id, number, name: name ?? '', version: '', modifiedAt: '', values: {} };
			report.fail({ sourceId: id, version: null, businessCentral, crm: null }, notCoupled(businessCentral), { kept: false });
		}
		await deliver(context, works);
		if (context.isSpent()) return outOfTime(context);
	}
	return undefined;
}

async function open(given: FlowContext<StatisticsOutcome>): Promise<StatisticsContext> {
	const { session, job } = given;
	const source = await findSource(given);
	// Some answer has told the time by now, or the next one does.
	const today = new Date(session.businessCentral.serviceNow() ?? session.clock.now()).toISOString().slice(0, 10);
	const year = await fiscalYearOf(session, today);
	if (year === null)
		job.recorder.warn('Business Central has no accounting period that begins before today, so the sales of the year were not written.', {
			code: 'FISCAL_YEAR_MISSING',
			hint: 'Create the fiscal year under Accounting Periods in Business Central.',
		});
	return {
		...given,
		source,
		today,
		year,
		currency: once(() => localCurrency(session)),
		corrections: once(async () => (source.lines ? await readCorrections(session, source.lines) : null)),
	};
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
	let known: Promise<T> | undefined;
	return () => (known ??= read());
}

async function localCurrency({ businessCentral, crm }: SyncSession): Promise<LocalCurrency> {
	const [information] = await businessCentral.readAll('companyInformation', ['currencyCode']);
	const code = spelledCode(information?.['currencyCode']);
	const [row] = await crm.readByValues(CURRENCIES, 'isocurrencycode', [code], ['currencyprecision']);
	const places = row?.values['currencyprecision'];
	return { code, id: row?.id ?? null, places: typeof places === 'number' ? places : USUAL_PLACES };
}

/** Looked at once a day. */
async function requireTarget({ crm }: SyncSession): Promise<void> {
	try {
		const absent = [...(await crm.absentColumns(STATISTICS_ROWS, ROW_COLUMNS)), ...(await crm.absentColumns(ACCOUNTS, [LINK]))];
		if (absent.length === 0) return;
	} catch (error) {
		if (!(error instanceof SyncError) || !NOT_THERE.test(error.code)) throw error;
	}
	throw targetMissing();
}
const NOT_THERE = /^CRM_(TABLE_NOT_FOUND|NOT_FOUND)$/;
