/** The address that n8n names, at another place: behind a proxy that n8n does not know of. */
export function publicAddress(url: string, base: string): string {
	const wanted = base.trim().replace(/\/+$/, '');
	if (wanted === '' || !URL.canParse(url)) return url;
	const { pathname } = new URL(url);
	// A path before it is that of the place that n8n knows.
	const at = pathname.search(/\/webhook(-test)?\//);
	return `${wanted}${pathname.slice(Math.max(at, 0))}`;
}
