import type { MassChange } from '../../model/massChange';
import type { StoreChanges } from '../../ports/storeChanges';

type Counting = Required<Pick<StoreChanges, 'massChanges' | 'massChangesUndone'>>;

/**
 * What a page does that the guard counts. It is stored before the first of it is sent, with what is announced then: a crash after the sending loses
 * no count, and doing it again counts the same records. What came to nothing is taken back with the page.
 */
export class GuardedOfPage {
	private readonly agreed = new Map<string, MassChange>();
	private readonly stored = new Set<string>();
	private readonly doneIds = new Set<string>();

	/** The guard has agreed to them. */
	add(changes: readonly MassChange[]): void {
		for (const each of changes) this.agreed.set(keyOf(each), each);
	}

	/** The record is dealt with, or may be: nobody heard what became of it. */
	done(...recordIds: readonly string[]): void {
		for (const id of recordIds) this.doneIds.add(id);
	}

	/** What is not stored yet; to be committed at once. */
	announce(): MassChange[] {
		const changes = [...this.agreed].flatMap(([key, each]) => (this.stored.has(key) ? [] : [each]));
		for (const each of changes) this.stored.add(keyOf(each));
		return changes;
	}

	/** At the end of the page. `isOpen`: the creation from that record is in doubt. */
	settle(isOpen: (sourceId: string) => boolean): Counting {
		const counts = ({ recordId, action }: MassChange): boolean => this.doneIds.has(recordId) || (action === 'create' && isOpen(recordId));
		const all = [...this.agreed.values()];
		return {
			massChanges: all.filter((each) => counts(each) && !this.stored.has(keyOf(each))),
			massChangesUndone: all.filter((each) => !counts(each) && this.stored.has(keyOf(each))),
		};
	}
}

const keyOf = ({ recordId, action }: MassChange): string => `${action} ${recordId}`;
