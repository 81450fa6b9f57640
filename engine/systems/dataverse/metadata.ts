import { z } from 'zod/v4';
import type { AsOf, DeletedAlong } from '../../ports/recordSystem';
import type { Clock } from '../../ports/clock';
import { SyncError } from '../../model/errors';
import type { BatchRunner } from '../odata/batchRunner';
import { fixedSize } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { noAnswerError, serviceError, unreadableError } from '../odata/errors';
import { queryString, quoted } from '../odata/literals';
import { KnownFields } from '../odata/knownFields';
import { METADATA_LIFE_MS, TimedCache } from '../odata/timedCache';
import { NoAnswer } from '../odata/transport';
import { PART_HEADERS } from './partHeaders';
import { solutionOf } from './solutions';

export interface TableInfo {
	entitySet: string;
	primaryId: string;
	primaryName: string;
	label: string;
}

/** One target of one lookup column. */
export interface Relationship {
	column: string;
	target: string;
	/** Name used with `@odata.bind`; case matters. */
	navigation: string;
}

const label = z.object({ UserLocalizedLabel: z.object({ Label: z.string() }).nullish() }).nullish();
const tableSchema = z.object({
	LogicalName: z.string(),
	EntitySetName: z.string(),
	PrimaryIdAttribute: z.string(),
	PrimaryNameAttribute: z.string().nullish(),
	DisplayName: label,
});
const trackingSchema = z.object({ ChangeTrackingEnabled: z.boolean().nullish() });
const relationshipSchema = z.object({
	ReferencingAttribute: z.string(),
	ReferencedEntity: z.string(),
	ReferencingEntityNavigationPropertyName: z.string(),
});
const attributeSchema = z.object({
	LogicalName: z.string(),
	AttributeType: z.string().nullish(),
	AttributeTypeName: z.object({ Value: z.string().nullish() }).nullish(),
	Precision: z.number().nullish(),
	PrecisionSource: z.number().nullish(),
	AttributeOf: z.string().nullish(),
	DisplayName: label,
	IsValidForCreate: z.boolean().nullish(),
	IsValidForUpdate: z.boolean().nullish(),
	IsValidForRead: z.boolean().nullish(),
	IsValidODataAttribute: z.boolean().nullish(),
	MaxLength: z.number().nullish(),
	Format: z.string().nullish(),
	DateTimeBehavior: z.object({ Value: z.string().nullish() }).nullish(),
	Targets: z.array(z.string()).nullish(),
});
export type Attribute = z.infer<typeof attributeSchema>;
const columnNameSchema = z.object({ LogicalName: z.string(), IsSecured: z.boolean().nullish() });
const optionSet = z.object({ Options: z.array(z.object({ Value: z.number(), Label: label })).nullish() }).nullish();
const choiceSchema = z.object({ LogicalName: z.string(), OptionSet: optionSet, GlobalOptionSet: optionSet });

export interface ChoiceOptions {
	column: string;
	options: Array<{ value: number; label: string }>;
}

/** All that is known of a table. */
export interface TableMetadata {
	info: TableInfo;
	attributes: Attribute[];
	relationships: Relationship[];
	choices: ChoiceOptions[];
}

/** Kept across sessions: a run without changes asks for no metadata. Keyed by environment and table. */
const caches = {
	tables: new TimedCache<TableInfo>(METADATA_LIFE_MS),
	relationships: new TimedCache<Relationship[]>(METADATA_LIFE_MS),
	choices: new TimedCache<ChoiceOptions[]>(METADATA_LIFE_MS),
	everything: new TimedCache<TableMetadata>(METADATA_LIFE_MS),
};

/** Whether changes are tracked, by environment and table: asked once a day, for it is asked by runs that have nothing else to ask. */
const tracked = new TimedCache<boolean>(24 * 60 * 60_000);

/** Forgets the metadata of all environments. */
export function clearDataverseMetadata(): void {
	Object.values(caches).forEach((cache) => cache.clear());
	tracked.clear();
	knownFields.clear();
	securedSeen.clear();
	shown.clear();
}

