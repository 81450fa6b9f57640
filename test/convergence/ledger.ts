import type { EditableField, Side } from './fields';

/** Something a person entered. */
export interface Edit {
	/** Later edits have higher numbers. */
	order: number;
	/** The record: side and id. */
	key: string;
	side: Side;
	field: EditableField;
	value: string;
	/** What stood in the field of this record before, as far as anybody saw. */
	had: ReadonlySet<string>;
}

/**
 * What people did, and nothing else. Records that ever belonged together, because one is the other's copy or because people put them together,
 * are one *family*, told by the marks they bore when they were first seen.
 */
export class Ledger {
	readonly edits: Edit[] = [];
	/** By record key: the mark it bore when it was first seen. */
	readonly marks = new Map<string, string>();
	/** Records that were deleted once, by whose hand, and when in the order of edits. */
	readonly gone = new Map<string, { by: 'people' | 'engine'; order: number }>();
	/** Those of them that are there again, under the same id, and since when. */
	readonly risen = new Map<string, number>();
	/** When people deleted a record last: its edits until then went along by their will. */
	readonly erased = new Map<string, number>();
	/** Records nobody may touch. */
	readonly outsiders = new Map<string, string>();
	/** Pairs of keys that people parted, or asked to. */
	readonly mayPart = new Set<string>();
	/** Records that people are just giving another partner: a couple of theirs may end that began meanwhile. */
	readonly moving: string[] = [];
	/** Survivors whose deletion people asked for. */
	readonly mayDelete = new Set<string>();
	/** People parted all couples of the mapping at once, and want every record to get a partner anew. */
	beginsAnew = false;
	/** Words people entered, with the sides they were seen on. */
	readonly seen = new Map<string, Set<Side>>();
	/** Values each record had, by key and field: entering one again cannot be told from not having touched the field. */
	readonly had = new Map<string, Set<string>>();
	private readonly parents = new Map<string, string>();
	/** By mark: records it may stand for on each side. */
	private readonly allowance = new Map<string, number>();
	private order = 0;

	nextOrder(): number {
		return ++this.order;
	}

	enter(edit: Omit<Edit, 'order' | 'had'>): void {
		const had = new Set(this.had.get(`${edit.key} ${edit.field.caption}`));
		this.edits.push({ ...edit, had, order: this.nextOrder() });
		this.remember(edit.key, edit.field, edit.value);
	}

	/** The record is deleted. */
	lose(key: string, by: 'people' | 'engine'): void {
		this.risen.delete(key);
		this.gone.set(key, { by, order: this.nextOrder() });
		if (by === 'people') this.erased.set(key, this.order);
	}

	/** A deleted record is there again: it was restored, or an insert was carried out late. */
	rise(key: string): void {
		this.risen.set(key, this.nextOrder());
	}

	stopMoving(key: string): void {
		const index = this.moving.indexOf(key);
		if (index >= 0) this.moving.splice(index, 1);
	}

	isGone(key: string): boolean {
		return this.gone.has(key) && !this.risen.has(key);
	}

	/** It is gone, or was so after that moment. */
	wasGoneSince(key: string, order: number): boolean {
		return this.isGone(key) || (this.risen.get(key) ?? 0) > order;
	}

	remember(key: string, field: EditableField, value: string): void {
		const name = `${key} ${field.caption}`;
		const values = this.had.get(name);
		if (values) values.add(value);
		else this.had.set(name, new Set([value]));
	}

	/** People made a record. */
	register(key: string, mark: string): void {
		this.marks.set(key, mark);
		this.allow(mark);
	}

	/** One more record of the family may exist on each side: people made it, or parted a pair, each half of which gets a new partner. */
	allow(mark: string): void {
		this.allowance.set(mark, (this.allowance.get(mark) ?? 0) + 1);
	}

	allowed(family: string): number {
		let sum = 0;
		for (const [mark, count] of this.allowance) if (this.familyOf(mark) === family) sum += count;
		return sum;
	}

	familyOf(mark: string): string {
		let root = mark;
		for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent;
		return root;
	}

	family(key: string): string {
		return this.familyOf(this.marks.get(key) ?? '');
	}

	unite(one: string, other: string): void {
		const [left, right] = [this.family(one), this.family(other)];
		if (left !== right) this.parents.set(left, right);
	}

	/** The last thing anybody entered there. */
	last(key: string, field: EditableField): Edit | undefined {
		return this.edits.findLast((edit) => edit.key === key && edit.field === field);
	}

	/** The value was brought there by a run, and seen by whoever made the edit. */
	replaced(edit: Edit, value: string): boolean {
		const typed = this.edits.some(({ key, field, value: entered }) => key === edit.key && field === edit.field && entered === value);
		return edit.had.has(value) && !typed;
	}

	/** The newest edit of this value in the family of the record. */
	origin(key: string, field: EditableField, value: string): Edit | undefined {
		const family = this.family(key);
		return this.edits.findLast((edit) => edit.field === field && edit.value === value && this.family(edit.key) === family);
	}
}

export const pairKey = (bcId: string, crmId: string): string => `businessCentral ${bcId} crm ${crmId}`;
