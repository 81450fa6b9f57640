import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import type { ActionResult, Side, SyncSession } from '../../../engine';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { readSelection, selectedIds } from '../../shared/selection';
import { withSession } from '../../shared/withSession';
import { actedItems } from './actedItems';

/** What every action on named records gets from the node. */
export interface NamedRecords {
	mapping: string;
	side: Side;
	ids: string[];
	preview: boolean;
}

/** Carries out an action on the records that the input items name, together as far as their parameters are the same. */
export async function actOnRecords<T>(
	context: IExecuteFunctions,
	readMore: (itemIndex: number) => T,
	act: (session: SyncSession, records: NamedRecords, more: T) => Promise<ActionResult>,
): Promise<INodeExecutionData[][]> {
	return await runPerItem(context, {
		outputs: 2,
		read: (itemIndex) => ({
			connection: readConnectionByHand(context, itemIndex),
			mapping: readMapping(context, itemIndex),
			selection: readSelection(context, itemIndex),
			preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			more: readMore(itemIndex),
		}),
		key: ({ selection, ...rest }) => ({ ...rest, side: selection.side }),
		run: async (group) =>
			await withSession(context, group.first.connection, async (session) => {
				const { mapping, preview, selection, more } = group.first;
				const ids = await selectedIds(session, mapping, group);
				if (ids.size === 0) return [[], []];
				const result = await act(session, { mapping, side: selection.side, ids: [...ids.keys()], preview }, more);
				return actedItems(context, mapping, result, (id) => ids.get(id) ?? []);
			}),
	});
}
