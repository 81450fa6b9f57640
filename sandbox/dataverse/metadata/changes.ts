import type { SandboxResponse } from '../../core/http';
import { noContent } from '../answers';
import type { Call } from '../call';
import { DataverseError, invalidArgument } from '../errors';
import type { ColumnDefinition, ColumnType, Table } from '../model';
import { readBody } from '../payload';
import type { Platform } from '../platform';
import { allowOptions } from '../requestRules';
import { findTable, missing } from './definitions';
import { metadataId } from './labels';

const keyColumns = new Set<ColumnType>(['String', 'Integer', 'Decimal', 'DateTime', 'Lookup', 'Picklist']);
const types: Record<string, ColumnType> = {
	StringAttributeMetadata: 'String',
	MemoAttributeMetadata: 'Memo',
	IntegerAttributeMetadata: 'Integer',
	DecimalAttributeMetadata: 'Decimal',
	DoubleAttributeMetadata: 'Double',
	MoneyAttributeMetadata: 'Money',
	BooleanAttributeMetadata: 'Boolean',
	DateTimeAttributeMetadata: 'DateTime',
	PicklistAttributeMetadata: 'Picklist',
};

const notModelled = (what: string) => new DataverseError(501, '0x80040800', `${what} through the Web API is not modelled here.`);

/**
 * What customizers change through the Web API: alternate keys and columns. It counts at once, without publishing.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-column-definitions-using-web-api
 */
export function changeDefinitions(platform: Platform, call: Call): SandboxResponse | null {
	const [first, second, ...rest] = call.segments;
	if (call.method === 'GET' || rest.length) return null;
	allowOptions(call, 'none');
	if (first!.name !== 'EntityDefinitions' || first!.key === null || !second) return refused(call, first!.name);
	const table = findTable(platform, first!.key);
	if (second.name === 'Keys' && call.method === 'POST' && second.key === null) return addKey(platform, call, table);
	if (second.name === 'Keys' && call.method === 'DELETE' && second.key !== null) return removeKey(platform, call, table, second.key);
	if (second.name === 'Attributes' && call.method === 'POST' && second.key === null) return addColumn(platform, call, table);
	return refused(call, `${second.name} of a table`);
}

/** Verbs that mean something elsewhere but are not modelled say so; the others are wrong. */
function refused(call: Call, what: string): SandboxResponse | null {
	if (['POST', 'PUT', 'PATCH', 'DELETE'].includes(call.method)) throw notModelled(`Changing ${what}`);
	return null;
}

function addKey(platform: Platform, call: Call, table: Table): SandboxResponse {
	platform.demandNamed(call.session, 'prvWriteEntity');
	const body = readBody(call, 'EntityKeyMetadata');
	checkNames(body, ['SchemaName', 'LogicalName', 'DisplayName', 'KeyAttributes', 'EntityLogicalName'], 'EntityKeyMetadata');
	const { SchemaName: name, KeyAttributes: columns } = body;
	if (typeof name !== 'string' || name === '') throw invalidArgument("Required field 'SchemaName' is missing.");
	if (!Array.isArray(columns) || columns.length === 0 || columns.length > 16)
		throw invalidArgument('A key needs one to sixteen attributes.');
	for (const column of columns) {
		const found = table.columns.get(String(column));
		if (!found || !keyColumns.has(found.type))
			throw invalidArgument(`The attribute '${String(column)}' cannot be part of a key of '${table.logicalName}'.`);
	}
	if (table.keys.has(name) || table.failedKeys.has(name)) throw invalidArgument(`A key with the name '${name}' already exists.`);
	const target = violated(platform, table, columns as string[]) ? table.failedKeys : table.keys;
	target.set(name, columns as string[]);
	const id = metadataId(table.logicalName, 'key', name);
	return noContent({ 'odata-entityid': `${call.root}EntityDefinitions(${metadataId(table.logicalName)})/Keys(${id})` });
}

/** The index cannot be built while rows have the same values. */
function violated(platform: Platform, table: Table, columns: string[]): boolean {
	const seen = new Set<string>();
	for (const row of platform.db.store(table.logicalName).rows.values()) {
		if (columns.some((column) => (row[column] ?? null) === null)) continue;
		const key = JSON.stringify(columns.map((column) => String(row[column]).toLowerCase()));
		if (seen.has(key)) return true;
		seen.add(key);
	}
	return false;
}

