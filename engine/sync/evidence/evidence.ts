import type { SyncError } from '../../model/errors';
import { identifies, identifyingFields } from '../../mapping/identifyingFields';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import { partnerTaken, partnerUnclear } from './partnerErrors';
import { comparable, nameOn, type Trace } from './partnerTraces';
import type { PassContext, PassSide } from '../contract/passContext';
import type { Side } from '../../model/side';
import type { SystemRecord } from '../../model/record';
import { type Coupling, idOn, pairOf } from '../../model/coupling';
import type { Tombstone } from '../../model/tombstone';
import type { WorkItem } from '../contract/workItem';

/** What the target knows of a record that is about to be created. `certain`: by an id or number, not only by values that look alike. */
export type Finding = { partner: SystemRecord; certain: boolean } | { error: SyncError };

/** What the store says about records of the target that were found. */
export interface Known {
	/** By id: those that are coupled with a record that exists. */
	couplings: ReadonlyMap<string, Coupling>;
	/** By CRM id. */
	parted: ReadonlyMap<string, Tombstone>;
}

export async function knownOf(
	{ session, mapping, source, target }: PassContext,
	hits: readonly SystemRecord[],
	items: readonly WorkItem[],
): Promise<Known> {
	if (hits.length === 0) return { couplings: new Map(), parted: new Map() };
	const ids = hits.map(({ id }) => id);
	const rows = target.side === 'crm' ? ids : items.map(({ source }) => source.id);
	const couplings = await session.store.couplingsOf(mapping.name, target.side, ids);
	return {
		couplings: await ofLiving(source, couplings),
		parted: await session.store.tombstones(mapping.name, 'crm', rows, 'parted'),
	};
}

/** A partner whose record is gone is free: the record was entered again, or another store restored it. */
async function ofLiving({ side, system, table }: PassSide, couplings: ReadonlyMap<string, Coupling>): Promise<Map<string, Coupling>> {
	if (couplings.size === 0) return new Map();
	const holder = (coupling: Coupling): string => idOn(coupling, side);
	const there = await system.existing(table, [...couplings.values()].map(holder));
	return new Map([...couplings].filter(([, coupling]) => there.has(holder(coupling))));
}

/** Whether people parted the two. */
export function wereParted({ direction }: PassContext, { parted }: Known, item: WorkItem, hit: SystemRecord): boolean {
	const { bcId, crmId } = pairOf(direction, item.source.id, hit.id);
	return parted.get(crmId)?.bcId === bcId;
}

/**
 * By a number or another key: exactly one record, which is free. `strict`: a record that is taken tells that something is wrong; else it is nobody's
 * business (a number that runs do not write may be anything, and several people may have one e-mail address). Null when it tells nothing.
 */
export function byKey(
	context: PassContext,
	known: Known,
	item: WorkItem,
	{ hits, strict }: { hits: readonly SystemRecord[]; strict: boolean },
): Finding | null {
	const { target } = context;
	const possible = hits.filter((hit) => !wereParted(context, known, item, hit));
	const free = possible.filter(({ id }) => !known.couplings.has(id));
	if (free.length > 1) return { error: partnerUnclear(target.side, free) };
	if (free.length === 1) return { partner: free[0]!, certain: true };
	const [taken] = possible;
	return taken && strict ? { error: partnerTaken(target.side, taken, known.couplings.get(taken.id)!) } : null;
}

/** Free records of the target by what tells them, so that a page of records is not compared one by one with a page of others. */
export class LookAlikes {
	private readonly byValue = new Map<string, SystemRecord[]>();

	constructor(
		private readonly context: PassContext,
		private readonly known: Known,
		private readonly traces: readonly Trace[],
		hits: readonly SystemRecord[],
	) {
		const { mapping, target } = context;
		for (const hit of hits) {
			if (known.couplings.has(hit.id)) continue;
			for (const [index, trace] of traces.entries()) {
				const key = `${index} ${comparable(mapping, trace, target.side, hit)}`;
				const same = this.byValue.get(key);
				if (same) same.push(hit);
				else this.byValue.set(key, [hit]);
			}
		}
	}

	/** One record that agrees in all it holds is the partner, one that agrees in part may be. */
	of(item: WorkItem): Finding | null {
		const { context, known, traces } = this;
		const { mapping, target, source } = context;
		const texts = traces.map((trace) => comparable(mapping, trace, source.side, item.source));
		const alike = unique(texts.flatMap((text, index) => (text === '' ? [] : (this.byValue.get(`${index} ${text}`) ?? [])))).filter(
			(hit) => !wereParted(context, known, item, hit),
		);
		const whole = alike.filter((hit) =>
			traces.every((trace, index) => {
				const there = comparable(mapping, trace, target.side, hit);
				return there === '' || texts[index] === '' || there === texts[index];
			}),
		);
		if (whole.length === 1 && !this.areNamesakes(item.source, whole[0]!)) return { partner: whole[0]!, certain: false };
		if (whole.length > 0) return { error: partnerUnclear(target.side, whole) };
		return alike.length > 0 ? { error: partnerUnclear(target.side, alike) } : null;
	}

	/** They agree in nothing that identifies a record, and differ in it. */
	private areNamesakes(source: SystemRecord, hit: SystemRecord): boolean {
		const { mapping, target, source: own } = this.context;
		const texts = ({ bcField, crmField, field }: Trace): [string, string] => [
			comparable(mapping, { bcField, crmField, field }, own.side, source),
			comparable(mapping, { bcField, crmField, field }, target.side, hit),
		];
		const isAgreed = this.traces.some((trace) => {
			const [here, there] = texts(trace);
			return identifies(mapping, trace.field) && here !== '' && here === there;
		});
		if (isAgreed) return false;
		return identifyingFields(mapping).some((field) => {
			const [here, there] = texts({ bcField: field.bcField, crmField: field.crmField, field });
			return here !== '' && there !== '' && here !== there;
		});
	}
}

/** Records by the value of a trace, as it is compared with what was asked for. */
export function byText(mapping: TableMapping, trace: Trace, side: Side, records: readonly SystemRecord[]): Map<string, SystemRecord[]> {
	const name = nameOn(trace, side);
	const isNumber = name === tableOn(mapping, side).numberField;
	const found = new Map<string, SystemRecord[]>();
	for (const record of records) {
		const value = isNumber ? record.number : record.values[name];
		const text = String(value ?? '')
			.trim()
			.toLowerCase();
		found.set(text, [...(found.get(text) ?? []), record]);
	}
	return found;
}

export const unique = (records: readonly SystemRecord[]): SystemRecord[] => [
	...new Map(records.map((record) => [record.id, record])).values(),
];

/** The first answer that tells something. */
export function firstOf<Each, Answer>(all: readonly Each[], look: (each: Each, index: number) => Answer | null): Answer | null {
	for (const [index, each] of all.entries()) {
		const answer = look(each, index);
		if (answer !== null) return answer;
	}
	return null;
}
