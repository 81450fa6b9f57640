import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { CommitOutcomes, Outcome } from '../backend';

/** A commit that the server is still at is waited for a little (ms). */
const LOOK_AGAIN_MS = [50, 200, 500, 1_000, 2_000];

/**
 * `txid_status` tells what became of a transaction, "in particular when the application and database server become disconnected while a COMMIT is in
 * progress" (PostgreSQL documentation, System Information Functions; server 10 and later). A server that was started again, or another one that took
 * its place, may have given the number to somebody else's transaction, so it is not asked.
 */
export const commitOutcomes: CommitOutcomes = {
	mark: async (transaction) => {
		const { rows } = await sql<{ transaction: string; server: string }>`
			select txid_current()::text as transaction, pg_postmaster_start_time()::text as server`.execute(transaction);
		return rows[0]!;
	},

	outcome: async (db, { transaction, server }) => {
		try {
			for (const ms of [0, ...LOOK_AGAIN_MS]) {
				await pause(ms);
				const { rows } = await sql<{ status: string | null }>`
					select case when pg_postmaster_start_time()::text = ${server} then txid_status(${transaction}::bigint) end as status`.execute(db);
				const outcome = outcomes[rows[0]?.status ?? ''];
				if (outcome) return outcome;
			}
		} catch {
			// Who cannot be asked leaves it open.
		}
		return 'undecided';
	},
};

const outcomes: Readonly<Record<string, Outcome>> = { committed: 'committed', aborted: 'rolledBack' };
