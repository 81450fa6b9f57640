import { noContent } from '../answers';
import { typeKey } from '../model';
import { DataverseError, invalidArgument } from '../errors';
import { readPayload, type Body } from '../payload';
import type { Platform } from '../platform';
import type { Session } from '../environment';
import { entityParameter, type Handler, type NamedRow } from './handler';

const mergeable = new Set(['account', 'contact', 'lead']);

/**
 * The subordinate becomes inactive and points to the master, which gets the values of `UpdateContent`; what pointed to the subordinate points to the
 * master. Source: https://learn.microsoft.com/power-apps/developer/data-platform/merge-data
 */
export const merge: Handler = (platform, call, body) => {
	const target = entityParameter(platform, call, body, 'Target');
	const subordinate = entityParameter(platform, call, body, 'Subordinate');
	if (typeof body.PerformParentingChecks !== 'boolean')
		throw invalidArgument("The required parameter 'PerformParentingChecks' is missing.");
	if (target.table !== subordinate.table || !mergeable.has(target.table))
		throw invalidArgument('Only two accounts, contacts or leads can be merged.');
	if (target.id === subordinate.id) throw invalidArgument('A record cannot be merged with itself.');
	for (const { row, id } of [target, subordinate]) {
		if (row.statecode === 0) continue;
		throw new DataverseError(400, '0x80040362', `Merge cannot be performed on an inactive ${target.table} (Id = ${id}).`);
	}
	if (body.PerformParentingChecks) checkParents(target, subordinate);
	platform.demand(call.session, 'Write', target.table);
	platform.demandNamed(call.session, 'prvMerge');
	update(platform, call, target, body.UpdateContent);
	moveChildren(platform, target, subordinate, call.session);
	const states = platform.model.table(target.table).states!;
	const inactive = Object.keys(states.values).at(-1)!;
	const { defaultStatus } = states.values[inactive]!;
	platform.writer.touch(subordinate.table, subordinate.id, { statecode: Number(inactive), statuscode: defaultStatus, merged: true, masterid: target.id }, call.session); // prettier-ignore
	return noContent();
};

function checkParents(target: NamedRow, subordinate: NamedRow): void {
	const column = { account: 'parentaccountid', contact: 'parentcustomerid', lead: 'parentaccountid' }[target.table]!;
	if ((target.row[column] ?? null) !== (subordinate.row[column] ?? null)) {
		throw new DataverseError(400, '0x80040361', 'Merge warning: the parents of the two records differ.');
	}
}

function update(platform: Platform, call: Parameters<Handler>[1], target: NamedRow, content: unknown): void {
	if (content === undefined || content === null) return void platform.writer.touch(target.table, target.id, {}, call.session);
	const table = platform.model.table(target.table);
	const { [table.primaryId]: _id, ...rest } = content as Body;
	const { values } = readPayload(platform, call, table, rest);
	platform.writer.update(target.table, target.id, values, call.session);
}

/** Rows kept beside each account are its own and stay. */
const staying = new Set(['customeraddress']);

function moveChildren(platform: Platform, target: NamedRow, subordinate: NamedRow, session: Session): void {
	for (const link of platform.model.relationships) {
		if (link.referenced !== target.table || link.column === 'masterid' || staying.has(link.referencing)) continue;
		for (const id of platform.writer.referencing(link.referencing, link.column, target.table, subordinate.id)) {
			// A contact's own accountid and the like follow the lookup they are derived from.
			const derived = platform.db.row(link.referencing, id)!;
			const column = link.column === 'parentcustomerid' ? 'accountid' : null;
			const changes = { [link.column]: target.id, [typeKey(link.column)]: platform.model.table(link.referencing).columns.get(link.column)!.polymorphic ? target.table : null }; // prettier-ignore
			if (column && derived[column] === subordinate.id) changes[column] = target.id;
			platform.writer.touch(link.referencing, id, changes, session);
		}
	}
}
