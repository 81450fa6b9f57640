import { isDeepStrictEqual } from 'node:util';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { getMapping, previewOf, type MappingProblem, type SyncSession } from '../../../engine';
import { item } from '../../shared/items';
import { detailsJson, warningTexts } from './mappingItems';

/** What runs change by themselves is no setting. */
const RESULTS = new Set(['couplings', 'failed', 'skipped', 'waiting', 'running', 'lastRun', 'changed', 'fields', 'fieldMappings']);

export interface Change {
	mapping: string;
	/** Nothing is saved; the item tells what would be. */
	preview: boolean;
	itemIndexes: readonly number[];
}

/** Changes a mapping; the item is the mapping afterwards, with each setting that changed before and after. */
export async function changedItem(
	given: SyncSession,
	{ mapping, preview, itemIndexes }: Change,
	change: (session: SyncSession) => Promise<readonly MappingProblem[]>,
): Promise<INodeExecutionData> {
	const session = preview ? previewOf(given) : given;
	const before = detailsJson(await getMapping(session, mapping));
	const warnings = await change(session);
	const { mapping: name, ...after } = detailsJson(await getMapping(session, mapping));
	const changes = changesBetween(before, after);
	const message =
		changes.length === 0
			? 'Nothing changes.'
			: `${changes.length} ${changes.length === 1 ? 'setting' : 'settings'} ${preview ? 'would change' : 'changed'}.`;
	return item(
		{ mapping: name, ...(preview ? { preview } : {}), message, changes, ...after, warnings: warningTexts(warnings) },
		itemIndexes,
	);
}

/** One entry for each setting that is another one now, and for each field mapping. */
export function changesBetween(before: IDataObject, after: IDataObject): IDataObject[] {
	const settings = Object.keys(after)
		.filter((name) => !RESULTS.has(name) && name in before && !isDeepStrictEqual(before[name], after[name]))
		.map((setting): IDataObject => ({ setting, before: before[setting], after: after[setting] }));
	return [...settings, ...fieldChanges(fieldsOf(before), fieldsOf(after))];
}

const fieldsOf = (details: IDataObject): Map<string, IDataObject> =>
	new Map((details['fieldMappings'] as IDataObject[]).map((field) => [String(field['key']), field]));

function fieldChanges(before: ReadonlyMap<string, IDataObject>, after: ReadonlyMap<string, IDataObject>): IDataObject[] {
	const keys = [...new Set([...before.keys(), ...after.keys()])];
	return keys.flatMap((key): IDataObject[] => {
		const [old, now] = [before.get(key), after.get(key)];
		if (isDeepStrictEqual(old, now)) return [];
		const fieldMapping = String((now ?? old)!['caption']);
		if (!old || !now) return [{ fieldMapping, before: old ?? null, after: now ?? null }];
		const names = Object.keys({ ...old, ...now }).filter((name) => !isDeepStrictEqual(old[name], now[name]));
		const only = (field: IDataObject): IDataObject => Object.fromEntries(names.map((name) => [name, field[name] ?? null]));
		return [{ fieldMapping, before: only(old), after: only(now) }];
	});
}
