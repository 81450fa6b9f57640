/** What Business Central was seen to offer, kept where processes share it. A hint that saves requests: whoever uses it looks again where an answer contradicts it. */
export interface SurfaceMemory {
	/** What was remembered last; null for nothing. */
	surfaceOffer(): Promise<RememberedOffer | null>;
	/** Replaces it. */
	saveSurfaceOffer(offer: RememberedOffer): Promise<void>;
}

export interface RememberedOffer {
	/** Addresses and company that it was seen of; of another environment it says nothing. */
	environment: string;
	/** When it was looked at, in milliseconds since the epoch. */
	seenAt: number;
	/** JSON; names of entity sets, pages and fields, no values of records. */
	offer: string;
}
