import type { Sandbox, SandboxAddresses } from '../../sandbox';

/** A sandbox of its own for each client, listening, and the services' host names that lead to it. */
export interface Surroundings {
	sandbox: Sandbox;
	addresses: SandboxAddresses;
	/** e.g. https://sandbox.crm.dynamics.com */
	crm: string;
	/** Tells that something holds, or not; a client may also throw. */
	check(what: string, holds: boolean, found?: unknown): void;
	/** A module of the packages installed for the clients, as they are. */
	load<T>(module: string): T;
}

/** A client that nobody here wrote, with the calls it makes. */
export interface Client {
	name: string;
	run(surroundings: Surroundings): Promise<void>;
}

/** Runs `work` and tells whether it threw. */
export async function attempt<T>({ check }: Surroundings, what: string, work: () => Promise<T> | T): Promise<T | undefined> {
	try {
		const result = await work();
		check(what, true);
		return result;
	} catch (error) {
		const { message, description } = error as { message: string; description?: unknown };
		check(what, false, `${message}${description ? ` — ${String(description)}` : ''}`);
		return undefined;
	}
}
