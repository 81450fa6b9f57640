import { breather } from '../../ports/breath';
import type { Clock } from '../../ports/clock';
import type { Pulse } from '../../ports/pulse';
import { eitherSignal, stopped } from './abort';
import { backOffMs } from './backOff';
import { isThrottled, type BatchPart, type PartAnswer } from './batch';
import { withGroups } from './batchGroups';
import type { BatchSizer } from './batchSize';
import type { Connection } from './connection';
import { Dealer } from './dealer';
import { isMomentary, serviceError, unreadableError } from './errors';
import type { ServiceResponse } from './pipeline';
import { retryAfterMs } from './retryAfter';
import { LONGEST_OBEYED_MS } from './retryVerdict';
import { NoAnswer } from './transport';

/** How a batch is written and read; JSON or multipart. */
export interface BatchFormat {
	encode(parts: readonly BatchPart[]): { headers: Record<string, string>; body: string };
	/** Answers by position; null where there is none, or none that surely belongs to the part. */
	decode(response: ServiceResponse, parts: readonly BatchPart[]): Array<PartAnswer | null>;
}

export interface BatchRunnerOptions {
	connection: Connection;
	format: BatchFormat;
	clock: Clock;
	signal?: AbortSignal;
	/** See `SyncSession.ending`. */
	ending?: AbortSignal;
	/** Told of every pause. */
	pulse?: Pulse;
	random: () => number;
	/** Lanes: batches in flight at most; the connection's limiter may allow fewer. */
	lanes: () => number;
	timeoutMs: number;
}

export interface BatchCall {
	/** Absolute address of `$batch`. */
	url: string;
	table?: string;
	/** Every part may be sent twice without harm. */
	repeatable: boolean;
	reading: boolean;
	/** One batch after another, for rows that share a parent and would wait for its lock. */
	sequential?: boolean;
	sizer: BatchSizer;
	/** Nothing is sent later than so many milliseconds after the call: then parts are answered by a NoAnswer that says so. */
	sendWithinMs?: number;
}

/** A timer may be late on a busy machine. */
const SLACK_MS = 60_000;
/** Times a part is sent before its refusal is the answer. */
const MAX_ROUNDS = 6;
const FIRST_WAIT_MS = 500;

/**
 * Sends any number of parts in batches, several in flight, and answers by position. Parts the service turned away for the moment (429, 503,
 * deadlock) are sent again alone; parts without an answer are sent again when the call is repeatable, else their answer is a NoAnswer.
 * Once the process is to end, changes that were not sent are answered by a NoAnswer that says so. Throws SyncError when the service refuses the batch
 * as a whole.
 */
export class BatchRunner {
	constructor(private readonly options: BatchRunnerOptions) {}

	async run(parts: readonly BatchPart[], call: BatchCall): Promise<Array<PartAnswer | NoAnswer>> {
		const answers = new Array<PartAnswer | NoAnswer>(parts.length);
		const sendBefore = call.sendWithinMs === undefined ? undefined : this.options.clock.now() + call.sendWithinMs;
		const lanes = call.sequential ? 1 : Math.max(1, this.options.lanes());
		const dealer = new Dealer(parts, () => call.sizer.size(parts.length, lanes));
		let broken = false;
		// Writing a batch and beginning its request takes a millisecond: fifty at once would hold up all that n8n does besides.
		const breathe = breather();
		let turn = Promise.resolve();
		const lane = async () => {
			await (turn = turn.then(breathe));
			for (let dealt = dealer.deal(); dealt && !broken; dealt = dealer.deal(dealt.then)) {
				try {
					const { indexes } = dealt;
					const got = await this.batch(
						indexes.map((index) => parts[index]!),
						call,
						sendBefore,
					);
					for (const [position, answer] of got.entries()) answers[indexes[position]!] = answer;
				} catch (error) {
					broken = true;
					throw error;
				}
			}
		};
		// All settle before an error is thrown, so that nothing is written behind the caller's back.
		const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
		const failure = ends.find((end) => end.status === 'rejected');
		if (failure) throw failure.reason;
		return answers;
	}

