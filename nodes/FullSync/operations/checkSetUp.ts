import { readConnection } from '../../shared/connectionParameters';
import { checkEverything, disableWhatCannotRun, worstFirst } from '../../../engine';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { findingItem, tellSum, withoutDoubles } from './findingItems';
import { mappingSelectionProperties, readMappingSelection } from './mappingSelection';
import { usersOf } from './usersOf';
import { withCheckedSession } from './withCheckedSession';

/** Everything that keeps a connection from running, one item each; nothing is written. */
export const checkSetUp: Operation = {
	name: 'Check Set-Up',
	value: 'checkSetUp',
	action: 'Check the set up of both systems',
	description:
		'Look at both sign-ins, at every right, page, table, column and choice that the mappings need, and at company, currencies, clocks and state store, before anything is synchronized. One item per finding: what is missing, what needs it, and what to do. Writes nothing.',
	properties: [
		...mappingSelectionProperties,
		{
			displayName: 'Disable What Cannot Run',
			name: 'disable',
			type: 'boolean',
			default: false,
			description:
				'Whether to disable the table mappings that something missing keeps from running, so that the others can run. Enable them again in Table Mappings when nothing is missing any more.',
		},
		{
			displayName: 'Preview',
			name: 'preview',
			type: 'boolean',
			displayOptions: { show: { disable: [true] } },
			default: true,
			description: 'Whether to only say which table mappings would be disabled',
		},
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => {
				const disable = readParameter(context, 'disable', 'Disable What Cannot Run', itemIndex, yesOrNo);
				return {
					connection: readConnection(context, itemIndex),
					mappings: readMappingSelection(context, itemIndex),
					disable,
					preview: !disable || readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				};
			},
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withCheckedSession(context, first.connection, async ({ session, known, hasStore }) => {
					const users = await usersOf(context, first.connection);
					const found = await checkEverything(session, { mappings: first.mappings, users });
					const findings = withoutDoubles(worstFirst([...known, ...found]));
					const disabled = first.disable && hasStore ? await disableWhatCannotRun(session, findings, { preview: first.preview }) : [];
					tellSum(context, findings, disabled, first);
					return [[...findings, ...disabled].map((finding) => findingItem(finding, itemIndexes)), []];
				}),
		}),
};
