import type { SandboxResponse } from '../core/http';
import { jsonAnswer, textAnswer } from './answers';
import { handleBulk } from './bulk';
import type { Call, Segment } from './call';
import { countChanges, readChanges } from './changeTracking';
import { csdl } from './csdl';
import { segmentMissing } from './errors';
import { runFetch, runSql, savedFetch } from './fetch';
import { handleFunction } from './functions';
import { handleAction, handleBoundAction } from './messages';
import { changeDefinitions } from './metadata/changes';
import { handleDefinitions, handleGlobalChoices, handleRelationships } from './metadata/definitions';
import type { Table } from './model';
import { preferenceApplied } from './preferences';
import type { Platform } from './platform';
import { aggregate } from './query/apply';
import { countRows, readPage } from './query/read';
import { wrongVerb } from './references';
import { allowOptions, setKind } from './requestRules';
import { onRow } from './rowRoutes';
import { createRow } from './writes';

const message = /^Microsoft\.Dynamics\.CRM\./;

/** Carries out one operation. Throws DataverseError for every answer that is not a success. */
export function carryOut(platform: Platform, call: Call): SandboxResponse {
	const [first, ...rest] = call.segments;
	if (!first) return serviceDocument(platform, call);
	switch (first.name) {
		case '$metadata':
			if (rest.length) throw segmentMissing(rest[0]!.name);
			allowOptions(call, 'document');
			return readOnly(call, () =>
				textAnswer(
					csdl(platform, call.query.other.get('annotations') ?? (call.prefer.annotations.length ? 'true' : undefined)),
					'application/xml',
				),
			);
		case 'EntityDefinitions':
			return changeDefinitions(platform, call) ?? readOnly(call, () => handleDefinitions(platform, call));
		case 'GlobalOptionSetDefinitions':
			return changeDefinitions(platform, call) ?? readOnly(call, () => handleGlobalChoices(platform, call));
		case 'RelationshipDefinitions':
			return changeDefinitions(platform, call) ?? readOnly(call, () => handleRelationships(platform, call));
	}
	const table = platform.model.sets.get(first.name);
	if (table) return first.key === null ? onSet(platform, call, table, rest) : onRow(platform, call, table, first.key, rest);
	if (rest.length) throw segmentMissing(first.name);
	const answer = handleFunction(platform, call, first) ?? (first.key === null ? handleAction(platform, call, first.name) : null);
	if (!answer) throw segmentMissing(first.name);
	return answer;
}

function readOnly(call: Call, read: () => SandboxResponse): SandboxResponse {
	if (call.method !== 'GET') throw wrongVerb(call);
	return read();
}

function serviceDocument(platform: Platform, call: Call): SandboxResponse {
	allowOptions(call, 'none');
	const value = [...platform.model.tables.values()].map(({ entitySetName: name }) => ({ name, kind: 'EntitySet', url: name }));
	return readOnly(call, () => jsonAnswer(200, { '@odata.context': `${call.root}$metadata`, value }));
}

function onSet(platform: Platform, call: Call, table: Table, rest: Segment[]): SandboxResponse {
	const [second] = rest;
	if (rest.length > 1) throw segmentMissing(rest[1]!.name);
	if (second?.name === '$count') {
		allowOptions(call, 'count');
		return readOnly(call, () => textAnswer(String(call.query.deltatoken === undefined ? countRows(platform, call, table, null) : countChanges(platform, call, table)))); // prettier-ignore
	}
	if (second && message.test(second.name) && call.method === 'POST') {
		allowOptions(call, 'select');
		const name = second.name.replace(message, '');
		const answer = handleBulk(platform, call, table, name) ?? handleBoundAction(platform, call, table, null, name);
		if (answer) return answer;
	}
	if (second) throw segmentMissing(second.name);
	if (call.method === 'POST') {
		allowOptions(call, 'select');
		return createRow(platform, call, table);
	}
	return readOnly(call, () => readSet(platform, call, table));
}

function readSet(platform: Platform, call: Call, table: Table): SandboxResponse {
	const kind = setKind(call);
	allowOptions(call, kind);
	switch (kind) {
		case 'aggregate':
			return jsonAnswer(200, aggregate(platform, call, table));
		case 'tracked':
			return jsonAnswer(200, readChanges(platform, call, table), preferenceApplied(call, 'tracked'));
		case 'fetch':
			return jsonAnswer(200, runFetch(platform, call, table, call.query.other.get('fetchXml')!), preferenceApplied(call, 'page'));
		case 'sql':
			return jsonAnswer(200, runSql(platform, call, table), preferenceApplied(call, 'page'));
		case 'savedQuery':
		case 'userQuery': {
			const text = savedFetch(platform, kind === 'savedQuery' ? 'savedquery' : 'userquery', call.query.other.get(kind)!);
			return jsonAnswer(200, runFetch(platform, call, table, text), preferenceApplied(call, 'page'));
		}
		default:
			return jsonAnswer(200, readPage(platform, call, table, null), preferenceApplied(call, 'page'));
	}
}
