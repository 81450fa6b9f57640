import { randomUUID } from 'node:crypto';
import type { Database } from './database';
import type { Environment } from './environment';
import type { TableDump } from './tableStore';

/** The rows of an environment at one moment, with their versions. Tables, columns and choices are not part of it. */
export interface EnvironmentSnapshot {
	readonly version: number;
	readonly organizationId: string;
	readonly tables: ReadonlyMap<string, TableDump>;
}

export function takeSnapshot(db: Database, environment: Environment): EnvironmentSnapshot {
	return { version: db.lastVersion, organizationId: environment.organizationId, tables: db.dump() };
}

/**
 * Puts all rows back: versions, stamps and deletions are those of then, and new versions count on from there.
 * Source: https://learn.microsoft.com/power-platform/admin/backup-restore-environments
 */
export function restoreSnapshot(db: Database, environment: Environment, snapshot: EnvironmentSnapshot): void {
	db.restore(snapshot.tables, snapshot.version);
	environment.organizationId = snapshot.organizationId;
}

/**
 * Makes the environment a copy of itself: the same rows with the same versions under another organization id.
 * Source: https://learn.microsoft.com/power-platform/admin/copy-environment
 */
export function becomeCopy(db: Database, environment: Environment, organizationId: string = randomUUID()): string {
	const before = environment.organizationId;
	const id = organizationId.toLowerCase();
	db.beside(() => {
		const row = db.row('organization', before)!;
		db.forget('organization', before);
		db.put('organization', id, { ...row, organizationid: id });
		for (const table of db.model.tables.values()) {
			if (table.logicalName === 'organization' || !table.columns.has('organizationid')) continue;
			for (const [key, each] of [...db.store(table.logicalName).rows]) {
				if (each.organizationid === before) db.put(table.logicalName, key, { ...each, organizationid: id });
			}
		}
	});
	environment.organizationId = id;
	return id;
}
