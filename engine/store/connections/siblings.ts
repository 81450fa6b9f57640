import type { Kysely } from 'kysely';
import { SIDES, type Side } from '../../model/side';
import type { Sibling } from '../../model/sibling';
import type { Scope } from '../scope';
import type { StoreTables } from '../schema';
import { countAllCouplings } from '../tables/couplings';
import { environmentsContradict } from './connectionErrors';
import { mergeInto } from './merge';
import { connectionsOf, type Database, type Registered } from './sameConnection';

/** Own connection and those of the same company that share one of its systems, with the side on which they differ. */
async function related(
	db: Database,
	connectionKey: number,
): Promise<{ own: Registered; others: Array<{ other: Registered; side: Side }> }> {
	const { company_id } = await db
		.selectFrom('connection')
		.select('company_id')
		.where('connection_key', '=', connectionKey)
		.executeTakeFirstOrThrow();
	const all = await connectionsOf(db, company_id);
	const own = all.find(({ key }) => key === connectionKey)!;
	const others = all.flatMap((other) => {
		if (other.key === connectionKey) return [];
		const differs = SIDES.filter((side) => !sameSystem(own, other, side));
		return differs.length === 1 ? [{ other, side: differs[0]! }] : [];
	});
	return { own, others };
}

function sameSystem(own: Registered, other: Registered, side: Side): boolean {
	if (own.systems[side] !== null && other.systems[side] !== null) return own.systems[side] === other.systems[side];
	const place = side === 'crm' ? 'crm' : 'bc';
	return own.spellings.some((one) => other.spellings.some((two) => one[place] === two[place]));
}

/** Those with couplings, the one used last first. */
export async function siblings(scope: Scope): Promise<Sibling[]> {
	const { others } = await related(scope.db, scope.connectionKey);
	const found: Sibling[] = [];
	for (const { other, side } of others) {
		const couplings = await countAllCouplings({ ...scope, connectionKey: other.key });
		if (couplings === 0) continue;
		const address = side === 'crm' ? other.crmAddress : other.bcAddress;
		found.push({ id: other.id, side, address, couplings, lastUsed: new Date(other.openedMs).toISOString() });
	}
	return found.sort((a, b) => b.lastUsed.localeCompare(a.lastUsed));
}

/**
 * The state of a sibling becomes that of this connection, in one transaction; the sibling is known no more, and its addresses lead nowhere. A
 * connection without couplings has the sibling's settings from then on, too: the couplings were synchronized with those. Answers what the two
 * contradicted each other in, in words.
 * @throws SyncError `ENVIRONMENTS_CONTRADICT` (setup) where this connection has couplings of its own that contradict the sibling's;
 * `CONNECTION_BUSY` (transient); nothing is changed then
 */
export async function takeOverSibling(scope: Scope, id: string, now: number): Promise<string[]> {
	const { db, connectionKey } = scope;
	return await (db as Kysely<StoreTables>).transaction().execute(async (transaction) => {
		const { own, others } = await related(transaction, connectionKey);
		const sibling = others.find(({ other }) => other.id === id)?.other;
		if (!sibling) return [];
		await transaction.deleteFrom('connection_address').where('connection_key', '=', sibling.key).execute();
		const coupled = (await countAllCouplings({ ...scope, db: transaction })) > 0;
		return await mergeInto(transaction, own, sibling, {
			now,
			counts: coupled ? undefined : sibling,
			refuse: (found) => environmentsContradict(own, sibling, found),
		});
	});
}
