import type { CrmRight, HeldPrivilege, NeededRight } from '../../model/access';
import { SyncError } from '../../model/errors';
import type { Finding } from '../../model/finding';
import type { TablePrivileges } from '../../ports/recordSystem';
import type { Checked } from './checked';

const PAGE = 'security.md#least-privileges';
const ROLE =
	'Add it to the security role of the user (Power Platform admin center → Settings → Users + permissions → Security roles), at the level Organization.';

/** One privilege with the rights that it gives: tables may share one. */
interface Needed {
	held: HeldPrivilege;
	rights: NeededRight[];
}

/** Privileges of Dataverse that the user lacks, or that reach too few rows; one finding for each privilege. */
export async function checkPrivileges({ session, reachable }: Checked, rights: readonly NeededRight[]): Promise<Finding[]> {
	const { crm } = session;
	if (!reachable.has('crm') || !crm.privileges) return [];
	const wanted = rights.filter(({ side }) => side === 'crm');
	const tables = new Map<string, CrmRight[]>();
	for (const { table, right } of wanted) if (table !== null) tables.set(table, [...(tables.get(table) ?? []), right as CrmRight]);
	const named = wanted.flatMap(({ table, right }) => (table === null ? [right] : []));
	try {
		const held = await crm.privileges(tables, named);
		return needed(wanted, held).flatMap((each) => findingOf(each) ?? []);
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass === 'transient') throw error;
		return [untold(error, await refusedAmong(crm, wanted))];
	}
}

function needed(wanted: readonly NeededRight[], { tables, named }: TablePrivileges): Needed[] {
	const found = new Map<string, Needed>();
	for (const each of wanted) {
		const held = each.table === null ? named.get(each.right) : tables.get(each.table)?.get(each.right as CrmRight);
		// A table that is not there is told as such; some rights do not exist for a table.
		if (!held) continue;
		const known = found.get(held.name) ?? { held, rights: [] };
		known.rights.push(each);
		found.set(held.name, known);
	}
	return [...found.values()];
}

function findingOf({ held: { name, depth }, rights }: Needed): Finding | null {
	const common: Omit<Finding, 'severity' | 'message' | 'remedy'> = {
		area: 'privilege',
		system: 'crm',
		subject: name,
		neededBy: [...new Set(rights.flatMap(({ neededBy }) => neededBy))],
		page: PAGE,
	};
	const tables = [...new Set(rights.flatMap(({ table }) => table ?? []))];
	const what = tables.length === 0 ? name : `${name} (${rights[0]!.right} of ${tables.join(', ')})`;
	if (depth === 'none') {
		const always = rights.some(({ use }) => use === 'always');
		const deleting = rights.every(({ use }) => use === 'delete');
		const when = deleting ? ' It is used only to delete records whose partner was deleted.' : ' It is used only when records are created.';
		return {
			...common,
			severity: always ? 'error' : 'warning',
			message: `The user of the CRM credential lacks the privilege ${what}.${always ? '' : when}`,
			remedy: ROLE,
		};
	}
	if (depth === 'global' || rights.every(({ right }) => right !== 'Read')) return null;
	const few = depth === 'basic';
	return {
		...common,
		severity: few ? 'warning' : 'info',
		message: `The user of the CRM credential reads only ${few ? 'rows of its own' : 'rows of its business unit'}: ${what} reaches no further. Other rows are not synchronized, and changes are read by their stamps.`,
		remedy: few ? ROLE : 'Where rows of other business units are to be synchronized: raise it to the level Organization.',
	};
}

/** Read privileges can be tried where the service does not say which are held. */
async function refusedAmong(crm: Checked['session']['crm'], wanted: readonly NeededRight[]): Promise<string[]> {
	const tables = wanted.filter(({ right, table, optional }) => right === 'Read' && table !== null && table !== 'systemuser' && !optional);
	const names = [...new Set(tables.map(({ table }) => table!))];
	const refused = await crm.refusedReads?.(names);
	return [...(refused ?? [])].filter(([, { code }]) => code === 'CRM_PERMISSION_MISSING').map(([table]) => table);
}

function untold({ message }: SyncError, refused: readonly string[]): Finding {
	const also = refused.length === 0 ? '' : ` These tables may not be read either: ${refused.join(', ')}.`;
	return {
		severity: 'error',
		area: 'privilege',
		system: 'crm',
		subject: /\bprv\w+/.exec(message)?.[0] ?? 'prvReadUser',
		neededBy: ['Check Set-up'],
		message: `Dataverse does not tell the user's privileges, so no other was looked at: ${message}${also}`,
		remedy: ROLE,
		page: PAGE,
	};
}
