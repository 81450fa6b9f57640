import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { operations as coupleRecords } from '../../../../nodes/CoupleRecords/operations';
import { operations as fullSync } from '../../../../nodes/FullSync/operations';
import { operations as readSyncLog } from '../../../../nodes/ReadSyncLog/operations';
import { operations as salesDocuments } from '../../../../nodes/SalesDocuments/operations';
import { connectionProperties } from '../../../../nodes/shared/connectionProperties';
import type { Operation } from '../../../../nodes/shared/operation';
import { operations as syncMapping } from '../../../../nodes/SyncMapping/operations';
import { operations as tableMappings } from '../../../../nodes/TableMappings/operations';

/** Operations of each node, by the name it has in the editor. */
const NODES: Readonly<Record<string, readonly Operation[]>> = {
	'Couple Records': coupleRecords,
	'Full Sync': fullSync,
	'Read Sync Log': readSyncLog,
	'Sales Documents': salesDocuments,
	'Sync Mapping': syncMapping,
	'Table Mappings': tableMappings,
};

type Shown = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** Names of parameters and of what can be chosen in them, however deep. */
function namesIn(shown: Shown): string[] {
	const own = 'displayName' in shown ? [shown.displayName] : 'value' in shown ? [shown.name] : [];
	const inner = [...('options' in shown ? (shown.options ?? []) : []), ...('values' in shown ? shown.values : [])];
	return [...own, ...inner.flatMap(namesIn)];
}

const OPERATIONS = new Map(Object.entries(NODES).map(([node, operations]) => [node, operations.map(({ name }) => name)]));
const PARAMETERS = [
	...Object.values(NODES)
		.flat()
		.flatMap(({ properties }) => properties),
	...connectionProperties,
].flatMap(namesIn);
/** Places in the pages of Microsoft Entra. */
const IN_ENTRA = ['Certificates & secrets', 'Certificates'];
/** What stands beside an arrow is one of these. */
const NAMES = [...OPERATIONS.keys(), ...[...OPERATIONS.values()].flat(), ...PARAMETERS, ...IN_ENTRA, 'Options', 'Credentials'];

/** A text may name a place by its path: `Couple Records → Synchronize With a Side`, `Options → Wait for Its Turn`. */
export function expectNamesOfNodes(text: string): void {
	const wrong: string[] = [];
	for (const { index } of text.matchAll(/ → /g)) {
		const [left, right] = [text.slice(0, index), text.slice(index + 3)];
		const from = NAMES.filter((name) => left.endsWith(name)).sort(longest)[0];
		const to = NAMES.filter((name) => right.startsWith(name)).sort(longest)[0];
		const of = from === undefined ? undefined : OPERATIONS.get(from);
		if (!from || !to || (of && !of.includes(to))) wrong.push(`${left.slice(-30)} → ${right.slice(0, 30)}`);
	}
	// Names in quotation marks after "option" or "operation" are those of the editor.
	for (const [, name = ''] of text.matchAll(/(?:option|operation) "([^"→]+)"/g)) if (!NAMES.includes(name)) wrong.push(name);
	expect(wrong).toEqual([]);
}

const longest = (left: string, right: string): number => right.length - left.length;
