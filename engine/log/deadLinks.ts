import { groupBy } from '../model/chunks';
import { idOn } from '../model/coupling';
import { tellsDeletion } from '../model/deletion';
import { directionFrom, type PassDirection, sourceSide, targetSide } from '../model/direction';
import type { LogRecordRef } from '../model/logEntry';
import { otherSide, type Side, SIDES } from '../model/side';
import type { SyncStore } from '../ports/syncStore';

/** A line about a couple, of the log or made from it. */
export interface Linked {
	mapping: string;
	direction?: PassDirection | null;
	code?: string;
	businessCentral: LogRecordRef | null;
	crm: LogRecordRef | null;
}

/**
 * The lines without links to records that are known to be deleted: by the failure of their partner, or, where nothing is coupled with them any more, by a
 * line that tells of the deletion. A row that came back and is coupled again keeps its link. Asks the store alone.
 */
export async function withoutDeadLinks<T extends Linked>(store: SyncStore, lines: readonly T[]): Promise<T[]> {
	const dead = new Set<string>();
	for (const [mapping, group] of groupBy(lines, (line) => line.mapping)) {
		for (const side of SIDES) {
			const ids = [...new Set(group.flatMap((line) => line[side]?.id ?? []))];
			const couplings = await store.couplingsOf(mapping, side, ids);
			const other = otherSide(side);
			const partners = [...couplings.values()].map((coupling) => idOn(coupling, other));
			const failures = await store.failuresOf(mapping, directionFrom(other), partners);
			for (const [id, coupling] of couplings) {
				const failure = failures.get(idOn(coupling, other));
				if (failure && tellsDeletion(failure.errorCode)) dead.add(keyOf(mapping, side, id));
			}
			for (const line of group) {
				const id = line[side]?.id;
				if (id !== undefined && !couplings.has(id) && goneBy(line).includes(side)) dead.add(keyOf(mapping, side, id));
			}
		}
	}
	if (dead.size === 0) return [...lines];
	const linked = (line: T, side: Side): LogRecordRef | null => {
		const ref = line[side];
		return ref && dead.has(keyOf(line.mapping, side, ref.id)) ? { ...ref, url: null } : ref;
	};
	return lines.map((line) => ({ ...line, businessCentral: linked(line, 'businessCentral'), crm: linked(line, 'crm') }));
}

const keyOf = (mapping: string, side: Side, id: string): string => `${mapping}\n${side}\n${id}`;

/** Sides whose record is gone when the line tells of it. */
function goneBy({ code, direction }: Linked): readonly Side[] {
	if (code === 'DELETED_WITH_PARTNER') return SIDES;
	if (!direction || code === undefined) return [];
	if (code === 'DELETED_ALONG') return [sourceSide(direction)];
	return tellsDeletion(code) ? [targetSide(direction)] : [];
}
