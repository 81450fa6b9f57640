import type { Coupling } from '../../model/coupling';
import type { DerivedRow } from '../../model/derivedRow';
import type { LogRecordRef } from '../../model/logEntry';
import type { FieldValue, SystemRecord } from '../../model/record';
import type { FlowContext } from '../kernel/flowJob';
import type { Correction } from './corrections';
import type { Figures } from './figures';
import type { FiscalYear } from './fiscalYear';
import type { FigureSource } from './source';

/** A coupled customer whose figures are looked at. */
export interface StatisticsWork {
	figures: Figures;
	coupling: Coupling;
	/** What was delivered last; null for a customer whose figures CRM never got. */
	delivered: DerivedRow | null;
}

export interface StatisticsOutcome {
	action: 'created' | 'updated' | 'unchanged' | 'deleted' | 'wouldCreate' | 'wouldUpdate' | 'wouldDelete';
	businessCentral: LogRecordRef;
	/** The account. */
	crm: LogRecordRef;
	/** Columns of the row of figures that were, or would be, written. */
	figures: Readonly<Record<string, FieldValue>>;
}

export interface StatisticsContext extends FlowContext<StatisticsOutcome> {
	readonly source: FigureSource;
	/** Day of the company, `2026-03-07`: what is due before it is overdue. */
	readonly today: string;
	/** Null where no accounting period begins before today: sales of the year are not written. */
	readonly year: FiscalYear | null;
	/** Read once, when the first customer is looked at. */
	readonly currency: () => Promise<LocalCurrency>;
	readonly corrections: () => Promise<ReadonlyMap<string, Correction> | null>;
}

/** The currency that figures are in. */
export interface LocalCurrency {
	code: string;
	/** Row of CRM; null where there is none. */
	id: string | null;
	/** Digits that CRM keeps of amounts in it. */
	places: number;
}

/** The customer as logs and messages show it. */
export const recordOf = ({ figures, coupling }: Pick<StatisticsWork, 'figures' | 'coupling'>): SystemRecord => ({
	id: coupling.bcId,
	number: figures.number || coupling.bcNumber,
	name: figures.name ?? coupling.bcName,
	version: '',
	modifiedAt: '',
	values: {},
});