/** Secured columns of which a value was shown; believed for a day, unless blanks turn up where there were values. */
export const shown = new KnownFields();

/** Columns that were seen in the metadata. */
const knownFields = new KnownFields();

const CHOICE_TYPES = ['Picklist', 'State', 'Status'] as const;
/** Types whose own properties are wanted, beside those that all attributes have. */
const DETAILS: Readonly<Record<string, string>> = {
	String: 'MaxLength',
	Memo: 'MaxLength',
	DateTime: 'Format,DateTimeBehavior',
	Decimal: 'Precision',
	Double: 'Precision',
	Money: 'Precision,PrecisionSource',
	Lookup: 'Targets',
};

const TABLE_QUERY = queryString({ $select: 'LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,DisplayName' });
const TRACKING_QUERY = queryString({ $select: 'ChangeTrackingEnabled' });
const RELATIONSHIPS_PATH = `/ManyToOneRelationships${queryString({ $select: 'ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName' })}`;
const ATTRIBUTES_PATH = `/Attributes${queryString({
	$select:
		'LogicalName,AttributeType,AttributeTypeName,AttributeOf,DisplayName,IsValidForCreate,IsValidForUpdate,IsValidForRead,IsValidODataAttribute',
})}`;

/** Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/cascadeconfiguration */
const CASCADES_PATH = `/OneToManyRelationships${queryString({ $select: 'ReferencingEntity,ReferencingAttribute,CascadeConfiguration' })}`;
const cascadeSchema = z.object({
	ReferencingEntity: z.string(),
	ReferencingAttribute: z.string(),
	CascadeConfiguration: z.object({ Delete: z.string() }),
});

const COLUMN_NAMES_PATH = `/Attributes${queryString({ $select: 'LogicalName,IsSecured' })}`;

/** Columns that column security applies to, as last seen; by environment and table. */
const securedSeen = new Map<string, ReadonlySet<string>>();

