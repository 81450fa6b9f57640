import '../kit/n8nEnvironment';
import { NodeHelpers, Workflow, type INode, type INodeParameters, type INodeType } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SalesDocuments } from '../../nodes/SalesDocuments/SalesDocuments.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { TableMappings } from '../../nodes/TableMappings/TableMappings.node';
import { nodeTypesOf } from '../kit/n8nNodeTypes';

/** A node on the canvas, with the parameters that n8n gives it. */
function onCanvas(type: INodeType, typeVersion: number, parameters: INodeParameters): { node: INode; workflow: Workflow } {
	const node: INode = { id: 'x', name: 'Node', type: type.description.name, typeVersion, position: [0, 0], parameters };
	const types = nodeTypesOf(new Map([[type.description.name, type]]));
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: types });
	return { node: workflow.getNode('Node')!, workflow };
}

const parametersOf = (type: INodeType, typeVersion: number, parameters: INodeParameters): INodeParameters =>
	onCanvas(type, typeVersion, parameters).node.parameters;

const list = (value: string): INodeParameters[string] => ({ __rl: true, mode: 'list', value });

describe('what a new node begins with, and one that was saved with version 1', () => {
	it('Restart Mapping and Resume begin with a preview', () => {
		for (const operation of ['run', 'resume', 'restartMapping']) {
			expect(parametersOf(new FullSync(), 1, { operation })['preview']).toBe(false);
			expect(parametersOf(new FullSync(), 1.1, { operation })['preview']).toBe(true);
		}
	});

	it('Couple leaves data to the default of the mapping; before, it sent', () => {
		expect(parametersOf(new CoupleRecords(), 1, { operation: 'couple' })['initial']).toBe('send');
		expect(parametersOf(new CoupleRecords(), 1.1, { operation: 'couple' })['initial']).toBe('default');
	});

	it('Match-Based Coupling compares what there is; before, only flagged fields', () => {
		expect(parametersOf(new CoupleRecords(), 1, { operation: 'matchBased' })['criteriaFrom']).toBe('mapping');
		expect(parametersOf(new CoupleRecords(), 1.1, { operation: 'matchBased' })['criteriaFrom']).toBe('firstSync');
	});

	it('Synchronize With a Side has no side preset, and n8n refuses to start it without one', () => {
		const type = new CoupleRecords();
		const issuesIn = (typeVersion: number, more: INodeParameters) => {
			const { node } = onCanvas(type, typeVersion, { operation: 'synchronizeWithSide', ...more });
			return NodeHelpers.getNodeParametersIssues(type.description.properties, node, type.description)?.parameters?.['winner'];
		};
		expect(parametersOf(type, 1, { operation: 'synchronizeWithSide' })['winner']).toBe('businessCentral');
		expect(issuesIn(1, {})).toBeUndefined();
		expect(issuesIn(1.1, {})).toHaveLength(1);
		expect(issuesIn(1.1, { winner: 'crm' })).toBeUndefined();
	});
});

describe('outputs', () => {
	const outputs = (type: INodeType, typeVersion: number, parameters: INodeParameters) => {
		const { node, workflow } = onCanvas(type, typeVersion, parameters);
		return NodeHelpers.getNodeOutputs(workflow, node, type.description).map((each) => (typeof each === 'string' ? each : each.displayName));
	};

	it('a review has one, and whatever synchronizes has two', () => {
		for (const operation of ['review', 'checkSetUp', 'settleCopied']) expect(outputs(new FullSync(), 1.1, { operation })).toEqual(['Done']);
		for (const operation of ['run', 'resume', 'restartMapping'])
			expect(outputs(new FullSync(), 1.1, { operation })).toEqual(['Done', 'Failed']);
	});

	it('nodes of version 1 keep both, whatever they do', () => {
		for (const operation of ['review', 'checkSetUp', 'run']) expect(outputs(new FullSync(), 1, { operation })).toEqual(['Done', 'Failed']);
	});
});

describe('the line below a node', () => {
	const subtitle = (type: INodeType, parameters: INodeParameters): unknown => {
		const { node, workflow } = onCanvas(type, 1.1, parameters);
		return workflow.expression.getSimpleParameterValue(node, type.description.subtitle!, 'manual', {});
	};

	it.each<[string, INodeType, INodeParameters]>([
		['Synchronize Modified Records: CUSTOMER', new SyncMapping(), { operation: 'synchronizeModified', mapping: list('CUSTOMER') }],
		['Synchronize Modified Records', new SyncMapping(), { operation: 'synchronizeModified', mapping: list('') }],
		['Couple: CUSTOMER', new CoupleRecords(), { operation: 'couple', mapping: { mode: 'name', value: 'CUSTOMER' } }],
		['Synchronize All Mappings', new SyncMapping(), { operation: 'synchronizeAll' }],
		['Review', new FullSync(), { operation: 'review' }],
		['Run: CURRENCY, CUSTOMER', new FullSync(), { operation: 'run', mappingSelection: 'selection', mappings: ['CURRENCY', 'CUSTOMER'] }],
		['Restart Mapping: CUSTOMER', new FullSync(), { operation: 'restartMapping', mapping: list('CUSTOMER') }],
		['Couple: CUSTOMER', new CoupleRecords(), { operation: 'couple', mapping: list('CUSTOMER') }],
		['Retry', new CoupleRecords(), { operation: 'retry', retryScope: 'all' }],
		['Uncouple: ITEM, VENDOR', new CoupleRecords(), { operation: 'uncouple', scope: 'mappings', mappings: ['ITEM', 'VENDOR'] }],
		['Get Many', new TableMappings(), { operation: 'getMany' }],
		['Create: EMPLOYEES', new TableMappings(), { operation: 'create', name: 'EMPLOYEES' }],
		['Export: ITEM', new TableMappings(), { operation: 'export', which: 'selection', mappings: ['ITEM'] }],
		['Get Errors: CUSTOMER', new ReadSyncLog(), { operation: 'getErrors', mapping: list('CUSTOMER') }],
		['Create Orders in Business Central', new SalesDocuments(), { operation: 'createOrders' }],
	])('says %s', (text, type, parameters) => {
		expect(subtitle(type, parameters)).toBe(text);
	});
});

describe.each([new SyncMapping(), new FullSync(), new CoupleRecords(), new SalesDocuments(), new ReadSyncLog(), new TableMappings()])(
	'operations of $description.displayName',
	({ description }) => {
		const operation = description.properties.find(({ name }) => name === 'operation')!;
		const options = operation.options as Array<{ name: string; value: string }>;

		it('hold no Custom API Call that anybody could see, and n8n adds none', () => {
			// n8n appends its own where the last operation is not called so (packages/cli, load-nodes-and-credentials).
			expect(options.at(-1)).toMatchObject({ name: 'Custom API Call', value: '__CUSTOM_API_CALL__' });
			for (const { value } of options.slice(0, -1)) {
				const shown = options.filter((each) =>
					NodeHelpers.displayParameter({ operation: value }, each as never, { typeVersion: 1.1 } as never, description),
				);
				expect(shown.map(({ name }) => name)).toEqual(options.slice(0, -1).map(({ name }) => name));
			}
		});
	},
);
