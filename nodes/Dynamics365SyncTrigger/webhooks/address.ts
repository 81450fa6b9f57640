/**
 * Whether an address is one of a test in the editor. The mode does not tell: n8n takes back both kinds of registrations in the mode `internal`, and what is
 * published must not go with a test.
 */
export const isTestAddress = (url: string): boolean => /\/webhook-test\//.test(url);

/** The address that n8n names, at another place: behind a proxy that n8n does not know of. */
export function publicAddress(url: string, base: string): string {
	const wanted = base.trim().replace(/\/+$/, '');
	if (wanted === '' || !URL.canParse(url)) return url;
	const { pathname } = new URL(url);
	// A path before it is that of the place that n8n knows.
	const at = pathname.search(/\/webhook(-test)?\//);
	return `${wanted}${pathname.slice(Math.max(at, 0))}`;
}
