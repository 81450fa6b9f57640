import type { ColumnShape } from '../../model/shape';
import type { FieldName } from '../../model/record';

/** Fields of type Code have 20 characters at most in Microsoft's tables, those of documents 35 ("Code data type"). */
const LONGEST = 35;
const CODES = /(^|\/)(code|no|number)$|(^|\/|[a-z\d]|_)(Code|No|Number)$/;
const COUNTRY = /(^|\/)country(_?region)?(_?code)?$/i;
/** Numbers that are text: people write them with signs and small letters. */
const TEXTS =
	/phone|fax|telex|pager|mobile|vat|tax|registration|bank|iban|swift|giro|account_?no|serial|lot|house|street|e?mail|certificate|passport|securit/i;

/**
 * Whether text of Business Central is a code, which is kept in capitals and without blanks around it. Its metadata calls codes and texts alike; what
 * tells them apart is the name Microsoft gives to codes, and their length. The number by which records are known is one.
 */
export function isCode({ name, type, maxLength }: ColumnShape, numberField: FieldName | null): boolean {
	if (type !== 'text' || maxLength === null || maxLength > LONGEST) return false;
	return name === numberField || COUNTRY.test(name) || (CODES.test(name) && !TEXTS.test(name));
}

/** Whether the field holds the code of a country. */
export const isCountry = (name: FieldName): boolean => COUNTRY.test(name) || /(^|[a-z_/])country_?(region_?)?code$/i.test(name);
