import { addPair } from './collections';
import type { Database } from './database';
import type { Environment } from './environment';
import { metadataId } from './metadata/labels';
import type { Association, Model } from './model';
import { namedPrivileges, privilegeName, tableRights } from './privilegeNames';
import type { Row } from './values';

/** How far a privilege reaches, as `privilegedepthmask` writes it: the user's own rows, the business unit's, those below it, all. */
export const depths = { basic: 1, local: 2, deep: 4, global: 8 } as const;
export type Depth = keyof typeof depths;

/** A privilege somebody holds: through whom, and how far it reaches. */
export interface Grant {
	mask: number;
	/** Owners whose rows `basic` covers. */
	owners: readonly string[];
	businessUnit: string;
}

const administratorRole = metadataId('role', 'System Administrator');
/** Role of everybody else until roles are given out: all privileges, everywhere. */
const everything = metadataId('role', 'Sandbox User');
const rightBits: Readonly<Record<string, number>> = { Read: 1, Write: 2, Append: 4, AppendTo: 16, Create: 32, Delete: 65_536, Share: 262_144, Assign: 524_288 }; // prettier-ignore

/**
 * Roles, privileges and who has them, as rows: `role`, `privilege`, `roleprivileges`, `systemuserroles`, `teamroles`. The rows are put in place when
 * somebody first looks; who has no roles of their own making may do everything.
 * Source: https://learn.microsoft.com/power-platform/admin/security-roles-privileges
 */
export class Roles {
	/** Users and teams whose roles somebody set. */
	private readonly managed = new Set<string>();

	constructor(
		private readonly db: Database,
		private readonly model: Model,
		private readonly environment: Environment,
	) {
		const all = () => [...this.allPrivileges()];
		db.fillWith('privilege', () => all().map(([name, mask]) => this.row('privilege', privilegeId(name), { name, accessright: mask, canbebasic: true, canbelocal: true, canbedeep: true, canbeglobal: true, canbeentityreference: false, canbeparententityreference: false }))); // prettier-ignore
		db.fillWith('role', () => [
			this.row('role', administratorRole, { ...this.roleFacts(), name: 'System Administrator', roletemplateid: '627090ff-40a3-4053-8790-584edc5be201', ismanaged: true }), // prettier-ignore
			this.row('role', everything, { ...this.roleFacts(), name: 'Sandbox User', ismanaged: false }),
		]);
		db.fillWith(
			'roleprivileges',
			() =>
			[administratorRole, everything].flatMap((roleid) => all().map(([name]) => this.row('roleprivileges', metadataId('roleprivilege', roleid, name), { roleid, privilegeid: privilegeId(name), privilegedepthmask: depths.global }))), // prettier-ignore
		);
		db.fillWith(
			'systemuserroles',
			() =>
			[...db.store('systemuser').rows.keys()].map((systemuserid) => this.row('systemuserroles', metadataId('userrole', systemuserid), { systemuserid, roleid: systemuserid === environment.systemUserId ? administratorRole : everything })), // prettier-ignore
		);
		db.fillWith('teamroles', () => [...db.store('team').rows.keys()].map((teamid) => this.row('teamroles', metadataId('teamrole', teamid), { teamid, roleid: everything }))); // prettier-ignore
	}

	private row(table: string, id: string, values: Row): Row {
		return { [this.model.table(table).primaryId]: id, ...values, versionnumber: 1 };
	}

	private roleFacts(): Row {
		return { businessunitid: this.environment.businessUnitId, isinherited: 1 };
	}

	/** Name → AccessRights bit; 0 for privileges that belong to no table. */
	private *allPrivileges(): Generator<[string, number]> {
		const known = new Set<string>();
		for (const table of this.model.tables.values()) {
			if (this.model.intersects.has(table.logicalName)) continue;
			for (const right of tableRights) {
				const name = privilegeName(right, table);
				if (!known.has(name)) yield [name, rightBits[right]!];
				known.add(name);
			}
		}
		for (const name of namedPrivileges) yield [name, 0];
	}

	/** Rows for a table that is added later. */
	addTable(logicalName: string): void {
		if (!this.db.isFilled('privilege')) return;
		for (const right of tableRights) {
			const name = privilegeName(right, this.model.table(logicalName));
			const row = { name, accessright: rightBits[right]!, canbebasic: true, canbelocal: true, canbedeep: true, canbeglobal: true };
			this.db.beside(() => this.db.put('privilege', privilegeId(name), this.row('privilege', privilegeId(name), row)));
		}
	}

	/** A role of the root business unit. Returns its id. Throws Error for a privilege that does not exist. */
	define(name: string, privileges: Readonly<Record<string, Depth>>): string {
		const id = metadataId('role', name);
		this.db.beside(() => {
			this.db.put('role', id, {
				...this.row('role', id, { ...this.roleFacts(), name, ismanaged: false }),
				versionnumber: this.db.nextVersion(),
			});
			for (const pair of [...this.db.store('roleprivileges').having('roleid', id)]) this.db.delete('roleprivileges', pair);
			for (const [privilege, depth] of Object.entries(privileges)) {
				const privilegeid = privilegeId(privilege);
				if (!this.db.row('privilege', privilegeid)) throw new Error(`The sandbox knows no privilege ${privilege}.`);
				const pair = metadataId('roleprivilege', id, privilege);
				const row = { roleid: id, privilegeid, privilegedepthmask: depths[depth] };
				this.db.put('roleprivileges', pair, { ...this.row('roleprivileges', pair, row), versionnumber: this.db.nextVersion() });
			}
		});
		return id;
	}

