import type { Side } from './side';

/** Rights to the data of a Business Central table, as permission sets name them. */
export const BC_RIGHTS = ['Read', 'Insert', 'Modify', 'Delete'] as const;
export type BusinessCentralRight = (typeof BC_RIGHTS)[number];

/** Privileges to a Dataverse table, as its metadata names their types (SecurityPrivilegeMetadata.PrivilegeType). */
export const CRM_RIGHTS = ['Read', 'Create', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign'] as const;
export type CrmRight = (typeof CRM_RIGHTS)[number];

/** Rights that do not follow from the two tables of a mapping and its fields: what its rules read and write beside. */
export interface MoreAccess {
	/** By entity set of API v2.0, or by the usual service name of a published page. */
	businessCentral?: Readonly<Record<string, readonly BusinessCentralRight[]>>;
	/** By logical table name. */
	crm?: Readonly<Record<string, readonly CrmRight[]>>;
}

/** When a right is used: by every run; only where a record is created on that side; only where deleting a record deletes its partner. */
export type AccessUse = 'always' | 'create' | 'delete';

/** One right of one user, and what needs it. */
export interface NeededRight {
	side: Side;
	/** Name of the table's data in permission sets (`Customer`), or the logical name of the Dataverse table; null for a privilege of no table. */
	table: string | null;
	/** Number of the table in Business Central; null where it is not known, and in Dataverse. */
	number: number | null;
	/** A right to the table, or the name of a privilege that belongs to no table (`prvReadEntity`). */
	right: string;
	/** The mildest use: a right that a run needs in any case is `always`, whatever else needs it. */
	use: AccessUse;
	/** Names of mappings, or `Check Set-up` for what every connection needs. */
	neededBy: string[];
	/** Only where the solution with the table is installed. */
	optional: boolean;
	/** Business Central: entity sets and pages, by their usual names, through which the table is asked. */
	sets: string[];
}

/** How far a privilege of Dataverse reaches: the user's own rows, the business unit's, those below it, all. */
export type PrivilegeDepth = 'none' | 'basic' | 'local' | 'deep' | 'global';

/** A privilege of the signed-in user in Dataverse. */
export interface HeldPrivilege {
	/** As Dataverse calls it: `prvReadAccount`. */
	name: string;
	depth: PrivilegeDepth;
}

/** Who a service takes the credential for. */
export interface SignedIn {
	/** Name of the user, as far as the service tells it; null where it does not. */
	user: string | null;
	id: string | null;
}
