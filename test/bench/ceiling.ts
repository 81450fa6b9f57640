import type { Latency } from '../../sandbox/core/types';

/** Requests at a time that the services are documented to take from one user: Business Central 5 (OData), Dataverse 52 ("Service protection API limits"). */
const LANES = { businessCentral: 5, crm: 52 };

/** What a piece of work has to read and write at least, in rows. */
export interface Work {
	written: { businessCentral: number; crm: number };
	read: { businessCentral: number; crm: number };
}

/**
 * How fast the services allow the work to be (ms): each row is read once, the rows that are written are spread evenly over all lanes, and no time passes in
 * between. Nobody gets there: it leaves out deciding, and that a page must be read before it can be written.
 */
export function ceilingMs({ written, read }: Work, { roundTripMs, perRowMs = 0, perKindMs = {} }: Latency): number {
	const writeMs = (perKindMs.update ?? 0) + perRowMs;
	const sides = ['businessCentral', 'crm'] as const;
	return sides.reduce((sum, side) => {
		const writing = written[side] === 0 ? 0 : Math.ceil(written[side] / LANES[side]) * writeMs + roundTripMs;
		const reading = read[side] * perRowMs + roundTripMs;
		return sum + writing + reading;
	}, 0);
}
