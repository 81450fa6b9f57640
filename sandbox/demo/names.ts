import type { Random } from '../core/random';

const founders = [
	'Ångström',
	"O'Connor",
	'Müller',
	'Dvořák',
	'García',
	'Łukasiewicz',
	'Smith',
	'Jørgensen',
	"D'Amico",
	'Beaumont',
	'Takahashi',
	'Nguyễn',
	'Şahin',
	'Novák',
	'Fraser',
	'Öztürk',
];
const trades = [
	'Furniture',
	'Bicycles',
	'Coffee & Tea',
	'Stationery',
	'Timber',
	'Lighting',
	'Toys',
	'Interior "Plus"',
	'Garden',
	'Marine',
	'Textiles',
	'Kitchens',
];
const forms = ['Ltd.', 'plc', 'GmbH & Co. KG', 'AB', 'S.A.', 'Sons', 'Brothers', 'Group', 'BV', 'Inc.'];
const first = [
	'Anna',
	'Zoë',
	'José',
	'Björn',
	'Siobhán',
	'Mary-Ann',
	'Łukasz',
	'Oliver',
	'Chloé',
	'Emre',
	'Hana',
	'Peter',
	'Inês',
	'Raj',
	'Freya',
	'Tomáš',
];
const last = [
	'Lindqvist',
	"O'Brien",
	'Weiß',
	'Kowalska',
	'Fernández',
	'van den Berg',
	'Okafor',
	'Hughes',
	'Petrov',
	'Yılmaz',
	'Nakamura',
	'McKay',
];
const streets = [
	'High Street',
	'Station Road',
	'Church Lane',
	'Königsallee',
	'Rue de la Paix',
	'Kungsgatan',
	'Mill Lane',
	'Victoria Road',
	'Calle Mayor',
	'Nørregade',
];

export interface Place {
	city: string;
	country: string;
	postCode: string;
	county: string;
}

const places: readonly Place[] = [
	{ city: 'London', country: 'GB', postCode: 'EC1A 1BB', county: '' },
	{ city: 'Birmingham', country: 'GB', postCode: 'B27 4KT', county: 'West Midlands' },
	{ city: 'Edinburgh', country: 'GB', postCode: 'EH1 1BB', county: '' },
	{ city: 'Düsseldorf', country: 'DE', postCode: '40212', county: '' },
	{ city: 'Malmö', country: 'SE', postCode: '211 22', county: '' },
	{ city: 'Kraków', country: 'PL', postCode: '31-042', county: '' },
	{ city: 'Zürich', country: 'CH', postCode: '8001', county: 'ZH' },
	{ city: 'Paris', country: 'FR', postCode: '75002', county: '' },
	{ city: 'København', country: 'DK', postCode: '1165', county: '' },
	{ city: 'Chicago', country: 'US', postCode: '60661', county: 'IL' },
];

export const placeOf = (random: Random): Place => random.pick(places);
export const streetOf = (random: Random): string => `${1 + random.whole(240)} ${random.pick(streets)}`;
export const personOf = (random: Random): string => `${random.pick(first)} ${random.pick(last)}`;
export const phoneOf = (random: Random): string => `+44 ${1000 + random.whole(9000)} ${100000 + random.whole(900000)}`;

/** The initials of the `index`th person of a demonstration: `A.` to `Z.`, then `A.A.`, and no two alike. */
export const initialsOf = (index: number): string =>
	(index < 26 ? '' : initialsOf(Math.floor(index / 26) - 1)) + `${String.fromCharCode(65 + (index % 26))}.`;

/** A business name nobody else in `taken` has. */
export function businessOf(random: Random, taken: Set<string>): string {
	for (;;) {
		const name = `${random.pick(founders)} ${random.pick(trades)} ${random.pick(forms)}`;
		const unique = taken.has(name) ? `${name} ${taken.size + 1}` : name;
		if (taken.has(unique)) continue;
		taken.add(unique);
		return unique;
	}
}

const plainTexts = new Map<string, string>();

/** Letters an address of mail or web may hold. Names come again and again in a demonstration, so each word is worked out once. */
export function plain(text: string): string {
	return text
		.split(' ')
		.map((word) => {
			let known = plainTexts.get(word);
			if (known === undefined) plainTexts.set(word, (known = plainWord(word)));
			return known;
		})
		.filter(Boolean)
		.join('-');
}

const plainWord = (word: string): string =>
	word
		.normalize('NFD')
		.replace(/[\u0300-\u036f]/g, '')
		.replace(/[łŁ]/g, 'l')
		.replace(/[øØ]/g, 'o')
		.replace(/ß/g, 'ss')
		.replace(/ı/g, 'i')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-|-$/g, '');
