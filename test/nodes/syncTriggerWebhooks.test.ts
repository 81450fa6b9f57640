import type { INodeParameters } from 'n8n-workflow';
import { Dynamics365SyncTrigger } from '../../nodes/Dynamics365SyncTrigger/Dynamics365SyncTrigger.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { hooked, type HookedNode } from '../kit/hooks';
import { type LocalSystems, startLocalSystems } from '../kit/n8nLocalSystems';
import { activate, type ActivatedTrigger } from '../kit/trigger';
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

const parametersOf = (more: INodeParameters = {}): INodeParameters => ({
	...{ company: systems.company, startWhen: 'webhooks', mappings: ['CUSTOMER'], lookEverySeconds: 360, webhooksFrom: 'both' },
	...{ crmWebhooks: 'register', options: { webhookBaseUrl: 'https://n8n.example/', startAtActivation: false } },
	...more,
});

/** The node, with both sandboxes calling it. */
function node(more: INodeParameters = {}): HookedNode & { publish(): Promise<ActivatedTrigger> } {
	const parameters = parametersOf(more);
	const vault = systems.vault();
	const own = hooked(Dynamics365SyncTrigger, parameters, vault);
	const modeOf = (url: string) => (url.includes('/webhook-test/') ? ('manual' as const) : ('webhook' as const));
	systems.sandbox.businessCentral.webhooks.deliver = async (url, { headers, body }) => {
		const request = { query: Object.fromEntries(new URL(url).searchParams), headers, body: body ? (JSON.parse(body) as object) : {} };
		return await own.call(request, modeOf(url));
	};
	systems.sandbox.crm.webhooks.deliver = async (url, { headers, body }) =>
		(await own.call({ headers, body: JSON.parse(body) as object }, modeOf(url))).status;
	return {
		...own,
		publish: async () => {
			const trigger = await activate(Dynamics365SyncTrigger, parameters, { credentials: vault });
			active.push(trigger);
			return trigger;
		},
	};
}

const registered = () => {
	const { businessCentral, crm } = systems.sandbox;
	const rows = [...businessCentral.platform.table('API Webhook Subscription').rows()];
	return {
		subscriptions: rows.map(({ fields }) => String(fields['Notification Url'])),
		states: rows.map(({ fields }) => String(fields['Client State'])),
		endpoints: crm.rows('serviceendpoint').map((row) => String(row['url'])),
		steps: crm.rows('sdkmessageprocessingstep').length,
	};
};

