import type { ColumnShape } from '../../model/shape';
import type { FieldName } from '../../model/record';

/** Fields of type Code have 20 characters at most in Microsoft's tables, those of documents 35 ("Code data type"). */
const LONGEST = 35;
const CODES = /(^|\/)(code|no|number)$|(^|\/|[a-z\d]|_)(Code|No|Number)$/;
const COUNTRY = /(^|\/|to|from|_)country(_?region)?(_?code)?$/i;
/** Numbers that are text: people write them with signs and small letters. */
const TEXTS =
	/phone|fax|telex|pager|mobile|vat|tax|registration|bank|iban|swift|giro|account_?no|serial|lot|house|street|e?mail|certificate|passport|securit/i;

/**
 * The column, marked where it is a code: kept in capitals and without blanks around it. Metadata calls codes and texts alike; what tells them apart is the
 * name Microsoft gives to codes, and their length. The number by which records are known is one.
 */
export function asCode(column: ColumnShape, numberField: FieldName | null): ColumnShape {
	const { name, type, maxLength } = column;
	if (type !== 'text' || maxLength === null || maxLength > LONGEST) return column;
	if (COUNTRY.test(name)) return { ...column, code: true, country: true };
	return name === numberField || (CODES.test(name) && !TEXTS.test(name)) ? { ...column, code: true } : column;
}
