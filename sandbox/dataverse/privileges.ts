import type { Session } from './environment';
import { DataverseError } from './errors';
import type { Model } from './model';
import { privilegeName, type Right } from './privilegeNames';
import { depths, privilegeId, type Grant, type Roles } from './roles';
import type { Row } from './values';

export { privilegeName, type Right } from './privilegeNames';

/** Who may do what: what roles give, less the privileges taken away by name. Without roles given out everybody may do everything. */
export class Privileges {
	private readonly denied = new Map<string, Set<string>>();
	/** Names of all privileges that somebody was asked for, whether held or not; a test empties it. */
	readonly asked = new Set<string>();

	constructor(
		private readonly model: Model,
		private readonly roles: Roles,
		private readonly teamsOf: (user: string) => string[],
	) {}

	/** Takes a privilege by name (e.g. `prvWriteAccount`) from a user. */
	deny(user: string, privilege: string): void {
		const names = this.denied.get(user.toLowerCase()) ?? new Set();
		this.denied.set(user.toLowerCase(), names.add(privilege));
	}

	allow(user: string, privilege: string): void {
		this.denied.get(user.toLowerCase())?.delete(privilege);
	}

	private get untouched(): boolean {
		return this.denied.size === 0 && this.roles.untouched;
	}

	holds(user: string, privilege: string): boolean {
		return this.untouched || this.grants(user, privilege).length > 0;
	}

	/** Through whom a user or team holds a privilege. */
	grants(user: string, privilege: string): Grant[] {
		return this.denied.get(user)?.has(privilege) ? [] : this.roles.grants(user, privilege, this.teamsOf(user));
	}

	/** How far it reaches: 0 not at all, otherwise a value of `depths`. */
	depthOf(user: string, privilege: string): number {
		return Math.max(0, ...this.grants(user, privilege).map(({ mask }) => mask));
	}

	/** Throws 403 `0x80040220` naming the privilege. */
	demand(users: readonly string[], right: Right, tableName: string): void {
		const table = this.model.table(tableName);
		const privilege = privilegeName(right, table);
		this.asked.add(privilege);
		if (this.untouched) return;
		for (const user of users) if (!this.holds(user, privilege)) throw missing(user, privilege, ` on OTC=1 for entity '${tableName}'`);
	}

	/** Which rows a session may do this to: null for all of them. A privilege of a lesser depth than the organization covers some. */
	scope(session: Session, right: Right, tableName: string): ((row: Row) => boolean) | null {
		const table = this.model.table(tableName);
		if (this.untouched || table.ownership !== 'UserOwned') return null;
		const privilege = privilegeName(right, table);
		const users = session.caller ? [session.user, session.caller] : [session.user];
		const limited = users.map((user) => this.grants(user, privilege)).filter((grants) => grants.every(({ mask }) => mask < depths.global));
		return limited.length === 0 ? null : (row) => limited.every((grants) => grants.some((grant) => this.roles.covers(grant, row)));
	}

	/** Throws 403 `0x80048306` for a row outside what the session's privilege reaches. */
	demandOn(session: Session, right: Right, tableName: string, row: Row): void {
		const covers = this.scope(session, right, tableName);
		if (covers === null || covers(row)) return;
		const id = String(row[this.model.table(tableName).primaryId]);
		throw new DataverseError(403, '0x80048306', `SecLib::AccessCheckEx failed. Returned hr = -2147187962, ObjectID: ${id}, OwnerId: ${String(row.ownerid)}, OwnerIdType: 8 and CallingUser: ${session.user}. ObjectTypeCode: 1, objectBusinessUnitId: ${String(row.owningbusinessunit)}, AccessRights: ${right}Access`); // prettier-ignore
	}

	/** Takes all roles from a user or team, or gives them back. */
	setRoles(principal: string, some: boolean): void {
		this.roles.reset(principal.toLowerCase(), some);
	}

	/** A new owner must be able to read the row. Throws 403 that names the owner, not the caller. */
	demandOfOwner(owner: string, type: string, tableName: string, caller: string): void {
		if (this.untouched) return;
		const privilege = privilegeName('Read', this.model.table(tableName));
		const kind = type === 'team' ? 'team' : 'user';
		if (!this.roles.hasRoles(owner)) {
			throw new DataverseError(403, '0x80040299', `Read Privilege Check For Owner failed with exception: RetrievePrivilegeFor${kind === 'team' ? 'Team' : 'User'}: The ${kind} with id ${owner} has not been assigned any roles. They need a role with the ${privilege} privilege.`); // prettier-ignore
		}
		if (this.holds(owner, privilege)) return;
		throw new DataverseError(403, '0x80040220', `Principal ${kind} (Id=${owner}, type=${type === 'team' ? 9 : 8}, roleCount=1, privilegeCount=0, accessMode=0), is missing ${privilege} privilege (Id=${privilegeId(privilege)}) on OTC=1 for entity '${tableName}'. context.Caller=${caller}.`); // prettier-ignore
	}

	/** Throws 403 `0x80040220` naming the privilege, which belongs to no table (`prvPublishCustomization`). */
	demandNamed(users: readonly string[], privilege: string): void {
		this.asked.add(privilege);
		for (const user of users) if (!this.holds(user, privilege)) throw missing(user, privilege, '');
	}
}

const missing = (user: string, privilege: string, on: string): DataverseError =>
	new DataverseError(403, '0x80040220', `Principal user (Id=${user}, type=8, roleCount=1, privilegeCount=0, accessMode=0), is missing ${privilege} privilege (Id=${privilegeId(privilege)})${on}. context.Caller=${user}.`); // prettier-ignore
