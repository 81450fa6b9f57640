import type { INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { runNode, type NodeClass } from '../kit/workflow';

const company = { __rl: true, mode: 'id', value: '11111111-2222-3333-4444-555555555555' };
const mapping = { __rl: true, mode: 'list', value: 'CUSTOMER' };
const address = { clientId: 'a', clientSecret: 'b', tenantId: 't', authority: 'http://127.0.0.1:9' };
const credentials = {
	businessCentralOAuth2Api: { ...address, baseUrlOverride: 'http://127.0.0.1:9/v2.0/sandbox' },
	dataverseOAuth2Api: { ...address, environmentUrl: 'http://127.0.0.1:9' },
};

const run = async (type: NodeClass, parameters: INodeParameters) => await runNode(type, { company, ...parameters }, { credentials });

describe('a parameter that does not fit ends the node with words that name it', () => {
	it.each<[string, NodeClass, INodeParameters, string]>([
		[
			'no company',
			SyncMapping,
			{ company: { __rl: true, mode: 'list', value: '={{ $json.none }}' }, mapping },
			'Parameter "Company" must be filled in.',
		],
		[
			'a company id that is none',
			SyncMapping,
			{ company: { __rl: true, mode: 'id', value: '={{ "CRONUS" }}' }, mapping },
			'Parameter "Company" must be an id such as',
		],
		['a mapping from an empty expression', SyncMapping, { mapping: '={{ $json.nothing }}' }, 'Parameter "Mapping" must be filled in.'],
		[
			'a mapping there is not',
			SyncMapping,
			{ mapping: { __rl: true, mode: 'name', value: 'CUSTOMERS' } },
			'There is no table mapping named "CUSTOMERS".',
		],
		[
			'a direction there is not',
			SyncMapping,
			{ mapping, direction: '={{ "up" }}' },
			'Parameter "Direction" must be one of: mapping, toCrm, fromCrm.',
		],
		[
			'an option below its limit',
			SyncMapping,
			{ mapping, options: { recordLimit: 0 } },
			'Parameter "Options → Record Limit" must be 1 or more.',
		],
		[
			'a number that is text',
			SyncMapping,
			{ mapping, options: { stopAfterMinutes: '={{ "soon" }}' } },
			'Parameter "Options → Stop After (Minutes)" must be a number.',
		],
		[
			'a record without a name',
			SyncMapping,
			{ operation: 'synchronizeSelected', mapping, businessCentralRecord: { __rl: true, mode: 'number', value: '={{ "" }}' } },
			'Parameter "Business Central Record" must be filled in.',
		],
		[
			'an empty selection of mappings',
			FullSync,
			{ operation: 'run', mappingSelection: 'selection', mappings: '={{ [] }}' },
			'Parameter "Selected Mappings" must hold at least one mapping.',
		],
		[
			'a CRM id that is none',
			CoupleRecords,
			{
				mapping,
				businessCentralRecord: { __rl: true, mode: 'number', value: '10000' },
				crmRecord: { __rl: true, mode: 'id', value: '={{ "Adatum" }}' },
			},
			'Parameter "CRM Record" must be an id such as',
		],
		['a time that is none', ReadSyncLog, { filters: { from: 'yesterday' } }, 'Parameter "Filters → From" must be a date and time'],
		['a limit of zero', ReadSyncLog, { limit: 0 }, 'Parameter "Limit" must be 1 or more.'],
	])('%s', async (_case, type, parameters, message) => {
		const { error, status } = await run(type, parameters);
		expect(status).toBe('error');
		expect(error?.message).toContain(message);
		expect(error?.context?.['itemIndex']).toBe(0);
	});
});

describe('items whose parameters do not fit', () => {
	const settings = { credentials, items: [{ direction: 'up' }, { direction: 'down' }] };
	const parameters = { company, mapping, direction: '={{ $json.direction }}' };

	it('leave as error items, each with its own error, when the node continues with its regular output', async () => {
		const { json, outputs } = await runNode(SyncMapping, parameters, { ...settings, onError: 'continueRegularOutput' });
		expect(json[0]).toHaveLength(2);
		expect(json[0]?.[0]?.['error']).toContain('Parameter "Direction"');
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(json[1] ?? []).toEqual([]);
	});

	it('leave on the error output with the data of their input item', async () => {
		const { json } = await runNode(SyncMapping, parameters, { ...settings, onError: 'continueErrorOutput' });
		expect(json[0]).toEqual([]);
		expect(json[2]?.map(({ direction, details }) => [direction, details])).toEqual([
			['up', expect.stringContaining('expression')],
			['down', expect.stringContaining('expression')],
		]);
	});
});
