import type { Model, Table } from './model';
import { DataverseError } from './errors';

export type Right = 'Create' | 'Read' | 'Write' | 'Delete' | 'Append' | 'AppendTo';

/** Tables whose privileges carry another name than the table. */
const privilegeNames: Record<string, string> = {
	account: 'Account',
	contact: 'Contact',
	opportunity: 'Opportunity',
	salesorder: 'Order',
	salesorderdetail: 'Order',
	quote: 'Quote',
	quotedetail: 'Quote',
	invoice: 'Invoice',
	invoicedetail: 'Invoice',
	product: 'Product',
	pricelevel: 'Product',
	productpricelevel: 'Product',
	uom: 'Product',
	uomschedule: 'Product',
	transactioncurrency: 'TransactionCurrency',
	systemuser: 'User',
	team: 'Team',
	businessunit: 'BusinessUnit',
	organization: 'Organization',
	annotation: 'Note',
	post: 'Post',
};

/** e.g. prvReadAccount. */
export function privilegeName(right: Right, table: Table): string {
	return `prv${right}${privilegeNames[table.logicalName] ?? table.schemaName ?? table.logicalName}`;
}

/** Everybody may do everything until a privilege is taken away. */
export class Privileges {
	private readonly denied = new Map<string, Set<string>>();

	constructor(private readonly model: Model) {}

	/** Takes a privilege by name (e.g. `prvWriteAccount`) from a user. */
	deny(user: string, privilege: string): void {
		const names = this.denied.get(user.toLowerCase()) ?? new Set();
		this.denied.set(user.toLowerCase(), names.add(privilege));
	}

	allow(user: string, privilege: string): void {
		this.denied.get(user.toLowerCase())?.delete(privilege);
	}

	holds(user: string, privilege: string): boolean {
		return !this.denied.get(user)?.has(privilege);
	}

	/** Throws 403 `0x80040220` naming the privilege. */
	demand(users: readonly string[], right: Right, tableName: string): void {
		const table = this.model.table(tableName);
		const privilege = privilegeName(right, table);
		for (const user of users) {
			if (this.holds(user, privilege)) continue;
			throw new DataverseError(403, '0x80040220', `Principal user (Id=${user}, type=8, roleCount=1, privilegeCount=0, accessMode=0), is missing ${privilege} privilege (Id=00000000-0000-0000-0000-000000000000) on OTC=1 for entity '${tableName}'. context.Caller=${user}.`); // prettier-ignore
		}
	}

	/** Throws 403 `0x80040220` naming the privilege, which belongs to no table (`prvPublishCustomization`). */
	demandNamed(users: readonly string[], privilege: string): void {
		for (const user of users) {
			if (this.holds(user, privilege)) continue;
			throw new DataverseError(403, '0x80040220', `Principal user (Id=${user}, type=8, roleCount=1, privilegeCount=0, accessMode=0), is missing ${privilege} privilege (Id=00000000-0000-0000-0000-000000000000). context.Caller=${user}.`); // prettier-ignore
		}
	}
}
