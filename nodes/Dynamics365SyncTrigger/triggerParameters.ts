import { type ITriggerFunctions, NodeOperationError } from 'n8n-workflow';
import { z } from 'zod/v4';
import { refuseInQueueMode, TRIGGER_DEFAULTS, type TriggerSettings } from '../../engine';
import { businessCentralCredential, crmCredential, requireCredential } from '../shared/connection';
import { authentication, crmAuthentication } from '../shared/connectionParameters';
import { locator } from '../shared/locators';
import type { ConnectionSettings } from '../shared/openSession';
import { oneOf, wholeNumber, yesOrNo } from '../shared/parameters';

const MINUTE = 60_000;

const names = z.preprocess(
	(value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : (value ?? [])),
	z.array(z.string().min(1, { error: 'must not hold an empty name.' }), { error: 'must be a list of mappings.' }),
);

const options = z
	.object({
		inactivitySleepMinutes: wholeNumber(0),
		intervalMinutes: wholeNumber(1),
		longestRetryMinutes: wholeNumber(1),
		startAtActivation: yesOrNo,
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
}

/**
 * Reads the parameters, and checks what can be told without asking anybody: after five failed activations n8n gives a trigger up for good, so a service or a
 * network that is away must not make one fail.
 * @throws NodeOperationError for a parameter; SyncError (setup) `CREDENTIAL_MISSING`, `STORE_NEEDS_POSTGRES`
 */
export function readTriggerParameters(context: ITriggerFunctions): TriggerParameters {
	const connection: ConnectionSettings = {
		authentication: read(context, 'authentication', 'Authentication', authentication),
		crmAuthentication: read(context, 'crmAuthentication', 'CRM Authentication', crmAuthentication),
		company: read(context, 'company', 'Company', locator),
	};
	requireCredential(context, businessCentralCredential(connection.authentication), 'businessCentral');
	requireCredential(context, crmCredential(connection.crmAuthentication), 'crm');
	if (!context.getNode().credentials?.['syncStorePostgresApi']) refuseInQueueMode();
	return { connection, settings: settingsOf(context) };
}

function settingsOf(context: ITriggerFunctions): TriggerSettings {
	const { id: workflowId = '', name: workflowName = '' } = context.getWorkflow();
	const node = context.getNode();
	const startWhen = read(context, 'startWhen', 'Start When', oneOf(['looking', 'schedule']));
	const mappings = read(context, 'mappings', 'Mappings', names);
	const seconds = startWhen === 'looking' ? read(context, 'lookEverySeconds', 'Look Every (Seconds)', wholeNumber(15).max(3_600)) : 60;
	const given = read(context, 'options', 'Options', options);
	const { intervalMinutes, inactivitySleepMinutes, longestRetryMinutes, startAtActivation = true } = given;
	const lease = `${workflowId}/${node.id}`;
	return {
		...TRIGGER_DEFAULTS,
		trigger: `${context.getInstanceId()}/${lease}`,
		lease,
		name: `workflow "${workflowName}"${workflowId ? ` (id ${workflowId})` : ''}, node "${node.name}"`,
		startWhen,
		mappings: mappings.length === 0 ? null : mappings,
		lookEveryMs: seconds * 1_000,
		...(intervalMinutes === undefined ? {} : { intervalMs: intervalMinutes * MINUTE }),
		...(inactivitySleepMinutes === undefined ? {} : { sleepMs: inactivitySleepMinutes * MINUTE }),
		...(longestRetryMinutes === undefined ? {} : { longestRetryMs: longestRetryMinutes * MINUTE }),
		// A start of n8n, a new leader, and a repair by n8n itself are no publication by a person.
		startNow: startAtActivation && context.getActivationMode() === 'activate',
	};
}

function read<T>(context: ITriggerFunctions, name: string, label: string, schema: z.ZodType<T>): T {
	const parsed = schema.safeParse(context.getNodeParameter(name, null));
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const inner = (issue?.path ?? []).flatMap((key) => OPTION_NAMES[String(key)] ?? []);
	throw new NodeOperationError(context.getNode(), `Parameter "${[label, ...inner].join(' → ')}" ${issue?.message ?? 'is not valid.'}`, {
		description: 'Open the node and correct the parameter. If it is an expression, check what it gives.',
	});
}
