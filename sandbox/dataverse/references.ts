import type { SandboxResponse } from '../core/http';
import { jsonAnswer, noContent } from './answers';
import type { Call, Segment } from './call';
import { DataverseError, rowMissing, segmentMissing } from './errors';
import { readKey } from './keys';
import { associate, behind, disassociate, type Behind } from './collections';
import type { Table } from './model';
import { readBody, readReference, setLookup } from './payload';
import type { Platform } from './platform';
import { targetTable } from './rowView';
import type { Changes } from './values';
import { allowOptions } from './requestRules';
import { checkVersion, clearedLookup, entityId, rowAt } from './writes';

/** `…/<navigation>/$ref`: read, set and clear links. */
export function handleReference(platform: Platform, call: Call, table: Table, keyText: string, navigation: Segment): SandboxResponse {
	allowOptions(call, call.method === 'DELETE' ? 'removeReference' : 'reference');
	const { id, row } = rowAt(platform, table, keyText);
	const single = table.navigation.get(navigation.name);
	const found = behind(platform, table, navigation.name);
	if (single) {
		if (call.method === 'GET') {
			platform.demand(call.session, 'Read', table.logicalName);
			const target = row[single.column.logicalName];
			if (typeof target !== 'string') return noContent();
			const address = entityId(call, platform.model.table(targetTable(single.column, row)), target);
			return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#$ref`, '@odata.id': address });
		}
		if (call.method === 'PUT') {
			const target = linkOf(platform, call, table, single.targets);
			const changes: Changes = {};
			setLookup(changes, single.column, target.id, target.table.logicalName);
			checkVersion(platform, call, table, id);
			return link(platform, call, table, id, changes);
		}
		if (call.method === 'DELETE') checkVersion(platform, call, table, id);
		if (call.method === 'DELETE') return link(platform, call, table, id, clearedLookup(single.column.logicalName));
		throw wrongVerb(call);
	}
	if (!found) throw segmentMissing(navigation.name);
	return collection(platform, call, { table, id }, found, navigation);
}

function collection(
	platform: Platform,
	call: Call,
	{ table, id }: { table: Table; id: string },
	{ table: child, relationship, association, ids }: Behind,
	navigation: Segment,
): SandboxResponse {
	if (call.method === 'GET') {
		platform.demand(call.session, 'Read', child.logicalName);
		const value = ids(id).map((other) => ({ '@odata.id': entityId(call, child, other) }));
		return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#Collection($ref)`, value });
	}
	if (call.method === 'POST') {
		const target = linkOf(platform, call, table, [child.logicalName]);
		if (association) return associatedNow(() => associate(platform, call.session, association, id, target.id));
		const changes: Changes = {};
		setLookup(changes, child.columns.get(relationship!.column)!, id, table.logicalName);
		return link(platform, call, child, target.id, changes);
	}
	if (call.method !== 'DELETE') throw wrongVerb(call);
	const named = call.query.other.get('$id');
	const other = navigation.key !== null ? keyId(platform, child, navigation.key) : named ? readReference(platform, call, named).id : null;
	if (other === null) throw wrongVerb(call);
	if (association) return associatedNow(() => disassociate(platform, call.session, association, id, other));
	if (!ids(id).includes(other)) throw rowMissing(child.logicalName, other);
	return link(platform, call, child, other, clearedLookup(relationship!.column));
}

function associatedNow(change: () => void): SandboxResponse {
	change();
	return noContent();
}

function keyId(platform: Platform, table: Table, text: string): string | null {
	const key = readKey(platform, table, text);
	return key.id;
}

function link(platform: Platform, call: Call, table: Table, id: string, changes: Changes): SandboxResponse {
	platform.demandOn(call.session, 'Write', table.logicalName, platform.db.row(table.logicalName, id)!);
	platform.columnSecurity.demand(call.session, table.logicalName, Object.keys(changes), 'update');
	platform.writer.update(table.logicalName, id, changes, call.session);
	return noContent();
}

function linkOf(platform: Platform, call: Call, table: Table, targets: string[]): { table: Table; id: string } {
	const address = readBody(call, table.entitySetName)['@odata.id'];
	if (typeof address !== 'string') throw new DataverseError(400, '0x80048d19', "The body of a reference needs '@odata.id'.");
	const target = readReference(platform, call, address);
	if (!targets.includes(target.table.logicalName))
		throw new DataverseError(400, '0x80048d19', `The link '${address}' does not fit the navigation property.`);
	return target;
}

export const wrongVerb = (call: Pick<Call, 'method'>) =>
	new DataverseError(405, '0x8006088a', `The requested resource does not support http method '${call.method}'.`);
