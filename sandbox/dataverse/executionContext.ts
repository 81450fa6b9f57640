import { randomUUID } from 'node:crypto';
import type { Database } from './database';
import type { Environment } from './environment';
import type { WriteEvent } from './events';
import type { Column, Table } from './model';
import { typeKey } from './model';
import type { Changes, Row, Value } from './values';

const contracts = 'http://schemas.microsoft.com/xrm/2011/Contracts';
const dated = (epochMs: number): string => `/Date(${epochMs})/`;

/**
 * What a webhook is told about a write: a RemoteExecutionContext as JSON. `cut`: without inputs and images, as above 256 KB.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/use-webhooks ("Webhook request data")
 */
export function executionContext(
	db: Database,
	environment: Environment,
	event: WriteEvent,
	step: Row,
	correlation: string,
	cut = false,
): Record<string, unknown> {
	const { table, id, message, session } = event;
	const target =
		message === 'Delete'
			? reference(table.logicalName, id)
			: entity(table, id, message === 'Create' ? { ...event.after } : event.changes, event.after);
	const shared = session.tag === undefined ? [] : [{ key: 'tag', value: session.tag }];
	return {
		BusinessUnitId: db.row('systemuser', session.user)?.businessunitid ?? environment.businessUnitId,
		CorrelationId: correlation,
		Depth: session.depth ?? 1,
		InitiatingUserAzureActiveDirectoryObjectId: '00000000-0000-0000-0000-000000000000',
		InitiatingUserId: session.caller ?? session.user,
		InputParameters: cut ? [] : [{ key: 'Target', value: target }],
		IsExecutingOffline: false,
		IsInTransaction: Number(step.mode) === 0,
		IsOfflinePlayback: false,
		IsolationMode: 1,
		MessageName: message,
		Mode: Number(step.mode),
		OperationCreatedOn: dated(event.at),
		OperationId: randomUUID(),
		OrganizationId: environment.organizationId,
		OrganizationName: 'sandbox',
		OutputParameters: message === 'Create' && !cut ? [{ key: 'id', value: id }] : [],
		OwningExtension: reference('sdkmessageprocessingstep', String(step.sdkmessageprocessingstepid), String(step.name)),
		ParentContext: null,
		PostEntityImages: [],
		PreEntityImages: [],
		PrimaryEntityId: id,
		PrimaryEntityName: table.logicalName,
		RequestId: randomUUID(),
		SecondaryEntityName: 'none',
		SharedVariables: shared,
		Stage: Number(step.stage),
		UserAzureActiveDirectoryObjectId: '00000000-0000-0000-0000-000000000000',
		UserId: session.user,
	};
}

const reference = (logicalName: string, id: string, name: string | null = null) => ({
	__type: `EntityReference:${contracts}`,
	Id: id,
	KeyAttributes: [],
	LogicalName: logicalName,
	Name: name,
	RowVersion: null,
});

function entity(table: Table, id: string, changes: Changes, row: Row | null) {
	const attributes: Array<{ key: string; value: unknown }> = [];
	for (const [name, value] of Object.entries(changes)) {
		const column = table.columns.get(name);
		if (column && !(column.hidden && column.type === 'EntityName'))
			attributes.push({ key: name, value: attribute(column, value, changes, row) });
	}
	return {
		__type: `Entity:${contracts}`,
		Attributes: attributes,
		EntityState: null,
		FormattedValues: [],
		Id: id,
		KeyAttributes: [],
		LogicalName: table.logicalName,
		RelatedEntities: [],
		RowVersion: null,
	};
}

function attribute(column: Column, value: Value, changes: Changes, row: Row | null): unknown {
	if (value === null) return null;
	if (column.isLookup) {
		const type = column.polymorphic ? (changes[typeKey(column.logicalName)] ?? row?.[typeKey(column.logicalName)]) : column.targets![0];
		return reference(String(type), String(value));
	}
	switch (column.type) {
		case 'Picklist':
		case 'State':
		case 'Status':
			return { __type: `OptionSetValue:${contracts}`, Value: value };
		case 'Money':
			return { __type: `Money:${contracts}`, Value: value };
		case 'DateTime':
			return dated(Date.parse(String(value)));
		default:
			return value;
	}
}
