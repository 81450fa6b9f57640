import type { Transport } from '../../../engine/systems/odata/transport';

type Request = Parameters<Transport>[0];
const textOf = ({ body }: Request): string => (typeof body === 'string' ? body : '');
/** A link is followed: by itself, or in one request with rows that were seen before. */
export const follows = (request: Request): boolean => /deltatoken/.test(request.url) || /deltatoken/.test(textOf(request));
/** Requests for what Dataverse notes; those that begin have no link. */
export const isTracked = (request: Request): boolean => follows(request) || /odata\.track-changes/.test(request.headers['Prefer'] ?? '');

export interface Watched {
	began: number;
	followed: number;
	stamps: number;
}

/** The same request, for pages of so many rows. */
function sized(request: Request, size: number): Request {
	const page = `odata.maxpagesize=${size}`;
	if (request.method !== 'GET')
		return { ...request, body: textOf(request).replace(/odata\.track-changes/g, `odata.track-changes,${page}`) };
	const prefer = (request.headers['Prefer'] ?? '').replace(/,?odata\.maxpagesize=\d+/, '');
	return { ...request, headers: { ...request.headers, Prefer: [prefer, page].filter(Boolean).join(',') } };
}

/** Counts how accounts are read, and makes the service's pages smaller. */
export function watching(watched: Watched, size?: number, meanwhile: (request: number) => void = () => undefined) {
	return (transport: Transport): Transport =>
		async (request) => {
			const list = request.method === 'GET' && /\/accounts\?/.test(request.url);
			if (!list && !isTracked(request)) return await transport(request);
			if (!isTracked(request)) watched.stamps++;
			else if (follows(request)) watched.followed++;
			else watched.began++;
			const response = await transport(size === undefined ? request : sized(request, size));
			meanwhile(watched.began + watched.followed + watched.stamps);
			return response;
		};
}
export const none = (): Watched => ({ began: 0, followed: 0, stamps: 0 });
