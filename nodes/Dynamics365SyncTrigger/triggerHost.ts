import type { INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';
import { hostname } from 'node:os';
import { processIdentity, systemClock, type TriggerHost, type TriggerItem, type TriggerSettings } from '../../engine';
import { toNodeError } from '../shared/errors';
import { type ConnectionSettings, openSession } from '../shared/openSession';

/** A company that is given by its name is looked up once in a while, and not for each look (milliseconds). */
const NAME_MS = 3_600_000;

/** What the engine's loop needs of n8n. Credentials are read anew for each session, so that a changed secret works without publishing again. */
export function triggerHost(
	context: ITriggerFunctions,
	connection: ConnectionSettings,
	{ name, settings, signal }: { name: string; settings: Pick<TriggerSettings, 'lease'>; signal: AbortSignal },
): TriggerHost {
	const log: TriggerHost['log'] = (level, message, details) => context.logger[level](`${message} [${name}]`, details);
	const holder = { what: name, host: hostname(), pid: process.pid, process: processIdentity() };
	const owner = `${context.getInstanceId()}:${settings.lease}:${crypto.randomUUID()}`;
	const { company } = connection;
	let known: { at: number; company: ConnectionSettings['company'] } | null = null;
	return {
		clock: systemClock,
		log,
		open: async () => {
			const now = systemClock.now();
			const isKnown = known !== null && now >= known.at && now - known.at < NAME_MS;
			const opened = await openSession(
				context,
				{ ...connection, company: isKnown ? known!.company : company },
				{ log, holder, owner, signal },
			);
			if (!isKnown && company.mode === 'name') known = { at: now, company: { mode: 'id', value: opened.session.companyId } };
			return opened;
		},
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
