import type { INodeProperties } from 'n8n-workflow';
import { operations as coupleRecords } from '../../../nodes/CoupleRecords/operations';
import { operations as fullSync } from '../../../nodes/FullSync/operations';
import { operations as readSyncLog } from '../../../nodes/ReadSyncLog/operations';
import { operations as salesDocuments } from '../../../nodes/SalesDocuments/operations';
import { connectionProperties } from '../../../nodes/shared/connectionProperties';
import type { Operation } from '../../../nodes/shared/operation';
import { operations as syncMapping } from '../../../nodes/SyncMapping/operations';
import { operations as tableMappings } from '../../../nodes/TableMappings/operations';
import { triggerProperties } from '../../../nodes/Dynamics365SyncTrigger/properties';
import { propertyRows } from './properties';
import { plainText, table } from './markdown';
import type { Sections } from './sections';

const HEADS = ['Parameter', 'Default', 'What it does'];

/** For each node: its operations with their parameters, as the editor shows them. */
export const nodeSections = (): Sections => ({
	'connection-parameters': table(HEADS, propertyRows(connectionProperties)),
	'sync-mapping-operations': describe(syncMapping),
	'full-sync-operations': describe(fullSync),
	'couple-records-operations': describe(coupleRecords),
	'read-sync-log-operations': describe(readSyncLog),
	'sales-documents-operations': describe(salesDocuments),
	'table-mappings-operations': describe(tableMappings),
	'sync-trigger-parameters': table(HEADS, propertyRows(triggerProperties.filter(({ type }) => type !== 'notice'))),
});

function describe(operations: readonly Operation[]): string {
	return operations
		.map(({ name, description, properties }) => `### ${name}\n\n${plainText(description)}\n\n${table(HEADS, propertyRows(properties as INodeProperties[]))}`)
		.join('\n\n');
}
