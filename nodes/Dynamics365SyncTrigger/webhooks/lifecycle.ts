import type { IHookFunctions } from 'n8n-workflow';
import { hostname } from 'node:os';
import {
	processIdentity,
	registerForTest,
	removeWebhooks,
	sidesOfWebhooks,
	SyncError,
	type SyncSession,
	type WebhookHost,
} from '../../../engine';
import { crmAddress } from '../../shared/connection';
import { openSession } from '../../shared/openSession';
import { readTriggerParameters, type TriggerParameters } from '../triggerParameters';
import { isTestAddress, publicAddress } from './address';
import { addressOf, alone, setAddress } from './addresses';
import { takeOver } from './handOver';
import { openRegistrar } from './registrar';
import { testTrigger, triggerId } from './triggerId';

/**
 * n8n has made a route for the trigger: the loop is told the address, and registers. In the editor there is no loop, so that it is registered here, for one
 * mapping. Never throws: n8n would take the route away, try five times, and then give the trigger up for good.
 */
export async function announce(context: IHookFunctions): Promise<void> {
	const trigger = triggerId(context);
	try {
		const parameters = readTriggerParameters(context);
		const url = urlOf(context, parameters);
		if (context.getMode() !== 'manual') return setAddress(trigger, url);
		// What an earlier test was told, and nobody took.
		takeOver(testTrigger(trigger));
		setAddress(testTrigger(trigger), url);
		const host = await hostOf(context, parameters, testTrigger(trigger));
		await withSession(context, parameters, (session) =>
			registerForTest(session, { ...parameters.settings, trigger: testTrigger(trigger) }, parameters.webhooks, host),
		);
	} catch (error) {
		context.logger.warn(`Webhooks could not be registered. ${wordsOf(error)}`);
	}
}

/**
 * Takes back all that is registered of the trigger.
 * @throws what kept something from being removed: n8n tries twice more, and tells it then
 */
export async function withdraw(context: IHookFunctions): Promise<void> {
	const parameters = readTriggerParameters(context);
	const own = urlOf(context, parameters);
	// The place that this process registered for a test is one, whatever the paths of n8n are called.
	const isTest = isTestAddress(own) || own === addressOf(testTrigger(triggerId(context)));
	const trigger = isTest ? testTrigger(triggerId(context)) : triggerId(context);
	const url = addressOf(trigger) ?? null;
	// A loop that still runs registers nothing from now on.
	setAddress(trigger, null);
	const { openRegistrar: open } = await hostOf(context, parameters, trigger);
	const sides = sidesOfWebhooks(parameters.webhooks);
	await alone(trigger, () =>
		withSession(context, parameters, async (session) => {
			await removeWebhooks(session, trigger, { url, sides, openRegistrar: open });
			// A test that was interrupted left what it had registered.
			if (!isTest) await removeWebhooks(session, testTrigger(trigger), { url: null, sides: [], openRegistrar: open });
		}),
	);
}

const urlOf = (context: IHookFunctions, { baseUrl }: TriggerParameters): string =>
	publicAddress(context.getNodeWebhookUrl('default') ?? '', baseUrl);

/** What the keeping of webhooks needs of n8n; for the loop as well. */
export async function hostOf(
	context: Parameters<typeof openRegistrar>[0] & Pick<IHookFunctions, 'logger'>,
	{ connection, webhooks }: TriggerParameters,
	trigger: string,
): Promise<WebhookHost> {
	const log: WebhookHost['log'] = (level, message, details) => context.logger[level](message, details);
	const register = async () => {
		const { rootUrl } = await crmAddress(context, connection.crmAuthentication);
		return await openRegistrar(context, rootUrl, log);
	};
	return await Promise.resolve({
		log,
		url: () => addressOf(trigger),
		openRegistrar: webhooks.crm === 'register' ? register : null,
		alone: async (work) => await alone(trigger, work),
	});
}

async function withSession(
	context: IHookFunctions,
	{ connection }: TriggerParameters,
	work: (session: SyncSession) => Promise<void>,
): Promise<void> {
	const holder = { what: context.getNode().name, host: hostname(), pid: process.pid, process: processIdentity() };
	const owner = `${context.getInstanceId()}:${crypto.randomUUID()}`;
	const opened = await openSession(context, connection, {
		log: (level, message, details) => context.logger[level](message, details),
		holder,
		owner,
	});
	try {
		await work(opened.session);
	} catch (error) {
		throw await opened.explain(error);
	} finally {
		await opened.close();
	}
}

const wordsOf = (error: unknown): string =>
	error instanceof SyncError ? `${error.message} ${error.hint}` : error instanceof Error ? error.message : '';
