import { setField } from '../write/writer';
import type { Draft } from '../write/session';
import type { Value } from '../data/row';

/** The LCY code, like a blank, clears the field: the table holds foreign currencies only. */
export function setCurrencyCode(draft: Draft, value: Value): void {
	setField(draft, 'Currency Code', value === draft.session.company.settings.lcyCode ? '' : value);
}