/** The environment's schema, as `EntityDefinitions` gives it. What belongs together is read in one batch. */
export class Metadata {
	/** Tables whose columns this session has read. */
	private readonly columnsSeen = new Set<string>();

	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly root: string,
		readonly clock: Clock,
	) {}

	/** Names a column among those of all environments. */
	columnKey = (table: string, column: string): string => `${this.key(table)} ${column}`;

	/** @throws SyncError `CRM_TABLE_NOT_FOUND` (setup). */
	table(table: string): Promise<TableInfo> {
		return caches.tables.get(this.key(table), this.clock, async () =>
			tableInfo((await this.read(table, [TABLE_QUERY]))[0], this.check(table)),
		);
	}

	relationships(table: string): Promise<Relationship[]> {
		return caches.relationships.get(this.key(table), this.clock, async () =>
			relationshipsOf((await this.read(table, [RELATIONSHIPS_PATH]))[0], this.check(table)),
		);
	}

	/** Tables whose rows go with a row of this one, and the column by which they belong to it. Asked for once in a session: a customizer may change it. */
	async deletedAlong(table: string): Promise<DeletedAlong[]> {
		const known = this.cascades.get(table);
		if (known) return known;
		const [json] = await this.read(table, [CASCADES_PATH]);
		const along = listOf(cascadeSchema, json, this.check(table))
			.filter(({ CascadeConfiguration }) => CascadeConfiguration.Delete === 'Cascade')
			.map(({ ReferencingEntity, ReferencingAttribute }): DeletedAlong => ({
				table: ReferencingEntity,
				field: ReferencingAttribute,
				by: 'id',
				filter: null,
			}));
		this.cascades.set(table, along);
		return along;
	}
	private readonly cascades = new Map<string, DeletedAlong[]>();

	/** Those of the columns that the table does not have; one request when they were not all seen within a day. */
	async missing(table: string, columns: readonly string[], afresh: boolean): Promise<string[]> {
		const key = this.key(table);
		// Without columns the table itself is what is looked for.
		const wanted = ['', ...columns];
		if (!afresh && knownFields.covers(key, wanted, this.clock)) return [];
		if (afresh) {
			for (const cache of Object.values(caches)) cache.forget(key);
			knownFields.forget(key);
		}
		const names = await this.columnNames(table);
		const missing = columns.filter((column) => !names.has(column));
		knownFields.drop(key, missing);
		knownFields.add(
			key,
			wanted.filter((column) => !missing.includes(column)),
			this.clock,
		);
		return missing;
	}

	/** Those of the columns that column security applies to; no request where they were seen since then. */
	async secured(table: string, columns: readonly string[], asOf: AsOf): Promise<string[]> {
		const key = this.key(table);
		const isOld = asOf === 'now' || (asOf === 'session' && !this.columnsSeen.has(key));
		if (isOld || !knownFields.covers(key, columns, this.clock) || !securedSeen.has(key)) await this.columnNames(table);
		return columns.filter((column) => securedSeen.get(key)!.has(column));
	}

	private async columnNames(table: string): Promise<Set<string>> {
		const [json] = await this.read(table, [COLUMN_NAMES_PATH]);
		const rows = listOf(columnNameSchema, json, this.check(table));
		this.columnsSeen.add(this.key(table));
		securedSeen.set(this.key(table), new Set(rows.flatMap(({ LogicalName, IsSecured }) => (IsSecured ? [LogicalName] : []))));
		return new Set(rows.map(({ LogicalName }) => LogicalName));
	}

	/** Whether change tracking is on for the table, and nobody was refused it. A day is remembered. */
	tracksChanges(table: string): Promise<boolean> {
		return tracked.get(this.key(table), this.clock, async () => {
			const found = trackingSchema.safeParse((await this.read(table, [TRACKING_QUERY]))[0]);
			return found.success && found.data.ChangeTrackingEnabled === true;
		});
	}

	/** The service refused to track the changes of the table for this user. */
	async noteUntracked(table: string): Promise<void> {
		tracked.forget(this.key(table));
		await tracked.get(this.key(table), this.clock, () => Promise.resolve(false));
	}

	/** Values and labels of all choice columns of a table. */
	choices(table: string): Promise<ChoiceOptions[]> {
		return caches.choices.get(this.key(table), this.clock, async () => choicesOf(await this.read(table, choicePaths()), this.check(table)));
	}

	/** Nothing remembered of the environment is believed any more. */
	forgetAll(): void {
		const prefix = `${this.root} `;
		for (const cache of [...Object.values(caches), tracked]) cache.forgetAll(prefix);
		for (const fields of [knownFields, shown]) fields.forgetAll(prefix);
		for (const key of [...securedSeen.keys()]) if (key.startsWith(prefix)) securedSeen.delete(key);
	}

	/** The choices of the table were changed: they are asked for again. */
	forget(table: string): void {
		for (const cache of [caches.choices, caches.everything]) cache.forget(this.key(table));
	}

	/** Everything, in one request. */
	everything(table: string): Promise<TableMetadata> {
		return caches.everything.get(this.key(table), this.clock, async () => {
			const choices = choicePaths();
			const [info, relationships, ...rest] = await this.read(table, [
				TABLE_QUERY,
				RELATIONSHIPS_PATH,
				...choices,
				ATTRIBUTES_PATH,
				...detailPaths(),
			]);
			const check = this.check(table);
			return {
				info: tableInfo(info, check),
				relationships: relationshipsOf(relationships, check),
				choices: choicesOf(rest.slice(0, choices.length), check),
				attributes: attributesOf(rest.slice(choices.length), check),
			};
		});
	}

	/** The answers to several paths under a table's definition. */
	private async read(table: string, paths: readonly string[]): Promise<unknown[]> {
		const definition = `/EntityDefinitions(LogicalName=${encodeURIComponent(quoted(table))})`;
		try {
			if (paths.length === 1) return [await this.connection.getJson(this.root + definition + paths[0]!, { table })];
			const base = new URL(this.root).pathname + definition;
			const parts = paths.map((path) => ({ method: 'GET' as const, url: base + path, headers: PART_HEADERS }));
			const sizer = fixedSize(parts.length);
			const answers = await this.runner.run(parts, { url: `${this.root}/$batch`, table, repeatable: true, reading: true, sizer });
			return answers.map((answer) => {
				const context = this.connection.context(true, table);
				if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
				if (answer.status !== 200) throw serviceError(answer, context);
				return answer.body;
			});
		} catch (error) {
			if (error instanceof SyncError && error.httpStatus === 404) throw tableMissing(table, error);
			throw error;
		}
	}

	private check(table: string): Check {
		return (schema, json) => {
			const parsed = schema.safeParse(json);
			if (!parsed.success) throw unreadableError({ status: 200, headers: {}, body: null }, this.connection.context(true, table));
			return parsed.data;
		};
	}

	private key = (table: string): string => `${this.root} ${table}`;
}