const until = async (is: () => boolean): Promise<void> => {
	for (let tries = 0; tries < 500 && !is(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
};

test('published, it is registered with both systems and told; unpublished, nothing is left behind', async () => {
	const own = node();
	// n8n makes the routes in this order, and in the editor the handshake comes before the second one is there.
	expect(own.httpMethod()).toBe('POST,GET');
	expect(await own.checkExists()).toBe(false);
	expect(await own.create()).toBe(true);
	const trigger = await own.publish();
	await until(() => registered().steps === 3);
	const address = 'https://n8n.example/webhook/0c9a/changes';
	expect(registered()).toMatchObject({ subscriptions: [address], endpoints: [address], steps: 3 });
	const [state] = registered().states;
	expect(await own.call({ body: { value: [{ clientState: state, resource: 'x' }] } })).toMatchObject({
		status: 200,
		body: '',
		headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' },
		response: { noWebhookResponse: true },
	});
	expect((await own.call({ body: { value: [{ clientState: 'forged' }] } })).status).toBe(401);
	expect((await own.call({ query: { validationToken: 'abc' } })).status).toBe(401);
	const parameters = { company: systems.company, operation: 'getTriggerState' };
	const shown = async () => (await runNode(ReadSyncLog, parameters, { credentials: systems.vault() })).json[0]![0]!;
	// Registered in CRM is not noted in the store yet.
	let json = await shown();
	while (JSON.stringify(json['webhooks'])?.match(/"registered":true/g)?.length !== 2) json = await shown();
	const { webhooks } = json;
	expect(webhooks).toEqual([
		expect.objectContaining({ system: 'Business Central', registered: true, lastTold: expect.any(String), error: null }),
		expect.objectContaining({ system: 'CRM', resource: 'account', registered: true, lastTold: null }),
	]);
	expect(JSON.stringify(json)).not.toContain(state);
	await trigger.close();
	expect(await own.remove()).toBe(true);
	expect(registered()).toEqual({ subscriptions: [], states: [], endpoints: [], steps: 0 });
});

test('services that are away fail neither the activation nor the hooks; what could not be removed is told to n8n', async () => {
	const own = node();
	systems.sandbox.faults.add({ times: 10_000, fault: { kind: 'answer', status: 403 } } as never);
	expect(await own.create()).toBe(true);
	await own.publish();
	await expect(own.remove()).rejects.toThrow(/Business Central|Dataverse/);
});

test('in the editor it registers with the test address, one execution comes of a call, and what is published stays', async () => {
	const own = node();
	await own.create();
	const trigger = await own.publish();
	await until(() => registered().steps === 3);
	await own.create('manual');
	expect(registered().subscriptions.sort()).toEqual([
		'https://n8n.example/webhook-test/0c9a/changes',
		'https://n8n.example/webhook/0c9a/changes',
	]);
	const state = registered().states.find((each) => each.includes('/test '))!;
	const { response } = await own.call({ body: { value: [{ clientState: state }] } }, 'manual');
	expect(response.workflowData![0]![0]!.json).toMatchObject({
		mapping: 'CUSTOMER',
		reason: 'manual',
		toldBy: 'webhook',
		direction: 'mapping',
	});
	// n8n puts what comes of the trigger in the place of these items: the first execution takes them, any further one looks.
	const executed = async () => {
		const step = await activate(Dynamics365SyncTrigger, parametersOf(), { credentials: systems.vault(), mode: 'manual' });
		await step.response.manualTriggerFunction!();
		await step.close();
		return step.started[0]!.map(({ mapping, toldBy }) => [mapping, toldBy]);
	};
	expect([await executed(), await executed()]).toEqual([[['CUSTOMER', 'webhook']], [['CUSTOMER', null]]]);
	await own.remove('manual');
	expect(registered()).toMatchObject({ subscriptions: ['https://n8n.example/webhook/0c9a/changes'], steps: 3 });
	await trigger.close();
	await own.remove();
});

test('without webhooks there is no route', () => {
	expect(node({ startWhen: 'looking' }).httpMethod()).toBe('');
});

test('an administrator registers what Read Sync Log shows: the secret is shown once, and what it proves is believed', async () => {
	const own = node({ crmWebhooks: 'administrator' });
	await own.create();
	const trigger = await own.publish();
	await until(() => registered().subscriptions.length === 1);
	const ask = async (newSecret = false) => {
		const parameters = { company: systems.company, operation: 'getWebhookRegistration', newSecret };
		const { json } = await runNode(ReadSyncLog, parameters, { credentials: systems.vault() });
		return json[0]![0] as unknown as {
			secret: string | null;
			header: string;
			url: string;
			requests: Array<{ method: string; path: string; body: Record<string, unknown> }>;
		};
	};
	let shown = await ask();
	for (let tries = 0; tries < 100 && shown.url === undefined; tries++) shown = await ask();
	expect(shown).toMatchObject({ url: 'https://n8n.example/webhook/0c9a/changes', header: 'x-d365-sync-secret' });
	expect(shown.requests.map(({ method, path }) => `${method} ${path.split('?')[0]!}`)).toEqual([
		'POST serviceendpoints',
		...Array.from({ length: 3 }, () => ['GET sdkmessagefilters', 'POST sdkmessageprocessingsteps']).flat(),
	]);
	expect(shown.requests[0]!.body['authvalue']).toContain(shown.secret);
	expect((await ask()).secret).toBeNull();
	const call = async () => (await own.call({ headers: { [shown.header]: shown.secret! }, body: { PrimaryEntityName: 'account' } })).status;
	expect(await call()).toBe(200);
	expect((await ask(true)).secret).not.toBe(shown.secret);
	expect(await call()).toBe(401);
	await trigger.close();
	await own.remove();
	expect(registered().subscriptions).toEqual([]);
});

test('a store that is away is answered by 503, so that the services try again', async () => {
	const own = node();
	const queue = process.env['EXECUTIONS_MODE'];
	process.env['EXECUTIONS_MODE'] = 'queue';
	try {
		expect((await own.call({ body: { value: [] } })).status).toBe(503);
	} finally {
		if (queue === undefined) delete process.env['EXECUTIONS_MODE'];
		else process.env['EXECUTIONS_MODE'] = queue;
	}
});