function removeKey(platform: Platform, call: Call, table: Table, key: string): SandboxResponse {
	platform.demandNamed(call.session, 'prvWriteEntity');
	const named = /^LogicalName='([^']*)'$/.exec(key)?.[1];
	for (const keys of [table.keys, table.failedKeys]) {
		for (const name of keys.keys()) {
			if (name.toLowerCase() !== named && metadataId(table.logicalName, 'key', name) !== key.toLowerCase()) continue;
			keys.delete(name);
			return noContent();
		}
	}
	throw missing(key);
}

const common = ['@odata.type', 'SchemaName', 'LogicalName', 'AttributeType', 'AttributeTypeName', 'DisplayName', 'Description', 'RequiredLevel', 'MaxLength', 'Format', 'FormatName', 'MinValue', 'MaxValue', 'Precision', 'PrecisionSource', 'ImeMode', 'DefaultValue', 'DefaultFormValue', 'OptionSet', 'DateTimeBehavior', 'IsPrimaryName', 'IsSecured', 'SourceType', 'SourceTypeMask', 'IsAuditEnabled', 'IsCustomizable', 'IsValidForAdvancedFind']; // prettier-ignore

function addColumn(platform: Platform, call: Call, table: Table): SandboxResponse {
	platform.demandNamed(call.session, 'prvCreateAttribute');
	const body = readBody(call, 'AttributeMetadata');
	checkNames(body, common, 'AttributeMetadata');
	const type = types[/([^.#]+)$/.exec(String(body['@odata.type'] ?? ''))?.[1] ?? ''];
	if (!type) throw invalidArgument(`A column of the type '${String(body['@odata.type'] ?? '')}' cannot be created here.`);
	const { SchemaName: schemaName } = body;
	if (typeof schemaName !== 'string' || !/^[A-Za-z][A-Za-z0-9]+_\w+$/.test(schemaName))
		throw invalidArgument('The schema name of a column needs the prefix of a publisher.');
	const logicalName = schemaName.toLowerCase();
	if (table.columns.has(logicalName))
		throw new DataverseError(400, '0x80044363', `An attribute with the specified name ${logicalName} already exists.`);
	const { model } = platform;
	model.addColumn(table, definition(body, type, logicalName, schemaName));
	if (type === 'Money') model.addColumn(table, { logicalName: `${logicalName}_base`, type, access: 'read' });
	if (body.IsSecured === true) platform.columnSecurity.secure(table.logicalName, logicalName);
	model.relate();
	const id = metadataId(table.logicalName, logicalName);
	return noContent({ 'odata-entityid': `${call.root}EntityDefinitions(${metadataId(table.logicalName)})/Attributes(${id})` });
}

function definition(body: Record<string, unknown>, type: ColumnType, logicalName: string, schemaName: string): ColumnDefinition {
	const label = (value: unknown) => (value as { LocalizedLabels?: Array<{ Label?: string }> } | undefined)?.LocalizedLabels?.[0]?.Label;
	const options = (body.OptionSet as { Options?: Array<{ Value: number; Label?: unknown }> } | undefined)?.Options ?? [];
	const level = (body.RequiredLevel as { Value?: string } | undefined)?.Value;
	return {
		logicalName,
		schemaName,
		type,
		access: 'full',
		displayName: label(body.DisplayName) ?? schemaName,
		...(typeof body.MaxLength === 'number' && { maxLength: body.MaxLength }),
		...(body.Format === 'DateOnly' && { format: 'DateOnly' as const, behavior: 'UserLocal' as const }),
		...(type === 'Picklist' && { options: Object.fromEntries(options.map(({ Value, Label }) => [String(Value), label(Label) ?? ''])) }),
		...(level === 'SystemRequired' && { required: true }),
	};
}

function checkNames(body: Record<string, unknown>, known: string[], type: string): void {
	const other = Object.keys(body).find((name) => !known.includes(name) && !name.includes('@'));
	if (other !== undefined) throw invalidArgument(`Invalid property '${other}' was found in entity 'Microsoft.Dynamics.CRM.${type}'.`);
}
