import facts from '../../reference/masterMappings.json';

/** A field mapping as Business Central's own integration sets it up. */
export interface ReferenceField {
	/** Caption of the Business Central field; null for a constant written to CRM. */
	bc: string | null;
	crm: string | null;
	direction: string;
	/** Properties that show the field: of API v2.0, or `page/property`. None: no service shows it. */
	properties: readonly string[];
	constant?: string;
	enabled?: boolean;
	/** Not part of the defaults, offered beside them. */
	optional?: boolean;
	/** Only in this set-up, e.g. `unitGroupMapping=on`. */
	condition?: string;
	notNull?: boolean;
	clearOnFailure?: boolean;
	crmAccess?: string;
	type?: string;
}

export interface ReferenceCondition {
	field: string;
	op: string;
	value: unknown;
}

export interface ReferenceMapping {
	name: string;
	activeWhen: string;
	crm: string;
	direction: string;
	onlyCoupled: boolean;
	companyStamp: boolean;
	conflict: string;
	deletion: string;
	dependsOn: ReadonlyArray<string | { name: string; when: string }>;
	match: readonly string[];
	idleMinutes: number;
	bcFilter: readonly ReferenceCondition[];
	crmFilter: readonly ReferenceCondition[];
	fields: readonly ReferenceField[];
}

/** The default mappings of master data of the built-in integration: fields and flags, no more. */
export const referenceMappings = facts as unknown as readonly ReferenceMapping[];
