import type { Clock } from '../core/clock';
import { Choices } from './choices';
import { ColumnSecurity } from './columnSecurity';
import { Database } from './database';
import { Model, type Table, type TableDefinition } from './model';
import { Plugins } from './plugins';
import { Privileges, type Right } from './privileges';
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
	readonly columnSecurity: ColumnSecurity;
	/** Recommended number of parallel requests (`x-ms-dop-hint`). */
	dopHint = 10;
	/** User → teams the user is a member of. */
	readonly memberships = new Map<string, Set<string>>();
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
		this.privileges = new Privileges(this.model);
		this.plugins = new Plugins(timers);
		this.writer = new Writer(this.db, environment, clock, this.privileges, this.plugins, (event) => this.webhooks.happened(event));
		this.webhooks = new Webhooks(timers, this.db, this.writer, environment);
		this.choices = new Choices(this.model);
		this.columnSecurity = new ColumnSecurity((user) => user === environment.systemUserId);
	}

	/** Impersonation needs the privilege on both sides: effective rights are the intersection. */
	demand(session: Session, right: Right, table: string): void {
		this.privileges.demand(session.caller ? [session.user, session.caller] : [session.user], right, table);
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
		return [...(this.memberships.get(user) ?? [])];
	}

	/** As `demand`, for a privilege that belongs to no table. */
	demandNamed(session: Session, privilege: string): void {
		this.privileges.demandNamed(session.caller ? [session.user, session.caller] : [session.user], privilege);
	}
}
