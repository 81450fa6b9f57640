import { addPair, associated } from './collections';
import type { ColumnRights } from './columnSecurity';
import type { Database } from './database';
import { metadataId } from './metadata/labels';
import type { Model } from './model';

const allowed = 4;

/**
 * Column security profiles as rows: `fieldsecurityprofile` with its `fieldpermission`s, associated with users and teams.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/column-level-security
 */
export class ColumnProfiles {
	constructor(
		readonly db: Database,
		readonly model: Model,
		private readonly teamsOf: (user: string) => string[],
	) {}

	/** What the profiles of a user and its teams say about a column; the most generous counts. */
	rightsOf(user: string, table: string, column: string): ColumnRights {
		const profiles = new Set(this.of('systemuser', user));
		for (const team of this.teamsOf(user)) for (const profile of this.of('team', team)) profiles.add(profile);
		const rights: ColumnRights = {};
		const store = this.db.store('fieldpermission');
		for (const id of store.having('attributelogicalname', column)) {
			const row = store.rows.get(id)!;
			if (row.entityname !== table || !profiles.has(String(row.fieldsecurityprofileid))) continue;
			if (row.canread === allowed) rights.read = true;
			if (row.cancreate === allowed) rights.create = true;
			if (row.canupdate === allowed) rights.update = true;
		}
		return rights;
	}

	private of(table: 'systemuser' | 'team', id: string): string[] {
		const name = table === 'team' ? 'teamprofiles_association' : 'systemuserprofiles_association';
		return associated(this, this.model.table(table).associations.get(name)!, id);
	}

	/** Replaces what a user's own profile says about a column. */
	grant(user: string, table: string, column: string, rights: ColumnRights): void {
		const profile = metadataId('fieldsecurityprofile', user);
		const permission = metadataId('fieldpermission', user, table, column);
		const value = (right: boolean | undefined) => (right ? allowed : 0);
		this.db.beside(() => {
			if (!this.db.row('fieldsecurityprofile', profile)) {
				const versionnumber = this.db.nextVersion();
				this.db.put('fieldsecurityprofile', profile, { fieldsecurityprofileid: profile, name: `Profile of ${user}`, versionnumber });
				addPair(this, this.model.table('systemuser').associations.get('systemuserprofiles_association')!, user, profile);
			}
			this.db.put('fieldpermission', permission, {
				fieldpermissionid: permission,
				fieldsecurityprofileid: profile,
				entityname: table,
				attributelogicalname: column,
				canread: value(rights.read),
				cancreate: value(rights.create),
				canupdate: value(rights.update),
				versionnumber: this.db.nextVersion(),
			});
		});
	}
}
