import type { IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';
import { describeProgress, type Log, type Progress } from '../../engine';

/**
 * Progress of a run: a message in the editor while somebody watches (manual run), a line in n8n's log otherwise. Lines name the workflow and the
 * execution, in the text, because n8n's usual format prints nothing else, and as fields for its JSON format.
 */
export function logOf(context: IExecuteFunctions): Log {
	return (level, message, details) => {
		if (level !== 'debug' && context.getMode() === 'manual') {
			context.sendMessageToUI(details ? `${message} ${inOneLine(details)}` : message);
			return;
		}
		const about = { workflowId: context.getWorkflow().id ?? '', executionId: context.getExecutionId(), nodeName: context.getNode().name };
		context.logger[level](`${message} [workflow ${about.workflowId}, execution ${about.executionId}]`, { ...details, ...about });
	};
}

/** The editor also shows the pages that are no line of the log, so that whoever watches sees a run move on. */
export const progressOf =
	(context: IExecuteFunctions) =>
	(progress: Progress, eventful: boolean): void => {
		if (!eventful && context.getMode() === 'manual') context.sendMessageToUI(describeProgress(progress));
	};

/** Pickers have nobody to tell. */
export const quietLog =
	(context: ILoadOptionsFunctions): Log =>
	(_level, message, details) =>
		context.logger.debug(message, details);

const inOneLine = (details: Record<string, unknown>): string =>
	`(${Object.entries(details)
		.map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
		.join(', ')})`;
