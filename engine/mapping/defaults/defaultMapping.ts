import type { FieldKind, FieldMapping, TableMapping } from '../tableMapping';
import type { MappingRules } from '../rules';

/** A default mapping: its data, and the rules beside it. */
export interface DefaultMapping {
	mapping: TableMapping;
	rules: MappingRules;
	/** Only under this ownership model. */
	onlyIn?: 'person' | 'team';
}

/** Ten minutes: the longest single request of Business Central, whose rows may appear that much later than stamped (BC OData facts §9). */
export const BC_OVERLAP_MS = 10 * 60_000;
/** Long transactions of Dataverse also show rows later than stamped (Dataverse facts §10); its longest request is two minutes. */
export const CRM_OVERLAP_MS = 5 * 60_000;

/** A field mapping with the usual settings; the rest by `more`. */
export function field(
	caption: string,
	bcField: string | null,
	crmField: string | null,
	kind: FieldKind,
	direction: FieldMapping['direction'],
	more: Partial<FieldMapping> = {},
): FieldMapping {
	return { key: crmField ?? bcField!, caption, bcField, crmField, direction, kind, enabled: true, ...more };
}

/** Settings every default mapping starts with (default mappings §1: only coupled, no conflict strategy). */
export const common = {
	onlyCoupled: true,
	conflict: 'none',
	deletion: 'none',
	enabled: true,
	companyStamp: false,
	dependsOn: [],
	bcFilter: { conditions: [] },
	crmFilter: { conditions: [] },
	overlapMs: { businessCentral: BC_OVERLAP_MS, crm: CRM_OVERLAP_MS },
} as const satisfies Partial<TableMapping>;
