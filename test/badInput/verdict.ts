import { SyncError } from '../../engine/model/errors';
import type { Expectation, Outcome } from './expectation';
import type { JobResult } from '../../engine/jobs/jobResult';

/** The first error of a run, or of what ended it; null when there was none. */
export async function outcomeOf(run: Promise<JobResult[]>): Promise<Outcome | null> {
	try {
		const results = await run;
		const failed = results.flatMap((result) => result.failed)[0];
		if (failed) return { errorClass: failed.errorClass, code: failed.errorCode, message: failed.message, hint: failed.hint };
		expect(results.map(({ job }) => job.status)).toEqual(results.map(() => 'finished'));
		return null;
	} catch (error) {
		if (!(error instanceof SyncError)) throw error;
		const { errorClass, code, message, hint } = error;
		return { errorClass, code, message, hint };
	}
}

/** Holds what came of a case against what the table says. Every error has to say what to do. */
export function expectOutcome(outcome: Outcome | null, expected: Expectation): void {
	if ('works' in expected) {
		expect(outcome).toBeNull();
		return;
	}
	expect(outcome).toMatchObject({
		errorClass: expected.errorClass,
		code: expected.code,
		message: expect.stringContaining(expected.message) as string,
	});
	expect(outcome!.hint.length).toBeGreaterThan(15);
}
