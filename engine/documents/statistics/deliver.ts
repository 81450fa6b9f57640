import { derivedId } from '../../model/derivedId';
import type { FieldValue, SystemRecord } from '../../model/record';
import type { WriteOperation, WriteOutcome } from '../../ports/write';
import { contentOf, seen } from './figures';
import { accountMissing, currencyMissing, customerMissing, keptChanging, refused } from './statisticsErrors';
import { recordOf, type StatisticsContext, type StatisticsOutcome, type StatisticsWork } from './statisticsWork';
import { ACCOUNTS, CURRENCIES, LINK, ROW_COLUMNS, STATISTICS, STATISTICS_ROWS } from './tables';
import { differing, wantedRow, type WholeFigures } from './wanted';
import { wholeFigures } from './wholeFigures';

/** Customers that are read and written at a time. */
export const AT_ONCE = 200;
/** Times that an account which was changed meanwhile is looked at. */
const TRIES = 2;

interface Planned {
	work: StatisticsWork;
	whole: WholeFigures;
	account: SystemRecord;
	rowId: string;
	action: 'create' | 'update' | 'unchanged';
	values: Record<string, FieldValue>;
	operation: WriteOperation | null;
}

/** Id of the row that shows the figures of a customer: whoever creates it meets the one that is there. */
export const rowIdOf = (companyId: string, customerId: string): string =>
	derivedId({ companyId, mapping: STATISTICS, bcId: customerId, generation: 0 });

/** Brings the figures of customers to CRM, as far as they are not there. Some six requests for two hundred of them. */
export async function deliver(context: StatisticsContext, works: readonly StatisticsWork[]): Promise<void> {
	const { session, report, job } = context;
	const whole = await wholeFigures(context, works);
	let open: Array<{ work: StatisticsWork; whole: WholeFigures }> = [];
	for (const work of works) {
		const figures = whole.get(work.coupling.bcId);
		if (figures) open.push({ work, whole: figures });
		else fail(context, work, customerMissing(recordOf(work)), true);
	}
	for (let round = 1; open.length > 0 && round <= TRIES; round++) {
		const planned = await plan(context, open);
		for (const each of planned.filter(({ action }) => action === 'unchanged')) done(context, each);
		const toWrite = planned.filter(({ action }) => action !== 'unchanged');
		if (context.preview) {
			for (const each of toWrite) done(context, each);
			return;
		}
		const outcomes = toWrite.length === 0 ? [] : await session.crm.write(STATISTICS_ROWS, toWrite.map(({ operation }) => operation!)); // prettier-ignore
		const again = toWrite.filter((each, index) => !settled(context, each, outcomes[index]!));
		open = again.map(({ work, whole: figures }) => ({ work, whole: figures }));
	}
	for (const { work } of open) fail(context, work, keptChanging(recordOf(work)));
	if (!context.preview) await job.commit(report.take());
}

async function plan(context: StatisticsContext, open: ReadonlyArray<{ work: StatisticsWork; whole: WholeFigures }>): Promise<Planned[]> {
	const { session, today } = context;
	const accounts = await session.crm.readByIds(
		ACCOUNTS,
		open.map(({ work }) => work.coupling.crmId),
		[LINK],
	);
	const linkOf = (account: SystemRecord | undefined): string | null => (account?.values[LINK] as string | null | undefined) ?? null;
	const own = ({ coupling }: StatisticsWork): string => rowIdOf(session.companyId, coupling.bcId);
	const ids = open.flatMap(({ work }) => [linkOf(accounts.get(work.coupling.crmId)) ?? own(work), own(work)]);
	const rows = await session.crm.readByIds(STATISTICS_ROWS, [...new Set(ids)], ROW_COLUMNS);
	const currency = await context.currency();
	return open.flatMap(({ work, whole }): Planned[] => {
		const account = accounts.get(work.coupling.crmId);
		if (!account) {
			fail(context, work, accountMissing(recordOf(work)), true);
			return [];
		}
		const link = linkOf(account);
		const row = (link === null ? undefined : rows.get(link)) ?? rows.get(own(work));
		const wanted = wantedRow(whole, { today, places: currency.places });
		const rowId = row?.id ?? own(work);
		const values = row ? differing(wanted, row) : wanted;
		const isLinked = link === rowId;
		if (row && isLinked && Object.keys(values).length === 0)
			return [{ work, whole, account, rowId, action: 'unchanged', values, operation: null }];
		if (!row && currency.id === null) {
			fail(context, work, currencyMissing(recordOf(work), currency.code));
			return [];
		}
		const write: WriteOperation = row
			? { kind: 'update', id: row.id, version: row.version, number: '', values }
			: { kind: 'insert', id: rowId, values: { ...values, transactioncurrencyid: { table: CURRENCIES.name, id: currency.id! } } };
		const named = { kind: 'update' as const, id: account.id, version: account.version, number: '', values: { [LINK]: { table: STATISTICS_ROWS.name, id: rowId } } }; // prettier-ignore
		const operation: WriteOperation = isLinked
			? write
			: {
					kind: 'group',
					operations: [
						...(row && Object.keys(values).length === 0 ? [] : [{ table: STATISTICS_ROWS, operation: write }]),
						{ table: ACCOUNTS, operation: named },
					],
				};
		return [{ work, whole, account, rowId, action: row ? 'update' : 'create', values, operation }];
	});
}

/** Whether the write has come to an end, good or bad; otherwise it is planned anew, on what is there now. */
function settled(context: StatisticsContext, planned: Planned, outcome: WriteOutcome): boolean {
	if (outcome.status === 'written') {
		done(context, planned);
		return true;
	}
	if (outcome.status !== 'failed' && outcome.status !== 'unknown') return false;
	fail(context, planned.work, refused(recordOf(planned.work), outcome.error));
	return true;
}

const ACTIONS = {
	create: ['inserted', 'created', 'wouldCreate'],
	update: ['modified', 'updated', 'wouldUpdate'],
	unchanged: ['unchanged', 'unchanged', 'unchanged'],
} as const;

function done(context: StatisticsContext, { work, whole, account, rowId, action, values }: Planned): void {
	const { job, report, preview, year } = context;
	const [counter, was, would] = ACTIONS[action];
	job.recorder.count(counter);
	const pair = { businessCentral: { ...recordOf(work), number: whole.number, name: whole.name }, crm: account, coupling: null };
	const outcome: StatisticsOutcome = {
		action: preview ? would : was,
		businessCentral: job.recorder.ref('businessCentral', pair)!,
		crm: job.recorder.ref('crm', pair)!,
		figures: values,
	};
	const content = contentOf(seen(work.figures, year?.from ?? null), whole.overdue);
	report.delivered({ mapping: STATISTICS, sourceId: work.coupling.bcId, targetId: rowId, ownerId: work.coupling.crmId, content, at: job.recorder.now() }); // prettier-ignore
	report.done(work.coupling.bcId, outcome);
}

/** One that lacks its partner is left alone until it has another one; the run goes on. */
function fail({ report }: StatisticsContext, work: StatisticsWork, error: Parameters<typeof report.fail>[1], leftAlone = false): void {
	const { coupling } = work;
	const crm = { id: coupling.crmId, number: '', name: coupling.crmName, version: '', modifiedAt: '', values: {} };
	report.fail({ sourceId: coupling.bcId, version: coupling.crmId, businessCentral: recordOf(work), crm }, error, { leftAlone });
}
