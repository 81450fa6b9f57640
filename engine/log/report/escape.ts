const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for HTML, inside elements and attributes. Control characters, which no page may hold, become a blank. */
export const escapeHtml = (text: string): string =>
	// eslint-disable-next-line no-control-regex -- these are what is looked for
	text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, ' ').replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** An address that may be linked: names come from business data, and `javascript:` must not. */
export const isWebAddress = (url: string | null): url is string => url !== null && /^https?:\/\/[^\s]+$/i.test(url);

/** A piece of finished HTML; everything put into `html` that is not one is escaped. */
export class Html {
	constructor(readonly text: string) {}
}

type Part = Html | string | number | null | undefined | readonly Part[];

/** Template for HTML in which forgetting to escape is not possible. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
	new Html(strings.reduce((text, string, index) => text + string + (index < parts.length ? render(parts[index]) : ''), ''));

function render(part: Part): string {
	if (part === null || part === undefined) return '';
	if (part instanceof Html) return part.text;
	if (typeof part === 'object') return part.map(render).join('');
	return escapeHtml(String(part));
}

/** Names may hold letters of any script, also such that turn the direction of what follows. */
export const name = (text: string): Html => html`<bdi>${text}</bdi>`;
