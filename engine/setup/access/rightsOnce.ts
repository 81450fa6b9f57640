import type { AccessUse, BusinessCentralRight, CrmRight, NeededRight } from '../../model/access';
import { tableDataOf } from '../../model/tableData';

const MILDER: readonly AccessUse[] = ['delete', 'create', 'always'];

/** Gathers rights, each once: with all that need it, and needed as much as the one that needs it most. */
export class NeededRights {
	private readonly found = new Map<string, NeededRight>();

	/** Rights to the table behind an entity set or page of Business Central. Sets that nobody knows go by their own name. */
	businessCentral(neededBy: string, set: string, rights: readonly BusinessCentralRight[], use: AccessUse = 'always'): void {
		const known = tableDataOf(set);
		const { table, number } = known ?? { table: set, number: null };
		for (const right of rights)
			this.add({ side: 'businessCentral', table, number, right, use, neededBy: [neededBy], optional: false, sets: [set] });
	}

	crm(neededBy: string, table: string, rights: readonly CrmRight[], use: AccessUse = 'always', optional = false): void {
		for (const right of rights) this.add({ side: 'crm', table, number: null, right, use, neededBy: [neededBy], optional, sets: [] });
	}

	/** A privilege of Dataverse that belongs to no table. */
	named(neededBy: string, privilege: string): void {
		this.add({
			side: 'crm',
			table: null,
			number: null,
			right: privilege,
			use: 'always',
			neededBy: [neededBy],
			optional: false,
			sets: [],
		});
	}

	list(): NeededRight[] {
		return [...this.found.values()];
	}

	private add(right: NeededRight): void {
		const key = [right.side, right.table, right.right].join(' ');
		const known = this.found.get(key);
		if (!known) {
			this.found.set(key, right);
			return;
		}
		known.neededBy = [...new Set([...known.neededBy, ...right.neededBy])];
		known.sets = [...new Set([...known.sets, ...right.sets])];
		known.optional &&= right.optional;
		if (MILDER.indexOf(right.use) > MILDER.indexOf(known.use)) known.use = right.use;
	}
}
