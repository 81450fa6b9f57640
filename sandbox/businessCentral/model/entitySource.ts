/**
 * Entity sets of API v2.0 beside those of schema.json, in the notation of pages.ts; `enum(typeName):A,B` is an enum, a trailing `!` read-only, `~` bound
 * to a page variable, `^` a FlowField. Source: microsoft/ALAppExtensions, Apps/W1/APIV2/app/src/pages.
 */
export interface EntitySource {
	name: string;
	entityName: string;
	pageId: number | null;
	table: string;
	tableNo: number;
	/** Whether rows can be written; default: read-only. */
	writable?: boolean;
	/** Writable, but rows come into being with their parent. */
	insert?: boolean;
	webhook?: boolean;
	required?: readonly string[];
	constants?: Readonly<Record<string, readonly string[]>>;
	/** An API query. */
	query?: boolean;
	navigation?: ReadonlyArray<{ name: string; target: string; many: boolean }>;
	actions?: readonly string[];
	/** Name of the key property; default `id`. */
	key?: string;
	properties: Readonly<Record<string, string>>;
}
