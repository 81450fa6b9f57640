/** Whether an If-Match is one the service can read: any row, or an etag of its own. Lists and strong tags are neither. */
export const isEtag = (sent: string | undefined): sent is string =>
	sent !== undefined && (sent.trim() === '*' || /^W\/"[A-Za-z0-9+/=]+"$/.test(sent.trim()));
