/** What this process knows of a trigger's webhooks: n8n tells the address where it registers, not where the loop runs. */
interface Known {
	/** Null: the workflow was unpublished, so that nothing is registered any more. */
	url: string | null;
	/** The last work on the trigger's webhooks; the next one waits for it. */
	last: Promise<unknown>;
}

const known = new Map<string, Known>();

const of = (trigger: string): Known | undefined => known.get(trigger);

/** Where the services are to call the trigger. Undefined: nobody said so in this process, as after a change of the leader. */
export const addressOf = (trigger: string): string | null | undefined => of(trigger)?.url;

export function setAddress(trigger: string, url: string | null): void {
	known.set(trigger, { last: Promise.resolve(), ...of(trigger), url });
}

/** One after another: what is registered while something is removed would stay. */
export async function alone<T>(trigger: string, work: () => Promise<T>): Promise<T> {
	const before = of(trigger)?.last ?? Promise.resolve();
	const running = before.then(work);
	const entry = of(trigger);
	if (entry) entry.last = running.catch(() => undefined);
	return await running;
}
