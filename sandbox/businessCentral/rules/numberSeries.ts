import { dialog } from '../errors';
import type { Draft } from '../write/session';

/** Gives the record the next number of a series when it has none; a number of one's own needs Manual Nos. */
export function assignNumber(draft: Draft, series: string, field = 'No.'): void {
	const line = draft.session.company.settings.series[series];
	if (draft.text(field) !== '') {
		if (line && !line.manual)
			throw dialog(
				`You may not enter numbers manually. If you want to enter numbers manually, please activate Manual Nos. in No. Series ${series}.`,
			);
		return;
	}
	if (!line) throw dialog(`You cannot assign new numbers from the number series ${series}.`);
	const table = draft.session.company.table(draft.table);
	const rest = table.primaryKey.slice(0, -1).map((key) => draft.get(key));
	let number: string;
	do {
		number = `${line.prefix}${String(line.next++).padStart(line.digits, '0')}`;
	} while (table.getByKey(...rest, number));
	draft.set(field, number);
}
