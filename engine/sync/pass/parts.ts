import type { SystemRecord } from '../../model/record';
import type { PassContext } from '../contract/passContext';
import type { PassRange } from '../contract/passRange';
import type { SeenBefore } from '../contract/seenBefore';
import { unknownAmong } from '../pair/unknownAmong';
import type { Reading } from '../reading/reading';
import { isStopping } from '../../ports/stopping';
import { PartSize } from './partSize';
import { readAheadPages, type Together } from './readAheadPages';

type ReadRange = Pick<PassRange, 'pageSize' | 'recordLimit' | 'partRows' | 'budget'>;

/** A page is a part, however few records it holds. */
const ONE_PAGE = 0;

/** Records of a reading with their values, to be dealt with together. */
export interface Part {
	records: readonly SystemRecord[];
	/** Rows of the reading that the part stands for: those known by their version are passed over. */
	rows: number;
	/** The newest stamp among those rows; null where they have none. */
	upTo: string | null;
	/** Ids that the service told as deleted together with them. */
	deleted?: readonly string[];
}

/**
 * What a pass has to deal with: in the order of stamps, or as the service noted it, where nothing tells until which stamp it is dealt with. Rows that were listed by id and version are told apart first; of those that are not known the
 * values are read by id, many in one request. Where hardly any is known, as after a mass edit, all that follow are read in one go instead.
 */
export async function* partsOf(context: PassContext, seen: SeenBefore, reading: Reading, range: ReadRange): AsyncGenerator<Part> {
	if (!reading.terms.listed) {
		yield* withValues(context, reading.pages(), range);
		return;
	}
	const { pageSize, recordLimit } = range;
	const { odata, accepts } = context.filter;
	for await (const page of reading.pages()) {
		const isExact = accepts === null && (odata === null || !reading.isTracked);
		const unknown = await unknownAmong(context, seen, page, isExact);
		if (reading.isTracked) {
			const deleted = reading.takeDeleted();
			for await (const part of byId(context, page, await insideAmong(context, unknown, pageSize), range))
				yield { ...part, upTo: null, deleted: deleted.splice(0) };
			continue;
		}
		const [first] = unknown;
		// A run with a limit must not spend it on records that it knows.
		if (first && first.modifiedAt !== '' && recordLimit === undefined && unknown.length > pageSize && 2 * unknown.length > page.length) {
			const { table, system, fields } = context.source;
			const query = { table, fields, filter: context.filter.odata, since: first.modifiedAt, pageSize };
			yield* withValues(context, system.readChanges(query), range);
			return;
		}
		yield* byId(context, page, unknown, range);
	}
}

/** Pages that hold all that is wanted of their records, the next ones read while those before are dealt with. */
async function* withValues(context: PassContext, pages: AsyncIterable<SystemRecord[]>, range: ReadRange): AsyncGenerator<Part> {
	const { pageSize, partRows = 0 } = range;
	const size = new PartSize(pageSize, partRows, context.session.clock);
	const rows = (): number => (partRows > pageSize ? size.next() : ONE_PAGE);
	for await (const part of readAheadPages(pages, { rows, mayReadAhead: readAheadOf(context, range) }))
		yield { records: part, rows: part.length, upTo: newestOf(part) };
}

/** A run that is to end reads no page that it will not deal with; one with a limit might not. */
const readAheadOf =
	({ session }: PassContext, { recordLimit, budget }: ReadRange): Together['mayReadAhead'] =>
	() =>
		recordLimit === undefined && !isStopping(session) && !(budget?.isSpent ?? false);

/**
 * The service tells changes of the whole table. Where there are many, it is asked first, in one request, which of them the filter selects: those of another
 * company are not worth one for each part.
 */
async function insideAmong(context: PassContext, unknown: readonly SystemRecord[], pageSize: number): Promise<readonly SystemRecord[]> {
	const { source, filter } = context;
	if (unknown.length <= pageSize || filter.odata === null) return unknown;
	const ids = unknown.map(({ id }) => id);
	const inside = await source.system.existing(source.table, ids, filter.odata);
	return unknown.filter(({ id }) => inside.has(id));
}

async function* byId(
	context: PassContext,
	page: readonly SystemRecord[],
	unknown: readonly SystemRecord[],
	range: ReadRange,
): AsyncGenerator<Part> {
	const { pageSize } = range;
	const { system, table } = context.source;
	// Companions are read once it is known whose are wanted; what joins them is read here.
	const joins = (table.companions ?? []).map(({ primaryKey }) => primaryKey);
	const fields = [...new Set([...context.source.fields.filter((field) => !field.includes('/')), ...joins])];
	async function* values(): AsyncGenerator<SystemRecord[]> {
		for (let start = 0; start < unknown.length; start += pageSize) {
			const ids = unknown.slice(start, start + pageSize).map(({ id }) => id);
			const found = await system.readByIds(table, ids, fields, context.filter.odata);
			// One that left the filter, or was deleted, since it was listed is not there; and the order stays that of the list.
			yield ids.flatMap((id) => found.get(id) ?? []);
		}
	}
	let rows = page.length;
	let start = 0;
	for await (const records of readAheadPages(values(), { rows: () => ONE_PAGE, mayReadAhead: readAheadOf(context, range) })) {
		const part = unknown.slice(start, start + pageSize);
		start += pageSize;
		rows -= part.length;
		// Known rows count with the last part.
		const last = start >= unknown.length;
		yield { records, rows: part.length + (last ? rows : 0), upTo: newestOf(last ? page : part) };
	}
	if (unknown.length === 0) yield { records: [], rows: page.length, upTo: newestOf(page) };
}

/** Pages and choices have no stamps, and nothing to go on from. */
const newestOf = (records: readonly SystemRecord[]): string | null =>
	records.reduce<string | null>(
		(latest, { modifiedAt: stamp }) => (stamp !== '' && (latest === null || Date.parse(stamp) > Date.parse(latest)) ? stamp : latest),
		null,
	);
