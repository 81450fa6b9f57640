import type { Setup } from '../model/companySettings';
import type { TableMapping } from '../model/tableMapping';
import type { MappingRules } from '../mapping/rules';
import type { FieldKind, FieldMapping } from '../model/fieldMapping';

/** A default mapping: its data, and the rules beside it. */
export interface DefaultMapping {
	mapping: TableMapping;
	rules: MappingRules;
	/** Whether the mapping exists in this set-up; always when absent. */
	activeWhen?: (setup: Setup) => boolean;
	/** The mapping as it is in this set-up, where that makes a difference (unit groups on or off). Before the user's settings are laid over. */
	variant?: (mapping: TableMapping, setup: Setup) => TableMapping;
}

/**
 * Eleven minutes: the longest single request of Business Central, whose rows may appear that much later than stamped ("Working with API
 * limits in Dynamics 365 Business Central": the gateway ends requests after ten minutes), and a minute more.
 */
export const BC_OVERLAP_MS = 11 * 60_000;
/**
 * Long transactions of Dataverse also show rows later than stamped, and a server's clock may be set back. What is read again
 * without having changed costs no request and no write.
 */
export const CRM_OVERLAP_MS = 11 * 60_000;

/** Minutes; how long mappings sleep that hardly ever change: salespeople, choices, items and prices. */
export const A_DAY = 1_440;

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

/** Settings every default mapping starts with: only coupled, no conflict strategy. */
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
