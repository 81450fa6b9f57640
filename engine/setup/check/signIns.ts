import type { Finding } from '../../model/finding';
import { SyncError } from '../../model/errors';
import { SIDES, SYSTEM_NAMES, type Side } from '../../model/side';
import type { SyncSession } from '../../ports/session';

const PAGES: Readonly<Record<Side, string>> = {
	businessCentral: 'connections/business-central-oauth2.md#test',
	crm: 'connections/dataverse.md#test',
};

/** Who signs in, as the credential has it: for Business Central, which does not tell. */
export type KnownUsers = Readonly<Partial<Record<Side, string>>>;

/** Both sign-ins, and who the user is. What a system that does not answer would say is not looked for any further. */
export async function checkSignIns(session: SyncSession, known: KnownUsers): Promise<{ findings: Finding[]; reachable: Set<Side> }> {
	const findings: Finding[] = [];
	const reachable = new Set<Side>();
	for (const side of SIDES) {
		try {
			const { user, id } = (await session[side].signedIn?.()) ?? { user: null, id: null };
			reachable.add(side);
			findings.push(signedIn(side, user ?? known[side] ?? null, id));
		} catch (error) {
			if (!(error instanceof SyncError)) throw error;
			// Who is let in and may not read one table has signed in; the right is told among the rights.
			if (side === 'businessCentral' && error.code === 'BC_PERMISSION_MISSING') {
				reachable.add(side);
				findings.push(signedIn(side, known[side] ?? null, null));
			} else findings.push(refused(side, error));
		}
	}
	return { findings, reachable };
}

const subjectOf = (side: Side): string => `Sign-in to ${SYSTEM_NAMES[side]}`;

function signedIn(side: Side, user: string | null, id: string | null): Finding {
	const who = user === null ? 'the user of the credential' : `"${user}"`;
	return {
		severity: 'info',
		area: 'sign-in',
		system: side,
		subject: subjectOf(side),
		neededBy: [],
		message: `Signed in to ${SYSTEM_NAMES[side]} as ${who}${id === null || id === user ? '' : ` (${id})`}.`,
		remedy: '',
		page: PAGES[side],
	};
}

const refused = (side: Side, { message, hint }: SyncError): Finding => ({
	severity: 'error',
	area: 'sign-in',
	system: side,
	subject: subjectOf(side),
	neededBy: [],
	message: `${message} Nothing else of ${SYSTEM_NAMES[side]} was looked at.`,
	remedy: hint,
	page: PAGES[side],
});
