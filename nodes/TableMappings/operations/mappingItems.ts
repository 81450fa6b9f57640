import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { getMapping, type MappingDetails, type MappingProblem, type MappingView, type SyncSession } from '../../../engine';
import { item } from '../../shared/items';

/** A mapping as an item of a list. */
export const mappingJson = ({ lastRun, ...view }: MappingView): IDataObject => ({
	...plain(view),
	lastRun: lastRun ? { jobId: lastRun.id, ...plain({ ...lastRun, id: undefined }) } : null,
});

/** A mapping with its fields, filters and templates. */
export function detailsJson(details: MappingDetails): IDataObject {
	const { fieldMappings, bcFilter, crmFilter, templates, deletionCheckMinutes, massChange, companyStamp, ...rest } = details;
	const { intervalMinutes, inactivitySleepMinutes, ...view } = rest;
	return {
		...mappingJson(view),
		businessCentral: { ...plain(view.businessCentral), conditions: plain(bcFilter) },
		crm: { ...plain(view.crm), conditions: plain(crmFilter) },
		companyStamp,
		deletionCheckMinutes,
		intervalMinutes,
		inactivitySleepMinutes,
		massChange: plain(massChange),
		templates: plain(templates),
		fieldMappings: fieldMappings.map(({ bcField, crmField, ...field }): IDataObject => ({
			businessCentralField: bcField,
			crmColumn: crmField,
			...plain(field),
		})),
	};
}

/** The mapping as it is after a change, with what was noticed. */
export async function savedItem(
	session: SyncSession,
	name: string,
	warnings: readonly MappingProblem[],
	itemIndexes: readonly number[],
): Promise<INodeExecutionData> {
	return item({ ...detailsJson(await getMapping(session, name)), warnings: warningTexts(warnings) }, itemIndexes);
}

export const warningTexts = (warnings: readonly MappingProblem[]): string[] =>
	warnings.map(({ field, message, remedy }) => `${field === null ? '' : `Field "${field}": `}${message} ${remedy}`);

/** Without what is not set, as JSON would write it. */
const plain = (value: unknown): IDataObject => JSON.parse(JSON.stringify(value ?? null)) as IDataObject;
