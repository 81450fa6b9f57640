import { BC_RIGHTS, type BusinessCentralRight, type NeededRight } from '../../model/access';
import type { SyncError } from '../../model/errors';
import type { Finding } from '../../model/finding';
import { tableDataOf } from '../../model/tableData';
import type { Checked } from './checked';
import { permissionIn, refusedWrites } from './refusedWrites';

const PAGE = 'security.md#least-privileges';
const SET =
	'Add it to a permission set of the user, or of the card on the page Microsoft Entra Applications; the documentation has a permission set to import.';

/**
 * Permissions of Business Central. It tells a user's permissions by refusing: reads are tried, a row of each table; of what writes were refused, runs that
 * were have kept the text.
 */
export async function checkPermissions(checked: Checked, rights: readonly NeededRight[]): Promise<Finding[]> {
	const { session, reachable, setup } = checked;
	const { businessCentral } = session;
	const wanted = rights.filter(({ side }) => side === 'businessCentral');
	if (!reachable.has('businessCentral') || !businessCentral.refusedReads) return [];
	const serviceOf = (set: string): string => (tableDataOf(set)?.published ? `ODataV4/${setup.pages[set] ?? set}` : set);
	const reads = wanted.filter(({ right }) => right === 'Read');
	const refused = await businessCentral.refusedReads(reads.map(({ sets }) => serviceOf(sets[0]!)));
	const findings = new Map<string, Finding>();
	for (const right of reads) {
		const error = refused.get(serviceOf(right.sets[0]!));
		if (error?.code !== 'BC_PERMISSION_MISSING') continue;
		const { table, right: named } = permissionIn(error.message) ?? { table: right.table!, right: 'Read' };
		findings.set(`${table} ${named}`, missing(table, named, right.neededBy, error));
	}
	for (const { table, right, mapping, at } of await refusedWrites(checked)) {
		const known = wanted.find((each) => each.table === table && each.right === right);
		findings.set(`${table} ${right}`, refusedWrite({ table, right, at, neededBy: known?.neededBy ?? [mapping] }));
	}
	return [...findings.values(), ...untried(wanted)];
}

const common = { area: 'privilege', system: 'businessCentral', page: PAGE } as const;

const missing = (table: string, right: string, neededBy: string[], { message }: SyncError): Finding => ({
	...common,
	severity: 'error',
	subject: `${table}: ${right}`,
	neededBy,
	message: `The user of the Business Central credential lacks the permission ${right} for the table ${table}. ${message}`,
	remedy: SET,
});

const refusedWrite = ({ table, right, at, neededBy }: { table: string; right: string; at: string; neededBy: string[] }): Finding => ({
	...common,
	severity: 'error',
	subject: `${table}: ${right}`,
	neededBy,
	message: `The user of the Business Central credential lacked the permission ${right} for the table ${table} when a run needed it last (${at.slice(0, 16).replace('T', ' ')} UTC).`,
	remedy: `${SET} If it was given meanwhile, the next run of the mapping clears this.`,
});

/** What nobody can know before a run: said, rather than left out. */
function untried(wanted: readonly NeededRight[]): Finding[] {
	const writes = new Map<string, { rights: BusinessCentralRight[]; neededBy: string[] }>();
	for (const { table, right, neededBy } of wanted) {
		if (right === 'Read') continue;
		const known = writes.get(table!) ?? { rights: [], neededBy: [] };
		writes.set(table!, {
			rights: [...known.rights, right as BusinessCentralRight],
			neededBy: [...new Set([...known.neededBy, ...neededBy])],
		});
	}
	if (writes.size === 0) return [];
	const ordered = (rights: readonly BusinessCentralRight[]): string => BC_RIGHTS.filter((right) => rights.includes(right)).join(', ');
	const list = [...writes].map(([table, { rights }]) => `${table} (${ordered(rights)})`).join('; ');
	return [
		{
			...common,
			severity: 'info',
			subject: 'Permissions to write',
			neededBy: [...new Set([...writes.values()].flatMap(({ neededBy }) => neededBy))],
			message: `Business Central tells whether the user may write only when something is written, which this check does not do. Runs need: ${list}.`,
			remedy: 'Compare them with the permission sets of the user, or import the permission set of the documentation.',
		},
	];
}
