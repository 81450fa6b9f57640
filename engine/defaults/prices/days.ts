import { canonical } from '../../mapping/normalize';
import type { FieldTranslation } from '../../mapping/rules';

/**
 * A date for a column of Dataverse that holds a point in time and shows the day in each reader's own time zone ("Behavior and format of the
 * Date and Time column"): noon in UTC is the same day from UTC−12 to UTC+11.
 */
export const asDay: FieldTranslation = (_context, field) =>
	Promise.resolve(({ values }) => {
		const day = canonical(field, 'businessCentral', values[field.bcField!]);
		return { kind: 'value', value: day === '' ? null : `${day}T12:00:00Z` };
	});
