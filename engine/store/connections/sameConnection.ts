import type { Kysely, Selectable, Transaction } from 'kysely';
import type { KnownSystems } from '../../model/knownSystems';
import type { ConnectionIdentity } from '../connectionIdentity';
import type { ConnectionTable, StoreTables } from '../schema';
import { bcSpelling, crmSpelling, environmentIn, environmentKey } from './spelling';

export type Database = Kysely<StoreTables> | Transaction<StoreTables>;

/** A connection the store knows, with all that is known of which systems it means. */
export interface Registered {
	key: number;
	id: string;
	bcAddress: string;
	crmAddress: string;
	companyName: string;
	openedMs: number;
	systems: KnownSystems;
	/** Spellings it was met under, its first one included. */
	spellings: ReadonlyArray<{ bc: string; crm: string; formerId: string | null }>;
}

/** State that is being imported lies under connections whose ids look like this. */
const STAGED = 'import of %';

/** Connections of a company, whatever environments they are said to be in. */
export async function connectionsOf(db: Database, companyId: string): Promise<Registered[]> {
	const rows = await db.selectFrom('connection').selectAll().where('id', 'not like', STAGED).orderBy('connection_key').execute();
	const own = rows.filter((row) => row.company_id.trim().toLowerCase() === companyId.trim().toLowerCase());
	const spelled = own.length === 0 ? [] : await spellingsOf(db, own);
	return own.map((row) => ({
		key: Number(row.connection_key),
		id: row.id,
		bcAddress: row.bc_address,
		crmAddress: row.crm_address,
		companyName: row.company_name,
		openedMs: Number(row.opened_ms),
		systems: { businessCentral: row.bc_system, crm: row.crm_system },
		spellings: [
			{ bc: bcSpelling(row.bc_address), crm: crmSpelling(row.crm_address), formerId: null },
			...spelled
				.filter(({ connection_key }) => Number(connection_key) === Number(row.connection_key))
				.map(({ bc_address, crm_address, former_id }) => ({ bc: bc_address, crm: crm_address, formerId: former_id })),
		],
	}));
}

const spellingsOf = (db: Database, rows: ReadonlyArray<Selectable<ConnectionTable>>) =>
	db
		.selectFrom('connection_address')
		.selectAll()
		.where(
			'connection_key',
			'in',
			rows.map((row) => row.connection_key),
		)
		.execute();

/**
 * GUIDs of tenants that connections of earlier versions name by a domain. Asked for before anything is locked, and only about those that could be
 * the one at hand.
 */
export async function tenantsNamed(known: readonly Registered[], identity: ConnectionIdentity): Promise<Map<string, string>> {
	const tenants = new Map<string, string>();
	const wanted = identity.systems?.businessCentral?.split('/')[1];
	for (const { systems, bcAddress } of known) {
		const place = systems.businessCentral === null ? environmentIn(bcAddress) : null;
		if (!place?.tenant || place.environment !== wanted || tenants.has(place.tenant)) continue;
		if (environmentKey(place.tenant, place.environment) !== null) continue;
		const found = await identity.tenantOf?.(place.tenant);
		if (found) tenants.set(place.tenant, found.toLowerCase());
	}
	return tenants;
}

/** Whether a connection means the very systems of an identity, as far as both tell. */
export function meansTheSame(known: Registered, identity: ConnectionIdentity, tenants: ReadonlyMap<string, string>): boolean {
	const { businessCentral: bc = null, crm = null } = identity.systems ?? {};
	const sameCrm =
		crm !== null && known.systems.crm !== null
			? crm === known.systems.crm
			: known.spellings.some((spelled) => spelled.crm === crmSpelling(identity.crmAddress));
	return sameCrm && sameEnvironment(known, identity, bc, tenants);
}

function sameEnvironment(
	known: Registered,
	identity: ConnectionIdentity,
	bc: string | null,
	tenants: ReadonlyMap<string, string>,
): boolean {
	const theirs = known.systems.businessCentral ?? told(known.bcAddress, tenants);
	if (bc !== null && theirs !== null) return bc === theirs;
	if (known.spellings.some((spelled) => spelled.bc === bcSpelling(identity.bcAddress))) return true;
	// An address without a tenant means that of the token; a company has one id in all of the world but for copies of its environment.
	const [there, here] = [environmentIn(known.bcAddress), environmentIn(identity.bcAddress)];
	return there !== null && here !== null && there.environment === here.environment && (there.tenant === null || here.tenant === null);
}

/** Which environment an address means, where its text, or the name of its tenant, tells. */
function told(bcAddress: string, tenants: ReadonlyMap<string, string>): string | null {
	const place = environmentIn(bcAddress);
	return place ? environmentKey((place.tenant && tenants.get(place.tenant)) ?? place.tenant, place.environment) : null;
}
