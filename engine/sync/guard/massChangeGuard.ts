import { SyncError } from '../../model/errors';
import type { MassChangeLimits, TableMapping } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import type { Coupling } from '../../model/coupling';

/** Limits of a mapping that sets none of its own. */
export const DEFAULT_LIMITS: MassChangeLimits = { share: 0.2, absolute: 100, minimum: 10 };
const EXAMPLES = 5;

export type GuardedAction = 'delete' | 'uncouple' | 'overwrite';

export interface GuardedChange {
	action: GuardedAction;
	coupling: Coupling;
}

/**
 * Stops a run that would delete, uncouple or overwrite more records than a mapping allows: an import gone wrong, a table emptied by mistake or
 * a lost permission would otherwise spread to the other system at once. Counts the records of one run, in both directions, each once.
 */
export class MassChangeGuard {
	private readonly counted = new Map<string, GuardedAction>();
	private readonly examples: string[] = [];
	private coupled: number | undefined;

	/** `watch`: counts without stopping anything. `open`: the user has allowed what comes. */
	constructor(
		private readonly session: SyncSession,
		private readonly mapping: TableMapping,
		readonly manner: 'strict' | 'watch' | 'open',
	) {}

	get limits(): MassChangeLimits {
		return { ...DEFAULT_LIMITS, ...this.mapping.massChange };
	}

	/** The largest number of records a run may affect. */
	async limit(): Promise<number> {
		const { share, absolute, minimum } = this.limits;
		this.coupled ??= await this.session.store.countCouplings(this.mapping.name);
		return Math.max(minimum - 1, Math.min(absolute, Math.floor(share * this.coupled)));
	}

	/** Whether that many records may be affected. Small numbers need no look at the couplings. */
	async allows(count: number): Promise<boolean> {
		return this.manner === 'open' || count < this.limits.minimum || count <= (await this.limit());
	}

	/** To be called before the changes are carried out. @throws SyncError `MASS_CHANGE` (setup) when they are too many. */
	async spend(changes: readonly GuardedChange[]): Promise<void> {
		for (const { action, coupling } of changes) {
			const key = `${coupling.bcId} ${coupling.crmId}`;
			if (this.counted.has(key)) continue;
			this.counted.set(key, action);
			const name = coupling.bcName || coupling.crmName;
			if (this.examples.length < EXAMPLES) this.examples.push([coupling.bcNumber, name].filter(Boolean).join(' ') || coupling.bcId);
		}
		if (this.manner === 'strict' && changes.length > 0) await this.check();
	}

	/** @throws SyncError `MASS_CHANGE` (setup) when what was counted is too much. */
	async check(): Promise<void> {
		if (await this.allows(this.counted.size)) return;
		throw await this.refusal();
	}

	private async refusal(): Promise<SyncError> {
		const limit = await this.limit();
		const total = this.counted.size;
		const share = this.coupled ? ` (${Math.round((total / this.coupled) * 100)} %)` : '';
		const { share: allowedShare, absolute } = this.limits;
		return new SyncError({
			code: 'MASS_CHANGE',
			errorClass: 'setup',
			system: 'engine',
			table: this.mapping.name,
			message: `This run would ${this.inWords()} of ${this.coupled} coupled records of ${this.mapping.name}${share}; more than ${limit} need your consent (limits: ${Math.round(allowedShare * 100)} % of the couplings, ${absolute} records). Nothing was changed. For instance: ${this.examples.join(', ')}${total > this.examples.length ? ', …' : ''}.`,
			hint: 'Find out why there are so many: a mistaken import or deletion, or rows the user of the credential may no longer see, look the same. If it is meant, run once with the option "Allow Mass Changes", or raise the limits of the table mapping. To go on without the deletions, set "Find Deleted Records" to "Not in This Run".',
		});
	}

	private inWords(): string {
		const numbers = { delete: 0, uncouple: 0, overwrite: 0 };
		for (const action of this.counted.values()) numbers[action]++;
		return (['delete', 'uncouple', 'overwrite'] as const)
			.filter((action) => numbers[action] > 0)
			.map((action) => `${action} ${numbers[action]}`)
			.join(', ')
			.replace(/, ([^,]*)$/, ' and $1');
	}
}
