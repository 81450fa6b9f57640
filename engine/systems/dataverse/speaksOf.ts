import type { PartAnswer } from '../odata/batch';
import { serviceText } from '../odata/errors';

/** A 404 can also mean that a row the lookup points at is gone. Texts that name no row may be about the row itself. */
export function speaksOf(answer: PartAnswer, id: string): boolean {
	const named = serviceText(answer.body).message.match(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi);
	return named === null || named.some((each) => each.toLowerCase() === id);
}
