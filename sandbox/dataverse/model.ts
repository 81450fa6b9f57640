import { associations, type ManyToMany, type Side } from './associations';
import { knownRelationships, ruleName, type DeleteBehaviour } from './relationships';

export type ColumnType =
	| 'String'
	| 'Memo'
	| 'Integer'
	| 'BigInt'
	| 'Boolean'
	| 'Decimal'
	| 'Money'
	| 'Double'
	| 'DateTime'
	| 'Uniqueidentifier'
	| 'Picklist'
	| 'MultiSelectPicklist'
	| 'Image'
	| 'State'
	| 'Status'
	| 'Lookup'
	| 'Customer'
	| 'Owner'
	| 'EntityName';

export interface ColumnDefinition {
	logicalName: string;
	type: ColumnType;
	/** full: create and update; insert: only on create; modify: written after creation; read: by the server only. */
	access: 'full' | 'insert' | 'modify' | 'read';
	maxLength?: number;
	/** Choice value → label. */
	options?: Record<string, string>;
	/** Tables a lookup may point to. */
	targets?: string[];
	/** Target table → single-valued navigation property, in its exact case. */
	navigation?: Record<string, string>;
	/** In the table metadata but not in the Web API model (`*name`, `*type`). */
	hidden?: boolean;
	/** Kept by the platform. */
	system?: boolean;
	format?: 'DateOnly';
	behavior?: 'DateOnly' | 'UserLocal' | 'TimeZoneIndependent';
	displayName?: string;
	schemaName?: string;
	/** SystemRequired: cannot be left out on create nor be set to null. */
	required?: boolean;
}

export interface StateDefinition {
	/** State and status of a new row. */
	default: [number, number];
	values: Record<string, { label: string; defaultStatus: number; statuses: number[] }>;
	/** Labels of states that only a message may set. */
	byMessageOnly?: string[];
}

export interface TableDefinition {
	logicalName: string;
	entitySetName: string;
	primaryId: string;
	primaryName: string;
	ownership: string;
	/** Whether CreateMultiple and its kin exist. */
	bulk: boolean;
	changeTracking?: boolean;
	optimisticConcurrency?: boolean;
	schemaName?: string;
	displayName?: string;
	states?: StateDefinition;
	columns: ColumnDefinition[];
}

export interface Column extends ColumnDefinition {
	/** Name in the Web API: `_x_value` for lookups. */
	property: string;
	isLookup: boolean;
	/** Points to more than one table, so that the table is stored beside it. */
	polymorphic: boolean;
}

export interface Relationship {
	name: string;
	referencing: string;
	column: string;
	referenced: string;
	/** Primary id of the referenced table. */
	referencedKey: string;
	/** Single-valued navigation property of the referencing table. */
	navigation: string;
	onDelete: DeleteBehaviour;
}

/** A many-to-many relationship seen from one of its tables. */
export interface Association {
	name: string;
	intersect: string;
	own: Side;
	other: Side;
}

export interface Table extends Omit<TableDefinition, 'columns'> {
	columns: Map<string, Column>;
	properties: Map<string, Column>;
	/** Single-valued navigation property → lookup column and the tables it leads to under that name. */
	navigation: Map<string, { column: Column; targets: string[] }>;
	/** Collection-valued navigation property → the relationship behind it. */
	collections: Map<string, Relationship>;
	/** Collection-valued navigation property of a many-to-many relationship → that relationship from here. */
	associations: Map<string, Association>;
	keys: Map<string, string[]>;
	/** Keys whose index could not be built: listed, but neither enforced nor usable. */
	failedKeys: Map<string, string[]>;
	changeTracking: boolean;
	optimisticConcurrency: boolean;
	money: Column[];
	required: Column[];
}

const lookupTypes = new Set<ColumnType>(['Lookup', 'Customer', 'Owner']);

/** Name under which a row keeps the table its polymorphic lookup points to. */
export const typeKey = (column: string): string => `${column}type`;

/** Users and teams are principals: their key is `ownerid` as well, which the abstract type declares (EntityType principal of `$metadata`). */
export const isPrincipal = (table: Pick<Table, 'logicalName'>): boolean =>
	table.logicalName === 'systemuser' || table.logicalName === 'team';

/** Column behind a property of the model. */
export const propertyOf = (table: Table, name: string): Column | undefined =>
	table.properties.get(name) ?? (name === 'ownerid' && isPrincipal(table) ? table.columns.get(table.primaryId) : undefined);

function columnOf(definition: ColumnDefinition): Column {
	const isLookup = lookupTypes.has(definition.type);
	// Assigned one by one: thousands are made for each environment.
	const column = { ...definition } as Column;
	column.isLookup = isLookup;
	column.polymorphic = isLookup && (definition.targets?.length ?? 0) > 1;
	column.property = isLookup ? `_${definition.logicalName}_value` : definition.logicalName;
	// Choices can be changed at run time: each environment has its own.
	if (definition.options) column.options = { ...definition.options };
	return column;
}

