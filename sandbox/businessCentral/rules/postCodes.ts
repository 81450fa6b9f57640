import type { Value } from '../data/row';
import { upperCase } from '../data/upperCase';
import type { Draft } from '../write/session';

type Validate = Readonly<Record<string, (draft: Draft, before: Value) => void>>;

/**
 * Validation of addresses by the Post Code table, for the fields with this prefix: a known post code brings its city, county and country, a known city
 * its post code; an unknown one stays as it is (table Post Code, ValidatePostCode and ValidateCity).
 */
export function postCodeRules(prefix = ''): Validate {
	const field = (name: string) => `${prefix}${name}`;
	return {
		[field('Post Code')]: (draft) => {
			const code = draft.text(field('Post Code'));
			const found = draft.session.company.settings.postCodes.find((one) => upperCase(one.code) === code);
			if (code === '' || !found) return;
			draft.set(field('City'), found.city);
			draft.set(field('County'), found.county ?? '');
			if (found.country) draft.set(field('Country/Region Code'), found.country);
		},
		[field('City')]: (draft) => {
			const city = upperCase(draft.text(field('City')));
			const { postCodes } = draft.session.company.settings;
			const here = postCodes.filter((one) => upperCase(one.city) === city);
			if (city === '' || here.length === 0 || here.some((one) => upperCase(one.code) === draft.text(field('Post Code')))) return;
			draft.set(field('Post Code'), upperCase(here[0]!.code));
			draft.set(field('County'), here[0]!.county ?? '');
			if (here[0]!.country) draft.set(field('Country/Region Code'), here[0]!.country);
		},
	};
}
