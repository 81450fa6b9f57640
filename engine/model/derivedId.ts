import { hash } from 'node:crypto';

/**
 * Namespace of the ids of CRM rows that runs create (RFC 9562 §5.5: a name-based UUID of version 5). It is ours alone and never changes: with
 * another one, no store would know the rows of an earlier version again.
 */
const NAMESPACE = Buffer.from('5f0c6c2e8d0b4b7c9a41d365c0de1d01', 'hex');

/** What a CRM row created by a run stands for. */
export interface Origin {
	/** Business Central company, by its system id. */
	companyId: string;
	/** Name of the table mapping. */
	mapping: string;
	/** Record of Business Central; for records of a page the id that is made of their key. */
	bcId: string;
	/** 0 for the first row of the record; one more for each row that people parted from it before. */
	generation: number;
}

/**
 * The id of the CRM row that is created for a record of Business Central: the same record has the same id whichever store asks, so that a second
 * store, or one that was lost or restored, meets the row that is there instead of making another one.
 */
export function derivedId({ companyId, mapping, bcId, generation }: Origin): string {
	const name = Buffer.from([companyId.toLowerCase(), mapping, bcId.toLowerCase(), String(generation)].join('\n'), 'utf8');
	const bytes = hash('sha1', Buffer.concat([NAMESPACE, name]), 'buffer');
	bytes[6] = (bytes[6]! & 0x0f) | 0x50;
	bytes[8] = (bytes[8]! & 0x3f) | 0x80;
	const hex = bytes.toString('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** Whether an id has the form of those above. Dataverse's own have another version, so nearly no other row has it. */
export const hasDerivedForm = (id: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(id);
