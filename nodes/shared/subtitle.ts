import type { Operation } from './operation';

/** What a node is about, as JavaScript for the subtitle; empty where it is about all. */
export const subtitleParts = {
	// n8n gives the value of a locator in place of the locator, unless it was written by hand.
	mapping: '[$parameter["mapping"]].map((mapping) => (mapping && typeof mapping === "object" ? mapping.value : mapping) || "")[0]',
	mappings: '[].concat($parameter["mappings"] || []).join(", ")',
};

/**
 * The line below the node on the canvas: the operation as the drop-down names it, and what it is about. The editor works it out from the parameters.
 * @param about JavaScript that gives the text behind the operation; may use `$parameter`, of which hidden fields are absent
 */
export function subtitleOf(operations: readonly Operation[], about = subtitleParts.mapping): string {
	const names = JSON.stringify(Object.fromEntries(operations.map(({ value, name }) => [value, name])));
	return `={{ [(${names})[$parameter["operation"]] || $parameter["operation"], ${about}].filter((part) => part).join(": ") }}`;
}
