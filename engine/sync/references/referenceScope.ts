import type { MappingRules } from '../../mapping/rules';
import type { PassDirection } from '../../model/direction';
import type { FieldMapping } from '../../model/fieldMapping';
import type { Side } from '../../model/side';
import type { TableMapping } from '../../model/tableMapping';
import type { References } from './references';

/** What looking up references needs to know of a pass. */
export interface ReferenceScope {
	mapping: TableMapping;
	direction: PassDirection;
	source: { side: Side };
	references: References;
	/** Enabled fields with both sides, whatever their direction. */
	fields: readonly FieldMapping[];
	rules: MappingRules;
}
