import { randomUUID } from 'node:crypto';
import type { Database } from './database';
import type { Session } from './environment';
import { keyExists, rowMissing } from './errors';
import type { Association, Model, Relationship, Table } from './model';
import type { Right } from './privilegeNames';

interface Rows {
	readonly db: Database;
	readonly model: Model;
}

interface Linked extends Rows {
	readonly writer: { referencing(table: string, column: string, target: string, id: string): string[] };
}

/** Whoever associates rows must be allowed to, and tells that it was done. */
interface Associating extends Rows {
	demand(session: Session, right: Right, table: string): void;
	associationChanged(association: Association, id: string, otherId: string): void;
}

/** What a collection-valued navigation property leads to: rows that point here, or rows associated many-to-many. */
export interface Behind {
	table: Table;
	relationship: Relationship | null;
	association: Association | null;
	ids(id: string): string[];
}

export function behind(platform: Linked, table: Table, name: string): Behind | undefined {
	const relationship = table.collections.get(name);
	if (relationship) {
		const ids = (id: string) => platform.writer.referencing(relationship.referencing, relationship.column, table.logicalName, id);
		return { table: platform.model.table(relationship.referencing), relationship, association: null, ids };
	}
	const association = table.associations.get(name);
	if (!association) return undefined;
	const ids = (id: string) => associated(platform, association, id);
	return { table: platform.model.table(association.other.table), relationship: null, association, ids };
}

/** Ids at the other end. */
export function associated({ db }: Pick<Rows, 'db'>, { intersect, own, other }: Association, id: string): string[] {
	const store = db.store(intersect);
	return [...store.having(own.column, id)].map((pair) => String(store.rows.get(pair)![other.column]));
}

function pairOf({ db }: Pick<Rows, 'db'>, { intersect, own, other }: Association, id: string, otherId: string): string | undefined {
	const store = db.store(intersect);
	return [...store.having(own.column, id)].find((pair) => store.rows.get(pair)![other.column] === otherId);
}

/**
 * Associates two rows. Neither row changes: versions and stamps stay. Throws 412 when they are associated already, 403 without Append and AppendTo.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api
 */
export function associate(platform: Associating, session: Session, association: Association, id: string, otherId: string): void {
	demandBoth(platform, session, association);
	if (!platform.db.row(association.other.table, otherId)) throw rowMissing(association.other.table, otherId);
	if (pairOf(platform, association, id, otherId)) throw keyExists('Cannot insert duplicate key.');
	addPair(platform, association, id, otherId);
	platform.associationChanged(association, id, otherId);
}

/** Stores a pair without checks. */
export function addPair({ db, model }: Rows, association: Association, id: string, otherId: string): void {
	const { intersect, own, other } = association;
	const pair = randomUUID();
	db.put(intersect, pair, {
		[model.table(intersect).primaryId]: pair,
		[own.column]: id,
		[other.column]: otherId,
		versionnumber: db.nextVersion(),
	});
}

/** Takes the association away; throws 404 when there is none. */
export function disassociate(platform: Associating, session: Session, association: Association, id: string, otherId: string): void {
	demandBoth(platform, session, association);
	const pair = pairOf(platform, association, id, otherId);
	if (pair === undefined) throw rowMissing(association.other.table, otherId);
	platform.db.delete(association.intersect, pair);
	platform.associationChanged(association, id, otherId);
}

function demandBoth(platform: Associating, session: Session, { own, other }: Association): void {
	for (const { table } of [own, other]) {
		platform.demand(session, 'Append', table);
		platform.demand(session, 'AppendTo', table);
	}
}
