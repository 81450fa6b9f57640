/** The right to run a mapping. `fence` grows with each holder; a write with an old fence is refused. */
export interface Lease {
	mapping: string;
	owner: string;
	fence: number;
}
