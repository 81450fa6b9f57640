/**
 * What was made on one side of something on the other, and is no couple of records: a customer's figures in CRM, a note, a post. It remembers what was
 * delivered last, so that a run reads and writes only what is new. Unique per (connection, mapping, sourceId).
 */
export interface DerivedRow {
	/** Name of the flow, as its jobs have it. */
	mapping: string;
	/** What it was made of: an id of the other side, or a key that the flow makes. */
	sourceId: string;
	/** The row that was made; several may name the same one. */
	targetId: string;
	/** What it belongs to: the document of a note. Empty where it belongs to nothing else. */
	ownerId: string;
	/** Fingerprint of what was delivered last. */
	content: string;
	/** When the two were compared last: ISO, UTC. */
	at: string;
}

export type DerivedRowKey = Pick<DerivedRow, 'mapping' | 'sourceId'>;
/** What derived rows are asked for by. */
export type DerivedRowSide = 'source' | 'target' | 'owner';
