import '../kit/n8nEnvironment';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NodeHelpers, type INode, type INodeParameters, type INodeType } from 'n8n-workflow';
import { Dynamics365SyncTrigger } from '../../nodes/Dynamics365SyncTrigger/Dynamics365SyncTrigger.node';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SalesDocuments } from '../../nodes/SalesDocuments/SalesDocuments.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';

const folder = resolve(__dirname, '../../workflows');
const types = new Map<string, INodeType>(
	[new Dynamics365SyncTrigger(), new SyncMapping(), new FullSync(), new CoupleRecords(), new ReadSyncLog(), new SalesDocuments()].map((type) => [
		`n8n-nodes-dynamics365-sync.${type.description.name}`,
		type,
	]),
);
const ours = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.flatMap((file) => {
		const { nodes } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { nodes: INode[] };
		return nodes.filter(({ type }) => types.has(type)).map((node) => [file, node.name, node] as const);
	});

it('there are example workflows with our nodes', () => {
	expect(ours.length).toBeGreaterThan(0);
});

it.each(ours)('%s: the node "%s" has only parameters that n8n keeps, and no issue', (_file, _name, node) => {
	const { description } = types.get(node.type) as INodeType;
	const kept = NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) as INodeParameters;
	for (const [name, value] of Object.entries(node.parameters)) expect([name, kept[name]]).toEqual([name, value]);
	expect(NodeHelpers.getNodeParametersIssues(description.properties, { ...node, parameters: kept }, description)).toBeNull();
});

describe('failures-by-mail: the subject says what the mail is about', () => {
	const { nodes } = JSON.parse(readFileSync(join(folder, 'failures-by-mail.json'), 'utf8')) as { nodes: INode[] };
	const subject = String(nodes.find(({ name }) => name === 'Send e-mail')?.parameters['subject']);
	const written = (report: { needsAttention: number; mappingsFailing: string[]; overdue: string[] }): string =>
		subject
			.slice(1)
			.replace(/\{\{(.*?)\}\}/g, (_all, code: string) =>
				String((new Function('$json', `return ${code};`) as (json: object) => unknown)(report)),
			);

	it.each([
		['1 record needs someone', { needsAttention: 1, mappingsFailing: [], overdue: [] }],
		['3 records need someone; not running: ITEM', { needsAttention: 3, mappingsFailing: [], overdue: ['ITEM'] }],
		['1 record needs someone; cannot run: CUSTOMER, VENDOR', { needsAttention: 3, mappingsFailing: ['CUSTOMER', 'VENDOR'], overdue: [] }],
		['0 records need someone; cannot run: CUSTOMER', { needsAttention: 1, mappingsFailing: ['CUSTOMER'], overdue: [] }],
	])('%s', (text, report) => {
		expect(written(report)).toBe(text);
	});
});
