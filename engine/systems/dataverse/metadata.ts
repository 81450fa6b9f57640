import { z } from 'zod/v4';
import type { Clock } from '../../clock';
import { SyncError } from '../../errors';
import type { Connection } from '../odata/connection';
import { unreadableError } from '../odata/errors';
import { queryString, quoted } from '../odata/literals';
import { METADATA_LIFE_MS, TimedCache } from '../odata/timedCache';

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
const relationshipSchema = z.object({
	ReferencingAttribute: z.string(),
	ReferencedEntity: z.string(),
	ReferencingEntityNavigationPropertyName: z.string(),
});
export const attributeSchema = z.object({
	LogicalName: z.string(),
	AttributeType: z.string().nullish(),
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
const optionSet = z.object({ Options: z.array(z.object({ Value: z.number(), Label: label })).nullish() }).nullish();
const choiceSchema = z.object({ LogicalName: z.string(), OptionSet: optionSet, GlobalOptionSet: optionSet });

export interface ChoiceOptions {
	column: string;
	options: Array<{ value: number; label: string }>;
}

/** Kept across sessions: a run without changes asks for no metadata. Keyed by environment and table. */
const caches = {
	tables: new TimedCache<TableInfo>(METADATA_LIFE_MS),
	relationships: new TimedCache<Relationship[]>(METADATA_LIFE_MS),
	attributes: new TimedCache<Attribute[]>(METADATA_LIFE_MS),
	choices: new TimedCache<ChoiceOptions[]>(METADATA_LIFE_MS),
};

/** Forgets the metadata of all environments. */
export const clearDataverseMetadata = (): void => Object.values(caches).forEach((cache) => cache.clear());

const CHOICE_TYPES = ['Picklist', 'State', 'Status'] as const;
/** Types whose own properties are wanted, beside those that all attributes have. */
const DETAILS: Readonly<Record<string, string>> = {
	String: 'MaxLength',
	Memo: 'MaxLength',
	DateTime: 'Format,DateTimeBehavior',
	Lookup: 'Targets',
};

/** The environment's schema, as `EntityDefinitions` gives it (Dataverse Web API facts §1). */
export class Metadata {
	constructor(
		private readonly connection: Connection,
		private readonly root: string,
		private readonly clock: Clock,
	) {}

	/** @throws SyncError `CRM_TABLE_NOT_FOUND` (setup). */
	table(table: string): Promise<TableInfo> {
		return caches.tables.get(this.key(table), this.clock, async () => {
			const url =
				this.definition(table) + queryString({ $select: 'LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,DisplayName' });
			const found = this.checked(tableSchema, await this.getDefinition(url, table), table);
			return {
				entitySet: found.EntitySetName,
				primaryId: found.PrimaryIdAttribute,
				primaryName: found.PrimaryNameAttribute ?? '',
				label: labelOf(found.DisplayName, table),
			};
		});
	}

	relationships(table: string): Promise<Relationship[]> {
		return caches.relationships.get(this.key(table), this.clock, async () => {
			const select = 'ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName';
			const rows = await this.list(table, `/ManyToOneRelationships${queryString({ $select: select })}`, relationshipSchema);
			return rows.map((row) => ({
				column: row.ReferencingAttribute,
				target: row.ReferencedEntity,
				navigation: row.ReferencingEntityNavigationPropertyName,
			}));
		});
	}

	/** All attributes, with the details of texts, dates and lookups. */
	attributes(table: string): Promise<Attribute[]> {
		return caches.attributes.get(this.key(table), this.clock, async () => {
			const select =
				'LogicalName,AttributeType,AttributeOf,DisplayName,IsValidForCreate,IsValidForUpdate,IsValidForRead,IsValidODataAttribute';
			const [plain, ...detailed] = await Promise.all([
				this.list(table, `/Attributes${queryString({ $select: select })}`, attributeSchema),
				...Object.entries(DETAILS).map(([type, more]) =>
					this.list(table, `/Attributes/${cast(type)}${queryString({ $select: `LogicalName,${more}` })}`, attributeSchema),
				),
			]);
			const details = new Map(detailed.flat().map((attribute) => [attribute.LogicalName, attribute]));
			return plain!.map((attribute) => ({ ...attribute, ...definedOf(details.get(attribute.LogicalName)) }));
		});
	}

	/** Values and labels of all choice columns of a table. */
	choices(table: string): Promise<ChoiceOptions[]> {
		return caches.choices.get(this.key(table), this.clock, async () => {
			const query = queryString({ $select: 'LogicalName', $expand: 'OptionSet($select=Options)' });
			const global = queryString({ $select: 'LogicalName', $expand: 'OptionSet($select=Options),GlobalOptionSet($select=Options)' });
			const lists = await Promise.all(
				CHOICE_TYPES.map((type) => this.list(table, `/Attributes/${cast(type)}${type === 'Picklist' ? global : query}`, choiceSchema)),
			);
			return lists.flat().map((attribute) => ({
				column: attribute.LogicalName,
				options: (attribute.OptionSet?.Options ?? attribute.GlobalOptionSet?.Options ?? []).map((option) => ({
					value: option.Value,
					label: labelOf(option.Label, String(option.Value)),
				})),
			}));
		});
	}

	private async list<T>(table: string, path: string, schema: z.ZodType<T>): Promise<T[]> {
		const json = await this.getDefinition(this.definition(table) + path, table);
		return this.checked(z.object({ value: z.array(schema) }), json, table).value;
	}

	private async getDefinition(url: string, table: string): Promise<unknown> {
		try {
			return await this.connection.getJson(url, { table });
		} catch (error) {
			if (error instanceof SyncError && error.httpStatus === 404) throw tableMissing(table, error);
			throw error;
		}
	}

	private checked<T>(schema: z.ZodType<T>, json: unknown, table: string): T {
		const parsed = schema.safeParse(json);
		if (!parsed.success) throw unreadableError({ status: 200, headers: {}, body: null }, this.connection.context(true, table));
		return parsed.data;
	}

	private definition = (table: string): string => `${this.root}/EntityDefinitions(LogicalName=${encodeURIComponent(quoted(table))})`;
	private key = (table: string): string => `${this.root} ${table}`;
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
		hint: 'Check the table name in the table mapping (the logical name, e.g. account), and that the solution that brings the table is installed.',
		cause,
	});
}
