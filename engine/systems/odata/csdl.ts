/** A property of an entity type, as `$metadata` describes it. */
export interface CsdlProperty {
	name: string;
	/** `Edm.String`, or the full name of an enum type. */
	type: string;
	maxLength: number | null;
	/** The document itself says that the service computes it. */
	computed: boolean;
}

/**
 * The little of a CSDL document (OData `$metadata`, XML) that a table mapping needs. A real tenant's document has about 8 MB, so it is
 * searched for one entity set instead of being parsed as a whole.
 */
export class CsdlDocument {
	constructor(private readonly xml: string) {}

	/** Null when there is no such entity set. Inherited properties are included. */
	propertiesOf(entitySet: string): CsdlProperty[] | null {
		const set = this.tag('EntitySet', entitySet);
		const type = set && attribute(set.head, 'EntityType');
		return type ? this.typeProperties(localName(type)) : null;
	}

	/** Names of all entity sets, as the document lists them. */
	entitySets(): string[] {
		return [...this.xml.matchAll(/<EntitySet\b([^>]*)>/g)].flatMap((match) => attribute(match[1]!, 'Name') ?? []);
	}

	/** Names of the key properties, in order; empty when there is no such entity set. */
	keysOf(entitySet: string): string[] {
		const set = this.tag('EntitySet', entitySet);
		const type = set && attribute(set.head, 'EntityType');
		const found = type && this.tag('EntityType', localName(type));
		const key = found && /<Key>([\s\S]*?)<\/Key>/.exec(found.body);
		return key ? [...key[1]!.matchAll(/<PropertyRef\b([^>]*)>/g)].map((each) => attribute(each[1]!, 'Name') ?? '') : [];
	}

	/** Member names of an enum type; null when it is none. */
	membersOf(type: string): string[] | null {
		const found = this.tag('EnumType', localName(type));
		if (!found) return null;
		return [...found.body.matchAll(/<Member\b([^>]*)>/g)]
			.map((member) => attribute(member[1]!, 'Name') ?? '')
			.filter((name) => name !== '');
	}

	private typeProperties(type: string, depth = 0): CsdlProperty[] {
		const found = this.tag('EntityType', type);
		if (!found || depth > 5) return [];
		const base = attribute(found.head, 'BaseType');
		const inherited = base ? this.typeProperties(localName(base), depth + 1) : [];
		const own = [...found.body.matchAll(/<Property\b([^>]*?)(?:\/>|>([\s\S]*?)<\/Property>)/g)].map((match): CsdlProperty => {
			const maxLength = Number(attribute(match[1]!, 'MaxLength'));
			return {
				name: attribute(match[1]!, 'Name') ?? '',
				type: attribute(match[1]!, 'Type') ?? 'Edm.String',
				maxLength: Number.isInteger(maxLength) && maxLength > 0 ? maxLength : null,
				computed: /Term="Org\.OData\.Core\.V1\.Computed"(?![^>]*Bool="false")/.test(match[2] ?? ''),
			};
		});
		return [...inherited, ...own];
	}

	/** Start tag (its attributes) and content of the element with this name. */
	private tag(element: string, name: string): { head: string; body: string } | null {
		const start = new RegExp(`<${element}\\b([^>]*\\bName="${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"[^>]*)>`).exec(this.xml);
		if (!start) return null;
		if (start[1]!.endsWith('/')) return { head: start[1]!, body: '' };
		const from = start.index + start[0].length;
		const end = this.xml.indexOf(`</${element}>`, from);
		return { head: start[1]!, body: this.xml.slice(from, end < 0 ? undefined : end) };
	}
}

const attribute = (head: string, name: string): string | null => new RegExp(`\\b${name}="([^"]*)"`).exec(head)?.[1] ?? null;
const localName = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
