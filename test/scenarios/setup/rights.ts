import type { NeededRight } from '../../../engine/model/access';
import { usualPrivilegeName } from '../../../engine/systems/dataverse/privilegeNames';
import type { World } from '../../kit/world';

/** Who the sessions of a world sign in as. */
export const BC_USER = 'SYNC';
export const CRM_USER = '5a1d0c1e-0001-4000-8000-000000000001';

export const bcRight = ({ table, right }: NeededRight): string => `${table}/${right}`;
export const crmPrivilege = ({ table, right }: NeededRight): string =>
	table === null ? right : usualPrivilegeName(table, right as 'Read');

/** The user has exactly these rights in both systems, and no others. */
export function giveExactly({ sandbox }: World, rights: readonly NeededRight[]): void {
	const of = (side: string): NeededRight[] => rights.filter((right) => right.side === side);
	sandbox.businessCentral.permissions.allowOnly(BC_USER, of('businessCentral').map(bcRight));
	sandbox.crm.defineRole('Least', Object.fromEntries(of('crm').map((right) => [crmPrivilege(right), 'global' as const])));
	sandbox.crm.assignRoles(CRM_USER, 'Least');
}
