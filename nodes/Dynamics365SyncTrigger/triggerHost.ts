import type { INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';
import { hostname } from 'node:os';
import { processIdentity, systemClock, type TriggerHost, type TriggerItem, type TriggerSettings } from '../../engine';
import { toNodeError } from '../shared/errors';
import { type ConnectionSettings, openSession } from '../shared/openSession';

/** What the engine's loop needs of n8n. Credentials are read anew for each session, so that a changed secret works without publishing again. */
export function triggerHost(
	context: ITriggerFunctions,
	connection: ConnectionSettings,
	{ name, settings, signal }: { name: string; settings: Pick<TriggerSettings, 'lease'>; signal: AbortSignal },
): TriggerHost {
	const log: TriggerHost['log'] = (level, message, details) => context.logger[level](`${message} [${name}]`, details);
	const holder = { what: name, host: hostname(), pid: process.pid, process: processIdentity() };
	const owner = `${context.getInstanceId()}:${settings.lease}:${crypto.randomUUID()}`;
	return {
		clock: systemClock,
		log,
		open: async () => await openSession(context, connection, { log, holder, owner, signal }),
		emit: (items) => context.emit([itemsOf(items)]),
		tell: (error) => {
			log('error', `${error.message} ${error.hint}`.trim(), { code: error.code });
			// Older hosts have no word for a failed execution that leaves the trigger as it is; the log has it, too.
			const host: Partial<Pick<ITriggerFunctions, 'saveFailedExecution'>> = context;
			host.saveFailedExecution?.(toNodeError(context.getNode(), error));
		},
	};
}

export const itemsOf = (items: readonly TriggerItem[]): INodeExecutionData[] => items.map((each) => ({ json: { ...each } as never }));
