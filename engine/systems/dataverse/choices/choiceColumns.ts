import { z } from 'zod/v4';
import { SyncError } from '../../../model/errors';
import type { BatchRunner } from '../../odata/batchRunner';
import { fixedSize } from '../../odata/batchSize';
import type { Connection } from '../../odata/connection';
import { noAnswerError, serviceError, unreadableError } from '../../odata/errors';
import { queryString, quoted } from '../../odata/literals';
import { NoAnswer } from '../../odata/transport';
import { PART_HEADERS } from '../partHeaders';

export interface ColumnName {
	/** Logical name. */
	table: string;
	column: string;
}

/** The values of a choice column as they are published now. */
export interface ChoiceColumn extends ColumnName {
	label: string;
	/** Languages of the column's own name. */
	languages: readonly number[];
	/** Name of the global choice the column shares with others; null where the values are the column's own. */
	globalName: string | null;
	/** In the order of the column. */
	options: ReadonlyMap<number, { label: string; languages: readonly number[]; language: number | null }>;
}

const localized = z.object({ Label: z.string(), LanguageCode: z.number() });
const labelSchema = z.object({ UserLocalizedLabel: localized.nullish(), LocalizedLabels: z.array(localized).nullish() }).nullish();
const optionSet = z
	.object({ Name: z.string().nullish(), Options: z.array(z.object({ Value: z.number(), Label: labelSchema })).nullish() })
	.nullish();
const schema = z.object({ DisplayName: labelSchema, OptionSet: optionSet, GlobalOptionSet: optionSet });

const QUERY = queryString({
	$select: 'LogicalName,DisplayName',
	$expand: 'OptionSet($select=Name,Options),GlobalOptionSet($select=Name,Options)',
});
/** Asks past the metadata caches of the service. */
const FRESH = { Consistency: 'Strong' };

/** Reads choice columns from the environment's metadata as it is now: values that were just published are there. */
export class ChoiceColumns {
	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly root: string,
	) {}

	/** One request. @throws SyncError `CRM_CHOICE_UNKNOWN` (setup). */
	async read(name: ColumnName): Promise<ChoiceColumn> {
		try {
			return this.column(name, await this.connection.getJson(this.root + path(name), { table: name.table, headers: FRESH }));
		} catch (error) {
			if (error instanceof SyncError && error.httpStatus === 404) throw choiceUnknown(name, error);
			throw error;
		}
	}

	/** Several columns in one request; null for those that the environment does not have. */
	async readAll(names: readonly ColumnName[]): Promise<Array<ChoiceColumn | null>> {
		if (names.length === 1) return [await this.read(names[0]!)];
		const base = new URL(this.root).pathname;
		const parts = names.map((name) => ({ method: 'GET' as const, url: base + path(name), headers: { ...PART_HEADERS, ...FRESH } }));
		const table = names[0]?.table;
		const call = { url: `${this.root}/$batch`, table, repeatable: true, reading: true, sizer: fixedSize(parts.length) };
		const answers = await this.runner.run(parts, call);
		return answers.map((answer, index) => {
			const context = this.connection.context(true, names[index]!.table);
			if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
			if (answer.status === 404) return null;
			if (answer.status !== 200) throw serviceError(answer, context);
			return this.column(names[index]!, answer.body);
		});
	}

	private column(name: ColumnName, json: unknown): ChoiceColumn {
		const parsed = schema.safeParse(json);
		if (!parsed.success) throw unreadableError({ status: 200, headers: {}, body: null }, this.connection.context(true, name.table));
		const { DisplayName, OptionSet, GlobalOptionSet } = parsed.data;
		const options = (OptionSet ?? GlobalOptionSet)?.Options ?? [];
		return {
			...name,
			label: DisplayName?.UserLocalizedLabel?.Label || name.column,
			languages: languagesOf(DisplayName),
			globalName: OptionSet ? null : (GlobalOptionSet?.Name ?? null),
			options: new Map(
				options.map(({ Value, Label }) => [
					Value,
					{
						label: (Label?.UserLocalizedLabel?.Label ?? '').trim() || String(Value),
						languages: languagesOf(Label),
						language: Label?.UserLocalizedLabel?.LanguageCode ?? null,
					},
				]),
			),
		};
	}
}

const languagesOf = (label: z.infer<typeof labelSchema>): number[] =>
	(label?.LocalizedLabels ?? []).map(({ LanguageCode }) => LanguageCode);

const path = ({ table, column }: ColumnName): string =>
	`/EntityDefinitions(LogicalName=${encodeURIComponent(quoted(table))})/Attributes(LogicalName=${encodeURIComponent(quoted(column))})` +
	`/Microsoft.Dynamics.CRM.PicklistAttributeMetadata${QUERY}`;

export function choiceUnknown({ table, column }: ColumnName, cause?: SyncError): SyncError {
	return new SyncError({
		code: 'CRM_CHOICE_UNKNOWN',
		errorClass: 'setup',
		system: 'crm',
		table,
		field: column,
		message: `The column ${column} of ${table} is no choice column.`,
		hint: 'Correct the field in the table mapping.',
		...(cause ? { cause, httpStatus: 404 } : {}),
	});
}