/** Answers of the type of the schema, or throws. */
type Check = <T>(schema: z.ZodType<T>, json: unknown) => T;

function tableInfo(json: unknown, check: Check): TableInfo {
	const found = check(tableSchema, json);
	return {
		entitySet: found.EntitySetName,
		primaryId: found.PrimaryIdAttribute,
		primaryName: found.PrimaryNameAttribute ?? '',
		label: labelOf(found.DisplayName, found.LogicalName),
	};
}

const listOf = <T>(schema: z.ZodType<T>, json: unknown, check: Check): T[] => check(z.object({ value: z.array(schema) }), json).value;

const relationshipsOf = (json: unknown, check: Check): Relationship[] =>
	listOf(relationshipSchema, json, check).map((row) => ({
		column: row.ReferencingAttribute,
		target: row.ReferencedEntity,
		navigation: row.ReferencingEntityNavigationPropertyName,
	}));

function choicePaths(): string[] {
	const own = queryString({ $select: 'LogicalName', $expand: 'OptionSet($select=Options)' });
	const shared = queryString({ $select: 'LogicalName', $expand: 'OptionSet($select=Options),GlobalOptionSet($select=Options)' });
	return CHOICE_TYPES.map((type) => `/Attributes/${cast(type)}${type === 'Picklist' ? shared : own}`);
}

const choicesOf = (lists: readonly unknown[], check: Check): ChoiceOptions[] =>
	lists
		.flatMap((list) => listOf(choiceSchema, list, check))
		.map((attribute) => ({
			column: attribute.LogicalName,
			options: (attribute.OptionSet?.Options ?? attribute.GlobalOptionSet?.Options ?? []).map((option) => ({
				value: option.Value,
				label: labelOf(option.Label, String(option.Value)),
			})),
		}));

const detailPaths = (): string[] =>
	Object.entries(DETAILS).map(([type, more]) => `/Attributes/${cast(type)}${queryString({ $select: `LogicalName,${more}` })}`);

/** The plain list first, then the lists with details of texts, dates and lookups. */
function attributesOf([plain, ...detailed]: readonly unknown[], check: Check): Attribute[] {
	const details = new Map(
		detailed.flatMap((list) => listOf(attributeSchema, list, check)).map((attribute) => [attribute.LogicalName, attribute]),
	);
	return listOf(attributeSchema, plain, check).map((attribute) => ({ ...attribute, ...definedOf(details.get(attribute.LogicalName)) }));
}

const cast = (type: string): string => `Microsoft.Dynamics.CRM.${type}AttributeMetadata`;

export const labelOf = (text: { UserLocalizedLabel?: { Label: string } | null } | null | undefined, otherwise: string): string =>
	text?.UserLocalizedLabel?.Label || otherwise;

/** Details override only what they hold. */
const definedOf = (attribute: Attribute | undefined): Partial<Attribute> =>
	Object.fromEntries(Object.entries(attribute ?? {}).filter(([, value]) => value !== undefined && value !== null));

function tableMissing(table: string, cause: SyncError): SyncError {
	return new SyncError({
		code: 'CRM_TABLE_NOT_FOUND',
		errorClass: 'setup',
		system: 'crm',
		table,
		httpStatus: 404,
		message: `Dataverse has no table "${table}".`,
		hint:
			solutionOf(table) ??
			'Check the environment address in the credential, the table name in the table mapping (the logical name, e.g. account), and that the solution that brings the table is installed.',
		cause,
	});
}
