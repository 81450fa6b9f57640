import { RunStopped } from '../../model/errors';
import { idsInside } from '../../mapping/filters/reading';
import { type Coupling, idOn } from '../../model/coupling';
import type { FieldSetProgress } from '../../model/fieldSet';
import type { PassRange } from '../contract/passRange';
import type { PassContext } from '../contract/passContext';
import { comparedAgain } from '../decide/comparedAgain';
import { seesAll } from '../record/fieldSetSeen';
import { processPage } from './page';
import type { Pass } from './passState';

/**
 * Before anything is dealt with: the store is told which fields the couplings are compared with from now on, so that it is known later what they were.
 * Answers how far the couplings have been gone through since the fields changed; null where there is nothing to go through.
 */
export async function rememberFieldSet({ session, mapping, fieldSets, lease }: PassContext): Promise<string | null> {
	const { current, position } = await session.store.fieldSets(mapping.name);
	if (current === fieldSets.current.hash) return position;
	const [first] = await session.store.couplingPairs(mapping.name, '', 1);
	const begin = first ? '' : null;
	await session.store.commit({ fieldSet: progress(mapping.name, fieldSets.current, begin) }, lease);
	return begin;
}

const progress = (mapping: string, set: FieldSetProgress['set'], position: string | null): FieldSetProgress => ({ mapping, set, position });

/**
 * Compares, page by page, the couples whose fields are not those they were compared with last, whatever their versions say. It goes on where an earlier run
 * stopped; a couple that was dealt with meanwhile costs nothing. Where fields cannot be seen now either, it is left to a later run.
 */
export async function compareAgain(pass: Pass, range: PassRange, from: string | null): Promise<void> {
	if (from === null) return;
	const { context } = pass;
	const { session, mapping, fieldSets, lease, recorder } = context;
	const reached = (position: string | null) =>
		session.store.commit({ fieldSet: progress(mapping.name, fieldSets.current, position) }, lease);
	const concerned = new Set<string>();
	let compared = 0;
	let position = from;
	for (;;) {
		await range.checkpoint();
		const pairs = await session.store.couplingPairs(mapping.name, position, range.pageSize);
		const couplings = await session.store.couplingsOf(
			mapping.name,
			'businessCentral',
			pairs.map(({ bcId }) => bcId),
		);
		const open = [...couplings.values()].filter((coupling) => {
			const again = comparedAgain(fieldSets, coupling, context.direction);
			again?.concerned.forEach((key) => concerned.add(key));
			return again?.needed ?? false;
		});
		compared += await comparePage(pass, open);
		if (!seesAll(context)) break;
		if (pairs.length < range.pageSize) {
			await reached(null);
			break;
		}
		position = pairs.at(-1)!.bcId;
		await reached(position);
		if (range.budget?.isSpent) throw new RunStopped('timeBudget');
	}
	if (compared === 0) return;
	const names = context.fields.filter(({ key }) => concerned.has(key)).map(({ caption }) => caption);
	const why = names.length > 0 ? `: ${names.join(', ')}` : '';
	recorder.note(
		`${compared} ${compared === 1 ? 'couple was' : 'couples were'} compared once more, because fields of ${mapping.name} changed${why}.`,
		{
			code: 'COMPARED_AGAIN',
			hint: 'Nothing to do. What differs was delivered as far as it can be told whose value counts; the rest is among the failed records.',
		},
	);
}

/** Records outside the filter wait until they are back inside. Answers how many were compared. */
async function comparePage(pass: Pass, couplings: readonly Coupling[]): Promise<number> {
	const { source, filter } = pass.context;
	const ids = couplings.map((coupling) => idOn(coupling, source.side)).filter((id) => !pass.state.handled.has(id));
	if (ids.length === 0) return 0;
	const records = await idsInside(source.system, source.table, ids, source.fields, filter);
	await processPage(pass, [...records.values()], 'byId');
	return records.size;
}
