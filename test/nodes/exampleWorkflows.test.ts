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
	[new Dynamics365SyncTrigger(), new SyncMapping(), new FullSync(), new CoupleRecords(), new ReadSyncLog(), new SalesDocuments()].map(
		(type) => [`n8n-nodes-dynamics365-sync.${type.description.name}`, type],
	),
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
	const issues = NodeHelpers.getNodeParametersIssues(description.properties, { ...node, parameters: kept }, description)?.parameters ?? {};
	expect(Object.keys(issues).filter((name) => !isToBeChosen(node.parameters[name]))).toEqual([]);
});

const isToBeChosen = (value: unknown): boolean => JSON.stringify(value) === JSON.stringify({ __rl: true, mode: 'list', value: '' });

it.each(ours)('%s: the node "%s" names no company or record of somebody else', (_file, _name, node) => {
	for (const picker of ['company', 'businessCentralRecord', 'crmRecord'])
		if (node.parameters[picker] !== undefined) expect([picker, isToBeChosen(node.parameters[picker])]).toEqual([picker, true]);
});

it('the first full sync writes nothing between the review and an approval', () => {
	const { nodes, connections } = JSON.parse(readFileSync(join(folder, 'first-sync-with-review.json'), 'utf8')) as {
		nodes: INode[];
		connections: Record<string, { main: Array<Array<{ node: string }>> }>;
	};
	const before = (name: string): string[] =>
		Object.entries(connections).flatMap(([from, { main }]) => (main.flat().some(({ node }) => node === name) ? [from] : []));
	expect(before('Run full sync')).toEqual(['Is it approved?']);
	expect(connections['Is it approved?']!.main[1]!.map(({ node }) => node)).toEqual(['Not started']);
	expect(before('Is it approved?')).toEqual(['Wait for approval']);
	const wait = nodes.find(({ name }) => name === 'Wait for approval')!;
	const field = (wait.parameters['formFields'] as { values: Array<{ fieldLabel: string }> }).values[0]!.fieldLabel;
	const question = nodes.find(({ name }) => name === 'Is it approved?')!;
	expect(JSON.stringify(question.parameters)).toContain(`$json['${field}']`);
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
