import { type INode, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { RunStopped, SyncError } from '../../engine';

/**
 * What n8n shows for an error: message, what to do (description) and the item it belongs to. Errors that a service answered become NodeApiError,
 * all others NodeOperationError. The cause is left behind on purpose: HTTP client errors carry request headers and bodies.
 */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeApiError | NodeOperationError {
	if (error instanceof NodeOperationError) return withItem(error, itemIndex);
	if (error instanceof NodeApiError) {
		return new NodeApiError(
			node,
			{ message: error.message, httpCode: error.httpCode },
			{ message: error.message, description: error.description ?? undefined, httpCode: error.httpCode ?? undefined, itemIndex },
		);
	}
	if (error instanceof SyncError) return fromSyncError(node, error, itemIndex);
	if (error instanceof RunStopped) {
		return new NodeOperationError(node, stopReasons[error.reason], {
			itemIndex,
			description: 'What was done so far is kept; the next run goes on from there.',
		});
	}
	const message = error instanceof Error ? error.message : String(error);
	return new NodeOperationError(node, message || 'Something went wrong, and no reason was given.', {
		itemIndex,
		description:
			descriptionOf(error) ?? 'This was not expected. If it happens again, report it with the lines of the n8n log around this time.',
	});
}

const stopReasons = {
	cancelled: 'The run was cancelled.',
	timeBudget: 'The run was stopped because its time was used up.',
	leaseLost: 'The run was stopped because another run took over this mapping.',
	shutdown: 'n8n was asked to end, so the run was stopped.',
} as const;

function fromSyncError(node: INode, error: SyncError, itemIndex?: number): NodeApiError | NodeOperationError {
	const place = [
		error.table && `table ${error.table}`,
		error.recordId && `record ${error.recordId}`,
		error.field && `field ${error.field}`,
	].filter(Boolean);
	const description = [error.hint, place.length > 0 ? `(${place.join(', ')}; ${error.code})` : `(${error.code})`].join(' ').trim();
	if (error.httpStatus === undefined) {
		const shown = new NodeOperationError(node, error.message, { description, itemIndex });
		// Where a message holds a code such as ECONNREFUSED, n8n puts words of its own in its place, which do not say whose service is meant.
		shown.message = error.message;
		return shown;
	}
	const httpCode = String(error.httpStatus);
	return new NodeApiError(node, { message: error.message, httpCode }, { message: error.message, description, httpCode, itemIndex });
}

function withItem(error: NodeOperationError, itemIndex?: number): NodeOperationError {
	error.context.itemIndex ??= itemIndex;
	return error;
}

const descriptionOf = (error: unknown): string | undefined =>
	typeof error === 'object' && error !== null && 'description' in error && typeof error.description === 'string'
		? error.description
		: undefined;

/** Message and remedy in one text, for places that show only one line (drop-downs, credential tests). */
export function inWords(error: unknown): string {
	if (error instanceof SyncError) return `${error.message} ${error.hint}`.trim();
	const message = error instanceof Error ? error.message : String(error);
	const description = descriptionOf(error);
	return description && description !== message ? `${message} (${description})` : message;
}
