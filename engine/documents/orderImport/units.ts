import { itemUom } from '../../defaults/itemUom';
import { resourceUom } from '../../defaults/resourceUom';
import { keyValues } from '../../model/compositeId';
import type { SyncSession } from '../../ports/session';
import type { Unit } from './orderLookups';

const UNITS = itemUom.mapping.crm;

/** The units of lines, by id. With unit groups each is coupled with a unit of its item or resource, which is known by the number of that and its code. */
export async function unitsOf({ crm, store }: SyncSession, ids: readonly string[], unitGroups: boolean): Promise<Map<string, Unit>> {
	const asked = [...new Set(ids)];
	if (asked.length === 0) return new Map();
	const rows = await crm.readByIds(UNITS, asked, []);
	const owned = new Map<string, Unit['coupled']>();
	for (const mapping of unitGroups ? [itemUom.mapping.name, resourceUom.mapping.name] : []) {
		for (const [id, { bcId, bcNumber }] of await store.couplingsOf(mapping, 'crm', asked)) {
			const [owner = '', code = ''] = keyValues(bcId);
			owned.set(id, { owner, code: bcNumber || code });
		}
	}
	return new Map([...rows].map(([id, { name }]) => [id, { name, coupled: owned.get(id) ?? null }]));
}
