/** What a referring value becomes on the other side. */
export type Resolved =
	/** `id`: the record's id, where Business Central's own number was looked up. */
	{ found: string; id?: string } | { found: null; reason: 'blank' | 'unknown' | 'uncoupled' };
