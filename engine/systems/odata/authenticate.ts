import { SyncError, type ErrorSystem } from '../../model/errors';
import type { Authenticator } from './authenticator';
import type { Policy } from './pipeline';
import { NoAnswer } from './transport';

/**
 * Signs every request. A 401 gets a new token and the request is sent once more (it was turned away unprocessed, so that is safe for writes);
 * a second 401 is answered as it is. Requests in flight together share one refresh.
 */
export function authenticate(authenticator: Authenticator, system: ErrorSystem, systemName: string): Policy {
	let refreshing: Promise<void> | null = null;
	const guarded = async <T>(task: () => Promise<T>): Promise<T> => {
		try {
			return await task();
		} catch (error) {
			if (error instanceof SyncError) throw error;
			throw new SyncError({
				code: 'SIGN_IN_FAILED',
				errorClass: error instanceof NoAnswer ? 'transient' : 'setup',
				system,
				message: `Signing in to ${systemName} failed${error instanceof Error && error.message ? `: ${error.message}` : '.'}`,
				hint: 'Open the credential in n8n, test it, and connect it again if it is an OAuth2 credential.',
				cause: error,
			});
		}
	};
	const refreshOnce = () => {
		refreshing ??= guarded(() => authenticator.refresh()).finally(() => {
			refreshing = null;
		});
		return refreshing;
	};
	return async (request, next) => {
		const used = await guarded(() => authenticator.header());
		const response = await next({ ...request, headers: { ...request.headers, Authorization: used } });
		if (response.status !== 401) return response;
		// Another request may have fetched a new token since this one was signed.
		if ((await guarded(() => authenticator.header())) === used) await refreshOnce();
		const renewed = await guarded(() => authenticator.header());
		return next({ ...request, headers: { ...request.headers, Authorization: renewed } });
	};
}