	private async batch(parts: readonly BatchPart[], call: BatchCall, sendBefore: number | undefined): Promise<Array<PartAnswer | NoAnswer>> {
		const answers = new Array<PartAnswer | NoAnswer>(parts.length);
		let pending = parts.map((_, index) => index);
		for (let round = 1; pending.length > 0; round++) {
			const last = round >= MAX_ROUNDS;
			const got = await this.send(
				pending.map((index) => parts[index]!),
				call,
				sendBefore,
			);
			const again: number[] = [];
			let waitMs = 0;
			for (const [position, index] of pending.entries()) {
				const brokeOff = got[position] === null;
				const answer = got[position] ?? new NoAnswer('The answer broke off before this operation.', true);
				answers[index] = leftOpen(answers[index], answer) ? answers[index]! : answer;
				if (last || !(brokeOff ? call.repeatable : this.refusedForNow(answer, call))) continue;
				const wait = this.waitMs(answer, round);
				// Asked to come back in an hour: the next run is the better place to wait.
				if (wait > LONGEST_OBEYED_MS || (sendBefore !== undefined && this.options.clock.now() + wait > sendBefore)) continue;
				again.push(index);
				waitMs = Math.max(waitMs, wait);
			}
			pending = withGroups(parts, again);
			if (pending.length > 0) await this.pause(waitMs);
		}
		return answers;
	}

	/** A NoAnswer has been repeated by the connection, as far as that is safe. */
	private refusedForNow(answer: PartAnswer | NoAnswer, call: BatchCall): boolean {
		if (answer instanceof NoAnswer) return false;
		return isThrottled(answer) || isMomentary(answer, this.options.connection.context(call.reading).system);
	}

	private waitMs(answer: PartAnswer | NoAnswer, round: number): number {
		const asked = answer instanceof NoAnswer ? null : retryAfterMs(answer, this.options.clock.now());
		return asked ?? backOffMs(FIRST_WAIT_MS, round, this.options.random());
	}

	/** Shorter when the process is to end; the next sending is kept back then. */
	private async pause(ms: number): Promise<void> {
		const { clock, signal, ending, pulse } = this.options;
		const over = pulse?.waiting(ms + SLACK_MS);
		try {
			await clock.sleep(ms, eitherSignal(signal, ending));
		} catch (error) {
			if (signal?.aborted) throw stopped(signal);
			if (!ending?.aborted) throw error;
		} finally {
			over?.();
		}
	}

	private async send(
		parts: readonly BatchPart[],
		call: BatchCall,
		sendBefore: number | undefined,
	): Promise<Array<PartAnswer | NoAnswer | null>> {
		const { connection, format, clock, timeoutMs } = this.options;
		const { headers, body } = format.encode(parts);
		const start = clock.now();
		let response: ServiceResponse;
		try {
			response = await connection.exchange({
				method: 'POST',
				url: call.url,
				headers,
				body,
				expects: 'batch',
				repeatable: call.repeatable,
				reading: call.reading,
				timeoutMs,
				...(sendBefore === undefined ? {} : { sendBefore }),
			});
		} catch (error) {
			if (!(error instanceof NoAnswer)) throw error;
			if (error.late || (error.ending && !call.reading)) return parts.map(() => error);
			// Repeating what can be repeated is done; what is left stays open, or, when reading, fails.
			if (call.reading || !error.delivered) throw connection.failure(error, call.reading, call.table);
			return parts.map(() => error);
		}
		if (response.status === 200 || response.status === 202) {
			const answers = format.decode(response, parts);
			if (parts.length > 0 && answers.every((answer) => answer === null) && response.body.trim().startsWith('<')) {
				throw unreadableError(response, connection.context(call.reading, call.table));
			}
			call.sizer.took(parts.length, clock.now() - start);
			return answers;
		}
		if ([408, 500, 502, 504].includes(response.status) && !call.reading) {
			return parts.map(() => new NoAnswer(`The service answered ${response.status}.`, true));
		}
		throw serviceError(response, connection.context(true, call.table));
	}
}

/** What was sent before without an answer may have been carried out, although nothing was sent now. */
const leftOpen = (before: PartAnswer | NoAnswer | undefined, now: PartAnswer | NoAnswer): boolean =>
	before instanceof NoAnswer && before.delivered && now instanceof NoAnswer && now.ending;
