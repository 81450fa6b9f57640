export interface Element {
	name: string;
	attributes: Record<string, string>;
	children: Element[];
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const text = (value: string): string => value.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex?: string, decimal?: string, name?: string) => (hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : entities[name!]!)); // prettier-ignore

/** Elements and attributes of a well-formed document; throws Error for one that is not. */
export function parseXml(source: string): Element {
	const root: Element = { name: '', attributes: {}, children: [] };
	const open = [root];
	let at = 0;
	for (const match of source.matchAll(/<(\?[^>]*\?|\/([\w:.-]+)\s*|([\w:.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?))>/g)) {
		const between = source.slice(at, match.index);
		if (/[<>]/.test(between)) throw new Error(`Not well formed near '${between.slice(0, 60)}'.`);
		at = match.index + match[0].length;
		if (match[1]!.startsWith('?')) continue;
		if (match[2]) {
			const closed = open.pop()!;
			if (closed.name !== match[2]) throw new Error(`</${match[2]}> closes <${closed.name}>.`);
			continue;
		}
		const attributes = Object.fromEntries([...match[4]!.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, text(value!)]));
		const element: Element = { name: match[3]!, attributes, children: [] };
		open.at(-1)!.children.push(element);
		if (!match[5]) open.push(element);
	}
	if (open.length !== 1 || source.slice(at).trim() !== '') throw new Error('The document does not end where it should.');
	return root;
}
