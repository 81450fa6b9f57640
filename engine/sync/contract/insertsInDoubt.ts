import type { SyncError } from '../../model/errors';
import type { Intent } from '../../model/intent';

/** Inserts whose outcome is not settled, as a stage may look at them. */
export interface InDoubt {
	/** The open insert for a source record of this pass. */
	of(sourceId: string): Intent | undefined;
	/** All open inserts of this pass. */
	all(): readonly Intent[];
	/** Open inserts of the opposite direction: their records may appear on this pass's source side at any moment. */
	readonly opposite: readonly Intent[];
	/** Why a source record must not be created before somebody looked at it. */
	blocked(sourceId: string): SyncError | undefined;
}

/** What is known when a pass begins; see `recoverInDoubt`. */
export interface DoubtsFound {
	open: readonly Intent[];
	/** By source id. */
	blocked: ReadonlyMap<string, SyncError>;
}

/** The inserts in doubt of one pass. They change with what is made durable only: an intent that was stored, an insert that is settled. */
export class InsertsInDoubt implements InDoubt {
	private readonly open: Map<string, Intent>;

	constructor(
		private readonly found: DoubtsFound,
		readonly opposite: readonly Intent[],
	) {
		this.open = new Map(found.open.map((intent) => [intent.sourceId, intent]));
	}

	of(sourceId: string): Intent | undefined {
		return this.open.get(sourceId);
	}

	all(): readonly Intent[] {
		return [...this.open.values()];
	}

	blocked(sourceId: string): SyncError | undefined {
		return this.found.blocked.get(sourceId);
	}

	/** The insert is about to be sent, and its intent is stored. */
	stored(intent: Intent): void {
		this.open.set(intent.sourceId, intent);
	}

	/** It is known what became of the insert. */
	settled(sourceId: string): void {
		this.open.delete(sourceId);
	}
}
