/** JSON with the names in order, and nothing for what is not set. */
export function canonicalJson(value: unknown): string {
	return (
		JSON.stringify(value, (_, each: unknown) =>
			each !== null && typeof each === 'object' && !Array.isArray(each)
				? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
				: each,
		) ?? 'undefined'
	);
}