	/** Gives a user or team these roles and no others. Throws Error for a role that does not exist. */
	assign(principal: string, names: readonly string[]): void {
		const { intersect, association } = this.tie(principal);
		const ids = names.map((name) => {
			const role = [...this.db.store('role').rows.values()].find((row) => row.name === name);
			if (!role) throw new Error(`The sandbox has no role ${name}.`);
			return String(role.roleid);
		});
		this.db.beside(() => {
			for (const pair of [...this.db.store(intersect).having(association.own.column, principal)]) this.db.delete(intersect, pair);
			for (const id of ids) addPair({ db: this.db, model: this.model }, association, principal, id);
		});
		this.managed.add(principal);
	}

	/** A user who comes later has the role everybody has. */
	join(user: string): void {
		if (!this.db.isFilled('systemuserroles') || this.managed.has(user)) return;
		this.db.beside(() => addPair({ db: this.db, model: this.model }, this.tie(user).association, user, everything));
	}

	/** Back to everything, or to nothing. */
	reset(principal: string, some: boolean): void {
		if (!some) return this.assign(principal, []);
		this.assign(principal, ['Sandbox User']);
		this.managed.delete(principal);
	}

	/** Somebody associated or disassociated rows. */
	changed({ intersect, own }: Association, id: string, otherId: string): void {
		if (intersect !== 'systemuserroles' && intersect !== 'teamroles') return;
		this.managed.add(own.table === 'role' ? otherId : id);
	}

	private tie(principal: string): { intersect: string; association: Association } {
		const table = this.db.row('team', principal) ? 'team' : 'systemuser';
		const association = this.model
			.table(table)
			.associations.get(table === 'team' ? 'teamroles_association' : 'systemuserroles_association')!;
		return { intersect: association.intersect, association };
	}

	/** Nobody's roles were ever set: everybody may do everything. */
	get untouched(): boolean {
		return this.managed.size === 0;
	}

	isAdministrator(user: string): boolean {
		if (user === this.environment.systemUserId && !this.managed.has(user)) return true;
		return this.managed.has(user) && this.rolesOf(user).includes(administratorRole);
	}

	hasRoles(principal: string): boolean {
		return !this.managed.has(principal) || this.rolesOf(principal).length > 0;
	}

	private rolesOf(principal: string): string[] {
		const { intersect, association } = this.tie(principal);
		const store = this.db.store(intersect);
		return [...store.having(association.own.column, principal)].map((pair) => String(store.rows.get(pair)!.roleid));
	}

	/** Through which principals a user or team holds a privilege, and how far it reaches each time. */
	grants(principal: string, privilege: string, teams: readonly string[]): Grant[] {
		if (!this.managed.has(principal)) return [{ mask: depths.global, owners: [], businessUnit: this.unitOf(principal) }];
		const own: Grant = { mask: this.maskOf(principal, privilege), owners: [principal, ...teams], businessUnit: this.unitOf(principal) };
		const ofTeams = teams
			.filter((team) => this.managed.has(team))
			.map((team): Grant => ({ mask: this.maskOf(team, privilege), owners: [principal, team], businessUnit: this.unitOf(team) }));
		return [own, ...ofTeams].filter(({ mask }) => mask > 0);
	}

	private maskOf(principal: string, privilege: string): number {
		const store = this.db.store('roleprivileges');
		let mask = 0;
		for (const role of this.rolesOf(principal)) {
			for (const pair of store.having('roleid', role)) {
				const row = store.rows.get(pair)!;
				if (row.privilegeid === privilegeId(privilege)) mask = Math.max(mask, Number(row.privilegedepthmask ?? 0));
			}
		}
		return mask;
	}

	unitOf(principal: string): string {
		const row = this.db.row('systemuser', principal) ?? this.db.row('team', principal);
		return String(row?.businessunitid ?? this.environment.businessUnitId);
	}

	/** Whether a business unit is another or below it. */
	isWithin(unit: string, ancestor: string): boolean {
		for (let at: string | undefined = unit, steps = 0; at !== undefined && steps < 50; steps++) {
			if (at === ancestor) return true;
			const parent: unknown = this.db.row('businessunit', at)?.parentbusinessunitid;
			at = typeof parent === 'string' ? parent : undefined;
		}
		return false;
	}

	/** Whether a grant covers a row; rows that have no owner belong to the organization. */
	covers({ mask, owners, businessUnit }: Grant, row: Row): boolean {
		if (mask >= depths.global) return true;
		if (owners.includes(String(row.ownerid ?? ''))) return true;
		if (mask < depths.local) return false;
		const unit = String(row.owningbusinessunit ?? this.environment.businessUnitId);
		return unit === businessUnit || (mask >= depths.deep && this.isWithin(unit, businessUnit));
	}
}

export const privilegeId = (name: string): string => metadataId('privilege', name);
