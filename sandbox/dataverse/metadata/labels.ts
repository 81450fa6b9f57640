import { createHash } from 'node:crypto';
import { BASE_LANGUAGE, type Labels } from '../choices';

export type Json = Record<string, unknown>;

/** Ids that were computed already: every sandbox asks for the same thousands. */
const known = new Map<string, string>();
/** More texts than all metadata has; beyond it, texts come from clients. */
const MOST_KNOWN = 50_000;

/** Stable id of a metadata item. */
export function metadataId(...parts: string[]): string {
	const name = parts.join('/');
	let id = known.get(name);
	if (id === undefined) {
		const hash = createHash('sha1').update(name).digest('hex');
		id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
		if (known.size < MOST_KNOWN) known.set(name, id);
	}
	return id;
}

/** A `Label` with one text, in the base language. */
export const label = (text: string): Json => labelIn({ [BASE_LANGUAGE]: text });

export const noLabel: Json = { LocalizedLabels: [], UserLocalizedLabel: null };

/** Users see the text in their own language, here the base language. */
export function labelIn(labels: Labels): Json {
	const localized = Object.entries(labels).map(([language, text]) => ({
		Label: text,
		LanguageCode: Number(language),
		IsManaged: true,
		MetadataId: metadataId('label', text),
		HasChanged: null,
	}));
	return { LocalizedLabels: localized, UserLocalizedLabel: localized.find(({ LanguageCode }) => LanguageCode === BASE_LANGUAGE) ?? null };
}

/** A managed property (`BooleanManagedProperty` and its kin). */
export const managed = (value: boolean | string, name: string, canBeChanged = true): Json => ({
	Value: value,
	CanBeChanged: canBeChanged,
	ManagedPropertyLogicalName: name,
});

/** Whether a name carries a publisher's prefix. */
export const isCustom = (name: string): boolean => /^[a-z]+_/.test(name) && !/^(address|billto|shipto|discount|quote|order)\d?_/.test(name);
