import type { EditableField } from '../fields';
import type { History } from './history';

const PLACES = [
	{ code: '9000', city: 'Gent' },
	{ code: '1000', city: 'Brussel' },
	{ code: '2000', city: 'Antwerpen' },
];
const POST_CODE: EditableField = { caption: 'Post Code', bc: 'postalCode', crm: 'address1_postalcode', bcLength: 20, crmLength: 20 };
const CITY: EditableField = { caption: 'City', bc: 'city', crm: 'address1_city', bcLength: 30, crmLength: 80 };

/** Business Central makes something else of what it is given: a post code brings its city. What it made of it travels back, or is told. */
export const rewriting: History = {
	begin(chronicle) {
		chronicle.tables.company.settings.postCodes = PLACES.map(({ code, city }) => ({ code, city, county: '', country: '' })) as never;
		chronicle.fields.push(POST_CODE, CITY);
		chronicle.standing.rewritten
			.set(
				CITY.caption,
				PLACES.map(({ city }) => city),
			)
			.set(
				POST_CODE.caption,
				PLACES.map(({ code }) => code),
			);
	},
	event(chronicle, random) {
		const mark = random.pick(chronicle.marks());
		const place = random.pick(PLACES);
		if ([POST_CODE, CITY].some((field) => chronicle.standing.entered(mark, field, 'businessCentral') !== undefined)) return;
		const [city, code] = random.pick([
			[random.pick(['Sint-Denijs', 'Ledeberg']), place.code],
			[null, place.code],
			[place.city, null],
			[place.city, '8000'],
		]);
		if (city !== null) chronicle.enter('crm', mark, CITY, city);
		if (code !== null) chronicle.enter('crm', mark, POST_CODE, code);
	},
	edit: (chronicle, random) =>
		void chronicle.edit(random, { fields: chronicle.fields.filter((field) => field !== POST_CODE && field !== CITY) }),
};
