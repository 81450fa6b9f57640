import type { Clock } from '../core/clock';
import { Choices } from './choices';
import { ColumnSecurity } from './columnSecurity';
import { Database } from './database';
import { associated } from './collections';
import { ColumnProfiles } from './columnProfiles';
import { Model, type Association, type Table, type TableDefinition } from './model';
import { Plugins } from './plugins';
import { Privileges, type Right } from './privileges';
import { Roles } from './roles';
import type { Row } from './values';
import { Webhooks } from './webhooks';
import type { Environment, Session } from './environment';
import { Writer } from './writer';

const writeOnly: ReadonlySet<string> = new Set(['authvalue']);

/** What every part of the service works on. */
export class Platform {
	readonly model: Model;
	readonly db: Database;
	readonly writer: Writer;
	readonly privileges: Privileges;
	readonly plugins: Plugins;
	readonly webhooks: Webhooks;
	readonly choices: Choices;
	readonly roles: Roles;
	readonly columnProfiles: ColumnProfiles;
	readonly columnSecurity: ColumnSecurity;
	/** Recommended number of parallel requests (`x-ms-dop-hint`). */
	dopHint = 10;
	/** Rows of tables as of an earlier hour, which RetrieveTotalRecordCount answers then; null: those of now. */
	oldCounts: ReadonlyMap<string, number> | null = null;
	/** Which page of an initial change-tracking read the delta token belongs to; the documentation leaves it open. */
	trackingTokenOf: 'firstPage' | 'lastPage' = 'lastPage';

	constructor(
		definitions: TableDefinition[],
		readonly environment: Environment,
		/** The service's own time, epoch milliseconds. */
		readonly clock: () => number,
		timers: Clock,
	) {
		this.model = new Model(definitions);
		this.db = new Database(this.model);
		const teamsOf = (user: string) => this.teamsOf(user);
		this.roles = new Roles(this.db, this.model, environment);
		this.privileges = new Privileges(this.model, this.roles, teamsOf);
		this.plugins = new Plugins(timers);
		this.writer = new Writer(this.db, environment, clock, this.privileges, this.plugins, (event) => this.webhooks.happened(event));
		this.webhooks = new Webhooks(timers, this.db, this.writer, environment);
		this.writer.written = (event) => this.webhooks.written(event);
		this.choices = new Choices(this.model);
		this.columnProfiles = new ColumnProfiles(this.db, this.model, teamsOf);
		const rightsOf = this.columnProfiles.rightsOf.bind(this.columnProfiles);
		this.columnSecurity = new ColumnSecurity((user) => this.roles.isAdministrator(user), rightsOf);
	}

	/** Impersonation needs the privilege on both sides: effective rights are the intersection. */
	demand(session: Session, right: Right, table: string): void {
		// Intersect tables have no privileges of their own.
		if (this.model.intersects.has(table)) return;
		this.privileges.demand(session.caller ? [session.user, session.caller] : [session.user], right, table);
	}

	/** As `demand`, and 403 `0x80048306` for a row beyond the reach of the privilege. */
	demandOn(session: Session, right: Right, table: string, row: Row): void {
		this.demand(session, right, table);
		if (!this.model.intersects.has(table)) this.privileges.demandOn(session, right, table, row);
	}

	/** The rows of a table a session may read; null for all of them. */
	readable(session: Session, table: string): ((row: Row) => boolean) | null {
		return this.model.intersects.has(table) ? null : this.privileges.scope(session, 'Read', table);
	}

	/** Rows were associated or no longer are: roles may have changed hands. */
	associationChanged(association: Association, id: string, otherId: string): void {
		this.roles.changed(association, id, otherId);
	}

	/** Secured columns of a table whose values a session gets as null. */
	hiddenColumns(session: Session, table: Table): ReadonlySet<string> {
		// What authenticates a webhook can be written but not read.
		if (table.logicalName === 'serviceendpoint') return writeOnly;
		return this.columnSecurity.hidden(session, table.logicalName);
	}

	/** A row as a session may see it: without the values of columns it may not read. */
	masked(session: Session, table: Table, row: Row): Row {
		const hidden = this.hiddenColumns(session, table);
		return hidden.size === 0 ? row : Object.fromEntries(Object.entries(row).filter(([name]) => !hidden.has(name)));
	}

	/** Teams a user belongs to. */
	teamsOf(user: string): string[] {
		return associated(this, this.model.table('systemuser').associations.get('teammembership_association')!, user);
	}

	/** As `demand`, for a privilege that belongs to no table. */
	demandNamed(session: Session, privilege: string): void {
		this.privileges.demandNamed(session.caller ? [session.user, session.caller] : [session.user], privilege);
	}
}
