import { recognizesPartners } from '../defaults/catalog';
import type { TableMapping } from '../model/tableMapping';
import { hasNothing, type MappingCounts } from './counts';
import type { Recommendation, ReviewLine } from './types';

/** Every user becomes a salesperson, so there is nothing to couple first. */
const ALWAYS_FULL = new Set(['SALESPEOPLE']);

/**
 * No records on either side: nothing to do; on one side: full sync; on both: couple first. Mappings that recognize partners by themselves
 * before they create (currencies by their code) need no coupling first.
 * @param missing names of mappings that must be synchronized before this one
 */
export function recommend(
	mapping: TableMapping,
	counts: MappingCounts,
	missing: readonly string[],
): Exclude<Recommendation, 'setupIncomplete'> {
	if (hasNothing(mapping, counts)) return 'noRecords';
	if (missing.length > 0) return 'dependencyNotSatisfied';
	return isAmbiguous(mapping, counts) ? 'coupleFirst' : 'fullSync';
}

/** Both systems hold records that are not coupled: created without a look, those that belong together would be there twice. */
export function isAmbiguous(mapping: TableMapping, counts: MappingCounts): boolean {
	if (ALWAYS_FULL.has(mapping.name) || recognizesPartners(mapping)) return false;
	return counts.businessCentral > counts.coupled && counts.crm > counts.coupled;
}

/** The recommendation in words. */
export function explain(
	mapping: TableMapping,
	recommendation: Exclude<Recommendation, 'setupIncomplete'>,
	missing: readonly string[],
	matches: ReviewLine['matches'],
): string {
	switch (recommendation) {
		case 'fullSync':
			return 'Ready: records without a partner are created in the other system and coupled.';
		case 'coupleFirst':
			return (
				'Both systems hold records that are not coupled. ' +
				`Matching first would couple ${matches?.matched ?? 0} pairs, create ${matches?.createdInCrm ?? 0} in CRM and ` +
				`${matches?.createdInBusinessCentral ?? 0} in Business Central, and leave ${matches?.leftAlone ?? 0} alone.`
			);
		case 'noRecords':
			return `Nothing to do: no records in the filters of ${mapping.name}.`;
		case 'dependencyNotSatisfied':
			return `Synchronize ${missing.join(' and ')} first: records of ${mapping.name} refer to it.`;
	}
}
