import { companyRowOf } from '../mapping/companyIdentity';
import { sideFilter } from '../mapping/filter';
import { countInside } from '../mapping/filters/reading';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';

export interface MappingCounts {
	businessCentral: number;
	crm: number;
	/** A number is a lower bound: the service counts no further. */
	atLeast: boolean;
	coupled: number;
}

/** Records inside the filters of a mapping, and its couplings: one request to each system, where it can be asked for the whole filter. */
export async function countRecords(session: SyncSession, mapping: TableMapping): Promise<MappingCounts> {
	const company = await companyRowOf(session, mapping);
	const bc = await countInside(session.businessCentral, mapping.bc, sideFilter(mapping.bcFilter, 'businessCentral', company, mapping.bc));
	const crm = await countInside(session.crm, mapping.crm, sideFilter(mapping.crmFilter, 'crm', company, mapping.crm));
	const coupled = await session.store.countCouplings(mapping.name);
	return { businessCentral: bc.count, crm: crm.count, atLeast: bc.atLeast || crm.atLeast, coupled };
}

/** Neither system holds records a full synchronization could deliver. */
export const hasNothing = (mapping: TableMapping, counts: MappingCounts): boolean =>
	mapping.direction === 'bidirectional'
		? counts.businessCentral === 0 && counts.crm === 0
		: (mapping.direction === 'toCrm' ? counts.businessCentral : counts.crm) === 0;
