import { parseXml, type Element } from './xml';

export interface Property {
	name: string;
	type: string;
	readOnly: boolean;
}

export interface EntityType {
	name: string;
	keys: string[];
	properties: Property[];
	/** Navigation property → type it leads to, and whether to many. */
	navigation: Array<{ name: string; type: string; many: boolean }>;
	abstract: boolean;
}

/** What `$metadata` says (OData CSDL 4.0), and nothing else. Throws Error for what it names and does not declare. */
export class Model {
	readonly types = new Map<string, EntityType>();
	readonly enums = new Map<string, string[]>();
	readonly sets = new Map<string, { type: string; bindings: Map<string, string> }>();

	constructor(xml: string) {
		const root = parseXml(xml);
		const aliases = new Map<string, string>();
		for (const schema of all(root, 'Schema')) {
			const namespace = schema.attributes['Namespace']!;
			if (schema.attributes['Alias']) aliases.set(schema.attributes['Alias'], namespace);
			for (const type of all(schema, 'EnumType')) {
				this.enums.set(`${namespace}.${type.attributes['Name']!}`, all(type, 'Member').map(({ attributes }) => attributes['Name']!)); // prettier-ignore
			}
		}
		const full = (type: string) => type.replace(/^(Collection\()?(\w+)\./, (_, open: string | undefined, alias: string) => `${open ?? ''}${aliases.get(alias) ?? alias}.`); // prettier-ignore
		for (const schema of all(root, 'Schema')) {
			const namespace = schema.attributes['Namespace']!;
			const raw = new Map(all(schema, 'EntityType').map((type) => [`${namespace}.${type.attributes['Name']!}`, type]));
			for (const [name, type] of raw) this.types.set(name, this.read(name, type, raw, full));
			for (const set of all(schema, 'EntitySet')) {
				const bindings = new Map(
					all(set, 'NavigationPropertyBinding').map(({ attributes }) => [attributes['Path']!, attributes['Target']!]),
				);
				this.sets.set(set.attributes['Name']!, { type: full(set.attributes['EntityType']!), bindings });
			}
		}
		for (const { type, bindings } of this.sets.values()) {
			if (!this.types.has(type)) throw new Error(`The type ${type} is not declared.`);
			for (const target of bindings.values()) if (!this.sets.has(target)) throw new Error(`The set ${target} is not declared.`);
		}
		for (const { name, navigation } of this.types.values()) {
			for (const each of navigation) if (!this.types.has(each.type)) throw new Error(`${name}/${each.name} leads to ${each.type}, which is not declared.`); // prettier-ignore
		}
	}

	private read(name: string, type: Element, raw: ReadonlyMap<string, Element>, full: (type: string) => string): EntityType {
		const base = type.attributes['BaseType'] ? raw.get(full(type.attributes['BaseType'])) : undefined;
		const inherited = base ? this.read('', base, raw, full) : { keys: [], properties: [], navigation: [] };
		const computed = (property: Element) => all(property, 'Annotation').some(({ attributes }) => /Computed$/.test(attributes['Term'] ?? '') && attributes['Bool'] !== 'false'); // prettier-ignore
		return {
			name,
			abstract: type.attributes['Abstract'] === 'true',
			keys: [...inherited.keys, ...all(type, 'PropertyRef').map(({ attributes }) => attributes['Name']!)],
			properties: [
				...inherited.properties,
				...all(type, 'Property').map((each) => ({ name: each.attributes['Name']!, type: full(each.attributes['Type']!), readOnly: computed(each) })), // prettier-ignore
			],
			navigation: [
				...inherited.navigation,
				...all(type, 'NavigationProperty').map(({ attributes }) => {
					const [, inside] = /^Collection\((.*)\)$/.exec(full(attributes['Type']!)) ?? [];
					return { name: attributes['Name']!, type: inside ?? full(attributes['Type']!), many: inside !== undefined };
				}),
			],
		};
	}
}

function all(element: Element, name: string): Element[] {
	return element.children.flatMap((child) => (child.name === name || child.name.endsWith(`:${name}`) ? [child] : all(child, name)));
}
