import { createHash } from 'node:crypto';
import { BASE_LANGUAGE, type Labels } from '../choices';

export type Json = Record<string, unknown>;

/** Stable id of a metadata item. */
export function metadataId(...parts: string[]): string {
	const hash = createHash('sha1').update(parts.join('/')).digest('hex');
	return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
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
