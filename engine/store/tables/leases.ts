import { sql } from 'kysely';
import { SyncError } from '../../model/errors';
import { compiledOnce } from '../compiledOnce';
import type { Scope } from '../scope';
import type { Lease, LeaseHolder, LeaseInUse } from '../../model/lease';

/** A lease that is asked for. */
export interface LeaseRequest {
	mapping: string;
	owner: string;
	now: number;
	expires: number;
	holder: LeaseHolder | undefined;
	/** Fence of a lease whose holder is gone. */
	insteadOf: number | undefined;
}

/** No lease is taken for longer than this; one that runs out later was taken by a clock that was ahead. */
const LONGEST_MS = 15 * 60_000;

/**
 * A lease of the future counts as taken now: it is free once its holder has not been heard of for as long as leases last, and not when the calendar gets
 * there. A holder that is alive goes on renewing it, whatever its clock.
 */
async function endTheFuture({ db, connectionKey }: Scope, { mapping, now, expires }: LeaseRequest): Promise<void> {
	await db
		.updateTable('lease')
		.set({ expires_ms: expires })
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('owner', 'is not', null)
		.where('expires_ms', '>', now + LONGEST_MS)
		.execute();
}

/**
 * One statement, so that of two processes racing exactly one gets a row back. The row outlives its holders: the fence grows with
 * every acquisition, also after a release.
 */
export async function acquireLease(scope: Scope, request: LeaseRequest): Promise<Lease | null> {
	await endTheFuture(scope, request);
	const { db, connectionKey } = scope;
	const { mapping, owner, now, expires, insteadOf } = request;
	const holder = request.holder ? JSON.stringify({ ...request.holder, owner }) : null;
	const row = await db
		.insertInto('lease')
		.values({ connection_key: connectionKey, mapping, owner, fence: 1, expires_ms: expires, holder, acquired_ms: now })
		.onConflict((oc) =>
			oc
				.columns(['connection_key', 'mapping'])
				.doUpdateSet((eb) => ({
					owner: eb.ref('excluded.owner'),
					expires_ms: eb.ref('excluded.expires_ms'),
					holder: eb.ref('excluded.holder'),
					acquired_ms: eb.ref('excluded.acquired_ms'),
					fence: eb('lease.fence', '+', 1),
				}))
				.where((eb) =>
					eb.or([
						eb('lease.owner', 'is', null),
						eb('lease.owner', '=', owner),
						eb('lease.expires_ms', '<=', now),
						...(insteadOf === undefined ? [] : [eb('lease.fence', '=', insteadOf)]),
					]),
				),
		)
		.returning('fence')
		.executeTakeFirst();
	return row === undefined ? null : { mapping, owner, fence: Number(row.fence) };
}

export async function leaseInUse({ db, connectionKey }: Scope, mapping: string, now: number): Promise<LeaseInUse | null> {
	const row = await db
		.selectFrom('lease')
		.select(['owner', 'fence', 'expires_ms', 'holder', 'acquired_ms'])
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('expires_ms', '>', now)
		.executeTakeFirst();
	if (row?.owner == null) return null;
	return {
		mapping,
		owner: row.owner,
		fence: Number(row.fence),
		holder: holderOf(row.owner, row.holder),
		acquiredAt: row.acquired_ms === null ? null : new Date(Number(row.acquired_ms)).toISOString(),
		expiresAt: new Date(Number(row.expires_ms)).toISOString(),
	};
}

/** An earlier version of this package, which may still be at work elsewhere, takes a lease without saying who it is. */
function holderOf(owner: string, written: string | null): LeaseHolder | null {
	if (written === null) return null;
	const { owner: of, ...holder } = JSON.parse(written) as LeaseHolder & { owner: string };
	return of === owner ? holder : null;
}

/** A lease that expired without anybody taking it is still its holder's. */
export async function renewLease({ db, connectionKey }: Scope, lease: Lease, now: number, ttlMs: number): Promise<boolean> {
	const { numUpdatedRows } = await db
		.updateTable('lease')
		.set({ expires_ms: now + ttlMs })
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', lease.mapping)
		.where('owner', '=', lease.owner)
		.where('fence', '=', lease.fence)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** Releasing a lease that was lost does nothing. */
export async function releaseLease({ db, connectionKey }: Scope, lease: Lease): Promise<void> {
	await db
		.updateTable('lease')
		.set({ owner: null, expires_ms: 0, holder: null, acquired_ms: null })
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', lease.mapping)
		.where('owner', '=', lease.owner)
		.where('fence', '=', lease.fence)
		.execute();
}

const fenceOf = compiledOnce(({ db, dialect }, { connectionKey, mapping }: { connectionKey: number; mapping: string }) => {
	const query = db.selectFrom('lease').select('fence').where('connection_key', '=', connectionKey).where('mapping', '=', mapping);
	return dialect === 'postgres' ? query.forShare() : query;
});

/**
 * To be called inside the transaction whose writes it guards. In PostgreSQL the row stays locked until that transaction ends, so nobody
 * can take the lease between this look and the commit; SQLite lets one transaction write at a time anyway.
 */
export async function requireFence(scope: Scope, lease: Lease): Promise<void> {
	const [row] = await fenceOf(scope, { connectionKey: scope.connectionKey, mapping: lease.mapping });
	if (row !== undefined && Number(row.fence) === lease.fence) return;
	throw new SyncError({
		code: 'LEASE_LOST',
		errorClass: 'transient',
		system: 'store',
		table: lease.mapping,
		message: `The mapping ${lease.mapping} was taken over by another run, because this one had not been heard of for too long.`,
		hint: 'Nothing was lost: the other run goes on from the last recorded page.',
	});
}

export async function runningMappings({ db, connectionKey }: Scope, now: number): Promise<Set<string>> {
	const rows = await db
		.selectFrom('lease')
		.select('mapping')
		.where('connection_key', '=', connectionKey)
		.where('owner', 'is not', null)
		.where('expires_ms', '>', now)
		.execute();
	return new Set(rows.map((row) => row.mapping));
}

/** Until the transaction ends nobody else takes a lease. SQLite's transactions that write keep others out by themselves. */
export async function lockLeases({ db, dialect }: Scope): Promise<void> {
	if (dialect !== 'postgres') return;
	// Kysely puts the schema before tables of its own statements only.
	const [, table] = db.selectFrom('lease').select('mapping').compile().sql.split(' from ');
	await sql`lock table ${sql.raw(table!)} in exclusive mode`.execute(db);
}
