import { DataverseError } from '../errors';

export interface Element {
	name: string;
	attributes: Record<string, string>;
	children: Element[];
	text: string;
}

export const invalidXml = (message: string) => new DataverseError(400, '0x80040201', `Invalid XML. ${message}`);

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
	return text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (_all, name: string) => {
		if (name.startsWith('#')) return String.fromCodePoint(Number(name[1] === 'x' ? `0${name.slice(1)}` : name.slice(1)));
		const character = entities[name];
		if (character === undefined) throw invalidXml(`The entity '${name}' is not declared.`);
		return character;
	});
}

const opening = /<([A-Za-z_][\w.-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const closing = /<\/([A-Za-z_][\w.-]*)\s*>/y;
const ignored = /<\?[^]*?\?>|<!--[^]*?-->/y;

/** The one element of a document, with what is in it; strict, no namespaces, no document type. Throws 400 for what is not well formed. */
export function parseXml(text: string): Element {
	const root: Element = { name: '', attributes: {}, children: [], text: '' };
	const open = [root];
	let at = 0;
	const take = (pattern: RegExp): RegExpExecArray | null => {
		pattern.lastIndex = at;
		const match = pattern.exec(text);
		if (match) at += match[0].length;
		return match;
	};
	while (at < text.length) {
		const current = open.at(-1)!;
		let match: RegExpExecArray | null;
		if (text[at] !== '<') {
			const end = text.indexOf('<', at);
			current.text += decoded(text.slice(at, end < 0 ? text.length : end));
			at = end < 0 ? text.length : end;
		} else if (take(ignored)) continue;
		else if ((match = take(closing))) {
			if (open.length === 1 || current.name !== match[1]) throw invalidXml(`The end tag '${match[1]!}' does not match '${current.name}'.`);
			open.pop();
		} else if ((match = take(opening))) {
			const element: Element = { name: match[1]!, attributes: attributesOf(match[2]!), children: [], text: '' };
			current.children.push(element);
			if (!match[3]) open.push(element);
		} else throw invalidXml(`Unexpected token at position ${at}.`);
	}
	if (open.length > 1) throw invalidXml(`The element '${open.at(-1)!.name}' is not closed.`);
	if (root.children.length !== 1 || root.text.trim() !== '') throw invalidXml('There must be one root element.');
	return root.children[0]!;
}

function attributesOf(text: string): Record<string, string> {
	const attributes: Record<string, string> = {};
	for (const [, name, value] of text.matchAll(/([A-Za-z_][\w.:-]*)\s*=\s*("[^"<]*"|'[^'<]*')/g)) {
		if (name! in attributes) throw invalidXml(`'${name!}' is a duplicate attribute name.`);
		attributes[name!] = decoded(value!.slice(1, -1));
	}
	return attributes;
}
