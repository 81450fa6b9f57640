import type { IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';
import type { Log } from './engine';

/** Progress of a run: a message in the editor while somebody watches (manual run), a line in n8n's log otherwise. */
export function logOf(context: IExecuteFunctions): Log {
	return (level, message, details) => {
		if (level !== 'debug' && context.getMode() === 'manual')
			context.sendMessageToUI(details ? `${message} ${inOneLine(details)}` : message);
		else context.logger[level](message, details);
	};
}

/** Pickers have nobody to tell. */
export const quietLog =
	(context: ILoadOptionsFunctions): Log =>
	(_level, message, details) =>
		context.logger.debug(message, details);

const inOneLine = (details: Record<string, unknown>): string =>
	`(${Object.entries(details)
		.map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
		.join(', ')})`;
