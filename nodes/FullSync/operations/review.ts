import type { IDataObject } from 'n8n-workflow';
import { readConnection } from '../../shared/connectionParameters';
import { reviewFullSync, type ReviewLine } from '../../../engine';
import { item, nothingItem } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';
import { mappingSelectionProperties, readMappingSelection } from './mappingSelection';

/** What a full synchronization would meet, and how far the last one has come: one line per mapping, nothing is written. */
export const review: Operation = {
	name: 'Review',
	value: 'review',
	action: 'Review a full synchronization',
	description:
		'See for each mapping how many records there are, how many are coupled, what it waits for, what is recommended, and how far the last full synchronization has come. Writes nothing.',
	properties: mappingSelectionProperties,
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mappings: readMappingSelection(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const lines = await reviewFullSync(session, { mappings: first.mappings });
					if (lines.length === 0) return [[nothingItem('No mapping takes part in a full synchronization.', itemIndexes)], []];
					const hint = hintFor(lines);
					if (hint) context.addExecutionHints({ type: 'info', location: 'outputPane', message: hint });
					return [lines.map((line) => item(reviewJson(line), itemIndexes)), []];
				}),
		}),
};

function hintFor(lines: readonly ReviewLine[]): string | undefined {
	const stopped = lines.filter(({ status }) => status === 'stopped').map(({ mapping }) => mapping);
	if (stopped.length > 0) return `Stopped before the end: ${stopped.join(', ')}. The operation Resume goes on from there.`;
	if (lines.some(({ recommendation }) => recommendation === 'coupleFirst'))
		return 'Some mappings have records on both sides. "Match First" couples those that belong together, as each line says; look at the ambiguous ones first.';
	return lines.every(isCoupled) ? 'Everything is coupled.' : undefined;
}

/** Every record that the filters select has its partner. */
const isCoupled = ({ coupled, recordsBusinessCentral, recordsCrm, atLeast }: ReviewLine): boolean =>
	coupled > 0 && !atLeast && coupled >= Math.max(recordsBusinessCentral, recordsCrm);

/** What matters for the decision comes first; what is not known is left out. */
const reviewJson = (line: ReviewLine): IDataObject =>
	withoutNull({
		mapping: line.mapping,
		recommendation: line.recommendation,
		message: line.message,
		recordsBusinessCentral: line.recordsBusinessCentral,
		recordsCrm: line.recordsCrm,
		coupled: line.coupled,
		willMatch: line.matches?.matched ?? null,
		willCreateInCrm: line.matches?.createdInCrm ?? null,
		willCreateInBusinessCentral: line.matches?.createdInBusinessCentral ?? null,
		ambiguous: line.matches?.ambiguous ?? null,
		leftAlone: line.matches?.leftAlone ?? null,
		atLeast: line.atLeast,
		direction: line.direction,
		order: line.order,
		wave: line.wave,
		dependsOn: line.dependsOn,
		status: line.status,
		toStatus: line.toCrm?.status ?? null,
		toJobId: line.toCrm?.jobId ?? null,
		fromStatus: line.fromCrm?.status ?? null,
		fromJobId: line.fromCrm?.jobId ?? null,
		progress: line.progress,
		startedAt: line.startedAt,
		finishedAt: line.finishedAt,
		readsFrom: line.surfaces.map(({ kind, names, endsWith }) => ({ surface: kind, names, ...(endsWith === null ? {} : { endsWith }) })),
	});

const withoutNull = (json: IDataObject): IDataObject => Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
