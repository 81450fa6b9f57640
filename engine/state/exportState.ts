import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { SyncSession } from '../ports/session';
import type { Position } from '../ports/stateTransfer';
import { isLog, STATE_TABLES, storeShape } from '../store/transfer/stateTransfer';
import { holdingAll } from './allLeases';
import { FORMAT, FORMAT_VERSION, lineOf, StateSum, type StateEnd, type StateHeader } from './stateFile';

/** Rows read, and made into one piece of text, at a time. */
const PAGE = 250;

export interface ExportedState extends StateEnd {
	exportedAt: string;
}

/**
 * All state of the connection as JSON lines, compressed with gzip, handed on while it is read: couplings with their baselines, watermarks, open
 * creations, failures, deletions, settings, full synchronization, and the log when it is wanted. No mapping runs meanwhile.
 * @param take consumes the stream to its end
 * @throws SyncError `MAPPING_BUSY` (transient)
 */
export async function exportState(
	session: SyncSession,
	options: { log: boolean },
	take: (file: Readable) => Promise<void>,
): Promise<ExportedState> {
	return await holdingAll(session, async (checkpoint) => {
		const { store, clock } = session;
		const exportedAt = new Date(clock.now()).toISOString();
		const { id, kind, place } = store.identity;
		const head: StateHeader = {
			format: FORMAT,
			version: FORMAT_VERSION,
			shape: storeShape(),
			connection: { id: store.connectionId },
			store: { id, kind, place },
			exportedAt,
			log: options.log,
		};
		let end: StateEnd | undefined;
		const lines = async function* (): AsyncGenerator<string> {
			yield `${JSON.stringify(head)}\n`;
			const sum = new StateSum();
			for (const table of STATE_TABLES.filter((each) => options.log || !isLog(each))) {
				let after: Position = null;
				do {
					await checkpoint();
					const page = await store.transfer().read(table, after, PAGE);
					after = page.next;
					let text = '';
					for (const row of page.rows) {
						const line = lineOf(table, row);
						sum.add(table, line);
						text += `${line}\n`;
					}
					if (text !== '') yield text;
				} while (after !== null);
			}
			end = sum.end();
			yield `${JSON.stringify({ end })}\n`;
		};
		const source = Readable.from(lines());
		const file = createGzip();
		source.once('error', (error) => file.destroy(error));
		await take(source.pipe(file));
		return { ...end!, exportedAt };
	});
}
