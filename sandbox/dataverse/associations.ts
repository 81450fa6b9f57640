/** One end of a many-to-many relationship: the table, its column in the intersect table, and its navigation property to the other end. */
export interface Side {
	table: string;
	column: string;
	navigation: string;
}

export interface ManyToMany {
	/** Schema name. */
	name: string;
	/** Intersect table, which holds a row for each pair. */
	intersect: string;
	sides: readonly [Side, Side];
}

const between = (name: string, intersect: string, first: string, second: string): ManyToMany => ({
	name,
	intersect,
	sides: [
		{ table: first, column: `${first}id`, navigation: name },
		{ table: second, column: `${second}id`, navigation: name },
	],
});

/**
 * Many-to-many relationships that exist in every environment with Dynamics 365 Sales. Sources:
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities (systemuser, team, role, fieldsecurityprofile: "Many-to-Many
 * relationships"), /dynamics365/developer/reference/entities/lead
 */
export const associations: readonly ManyToMany[] = [
	between('accountleads_association', 'accountleads', 'account', 'lead'),
	between('contactleads_association', 'contactleads', 'contact', 'lead'),
	between('systemuserroles_association', 'systemuserroles', 'systemuser', 'role'),
	between('teamroles_association', 'teamroles', 'team', 'role'),
	between('teammembership_association', 'teammembership', 'team', 'systemuser'),
	between('roleprivileges_association', 'roleprivileges', 'role', 'privilege'),
	between('systemuserprofiles_association', 'systemuserprofiles', 'systemuser', 'fieldsecurityprofile'),
	between('teamprofiles_association', 'teamprofiles', 'team', 'fieldsecurityprofile'),
];
