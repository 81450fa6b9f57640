import type { SandboxResponse } from '../core/http';
import { jsonAnswer } from './answers';
import type { Call, Segment } from './call';
import { invalidArgument } from './errors';
import { parametersOf } from './functions';
import type { Table } from './model';
import { readReference } from './payload';
import type { Platform } from './platform';
import { privilegeName, tableRights } from './privilegeNames';
import { depths, privilegeId } from './roles';
import { allowOptions } from './requestRules';
import type { Row } from './values';

type Parameters = Record<string, string>;
type Run = (platform: Platform, call: Call, principal: string, parameters: Parameters) => Record<string, unknown>;

const depthNames: ReadonlyArray<readonly [number, string]> = [
	[depths.basic, 'Basic'],
	[depths.local, 'Local'],
	[depths.deep, 'Deep'],
	[depths.global, 'Global'],
];

/** What a principal holds, of these privileges. */
function held(platform: Platform, principal: string, rows: Iterable<Row>): Record<string, unknown> {
	const list: unknown[] = [];
	for (const row of rows) {
		const name = String(row.name);
		const mask = platform.privileges.depthOf(principal, name);
		const depth = depthNames.find(([value]) => value === mask)?.[1];
		if (depth === undefined) continue;
		list.push({
			Depth: depth,
			PrivilegeId: String(row.privilegeid),
			BusinessUnitId: platform.roles.unitOf(principal),
			PrivilegeName: name,
			RecordFilterId: '00000000-0000-0000-0000-000000000000',
			RecordFilterUniqueName: '',
		});
	}
	return { RolePrivileges: list };
}

const one = (platform: Platform, id: string): Row[] => [platform.db.row('privilege', id)].filter((row) => row !== undefined);
const text = (value = ''): string => value.replace(/^'|'$/g, '');

/** A row's AccessRights for a principal, as the service writes the flags. */
function accessTo(platform: Platform, call: Call, principal: string, target: string): Record<string, unknown> {
	const address = /['"]@odata\.id['"]\s*:\s*['"]([^'"]*)['"]/.exec(target)?.[1];
	if (!address) throw invalidArgument("The parameter 'Target' must name a row: {'@odata.id':'accounts(…)'}.");
	const { table, id } = readReference(platform, call, address);
	const row = platform.db.row(table.logicalName, id)!;
	const session = { user: principal, caller: null };
	const rights = tableRights.filter((right) => {
		if (!platform.privileges.holds(principal, privilegeName(right, table))) return false;
		return platform.privileges.scope(session, right, table.logicalName)?.(row) ?? true;
	});
	return { AccessRights: rights.length === 0 ? 'None' : rights.map((right) => `${right}Access`).join(', ') };
}

/**
 * Functions bound to users and teams. Sources: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrieveuserprivileges,
 * /retrieveuserprivilegebyprivilegename, /retrieveuserprivilegebyprivilegeid, /retrieveusersetofprivilegesbynames, /retrieveteamprivileges,
 * /retrieveprincipalaccess
 */
const functions: Readonly<Record<string, { on: readonly string[]; parameters: readonly string[]; run: Run }>> = {
	RetrieveUserPrivileges: {
		on: ['systemuser'],
		parameters: [],
		run: (platform, _call, principal) => held(platform, principal, platform.db.store('privilege').rows.values()),
	},
	RetrieveTeamPrivileges: {
		on: ['team'],
		parameters: [],
		run: (platform, _call, principal) => held(platform, principal, platform.db.store('privilege').rows.values()),
	},
	RetrieveUserPrivilegeByPrivilegeName: {
		on: ['systemuser'],
		parameters: ['PrivilegeName'],
		run: (platform, _call, principal, { PrivilegeName }) => held(platform, principal, one(platform, privilegeId(text(PrivilegeName)))),
	},
	RetrieveUserPrivilegeByPrivilegeId: {
		on: ['systemuser'],
		parameters: ['PrivilegeId'],
		run: (platform, _call, principal, { PrivilegeId = '' }) => held(platform, principal, one(platform, PrivilegeId.toLowerCase())),
	},
	RetrieveUserSetOfPrivilegesByNames: {
		on: ['systemuser'],
		parameters: ['PrivilegeNames'],
		run: (platform, _call, principal, { PrivilegeNames = '' }) => {
			const names = [...PrivilegeNames.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1]!);
			return held(platform, principal, names.flatMap((name) => one(platform, privilegeId(name)))); // prettier-ignore
		},
	},
	RetrievePrincipalAccess: {
		on: ['systemuser', 'team'],
		parameters: ['Target'],
		run: (platform, call, principal, { Target = '' }) => accessTo(platform, call, principal, Target),
	},
};

/** `GET systemusers(…)/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`; null when there is no such function for the table. */
export function handleBoundFunction(platform: Platform, call: Call, table: Table, id: string, segment: Segment): SandboxResponse | null {
	const name = segment.name.replace(/^Microsoft\.Dynamics\.CRM\./, '');
	const found = functions[name];
	if (!found?.on.includes(table.logicalName)) return null;
	allowOptions(call, 'none');
	const parameters = parametersOf(call, segment.key ?? '');
	const wrong = [
		...found.parameters.filter((each) => !(each in parameters)),
		...Object.keys(parameters).filter((each) => !found.parameters.includes(each)),
	];
	if (wrong.length) return null;
	platform.demand(call.session, 'Read', table.logicalName);
	const json = found.run(platform, call, id, parameters);
	return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#Microsoft.Dynamics.CRM.${name}Response`, ...json });
}
