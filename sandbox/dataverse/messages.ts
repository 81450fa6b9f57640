import type { SandboxResponse } from '../core/http';
import { annotationBlocks } from './actions/annotationBlocks';
import { boundDocumentActions, documentActions } from './actions/documents';
import { duplicateRuleActions, unpublishDuplicateRule } from './actions/duplicateRules';
import type { BoundHandler, Handler } from './actions/handler';
import { qualifyLead } from './actions/leads';
import { merge } from './actions/merge';
import { optionActions } from './actions/options';
import { productActions } from './actions/products';
import { checkParameters } from './actionSignatures';
import type { Call } from './call';
import { segmentMissing } from './errors';
import type { Table } from './model';
import { readBody, type Body } from './payload';
import type { Platform } from './platform';
import { wrongVerb } from './references';
import { allowOptions } from './requestRules';

const unbound: Record<string, Handler> = { ...documentActions, ...optionActions, ...annotationBlocks, Merge: merge, UnpublishDuplicateRule: unpublishDuplicateRule }; // prettier-ignore

/** Table → actions bound to its rows. */
const bound: Record<string, Record<string, BoundHandler>> = {
	...boundDocumentActions,
	product: productActions,
	lead: { QualifyLead: qualifyLead },
	duplicaterule: duplicateRuleActions,
};

/** Carries out an unbound action; null when there is none of that name. */
export function handleAction(platform: Platform, call: Call, name: string): SandboxResponse | null {
	const plain = name.replace(/^Microsoft\.Dynamics\.CRM\./, '');
	const handler = unbound[plain];
	if (!handler) return null;
	if (call.method !== 'POST') throw wrongVerb(call);
	allowOptions(call, 'none');
	const body = parametersOf(call, plain);
	return platform.db.atomically(() => handler(platform, call, body));
}

/** Actions bound to a row or to a set. Null when there is none of that name. */
export function handleBoundAction(
	platform: Platform,
	call: Call,
	table: Table,
	id: string | null,
	message: string,
): SandboxResponse | null {
	const name = message.replace(/^Microsoft\.Dynamics\.CRM\./, '');
	// The older reference binds this one to the set; 9.2 is not confirmed, so both are answered.
	if (name === 'FulfillSalesOrder' && table.logicalName === 'salesorder' && id === null) return handleAction(platform, call, name);
	const handler = bound[table.logicalName]?.[name];
	if (!handler) return null;
	if (id === null) throw segmentMissing(message);
	const body = parametersOf(call, name);
	return platform.db.atomically(() => handler(platform, call, id, body));
}

function parametersOf(call: Call, name: string): Body {
	const body = call.body.trim() ? readBody(call, name) : {};
	checkParameters(name, body);
	return body;
}
