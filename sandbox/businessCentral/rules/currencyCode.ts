import { dialog } from '../errors';
import { setField } from '../write/writer';
import type { Draft } from '../write/session';
import type { Value } from '../data/row';

/** The LCY code, like a blank, clears the field: the table holds foreign currencies only. */
export function setCurrencyCode(draft: Draft, value: Value): void {
	const { company } = draft.session;
	const code = value === company.settings.lcyCode ? '' : value;
	if (code !== '' && !company.table('Currency').getByKey(code)) throw dialog('The "currencyCode" does not match to a Currency.');
	setField(draft, 'Currency Code', code);
}
