import { SyncError } from '../model/errors';
import { rulesOf } from '../defaults/catalog';
import type { MappingRules } from '../mapping/rules';
import { checkSetup, type CheckedSetup } from './checkSetup';
import { setupChanged } from './setupErrors';
import type { CompanyMapping } from '../model/mappingStages';
import type { FieldName } from '../model/record';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';

/** The special rules of a mapping, which do not ask for fields that are not there. */
export function rulesWithout(mapping: TableMapping, absent: CheckedSetup['absent']): MappingRules {
	const rules = rulesOf(mapping.name);
	const { extraFields } = rules;
	if (!extraFields) return rules;
	return {
		...rules,
		extraFields: {
			...(extraFields.bc ? { bc: extraFields.bc.filter((field) => !absent.businessCentral.has(field)) } : {}),
			...(extraFields.crm ? { crm: extraFields.crm.filter((field) => !absent.crm.has(field)) } : {}),
		},
	};
}

const NOT_THERE = /^((BC|CRM)_(FIELD_NOT_FOUND|TABLE_NOT_FOUND|PAGE_NOT_PUBLISHED)|CRM_PERMISSION_MISSING)$/;

/**
 * A service that no longer knows a table or a field, or that no longer lets the user write a column, has changed since its metadata was read: it is
 * compared once more, so that the error says what is missing and what brings it back. `known`: columns that the run left out as hidden from its beginning.
 */
export async function explained(
	session: SyncSession,
	mapping: CompanyMapping,
	error: unknown,
	known: readonly FieldName[] = [],
): Promise<unknown> {
	if (!(error instanceof SyncError) || !NOT_THERE.test(error.code)) return error;
	try {
		const { warnings, absent, hidden } = await checkSetup(session, mapping, true);
		const gone = error.code === 'CRM_PERMISSION_MISSING' ? 0 : absent.businessCentral.size + absent.crm.size;
		const changed = gone > 0 || hidden.some((column) => !known.includes(column));
		return changed ? setupChanged(mapping, error.system, warnings) : error;
	} catch (found) {
		return found instanceof SyncError && found.errorClass === 'setup' ? found : error;
	}
}
