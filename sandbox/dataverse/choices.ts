import { DataverseError, invalidArgument } from './errors';
import type { Column, Model } from './model';

/** Text by language code (1033 = English, the base language of every environment). */
export type Labels = Readonly<Record<number, string>>;

export const BASE_LANGUAGE = 1033;
/** First value the service gives by itself: option value prefix of the default publisher. */
const FIRST_OWN_VALUE = 100_000_000;
const LARGEST_VALUE = 2_147_483_647;

/** Values of a choice column, or of a global choice that several columns share. */
export interface OptionSet {
	name: string;
	isGlobal: boolean;
	/** In their order. What reads, forms and checks of values go by. */
	published: Map<number, Labels>;
	/** What publishing would make of it; null when nothing waits. */
	draft: Map<number, Labels> | null;
	columns: Column[];
}

/** What the parameters of an option-value action name. */
export interface OptionSetNames {
	OptionSetName?: unknown;
	EntityLogicalName?: unknown;
	AttributeLogicalName?: unknown;
}

/**
 * The choices of an environment. Changes are customizations: they are saved at once and take effect when they are published; until then neither
 * metadata reads nor rows know them.
 */
export class Choices {
	private readonly local = new Map<Column, OptionSet>();
	private readonly global = new Map<string, OptionSet>();

	constructor(private readonly model: Model) {}

	/** The options behind a column. */
	of(table: string, column: Column): OptionSet {
		const known = this.local.get(column);
		if (known) return known;
		const made: OptionSet = {
			name: `${table}_${column.logicalName}`,
			isGlobal: false,
			published: labelled(column.options ?? {}),
			draft: null,
			columns: [column],
		};
		this.local.set(column, made);
		return made;
	}

	/** Replaces all options of a column, as if published. */
	replace(table: string, column: Column, options: Record<string, string>): void {
		const set = this.of(table, column);
		set.published = labelled(options);
		set.draft = null;
		show(set);
	}

	/** Makes columns share one global choice. */
	share(name: string, options: Record<string, string>, columns: Column[]): void {
		const set: OptionSet = { name, isGlobal: true, published: labelled(options), draft: null, columns };
		for (const column of columns) this.local.set(column, set);
		this.global.set(name, set);
		show(set);
	}

	globals(): OptionSet[] {
		return [...this.global.values()];
	}

	named(names: OptionSetNames): OptionSet {
		if (typeof names.OptionSetName === 'string' && names.OptionSetName !== '') {
			const found = this.global.get(names.OptionSetName);
			if (!found) throw new DataverseError(400, '0x80048403', `The option set ${names.OptionSetName} does not exist.`);
			return found;
		}
		const table = this.model.tables.get(String(names.EntityLogicalName));
		const column = table?.columns.get(String(names.AttributeLogicalName));
		if (!table || column?.type !== 'Picklist')
			throw invalidArgument('EntityLogicalName and AttributeLogicalName do not name a choice column.');
		return this.of(table.logicalName, column);
	}

	/** Answers the value of the new option. */
	insert(set: OptionSet, value: number | null, labels: Labels): number {
		const draft = (set.draft ??= new Map(set.published));
		const chosen = value ?? Math.max(FIRST_OWN_VALUE - 1, ...draft.keys()) + 1;
		if (!Number.isInteger(chosen) || chosen < 0 || chosen > LARGEST_VALUE) throw invalidArgument(`${chosen} is no option value.`);
		if (draft.has(chosen)) throw new DataverseError(400, '0x80048403', `An option with the value ${chosen} already exists.`);
		draft.set(chosen, labels);
		return chosen;
	}

	/** `merge`: languages that are not given keep their text. */
	relabel(set: OptionSet, value: number, labels: Labels, merge: boolean): void {
		const draft = drafted(set, value);
		draft.set(value, merge ? { ...draft.get(value), ...labels } : labels);
	}

	remove(set: OptionSet, value: number): void {
		drafted(set, value).delete(value);
	}

	order(set: OptionSet, values: readonly number[]): void {
		const draft = (set.draft ??= new Map(set.published));
		if (values.length !== draft.size || values.some((value) => !draft.has(value)))
			throw invalidArgument('The values do not name every option of the choice.');
		set.draft = new Map(values.map((value) => [value, draft.get(value)!]));
	}

	/** Publishes the choices of tables and the global ones named; null: everything. */
	publish(which: { tables: readonly string[]; optionSets: readonly string[] } | null): void {
		const tables = which?.tables ?? [...this.model.tables.keys()];
		const sets = [
			...tables.flatMap((name) => [...this.model.table(name).columns.values()].flatMap((column) => this.local.get(column) ?? [])),
			...this.globals().filter(({ name }) => which === null || which.optionSets.includes(name)),
		];
		for (const set of sets) {
			if (!set.draft || (set.isGlobal && which !== null && !which.optionSets.includes(set.name))) continue;
			set.published = set.draft;
			set.draft = null;
			show(set);
		}
	}
}

function drafted(set: OptionSet, value: number): Map<number, Labels> {
	const known = set.draft ?? set.published;
	if (!known.has(value)) throw new DataverseError(400, '0x80048403', `There is no option with the value ${value}.`);
	return (set.draft ??= new Map(set.published));
}

const labelled = (options: Record<string, string>): Map<number, Labels> =>
	new Map(Object.entries(options).map(([value, text]) => [Number(value), { [BASE_LANGUAGE]: text }]));

/** Columns keep the published values with their texts in the base language, by which rows are checked and shown. */
function show(set: OptionSet): void {
	for (const column of set.columns) {
		column.options = Object.fromEntries([...set.published].map(([value, labels]) => [String(value), labels[BASE_LANGUAGE] ?? '']));
	}
}
