import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { receiveWebhook, SyncError, systemClock, type TriggerSignal, type WebhookAnswer } from '../../../engine';
import { handOver } from './handOver';
import { openMailbox } from './mailbox';
import { testTrigger, triggerId } from './triggerId';

/**
 * Answers what Business Central or Dataverse send: notes it and answers at once. Nothing is fetched here and no workflow is run; the loop does both. In the
 * editor, where somebody waits for it, what is told comes out as items.
 */
export async function answerWebhook(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const isTest = context.getMode() === 'manual';
	const trigger = isTest ? testTrigger(triggerId(context)) : triggerId(context);
	const { status, body, signals } = await received(context, trigger);
	const response = context.getResponseObject();
	response.status(status).type('text/plain').set('X-Content-Type-Options', 'nosniff').send(body);
	if (!isTest || signals.length === 0) return { noWebhookResponse: true };
	const items = signals.map((signal) => ({ json: itemOf(signal) }));
	handOver(trigger, items);
	return { noWebhookResponse: true, workflowData: [items] };
}

/** Whatever is wrong with the store, the services are to try again: 503 does not cost a subscription. */
async function received(context: IWebhookFunctions, trigger: string): Promise<WebhookAnswer> {
	const away: WebhookAnswer = { status: 503, body: '', signals: [] };
	try {
		const mailbox = await openMailbox(context, trigger);
		try {
			const request = {
				headers: context.getHeaderData() as Record<string, unknown>,
				query: context.getQueryData() as Record<string, unknown>,
				body: context.getBodyData() as unknown,
			};
			return await receiveWebhook(mailbox, request, systemClock.now());
		} finally {
			await mailbox.close();
		}
	} catch (error) {
		const why = error instanceof SyncError ? `${error.message} ${error.hint}` : 'An error that the node does not know.';
		context.logger.warn(`A webhook could not be noted: ${why}`, { code: error instanceof SyncError ? error.code : undefined });
		return away;
	}
}

/** As the items of a trigger; how many records changed nobody has looked yet. */
const itemOf = ({ mapping, side }: TriggerSignal) => {
	const none = { changed: 0, atLeast: false, since: null };
	const told = { changed: 1, atLeast: true, since: null };
	return {
		...{ mapping, reason: 'manual', toldBy: 'webhook', direction: 'mapping' },
		businessCentral: side === 'businessCentral' ? told : none,
		crm: side === 'crm' ? told : none,
		...{ wokenUp: false, attempt: 1, lastRun: null },
	};
};
