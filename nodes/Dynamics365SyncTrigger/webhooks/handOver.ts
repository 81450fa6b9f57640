import type { INodeExecutionData } from 'n8n-workflow';

/** What tests in the editor were told, by trigger, until their execution takes it. */
const told = new Map<string, INodeExecutionData[]>();

/**
 * A webhook's items do not reach the execution of a test: n8n starts the trigger by hand for it, and takes what comes of that. So they wait here for it. A
 * worker that carries out the execution elsewhere finds nothing, and looks.
 */
export function handOver(trigger: string, items: INodeExecutionData[]): void {
	told.set(trigger, items);
}

export function takeOver(trigger: string): INodeExecutionData[] | null {
	const items = told.get(trigger) ?? null;
	told.delete(trigger);
	return items;
}
