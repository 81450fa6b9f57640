/** What an API page may call its entities and properties: camelCase, letters and digits ("API page type"). */
export const isCamelCase = (name: string): boolean => /^[a-z][A-Za-z0-9]*$/.test(name);

/** Properties of every page: those of API v2.0, so that clients read both alike. */
export const SYSTEM_PROPERTIES: Readonly<Record<string, string>> = { SystemId: 'id', SystemModifiedAt: 'lastModifiedDateTime' };

/** The property that shows a field: its name in camelCase, `%` as Percent. `Qty. per Unit of Measure` → `qtyPerUnitOfMeasure`. */
export function propertyNameOf(field: string): string {
	const system = SYSTEM_PROPERTIES[field];
	if (system !== undefined) return system;
	const [first = '', ...rest] = field.replaceAll('%', ' Percent').match(/[A-Za-z0-9]+/g) ?? [];
	const head = first === first.toUpperCase() ? first.toLowerCase() : first.charAt(0).toLowerCase() + first.slice(1);
	return head + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
