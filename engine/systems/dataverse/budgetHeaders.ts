import type { BudgetLeft } from '../odata/toldBudget';

/**
 * What is left of the requests, and of the seconds of execution, in five minutes, as each answer of Dataverse tells it ("Service protection API limits",
 * learn.microsoft.com). Null where an answer tells neither.
 */
export function budgetLeft(headers: Readonly<Record<string, string>>): BudgetLeft | null {
	const requests = numberIn(headers['x-ms-ratelimit-burst-remaining-xrm-requests']);
	const seconds = numberIn(headers['x-ms-ratelimit-time-remaining-xrm-requests']);
	if (requests === null && seconds === null) return null;
	return { ...(requests === null ? {} : { requests }), ...(seconds === null ? {} : { executionMs: seconds * 1000 }) };
}

/** "1,193.02" is a number of theirs. */
function numberIn(text: string | undefined): number | null {
	const digits = text?.replaceAll(',', '').trim() ?? '';
	return /^\d+(\.\d+)?$/.test(digits) ? Number(digits) : null;
}
