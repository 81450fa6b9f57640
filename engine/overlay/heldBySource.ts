import { firstAfter } from './inOrder';
import type { PassDirection } from '../model/direction';

/** What the store keeps for a source record: failures, and creations under way. */
export interface OfSource {
	mapping: string;
	direction: PassDirection;
	sourceId: string;
}

/** What the overlay says of source records of one mapping and direction: what is kept of them, or null for nothing. */
export class HeldBySource<T extends OfSource> {
	private readonly groups = new Map<string, Map<string, T | null>>();

	put(row: T): void {
		this.group(row.mapping, row.direction).set(row.sourceId, row);
	}

	remove({ mapping, direction, sourceId }: OfSource): void {
		this.group(mapping, direction).set(sourceId, null);
	}

	/** Undefined: the store is to be asked. */
	get(mapping: string, direction: PassDirection, sourceId: string): T | null | undefined {
		return this.groups.get(keyOf(mapping, direction))?.get(sourceId);
	}

	has({ mapping, direction, sourceId }: OfSource): boolean {
		return this.groups.get(keyOf(mapping, direction))?.has(sourceId) ?? false;
	}

	/** Source ids that the overlay knows about. */
	ids(mapping: string, direction: PassDirection): string[] {
		return [...(this.groups.get(keyOf(mapping, direction))?.keys() ?? [])];
	}

	rows(mapping: string, direction: PassDirection): T[] {
		return [...(this.groups.get(keyOf(mapping, direction))?.values() ?? [])].filter(
			(row): row is Exclude<typeof row, null> => row !== null,
		);
	}

	/** Mappings of which anything is known here; the given one where one is given. */
	mappings(mapping?: string): string[] {
		return mapping === undefined ? [...new Set([...this.groups.keys()].map((key) => key.slice(0, key.lastIndexOf('\n'))))] : [mapping];
	}

	/** Everything held, or what is held of one mapping. */
	all(mapping?: string): T[] {
		const rows = [...this.groups.values()].flatMap((group) => [...group.values()]);
		return rows.filter((row): row is Exclude<typeof row, null> => row !== null && (mapping === undefined || row.mapping === mapping));
	}

	/** In order of the source id, with those of the store. */
	first(
		of: { mapping: string; direction: PassDirection; accepts?: (row: T) => boolean },
		read: (after: string, limit: number) => Promise<readonly T[]>,
		after: string,
		limit: number,
	): Promise<T[]> {
		const { accepts = () => true } = of;
		const own = this.rows(of.mapping, of.direction).filter(accepts);
		return firstAfter({ read, keyOf: ({ sourceId }) => sourceId, isHidden: (row) => this.has(row), own }, after, limit);
	}

	private group(mapping: string, direction: PassDirection): Map<string, T | null> {
		const key = keyOf(mapping, direction);
		const known = this.groups.get(key);
		if (known) return known;
		const made = new Map<string, T | null>();
		this.groups.set(key, made);
		return made;
	}
}

const keyOf = (mapping: string, direction: PassDirection): string => `${mapping}\n${direction}`;
