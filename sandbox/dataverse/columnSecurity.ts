import type { Session } from './environment';
import { DataverseError } from './errors';

/** What a column security profile lets a user do with a secured column. */
export interface ColumnRights {
	read?: boolean;
	create?: boolean;
	update?: boolean;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * Secured columns and who may do what with them; administrators may do everything.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/column-level-security
 */
export class ColumnSecurity {
	private readonly secured = new Map<string, Set<string>>();

	constructor(
		private readonly isAdministrator: (user: string) => boolean,
		/** What the column security profiles of a user and its teams say together. */
		private readonly rightsOf: (user: string, table: string, column: string) => ColumnRights,
	) {}

	secure(table: string, column: string, on = true): void {
		const columns = this.secured.get(table) ?? new Set();
		if (on) columns.add(column);
		else columns.delete(column);
		this.secured.set(table, columns);
	}

	isSecured(table: string, column: string): boolean {
		return this.secured.get(table)?.has(column) ?? false;
	}

	/** Columns whose values a session gets as null. */
	hidden(session: Session, table: string): ReadonlySet<string> {
		const columns = this.secured.get(table);
		if (!columns?.size) return nothing;
		return new Set([...columns].filter((column) => !this.may(session, table, column, 'read')));
	}

	/** Throws 403 for a secured column the session may not create or update values of. */
	demand(session: Session, table: string, columns: Iterable<string>, right: 'create' | 'update'): void {
		if (!this.secured.get(table)?.size) return;
		for (const column of columns) {
			if (!this.isSecured(table, column) || this.may(session, table, column, right)) continue;
			const [code, privilege] =
				right === 'create' ? ['0x8004f508', 'AttributePrivilegeCreate'] : ['0x8004f507', 'AttributePrivilegeUpdate'];
			throw new DataverseError(403, code!, `The user with id ${session.user} doesn't have ${privilege} and not granted shared access for a secured attribute during ${right} operation. Attribute: ${column}, entity: ${table}.`); // prettier-ignore
		}
	}

	private may(session: Session, table: string, column: string, right: keyof ColumnRights): boolean {
		return [session.user, session.caller].every(
			(user) => user === null || this.isAdministrator(user) || this.rightsOf(user, table, column)[right] === true,
		);
	}
}
