import { sql, type Kysely } from 'kysely';
import type { Clock } from '../../ports/clock';
import { type DoubledState, type KnownSystems, NOBODY_TOLD } from '../../model/knownSystems';
import { SIDES } from '../../model/side';
import type { DialectName } from '../backend';
import { addressIdOf, connectionIdOf, type ConnectionIdentity } from '../connectionIdentity';
import type { StoreTables } from '../schema';
import { connectionDoubled } from './connectionErrors';
import { mergeInto } from './merge';
import { connectionsOf, type Database, meansTheSame, type Registered, tenantsNamed } from './sameConnection';
import { bcSpelling, crmSpelling } from './spelling';

/** A connection that is open. */
export interface OpenedConnection {
	id: string;
	key: number;
	/** All ids it was ever known by, its own first: notes outside the store may still call it by an older one. */
	knownAs: readonly string[];
}

/**
 * Finds or makes the connection's row. One that another spelling of the addresses, or a version that knew addresses only, has left behind is moved
 * over in one transaction; two with couplings become one where they do not contradict each other.
 * @throws SyncError `CONNECTION_DOUBLED` (setup), `CONNECTION_BUSY` (transient), and what `confirm` has against a connection that is new; nothing is changed
 * then
 */
export async function registerConnection(
	db: Kysely<StoreTables>,
	dialect: DialectName,
	identity: ConnectionIdentity,
	clock: Clock,
): Promise<OpenedConnection> {
	const known = await knownByAddress(db, identity);
	if (known) {
		const opened = { company_name: identity.companyName, opened_ms: clock.now() };
		await db.updateTable('connection').set(opened).where('connection_key', '=', known.key).execute();
		return known;
	}
	const ofCompany = await connectionsOf(db, identity.companyId);
	const tenants = await tenantsNamed(ofCompany, identity);
	// Outside of the transaction: a service may take its time.
	if (!ofCompany.some((each) => meansTheSame(each, identity, tenants))) await identity.confirm?.();
	return await db.transaction().execute(async (transaction) => {
		// Two processes that meet the same old connection must not move it twice. SQLite has its write lock by now.
		if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${MOVING})`.execute(transaction);
		const same = (await connectionsOf(transaction, identity.companyId)).filter((each) => meansTheSame(each, identity, tenants));
		const [first, ...others] = nearestFirst(same, identity.systems ?? NOBODY_TOLD);
		if (!first) return await insert(transaction, identity, clock);
		const merged: Registered[] = [];
		for (const other of others) {
			if (!agree(first.systems, other.systems)) continue;
			await mergeInto(transaction, first, other, {
				now: clock.now(),
				counts: counting(first, other, identity.doubled),
				refuse: (found) => connectionDoubled(first, other, found),
			});
			merged.push(other);
		}
		return await moveOver(transaction, first, merged, { identity, clock });
	});
}

/** Stands for moving connections, in whatever schema; held until the transaction ends. */
const MOVING = 365_010;

/** The usual case: a spelling that was met before, and nothing new about whom it means. */
async function knownByAddress(db: Database, identity: ConnectionIdentity): Promise<OpenedConnection | null> {
	const row = await db
		.selectFrom('connection_address')
		.innerJoin('connection', 'connection.connection_key', 'connection_address.connection_key')
		.select(['connection.connection_key', 'connection.id', 'connection.bc_system', 'connection.crm_system'])
		.where('connection_address.former_id', '=', addressIdOf(identity))
		.executeTakeFirst();
	if (!row) return null;
	const { businessCentral, crm } = identity.systems ?? NOBODY_TOLD;
	const news = (told: string | null, kept: string | null): boolean => told !== null && told !== kept;
	if (news(businessCentral, row.bc_system) || news(crm, row.crm_system)) return null;
	return await opened(db, Number(row.connection_key), row.id);
}

async function opened(db: Database, key: number, id: string): Promise<OpenedConnection> {
	const spelled = await db.selectFrom('connection_address').select('former_id').where('connection_key', '=', key).execute();
	return { id, key, knownAs: [...new Set([id, ...spelled.map((each) => each.former_id)])] };
}

/** Those whose systems are known for certain first, then those opened last. */
function nearestFirst(same: readonly Registered[], systems: KnownSystems): Registered[] {
	const certain = (each: Registered): number =>
		SIDES.filter((side) => systems[side] !== null && each.systems[side] === systems[side]).length;
	return [...same].sort((a, b) => certain(b) - certain(a) || b.openedMs - a.openedMs);
}

/** Which of two spellings a person declared right. */
function counting(one: Registered, other: Registered, doubled: DoubledState | undefined): Registered | undefined {
	const [last, before] = one.openedMs >= other.openedMs ? [one, other] : [other, one];
	return doubled && (doubled === 'usedLast' ? last : before);
}

const agree = (one: KnownSystems, other: KnownSystems): boolean =>
	SIDES.every((side) => one[side] === null || other[side] === null || one[side] === other[side]);

async function insert(db: Database, identity: ConnectionIdentity, clock: Clock): Promise<OpenedConnection> {
	const { bcAddress, companyId, companyName, crmAddress, systems = NOBODY_TOLD } = identity;
	const id = connectionIdOf(identity);
	const row = await db
		.insertInto('connection')
		.values({
			id,
			bc_address: bcAddress,
			company_id: companyId,
			company_name: companyName,
			crm_address: crmAddress,
			created_ms: clock.now(),
			opened_ms: clock.now(),
			bc_system: systems.businessCentral,
			crm_system: systems.crm,
		})
		.returning('connection_key')
		.executeTakeFirstOrThrow();
	const key = Number(row.connection_key);
	await noteSpellings(db, key, [identity]);
	return await opened(db, key, id);
}

async function moveOver(
	db: Database,
	first: Registered,
	merged: readonly Registered[],
	{ identity, clock }: { identity: ConnectionIdentity; clock: Clock },
): Promise<OpenedConnection> {
	const all = [identity.systems ?? NOBODY_TOLD, first.systems, ...merged.map(({ systems }) => systems)];
	const known = (side: keyof KnownSystems): string | null => all.find((each) => each[side] !== null)?.[side] ?? null;
	const systems: KnownSystems = { businessCentral: known('businessCentral'), crm: known('crm') };
	const { bcAddress, crmAddress, key } = first;
	const { companyId, companyName } = identity;
	const id = connectionIdOf({ bcAddress, crmAddress, companyId, companyName, systems });
	await db
		.updateTable('connection')
		.set({ id, company_name: companyName, opened_ms: clock.now(), bc_system: systems.businessCentral, crm_system: systems.crm })
		.where('connection_key', '=', key)
		.execute();
	await noteSpellings(db, key, [identity, ...[first, ...merged].map((each) => ({ ...each, companyId }))]);
	return await opened(db, key, id);
}

/** A spelling means one connection: of an environment that another one took the place of, the new one. */
async function noteSpellings(
	db: Database,
	key: number,
	spelled: ReadonlyArray<Pick<ConnectionIdentity, 'bcAddress' | 'companyId' | 'crmAddress'>>,
): Promise<void> {
	const [own] = spelled;
	await db.deleteFrom('connection_address').where('former_id', '=', addressIdOf(own!)).where('connection_key', '!=', key).execute();
	for (const each of spelled) {
		await db
			.insertInto('connection_address')
			.values({
				connection_key: key,
				bc_address: bcSpelling(each.bcAddress),
				crm_address: crmSpelling(each.crmAddress),
				former_id: addressIdOf(each),
			})
			.onConflict((oc) => oc.columns(['connection_key', 'former_id']).doNothing())
			.execute();
	}
}
