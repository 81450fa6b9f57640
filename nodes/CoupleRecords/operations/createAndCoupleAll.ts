import { createAndCoupleAll } from '../../../engine';
import { withChanges } from '../../shared/changeItems';
import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { outputProperty, readOutput } from '../../shared/outputProperty';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { runItems } from '../../shared/runItems';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { selectionProperties } from '../../shared/selection';
import { withSession } from '../../shared/withSession';

const [sideProperty] = selectionProperties('Which system the existing records are in; new ones are created in the other');

/** All records of a mapping that have no partner get a new one in the other system. */
export const createAllAndCouple: Operation = {
	name: 'Create and Couple All',
	value: 'createAndCoupleAll',
	action: 'Create partners for all records that are not coupled',
	description:
		'Create a new record in the other system for each record of a mapping that is not coupled, and couple the two. Get Many (State = Not Coupled) lists them. Where the other system may hold them already, use Match-Based Coupling with Create When No Match instead: nothing is matched here.',
	properties: [mappingProperty, sideProperty!, { ...previewProperty, default: true }, outputProperty(), waitOptionsProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				side: readParameter(context, 'side', 'Records From', itemIndex, oneOf(['businessCentral', 'crm'])),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				output: readOutput(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { mapping, side, preview } = first;
					const results = [await createAndCoupleAll(session, { mapping, side, preview })];
					return withChanges(context, runItems(context, results, itemIndexes, ''), results, { ...first, itemIndexes });
				}),
		}),
};
