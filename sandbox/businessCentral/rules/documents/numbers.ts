import type { Session } from '../../write/session';
import { Draft } from '../../write/session';
import { assignNumber } from '../numberSeries';

/** The next number of a series for a document of this type. */
export function newNumber(session: Session, type: string, table = 'Sales Header'): string {
	const draft = new Draft(session, table, undefined, null);
	draft.set('Document Type', type);
	assignNumber(draft, type);
	return draft.text('No.');
}

export const today = ({ company }: Session): string => new Date(company.now()).toISOString().slice(0, 10);

/** Entry No. of the next row of a ledger. */
export const nextEntry = ({ company }: Session, table: string): number => company.table(table).size + 1;