/** The tables of one environment: those of the schema file and those defined later. */
export class Model {
	readonly tables = new Map<string, Table>();
	readonly sets = new Map<string, Table>();
	readonly relationships: Relationship[] = [];
	readonly manyToMany: ManyToMany[] = [];
	/** Intersect tables of many-to-many relationships. */
	readonly intersects: ReadonlySet<string> = new Set(associations.map(({ intersect }) => intersect));

	constructor(definitions: TableDefinition[]) {
		for (const definition of definitions) this.add(definition);
		this.relate();
	}

	/** Throws when the table is not in the model: a mistake of the caller, not of a client. */
	table(logicalName: string): Table {
		const table = this.tables.get(logicalName);
		if (!table) throw new Error(`The sandbox has no Dataverse table '${logicalName}'; define it with defineTable.`);
		return table;
	}

	define(definition: TableDefinition): Table {
		const table = this.add(definition);
		this.relate();
		return table;
	}

	private add(definition: TableDefinition): Table {
		const { columns, ...rest } = definition;
		const table: Table = {
			...rest,
			columns: new Map(),
			properties: new Map(),
			navigation: new Map(),
			collections: new Map(),
			associations: new Map(),
			keys: new Map(),
			failedKeys: new Map(),
			changeTracking: definition.changeTracking ?? ['account', 'contact', 'annotation', 'systemuser'].includes(definition.logicalName),
			optimisticConcurrency: definition.optimisticConcurrency ?? !['organization', 'post'].includes(definition.logicalName),
			money: [],
			required: [],
		};
		this.tables.set(table.logicalName, table);
		this.sets.set(table.entitySetName, table);
		for (const column of columns) this.addColumn(table, column);
		return table;
	}

	addColumn(table: Table, definition: ColumnDefinition): Column {
		const column = columnOf(definition);
		table.columns.set(column.logicalName, column);
		if (!column.hidden) table.properties.set(column.property, column);
		if (column.type === 'Money') table.money.push(column);
		if (column.required) table.required.push(column);
		for (const target in column.navigation) {
			const name = column.navigation[target]!;
			const known = table.navigation.get(name);
			if (known) known.targets.push(target);
			else table.navigation.set(name, { column, targets: [target] });
		}
		return column;
	}

	/** The table is gone, as where its solution was never installed. Returns a function that brings it back, with its rows. */
	remove(logicalName: string): () => void {
		const table = this.table(logicalName);
		this.tables.delete(logicalName);
		this.sets.delete(table.entitySetName);
		this.relate();
		return () => {
			this.tables.set(logicalName, table);
			this.sets.set(table.entitySetName, table);
			this.relate();
		};
	}

	/** Returns a function that brings the column back, with its values. */
	removeColumn(table: Table, logicalName: string): () => void {
		const column = table.columns.get(logicalName);
		if (!column) throw new Error(`The Dataverse table '${table.logicalName}' has no column '${logicalName}'.`);
		table.columns.delete(logicalName);
		table.properties.delete(column.property);
		table.money = table.money.filter((each) => each !== column);
		table.required = table.required.filter((each) => each !== column);
		const navigation = [...table.navigation].filter(([, each]) => each.column === column);
		for (const [name] of navigation) table.navigation.delete(name);
		this.relate();
		return () => {
			table.columns.set(logicalName, column);
			if (!column.hidden) table.properties.set(column.property, column);
			if (column.type === 'Money') table.money.push(column);
			if (column.required) table.required.push(column);
			for (const [name, each] of navigation) table.navigation.set(name, each);
			this.relate();
		};
	}

	/** Builds the relationships of lookups whose target is in the model. Called again after a table or lookup was added. */
	relate(): void {
		this.relationships.length = 0;
		for (const table of this.tables.values()) table.collections.clear();
		this.associate();
		for (const table of this.tables.values()) {
			for (const [navigation, { column, targets }] of table.navigation) {
				for (const target of targets) {
					const referenced = this.tables.get(target);
					if (!referenced) continue;
					const known = knownRelationships.find((each) => each.referencing === table.logicalName && each.column === column.logicalName && each.referenced === target); // prettier-ignore
					const relationship: Relationship = {
						name: known?.name ?? ruleName(table.logicalName, column.logicalName, target),
						referencing: table.logicalName,
						column: column.logicalName,
						referenced: target,
						referencedKey: referenced.primaryId,
						navigation,
						onDelete: known?.onDelete ?? (target === 'transactioncurrency' ? 'Restrict' : column.type === 'Owner' ? 'None' : column.system ? 'None' : 'RemoveLink'), // prettier-ignore
					};
					this.relationships.push(relationship);
					referenced.collections.set(relationship.name, relationship);
				}
			}
		}
	}

	private associate(): void {
		this.manyToMany.length = 0;
		for (const table of this.tables.values()) table.associations.clear();
		for (const each of associations) {
			const { name, intersect, sides } = each;
			const [first, second] = sides;
			const [one, other] = [this.tables.get(first.table), this.tables.get(second.table)];
			if (!one || !other || !this.tables.has(intersect)) continue;
			this.manyToMany.push(each);
			one.associations.set(first.navigation, { name, intersect, own: first, other: second });
			other.associations.set(second.navigation, { name, intersect, own: second, other: first });
		}
	}
}
