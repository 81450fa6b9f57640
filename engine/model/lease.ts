import type { ProcessIdentity } from './processIdentity';
/** The right to run a mapping. `fence` grows with each holder; a write with an old fence is refused. */
export interface Lease {
	mapping: string;
	owner: string;
	fence: number;
}

/** Who runs a mapping, in terms people know, and what tells whether that process is still there. Holds nothing secret. */
export interface LeaseHolder {
	/** For instance `workflow "Nightly" (id 12), node "Sync", execution 4711`. */
	what: string;
	/** Name of the machine or container. */
	host: string;
	pid: number;
	/** Null where the system does not tell. */
	process: ProcessIdentity | null;
}

/** A lease that somebody holds and that has not run out, as others see it. */
export interface LeaseInUse extends Lease {
	/** Null when an earlier version took the lease. */
	holder: LeaseHolder | null;
	/** ISO, UTC. */
	acquiredAt: string | null;
	expiresAt: string;
}
