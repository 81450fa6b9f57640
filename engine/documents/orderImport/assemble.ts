import type { SystemRecord } from '../../model/record';
import type { WriteOutcome } from '../../ports/write';
import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import { BC_LINE_FIELDS, BC_LINES } from './tables';

const DAY_MS = 24 * 60 * 60_000;
const BLANK = '0001-01-01';

/** Lines of Business Central that are assembled to order, and have not been given their assembly order in this run. */
export function toAssemble({ plan, bcLines = [], assembled }: OrderWork): SystemRecord[] {
	if (assembled) return [];
	const sequences = new Set(plan!.lines.flatMap(({ sequence, assembles }) => (assembles ? [sequence] : [])));
	return bcLines.filter(({ values }) => sequences.has(Number(values['sequence'] ?? 0)));
}

/**
 * Gives lines their linked assembly orders: over the API the quantity to assemble is set, but the order is made only when the shipment date of a line that
 * is there is validated (table Sales Line, read in AL). So the date is moved to the next day, and back. Price and discount are looked at again afterwards.
 * Where Business Central refuses that, the order is imported all the same, and it is told.
 */
export async function assemble(context: ImportContext, works: readonly OrderWork[]): Promise<OrderWork[]> {
	const { businessCentral, clock } = context.session;
	const lines = works.flatMap((work) => toAssemble(work).map((line) => ({ work, line })));
	if (lines.length === 0) return [];
	const today = new Date(clock.now()).toISOString().slice(0, 10);
	const move = async (rows: ReadonlyArray<{ record: SystemRecord; date: string }>): Promise<WriteOutcome[]> =>
		await businessCentral.write(
			BC_LINES,
			rows.map(({ record, date }) => ({
				kind: 'update' as const,
				id: record.id,
				version: record.version,
				number: '',
				values: { shipmentDate: date },
			})),
			BC_LINE_FIELDS,
		);
	const dateOf = ({ values }: SystemRecord): string => String(values['shipmentDate'] ?? BLANK);
	const away = await move(lines.map(({ line }) => ({ record: line, date: nextDay(dateOf(line) === BLANK ? today : dateOf(line)) })));
	const moved = lines.flatMap((each, index) => {
		const outcome = away[index]!;
		return outcome.status === 'written' ? [{ ...each, record: outcome.record }] : [];
	});
	const back = moved.length === 0 ? [] : await move(moved.map(({ record, line }) => ({ record, date: dateOf(line) })));
	const done = new Set(moved.flatMap(({ line }, index) => (back[index]!.status === 'written' ? [line.id] : [])));
	return works.map((work) => {
		for (const line of toAssemble(work)) if (!done.has(line.id)) byHand(context, work, line);
		return { ...work, assembled: true };
	});
}

const nextDay = (date: string): string => new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10);

function byHand({ report }: ImportContext, work: OrderWork, { values }: SystemRecord): void {
	const where = `line ${String(values['sequence'])} of order ${work.bc!.number}`;
	report.warn(work, `${where} is assembled to order, and Business Central did not make its assembly order.`, {
		code: 'ASSEMBLY_BY_HAND',
		hint: `Check the shipment date of ${where}, and enter the quantity to assemble there once more.`,
	});
}
