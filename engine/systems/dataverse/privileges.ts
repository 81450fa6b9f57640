import { z } from 'zod/v4';
import type { CrmRight, HeldPrivilege, PrivilegeDepth } from '../../model/access';
import { SyncError } from '../../model/errors';
import type { TablePrivileges } from '../../ports/recordSystem';
import type { BatchRunner } from '../odata/batchRunner';
import { fixedSize } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { noAnswerError, serviceError } from '../odata/errors';
import { queryString, quoted } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import { PART_HEADERS } from './partHeaders';
import { usualPrivilegeName } from './privilegeNames';

const definition = z.object({ Privileges: z.array(z.object({ Name: z.string(), PrivilegeType: z.string() })) });
const answer = z.object({ RolePrivileges: z.array(z.object({ PrivilegeName: z.string().nullish(), Depth: z.string() })) });

interface Service {
	connection: Connection;
	runner: BatchRunner;
	root: string;
}

/**
 * How far a user holds privileges, through roles of its own and of its teams. One batch tells what they are called, one request which are held.
 * Sources: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrieveusersetofprivilegesbynames (at their full depth, also
 * those of teams) and /entitymetadata (Privileges).
 */
export async function privilegesOf(
	service: Service,
	userId: string,
	tables: ReadonlyMap<string, readonly CrmRight[]>,
	named: readonly string[],
): Promise<TablePrivileges> {
	const names = await namesOf(service, tables);
	const all = [...new Set([...[...names.values()].flatMap((rights) => [...rights.values()]), ...named])];
	const depths = await heldOf(service, userId, all);
	const held = (name: string): HeldPrivilege => ({ name, depth: depths.get(name.toLowerCase()) ?? 'none' });
	return {
		tables: new Map(
			[...names].map(([table, rights]) => [
				table,
				new Map([...rights].map(([right, name]): [CrmRight, HeldPrivilege] => [right, held(name)])),
			]),
		),
		named: new Map(named.map((name) => [name, held(name)])),
	};
}

/** A right that the table has no privilege for, such as *Assign* where rows have no owner, is left out. */
async function namesOf(
	{ connection, runner, root }: Service,
	tables: ReadonlyMap<string, readonly CrmRight[]>,
): Promise<Map<string, Map<CrmRight, string>>> {
	const wanted = [...tables];
	const base = new URL(root).pathname;
	const parts = wanted.map(([table]) => ({
		method: 'GET' as const,
		url: `${base}/EntityDefinitions(LogicalName=${encodeURIComponent(quoted(table))})${queryString({ $select: 'LogicalName,Privileges' })}`,
		headers: PART_HEADERS,
	}));
	const sizer = fixedSize(Math.max(1, parts.length));
	const answers = await runner.run(parts, { url: `${root}/$batch`, table: 'EntityDefinitions', repeatable: true, reading: true, sizer });
	const found = new Map<string, Map<CrmRight, string>>();
	answers.forEach((each, index) => {
		const [table, rights] = wanted[index]!;
		if (each instanceof NoAnswer) throw noAnswerError(each, connection.context(true, table));
		if (each.status === 404) return;
		// Who may not read metadata has a name for it all the same.
		const known = each.status === 200 ? definition.safeParse(each.body).data?.Privileges : undefined;
		if (each.status !== 200 && each.status !== 403) throw serviceError(each, connection.context(true, table));
		const named = rights.flatMap((right): Array<[CrmRight, string]> => {
			const own = known ? known.find(({ PrivilegeType }) => PrivilegeType === right)?.Name : usualPrivilegeName(table, right);
			return own === undefined ? [] : [[right, own]];
		});
		found.set(table, new Map(named));
	});
	return found;
}

/** By name in lower case. Where the service does not know the function for several names, all that the user holds is asked for. */
async function heldOf({ connection, root }: Service, userId: string, names: readonly string[]): Promise<Map<string, PrivilegeDepth>> {
	const user = `${root}/systemusers(${userId})/Microsoft.Dynamics.CRM.`;
	const list = encodeURIComponent(JSON.stringify(names));
	const read = async (url: string): Promise<unknown> => await connection.getJson(url, { table: 'systemuser' });
	const json = await read(`${user}RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@names)?@names=${list}`).catch(
		async (error: unknown) => {
			if (error instanceof SyncError && (error.httpStatus === 404 || error.httpStatus === 400 || error.httpStatus === 501))
				return await read(`${user}RetrieveUserPrivileges()`);
			throw error;
		},
	);
	const parsed = answer.safeParse(json);
	const rows = parsed.success ? parsed.data.RolePrivileges : [];
	return new Map(rows.flatMap(({ PrivilegeName, Depth }) => (PrivilegeName ? [[PrivilegeName.toLowerCase(), depthOf(Depth)]] : [])));
}

const depthOf = (text: string): PrivilegeDepth => {
	const depth = text.toLowerCase();
	return depth === 'basic' || depth === 'local' || depth === 'deep' ? depth : 'global';
};
