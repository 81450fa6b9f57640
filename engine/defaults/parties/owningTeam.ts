import type { CrmRight } from '../../model/access';
import type { Setup } from '../../model/companySettings';
import type { SyncSession } from '../../ports/session';
import type { RuleContext, WriteValues } from '../../mapping/rules';

/** Team model: records created in CRM belong to the default team of the company from then on; nothing changes their owner later. */
export async function ownedByTeam({ session, direction }: RuleContext, inserts: ReadonlyArray<{ values: WriteValues }>): Promise<void> {
	if (direction !== 'toCrm' || session.ownershipModel !== 'team' || inserts.length === 0) return;
	const team = await teamOfRun(session);
	if (team === null) return;
	for (const { values } of inserts) values['ownerid'] = { table: 'team', id: team };
}

/** A run of a hundred thousand records asks every so often, not for each few hundred. */
const LIFE_MS = 15 * 60_000;

const asked = new WeakMap<SyncSession, { at: number; team: Promise<string | null> }>();

function teamOfRun(session: SyncSession): Promise<string | null> {
	const now = session.clock.now();
	const known = asked.get(session);
	if (known && now >= known.at && now - known.at < LIFE_MS) return known.team;
	const team = owningTeam(session);
	asked.set(session, { at: now, team });
	// A question that went unanswered is put again.
	team.catch(() => asked.delete(session));
	return team;
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
