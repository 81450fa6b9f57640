/**
 * Why no service can call an address; null: it may. Business Central calls https only, from Microsoft's network or, on premises, from its server, which may
 * reach private addresses, so that only those of this very machine are known to be wrong. Dataverse calls the ports 80 and 443 only.
 */
export function addressProblem(url: string): string | null {
	const parsed = URL.canParse(url) ? new URL(url) : null;
	if (!parsed) return `${url} is no address.`;
	if (/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/i.test(parsed.hostname))
		return `${parsed.origin} leads to the machine that calls it, so that no service can reach n8n there.`;
	if (parsed.protocol !== 'https:') return `${parsed.origin} does not begin with https://, which Business Central demands.`;
	return null;
}
