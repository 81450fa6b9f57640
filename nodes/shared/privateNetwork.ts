import { isIP } from 'node:net';

/** Credentials go unencrypted to this machine or its private network at most: a private address, or a name no public domain has. */
export function mayTravel({ protocol, hostname }: URL): boolean {
	if (protocol === 'https:') return true;
	const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
	if (isIP(host) === 4) return /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\./.test(host);
	if (isIP(host) === 6) return host === '::1' || /^f[cd]|^fe[89ab]/.test(host);
	return !host.includes('.') || /\.(localhost|local|internal|lan|intranet|corp|home\.arpa|test|example)$/.test(host);
}
