import { type IHookFunctions, type ITriggerFunctions, NodeOperationError } from 'n8n-workflow';
import { z } from 'zod/v4';
import { refuseInQueueMode, TRIGGER_DEFAULTS, type TriggerSettings, WEBHOOK_LOOK_MS, type WebhookSettings } from '../../engine';
import { businessCentralCredential, crmCredential, requireCredential } from '../shared/connection';
import { authentication, crmAuthentication } from '../shared/connectionParameters';
import { companyLocator } from '../shared/locators';
import type { ConnectionSettings } from '../shared/openSession';
import { oneOf, wholeNumber, yesOrNo } from '../shared/parameters';
import { REGISTRATION } from './webhooks/registrar';
import { triggerId } from './webhooks/triggerId';

const SECOND = 1_000;
const MINUTE = 60_000;

/** Where parameters are read: when it is activated, and when its webhooks are made or taken back. */
type Activating = ITriggerFunctions | IHookFunctions;

const names = z.preprocess(
	(value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : (value ?? [])),
	z.array(z.string().min(1, { error: 'must not hold an empty name.' }), { error: 'must be a list of mappings.' }),
);

const options = z
	.object({
		inactivitySleepMinutes: wholeNumber(0),
		intervalMinutes: wholeNumber(1),
		longestRetryMinutes: wholeNumber(1),
		longestWaitSeconds: wholeNumber(1),
		quietSeconds: wholeNumber(0),
		startAtActivation: yesOrNo,
		webhookBaseUrl: z.string(),
	})
	.partial();

/** As the editor shows them, for messages. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
	inactivitySleepMinutes: 'Inactivity Sleep (Minutes)',
	intervalMinutes: 'Interval (Minutes)',
	longestRetryMinutes: 'Retry After Failure Up To (Minutes)',
	startAtActivation: 'Start at Activation',
};

/** What a trigger is set to, read once: parameters with expressions cannot be read later. */
export interface TriggerParameters {
	connection: ConnectionSettings;
	settings: TriggerSettings;
	/** Which services are to call; used where the trigger is told by webhooks. */
	webhooks: WebhookSettings;
	/** Where n8n is to be called, in place of where it says it is; empty: n8n is right. */
	baseUrl: string;
}

/**
 * Reads the parameters, and checks what can be told without asking anybody: after five failed activations n8n gives a trigger up for good, so a service or a
 * network that is away must not make one fail.
 * @throws NodeOperationError for a parameter; SyncError (setup) `CREDENTIAL_MISSING`, `STORE_NEEDS_POSTGRES`
 */
export function readTriggerParameters(context: Activating): TriggerParameters {
	const connection: ConnectionSettings = {
		authentication: read(context, 'authentication', 'Authentication', authentication),
		crmAuthentication: read(context, 'crmAuthentication', 'CRM Authentication', crmAuthentication),
		company: read(context, 'company', 'Company', companyLocator(context.getNode().parameters['company'])),
	};
	requireCredential(context, businessCentralCredential(connection.authentication), 'businessCentral');
	requireCredential(context, crmCredential(connection.crmAuthentication), 'crm');
	if (!context.getNode().credentials?.['syncStorePostgresApi']) refuseInQueueMode();
	const given = read(context, 'options', 'Options', options);
	const settings = settingsOf(context, given);
	const webhooks = settings.startWhen === 'webhooks' ? webhooksOf(context) : NO_WEBHOOKS;
	if (webhooks.crm === 'register') requireCredential(context, REGISTRATION, 'crm', 'CRM Registration of Webhooks');
	return { connection, settings, webhooks, baseUrl: given.webhookBaseUrl ?? '' };
}

const NO_WEBHOOKS: WebhookSettings = { businessCentral: false, crm: null, lookEveryMs: WEBHOOK_LOOK_MS };

function webhooksOf(context: Activating): WebhookSettings {
	const from = read(context, 'webhooksFrom', 'Webhooks From', oneOf(['both', 'businessCentral', 'crm']));
	const registration =
		from === 'businessCentral' ? null : read(context, 'crmWebhooks', 'Webhooks of CRM', oneOf(['register', 'administrator']));
	const seconds = read(context, 'lookEverySeconds', 'Look Every (Seconds)', wholeNumber(15).max(3_600));
	return { businessCentral: from !== 'crm', crm: registration, lookEveryMs: seconds * SECOND };
}

function settingsOf(context: Activating, given: z.infer<typeof options>): TriggerSettings {
	const { id: workflowId = '', name: workflowName = '' } = context.getWorkflow();
	const node = context.getNode();
	const startWhen = read(context, 'startWhen', 'Start When', oneOf(['looking', 'webhooks', 'schedule']));
	const mappings = read(context, 'mappings', 'Mappings', names);
	const seconds = startWhen === 'looking' ? read(context, 'lookEverySeconds', 'Look Every (Seconds)', wholeNumber(15).max(3_600)) : 60;
	const {
		intervalMinutes,
		inactivitySleepMinutes,
		longestRetryMinutes,
		longestWaitSeconds,
		quietSeconds,
		startAtActivation = true,
	} = given;
	const lease = `${workflowId}/${node.id}`;
	return {
		...TRIGGER_DEFAULTS,
		trigger: triggerId(context),
		lease,
		name: `workflow "${workflowName}"${workflowId ? ` (id ${workflowId})` : ''}, node "${node.name}"`,
		startWhen,
		mappings: mappings.length === 0 ? null : mappings,
		lookEveryMs: seconds * SECOND,
		...(intervalMinutes === undefined ? {} : { intervalMs: intervalMinutes * MINUTE }),
		...(inactivitySleepMinutes === undefined ? {} : { sleepMs: inactivitySleepMinutes * MINUTE }),
		...(longestRetryMinutes === undefined ? {} : { longestRetryMs: longestRetryMinutes * MINUTE }),
		...(quietSeconds === undefined ? {} : { quietMs: quietSeconds * SECOND }),
		...(longestWaitSeconds === undefined ? {} : { longestWaitMs: longestWaitSeconds * SECOND }),
		// A start of n8n, a new leader, and a repair by n8n itself are no publication by a person.
		startNow: startAtActivation && context.getActivationMode() === 'activate',
	};
}

function read<T>(context: Activating, name: string, label: string, schema: z.ZodType<T>): T {
	const parsed = schema.safeParse(context.getNodeParameter(name, null));
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const inner = (issue?.path ?? []).flatMap((key) => OPTION_NAMES[String(key)] ?? []);
	throw new NodeOperationError(context.getNode(), `Parameter "${[label, ...inner].join(' → ')}" ${issue?.message ?? 'is not valid.'}`, {
		description: 'Open the node and correct the parameter. If it is an expression, check what it gives.',
	});
}
