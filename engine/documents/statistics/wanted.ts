import { Decimal } from '../../model/decimal';
import type { FieldValue, SystemRecord } from '../../model/record';
import type { Correction } from './corrections';
import type { Figures } from './figures';
import { AS_OF, MONEY_COLUMNS } from './tables';

/** What is known of a customer once all of it was read. */
export interface WholeFigures extends Figures {
	name: string;
	creditLimit: number;
	/** Due before today. */
	overdue: number;
	/** Of the fiscal year; null where nobody knows it. */
	sales: number | null;
	/** Null where no page shows it. */
	correction: Correction | null;
}

type Row = Record<string, FieldValue>;

/** The row of figures as it should be. A figure that no place shows is absent, and stays what it is. */
export function wantedRow(figures: WholeFigures, { today, places }: { today: string; places: number }): Row {
	const { balance, outstandingOrders, shippedNotInvoiced, outstandingInvoices, correction } = figures;
	const money = (value: number | null): number | null => (value === null ? null : Decimal.orZero(value).rounded(places).toNumber());
	const total = [balance, outstandingOrders, shippedNotInvoiced, outstandingInvoices].reduce(
		(sum, part) => sum.plus(Decimal.orZero(part)),
		Decimal.ZERO,
	);
	const amounts: Record<(typeof MONEY_COLUMNS)[number], number | null> = {
		nav_balancelcy: money(balance),
		nav_outstandingorderslcy: money(outstandingOrders),
		nav_shippednotinvoicedlcy: money(shippedNotInvoiced),
		nav_outstandinginvoiceslcy: money(outstandingInvoices),
		nav_totallcy: correction && total.minus(correction.total).rounded(places).toNumber(),
		nav_creditlimitlcy: money(figures.creditLimit),
		nav_overdueamountslcy: money(figures.overdue),
		nav_totalsaleslcy: money(figures.sales),
		nav_invoicedprepaymentamountlcy: correction && correction.prepayments.rounded(places).toNumber(),
	};
	return {
		nav_name: figures.name.slice(0, 160),
		nav_customerno: figures.number,
		...Object.fromEntries(Object.entries(amounts).filter(([, value]) => value !== null)),
		[AS_OF]: today,
	};
}

/**
 * What of it is not there. The day alone is no difference where nothing is overdue: otherwise every customer would be written every day.
 */
export function differing(wanted: Row, row: SystemRecord): Row {
	const changed = Object.entries(wanted).filter(([column, value]) => !isSame(column, value, row.values[column] ?? null));
	const isOnlyTheDay = changed.length === 1 && changed[0]![0] === AS_OF && wanted['nav_overdueamountslcy'] === 0;
	return isOnlyTheDay && row.values[AS_OF] !== undefined && row.values[AS_OF] !== null ? {} : Object.fromEntries(changed);
}

/** A day may come back with a time. */
const dayOf = (value: FieldValue): string => String(value ?? '').slice(0, 10);
const isSame = (column: string, wanted: FieldValue, there: FieldValue): boolean => {
	if (typeof wanted === 'number') return there !== null && Decimal.orZero(there).equals(Decimal.orZero(wanted));
	return column === AS_OF ? dayOf(wanted) === dayOf(there) : wanted === (there ?? '');
};
