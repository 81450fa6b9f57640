import { createHash } from 'node:crypto';
import { companyRowOf } from '../../mapping/companyIdentity';
import { type Side, SIDES } from '../../model/side';
import { filterOn, type TableMapping, tableOn } from '../../model/tableMapping';
import type { Watermark } from '../../model/watermark';
import type { SyncSession } from '../../ports/session';

/** What a pass reads of a side, as far as it says which records that are: table and filter, in one word that is equal where they are. */
export function scopeOf(mapping: TableMapping, side: Side, companyRowId: string | null): string {
	const { name, page, choice } = tableOn(mapping, side);
	const content = [name, page ?? null, choice ?? null, filterOn(mapping, side), side === 'crm' ? companyRowId : null];
	return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22);
}

/**
 * Whether records that nobody touched may have come inside since the watermark: another filter or table was read then, or records without a partner were
 * left out that are to be created now. What an earlier version noted says nothing of it.
 */
export function isOtherScope(mark: Watermark, scope: string, createUncoupled: boolean): boolean {
	const known = mark.scope ?? null;
	return (known !== null && known !== scope) || (createUncoupled && mark.uncoupledToo === false);
}

/**
 * The sides of which the next run reads all records once, by id and version, because the mapping selects others than it did when they were read last.
 * @param mapping as it is to be from now on
 */
export async function sidesReadFromStart(session: SyncSession, mapping: TableMapping): Promise<Side[]> {
	const companyRowId = await companyRowOf(session, mapping);
	const sides: Side[] = [];
	for (const side of SIDES) {
		const isSource = mapping.direction === 'bidirectional' || (mapping.direction === 'toCrm') === (side === 'businessCentral');
		const mark = isSource ? await session.store.watermarkOf(mapping.name, side) : null;
		if (mark?.stamp && isOtherScope(mark, scopeOf(mapping, side, companyRowId), !mapping.onlyCoupled)) sides.push(side);
	}
	return sides;
}
