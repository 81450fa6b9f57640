import type { INodeParameters } from 'n8n-workflow';
import { Dynamics365SyncTrigger } from '../../nodes/Dynamics365SyncTrigger/Dynamics365SyncTrigger.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { activate, type ActivatedTrigger, type ActivationSettings } from '../kit/trigger';
import { runNode, useNewState } from '../kit/workflow';

let systems: LocalSystems;
let active: ActivatedTrigger[] = [];
beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
});
afterEach(async () => {
	for (const each of active) await each.close();
	active = [];
	await systems.close();
});

async function publish(parameters: INodeParameters = {}, settings: Partial<ActivationSettings> = {}): Promise<ActivatedTrigger> {
	const given = {
		company: systems.company,
		startWhen: 'looking',
		mappings: ['CONTACT', 'CUSTOMER'],
		lookEverySeconds: 60,
		options: {},
		...parameters,
	};
	const trigger = await activate(Dynamics365SyncTrigger, given, { credentials: systems.vault(), ...settings });
	active.push(trigger);
	return trigger;
}

test('publishing starts every chosen mapping once, in the order in which they depend on each other, and the items start Sync Mapping', async () => {
	const trigger = await publish();
	await trigger.until(1);
	expect(trigger.started).toHaveLength(1);
	expect(trigger.started[0]!.map(({ mapping, reason }) => [mapping, reason])).toEqual([
		['CUSTOMER', 'start'],
		['CONTACT', 'start'],
	]);
	const { json, error } = await runNode(
		SyncMapping,
		{ company: systems.company, mapping: { ...by('name', '={{ $json.mapping }}') }, direction: '={{ $json.direction }}' },
		{ credentials: systems.vault(), items: trigger.started[0]! },
	);
	expect(error).toBeUndefined();
	expect(json[0]!.map(({ mapping }) => mapping)).toEqual(['CUSTOMER', 'CUSTOMER', 'CONTACT', 'CONTACT']);
});

test('Read Sync Log tells the state of the trigger, and that there is none', async () => {
	const ask = async () =>
		await runNode(ReadSyncLog, { company: systems.company, operation: 'getTriggerState' }, { credentials: systems.vault() });
	await runNode(SyncMapping, { company: systems.company, mapping: by('name', 'CUSTOMER') }, { credentials: systems.vault() });
	expect((await ask()).json[0]).toEqual([
		{ found: 0, message: 'No Dynamics 365 Sync Trigger has been at work for this company and CRM environment.' },
	]);
	const trigger = await publish();
	await trigger.until(1);
	const { json } = await ask();
	expect(json[0]!.map(({ mapping, state, message }) => [mapping, state, message])).toEqual([
		['CONTACT', 'started', expect.stringMatching(/^It was started on .* UTC, and its run has not ended yet\.$/)],
		['CUSTOMER', 'started', expect.stringMatching(/^It was started on .* UTC, and its run has not ended yet\.$/)],
	]);
	expect(json[0]![1]).toMatchObject({
		trigger: 'workflow "Near real time" (id 12), node "Dynamics 365 Sync Trigger"',
		starts: 1,
		attempts: 0,
		notices: [],
	});
});

test('a start of n8n starts nothing by itself, and nor does publishing where that is switched off', async () => {
	for (const [options, activation] of [
		[{}, 'init'],
		[{ startAtActivation: false }, 'activate'],
	] as const) {
		const trigger = await publish({ options }, { activation });
		await trigger.until(1, 700);
		expect([trigger.started, trigger.failed]).toEqual([[], []]);
		await trigger.close();
	}
});

test('two triggers of one node do not both look: the second one waits until the first is closed', async () => {
	const first = await publish();
	await first.until(1);
	const second = await publish();
	await second.until(1, 500);
	expect([first.started.length, second.started.length]).toEqual([1, 0]);
});

test('services that are away do not make an activation fail, and a sign-in that is refused is told by a failed execution', async () => {
	await runNode(SyncMapping, { company: systems.company, mapping: by('name', 'CUSTOMER') }, { credentials: systems.vault() });
	systems.sandbox.faults.add({ times: 10_000, fault: { kind: 'answer', status: 401 } } as never);
	const trigger = await publish({ mappings: ['CUSTOMER'] });
	await trigger.until(1);
	expect(trigger.failed.length).toBeGreaterThan(0);
	expect(trigger.failed[0]!.message).toMatch(/Business Central|Dataverse|CRM/);
	expect(trigger.started).toEqual([]);
});

test('in the editor: one look, all mappings to try the workflow with, or those that changed', async () => {
	const trigger = await publish({}, { mode: 'manual' });
	await trigger.response.manualTriggerFunction!();
	expect(trigger.started[0]!.map(({ mapping, reason }) => [mapping, reason])).toEqual([
		['CUSTOMER', 'manual'],
		['CONTACT', 'manual'],
	]);
});

test.each([
	['businessCentralApi', /No credential is chosen for Business Central/],
	['dataverseOAuth2Api', /No credential is chosen for CRM Connection/],
])('an activation without %s is refused with the field to fill in', async (credential, message) => {
	await expect(publish({ authentication: 'accessKey' }, { without: [credential] })).rejects.toThrow(message);
});

test('so is one in queue mode without PostgreSQL, and one with a parameter that does not fit', async () => {
	const before = process.env['EXECUTIONS_MODE'];
	process.env['EXECUTIONS_MODE'] = 'queue';
	try {
		await expect(publish()).rejects.toMatchObject({
			description: expect.stringContaining('Attach the credential "Sync Store (PostgreSQL)" to the node.') as string,
		});
	} finally {
		if (before === undefined) delete process.env['EXECUTIONS_MODE'];
		else process.env['EXECUTIONS_MODE'] = before;
	}
	await expect(publish({ lookEverySeconds: 5 })).rejects.toThrow('Parameter "Look Every (Seconds)" must be 15 or more.');
	await expect(publish({ options: { intervalMinutes: 0 } })).rejects.toThrow('Parameter "Options → Interval (Minutes)" must be 1 or more.');
});

test('a trigger that was closed leaves no timer behind that would keep its process from ending', async () => {
	const trigger = await publish({ options: { startAtActivation: false } });
	const [set, clear] = [jest.spyOn(globalThis, 'setTimeout'), jest.spyOn(globalThis, 'clearTimeout')];
	await trigger.close();
	const limits = set.mock.results.filter((_, index) => set.mock.calls[index]![1] === 5_000).map(({ value }) => value as unknown);
	expect(limits).toHaveLength(1);
	expect(clear.mock.calls.map(([timer]) => timer)).toContain(limits[0]);
	jest.restoreAllMocks();
});
