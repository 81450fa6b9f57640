/** A process of a machine, told from any other that ever had its number. */
export interface ProcessIdentity {
	pid: number;
	/** When it was started, in clock ticks since the machine booted. */
	started: string;
	/**
	 * Where `pid` and `started` mean anything: the boot of the machine, and the namespaces in which processes and times are counted. Containers of one
	 * machine, and a container that was made anew, have others.
	 */
	place: string;
}
