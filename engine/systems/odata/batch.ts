/** One operation of a `$batch`, in either format. */
export interface BatchPart {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	/** Business Central: relative to the root. Dataverse: path from the origin (`/api/data/v9.2/…`). Encoded. */
	url: string;
	headers: Record<string, string>;
	/** Sent as JSON. */
	body?: unknown;
	/** The row it is about, GUID in lower case, where that is known; answers that name their row are checked against it. */
	rowId?: string;
	/** Parts with the same name stand side by side and are carried out all, or none. */
	group?: string;
	/** Parts with the same name change rows below one parent: they are sent one batch after another, in their order. */
	parent?: string;
}

export interface PartAnswer {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	/** Parsed JSON; the text itself where it is not JSON; undefined where there is none. */
	body: unknown;
}

/** Statuses by which a service says "not now": the part was not carried out. */
export const isThrottled = (answer: PartAnswer): boolean => answer.status === 429 || answer.status === 503;
