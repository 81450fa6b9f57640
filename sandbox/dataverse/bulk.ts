import type { SandboxResponse } from '../core/http';
import { jsonAnswer, noContent } from './answers';
import type { Call } from './call';
import { DataverseError, invalidArgument } from './errors';
import type { Table } from './model';
import { checkParameters } from './actionSignatures';
import { readBody, readReference, type Body } from './payload';
import { parsePath, relativeAddress } from './call';
import type { Platform } from './platform';
import { readKey } from './keys';
import { applyPatch, createFrom } from './writes';

const messages = new Set(['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple']);

/** `POST <set>/Microsoft.Dynamics.CRM.CreateMultiple` and its kin: all or nothing, no row index in errors. Null: not such a message. */
export function handleBulk(platform: Platform, call: Call, table: Table, message: string): SandboxResponse | null {
	if (message === 'DeleteMultiple') throw new DataverseError(501, '0x80040800', 'DeleteMultiple has not yet been implemented.');
	if (!messages.has(message)) return null;
	if (!table.bulk) {
		throw new DataverseError(400, '0x80040800', `The '${message}' method does not support entities of type '${table.logicalName}'.`);
	}
	const targets = targetsOf(call, table);
	return platform.db.atomically(() => {
		const ids = targets.map((target) => one(platform, call, table, message, target));
		if (message !== 'CreateMultiple') return noContent();
		return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`, Ids: ids });
	});
}

function targetsOf(call: Call, table: Table): Body[] {
	const body = readBody(call, table.entitySetName);
	checkParameters('CreateMultiple', body);
	const { Targets: targets } = body;
	if (!Array.isArray(targets) || targets.length === 0) throw invalidArgument("The required parameter 'Targets' is missing or empty.");
	for (const target of targets as Body[]) {
		const type = String(target['@odata.type'] ?? '').replace(/^#/, '');
		if (type !== `Microsoft.Dynamics.CRM.${table.logicalName}`) {
			throw new DataverseError(400, '0x80048d19', `Every item of Targets needs '@odata.type' with 'Microsoft.Dynamics.CRM.${table.logicalName}'; found '${type}'.`); // prettier-ignore
		}
	}
	return targets as Body[];
}

function one(platform: Platform, call: Call, table: Table, message: string, target: Body): string {
	const { [table.primaryId]: givenId, ...body } = target;
	if (message === 'CreateMultiple') return createFrom(platform, call, table, target, {});
	const address = target['@odata.id'];
	const key = typeof address === 'string' ? keyOf(platform, call, table, address) : null;
	const id = key ? key.id : typeof givenId === 'string' ? givenId.toLowerCase() : null;
	const exists = id !== null && platform.db.row(table.logicalName, id) !== undefined;
	if (message === 'UpsertMultiple' && !exists) {
		const linked = key?.kind === 'alternate' ? key.values : id === null ? {} : { [table.primaryId]: id };
		return createFrom(platform, call, table, body, linked);
	}
	if (id === null) throw invalidArgument(`The primary key '${table.primaryId}' of an item is missing.`);
	applyPatch(platform, call, table, id, body, key);
	return id;
}

function keyOf(platform: Platform, call: Call, table: Table, address: string) {
	const segment = parsePath(relativeAddress(address, call.root, call.references))[0];
	if (!segment || segment.name !== table.entitySetName || segment.key === null)
		return { ...readReference(platform, call, address), kind: 'id' as const };
	return readKey(platform, table, segment.key);
}
