import type { CrmRight } from '../../model/access';
import type { Setup } from '../../model/companySettings';
import type { SyncSession } from '../../ports/session';
import type { RuleContext, WriteValues } from '../../mapping/rules';

/** Team model: records created in CRM belong to the default team of the company from then on; nothing changes their owner later. */
export async function ownedByTeam({ session, direction }: RuleContext, inserts: ReadonlyArray<{ values: WriteValues }>): Promise<void> {
	if (direction !== 'toCrm' || session.ownershipModel !== 'team' || inserts.length === 0) return;
	const team = await owningTeam(session);
	if (team === null) return;
	for (const { values } of inserts) values['ownerid'] = { table: 'team', id: team };
}

/** Default owning team of the company's row; null where there is none. */
async function owningTeam(session: SyncSession): Promise<string | null> {
	const [row] = await session.crm.readAll(
		'bcbi_company',
		['bcbi_defaultowningteam'],
		`bcbi_externalid eq '${session.companyId.toLowerCase()}'`,
	);
	const team = row?.['bcbi_defaultowningteam'];
	return typeof team === 'string' ? team : null;
}

/** Giving a new record to the team takes a privilege of its own. */
export const assignedToTeam = ({ ownershipModel }: Setup): CrmRight[] => (ownershipModel === 'team' ? ['Assign'] : []);
