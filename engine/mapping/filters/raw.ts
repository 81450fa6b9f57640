import { SyncError } from '../../model/errors';

/** Refuses raw text that would break out of its parentheses. */
export function balanced(raw: string): string {
	let depth = 0;
	let quoted = false;
	for (const character of raw) {
		if (character === "'") quoted = !quoted;
		else if (!quoted && character === '(') depth++;
		else if (!quoted && character === ')' && --depth < 0) break;
	}
	if (depth !== 0 || quoted) {
		throw new SyncError({
			code: 'FILTER_UNBALANCED',
			errorClass: 'setup',
			system: 'engine',
			message: 'The OData filter text has an open quote or parenthesis.',
			hint: "Close every parenthesis and double single quotes inside text, for instance name eq 'O''Brien'.",
		});
	}
	return raw;
}
