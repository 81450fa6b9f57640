import type { Model, Table } from './model';
import { DataverseError } from './errors';

export type Right = 'Create' | 'Read' | 'Write' | 'Delete' | 'Append' | 'AppendTo' | 'Assign';

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
	lead: 'Lead',
	task: 'Activity',
	phonecall: 'Activity',
	email: 'Activity',
	appointment: 'Activity',
	activitypointer: 'Activity',
	activityparty: 'Activity',
	opportunityproduct: 'Opportunity',
	customeraddress: 'CustomerAddress',
	discounttype: 'DiscountType',
	discount: 'DiscountType',
	savedquery: 'Query',
	userquery: 'UserQuery',
	duplicaterule: 'DuplicateRule',
	duplicaterulecondition: 'DuplicateRule',
	serviceendpoint: 'ServiceEndpoint',
	sdkmessage: 'SdkMessage',
	sdkmessagefilter: 'SdkMessage',
	sdkmessageprocessingstep: 'SdkMessageProcessingStep',
	asyncoperation: 'AsyncOperation',
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
	private readonly withoutRoles = new Set<string>();

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
		return !this.withoutRoles.has(user) && !this.denied.get(user)?.has(privilege);
	}

	/** Throws 403 `0x80040220` naming the privilege. */
	demand(users: readonly string[], right: Right, tableName: string): void {
		if (this.denied.size === 0 && this.withoutRoles.size === 0) return;
		const table = this.model.table(tableName);
		const privilege = privilegeName(right, table);
		for (const user of users) {
			if (this.holds(user, privilege)) continue;
			throw new DataverseError(403, '0x80040220', `Principal user (Id=${user}, type=8, roleCount=1, privilegeCount=0, accessMode=0), is missing ${privilege} privilege (Id=00000000-0000-0000-0000-000000000000) on OTC=1 for entity '${tableName}'. context.Caller=${user}.`); // prettier-ignore
		}
	}

	/** Takes all roles from a user or team, or gives them back. */
	setRoles(principal: string, some: boolean): void {
		if (some) this.withoutRoles.delete(principal.toLowerCase());
		else this.withoutRoles.add(principal.toLowerCase());
	}

	/** A new owner must be able to read the row. Throws 403 that names the owner, not the caller. */
	demandOfOwner(owner: string, type: string, tableName: string, caller: string): void {
		const privilege = privilegeName('Read', this.model.table(tableName));
		if (this.withoutRoles.has(owner)) {
			const kind = type === 'team' ? 'team' : 'user';
			throw new DataverseError(403, '0x80040299', `Read Privilege Check For Owner failed with exception: RetrievePrivilegeFor${kind === 'team' ? 'Team' : 'User'}: The ${kind} with id ${owner} has not been assigned any roles. They need a role with the ${privilege} privilege.`); // prettier-ignore
		}
		if (!this.holds(owner, privilege)) {
			throw new DataverseError(403, '0x80040220', `Principal ${type === 'team' ? 'team' : 'user'} (Id=${owner}, type=${type === 'team' ? 9 : 8}, roleCount=1, privilegeCount=0, accessMode=0), is missing ${privilege} privilege (Id=00000000-0000-0000-0000-000000000000) on OTC=1 for entity '${tableName}'. context.Caller=${caller}.`); // prettier-ignore
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
