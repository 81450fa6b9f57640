import type { Token } from './tokens';

/** `Name = value;` */
export interface AlProperty {
	name: string;
	line: number;
	/** What stands between the sign and the semicolon. */
	value: readonly Token[];
}

/** Properties by their name in lower case: AL does not tell case apart. */
export type AlProperties = ReadonlyMap<string, AlProperty>;

/** A control that shows a field of the page's record, or a variable of the page. */
export interface AlField {
	name: string;
	line: number;
	/** Field of the source table after `Rec.`; null for a variable. */
	field: string | null;
	/** Variable; null for a field. */
	variable: string | null;
	properties: AlProperties;
	/** Names of its triggers. */
	triggers: readonly string[];
}

export interface AlProcedure {
	name: string;
	line: number;
	/** Attributes in square brackets, by name. */
	attributes: readonly string[];
	local: boolean;
}

export interface AlVariable {
	name: string;
	line: number;
	/** Type as written, without blanks around its signs: `Text`, `Text[50]`, `Codeunit "Release Sales Document"`. */
	type: string;
}

/** `Rec."Field"` or `Rec.Method()` in the code of the page. */
export interface AlReference {
	name: string;
	line: number;
	/** Called with parentheses. */
	called: boolean;
	/** Member of its enum or option that is named after `::`; null for none. */
	member: string | null;
}

/** A page or a permission set. */
export interface AlObject {
	file: string;
	type: 'page' | 'permissionset';
	id: number;
	name: string;
	line: number;
	properties: AlProperties;
	fields: readonly AlField[];
	procedures: readonly AlProcedure[];
	/** Names of the triggers of the page itself. */
	triggers: readonly string[];
	/** Of the page itself, not of its triggers and procedures. */
	variables: readonly AlVariable[];
	references: readonly AlReference[];
}

/** A property's value as text, one blank between its parts; undefined where the property is not set. */
export function propertyText(properties: AlProperties, name: string): string | undefined {
	return properties
		.get(name.toLowerCase())
		?.value.map(({ value }) => value)
		.join(' ');
}

/** Whether a yes-or-no property has the value; not set counts as `otherwise`. */
export function isTrue(properties: AlProperties, name: string, otherwise: boolean): boolean {
	const text = propertyText(properties, name);
	return text === undefined ? otherwise : text.toLowerCase() === 'true';
}

/** The name in a value that is one name. */
export const propertyName = (properties: AlProperties, name: string): string | undefined => {
	const value = properties.get(name.toLowerCase())?.value;
	return value?.length === 1 ? value[0]!.value : undefined;
};
