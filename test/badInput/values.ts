import type { Case, Topic } from './expectation';

type Values = Readonly<Record<string, string | number | null>>;

/** A value that arrives from one side, and how it stands on the other afterwards. */
export interface ValueCase extends Case {
	/** Where the record is changed. */
	from: 'businessCentral' | 'crm';
	/** Written by a user there. */
	values: Values;
	/** As the other side holds it after the run; absent where the case is an error. */
	becomes?: Values;
}

const same = (what: string, name: string, works = 'it arrives unchanged, and back again'): ValueCase[] => [
	{ what: `${what}, from Business Central`, from: 'businessCentral', values: { displayName: name }, becomes: { name }, expect: { works } },
	{ what: `${what}, from CRM`, from: 'crm', values: { name }, becomes: { displayName: name }, expect: { works } },
];
const emoji = '🚀';

export const values: Topic<ValueCase> = {
	title: 'Values at their limits',
	cases: [
		...same('letters with combining marks (not put together: the two spellings stay two)', 'Ame\u0301lie A\u030Angstro\u0308m'),
		...same('right-to-left text with direction marks', '\u200Fשלום عليكم\u202E abc\u202C'),
		...same('characters of four bytes', '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧‍👦 🏳️‍🌈 𠮷'),
		...same('quotes, ampersands, angle brackets, backslashes', `<b>"O'Brien" & \\\\server\\share</b> %20 \${x}`),
		...same('a control character that XML does not know', 'bell \u0007 end'),
		{
			what: 'half of an emoji in a name, as a program left it that cut too short',
			from: 'crm',
			values: { name: 'cut \ud83d' },
			becomes: { displayName: 'cut \ud83d' },
			expect: { works: 'the run goes on; the record arrives as it is' },
		},
		{
			what: 'a text with an emoji across the length of the other side (160 characters into 100): the emoji is left out as a whole',
			from: 'crm',
			values: { name: `${'x'.repeat(99)}${emoji}${'y'.repeat(40)}` },
			becomes: { displayName: 'x'.repeat(99) },
			expect: { works: 'the text is cut before the emoji, the longer text stays where it was written' },
		},
		{
			what: 'a text of exactly the length of the other side',
			from: 'crm',
			values: { name: `${'x'.repeat(98)}${emoji}` },
			becomes: { displayName: `${'x'.repeat(98)}${emoji}` },
			expect: { works: 'it arrives unchanged' },
		},
		{
			what: 'blanks around a text',
			from: 'businessCentral',
			values: { addressLine1: '  Main Street  ' },
			becomes: { address1_line1: 'Main Street' },
			expect: { works: 'they are left out, and are never taken for a change' },
		},
		{
			what: 'line breaks in a text',
			from: 'crm',
			values: { address1_line1: 'Floor 3\r\nMain Street' },
			becomes: { addressLine1: 'Floor 3\nMain Street' },
			expect: { works: 'they arrive as single line breaks, and are never taken for a change' },
		},
		{
			what: 'a text that is emptied in Business Central',
			from: 'businessCentral',
			values: { addressLine1: '' },
			becomes: { address1_line1: null },
			expect: { works: 'the column is cleared (null), which is the same as blank' },
		},
		{
			what: 'a text that is cleared in CRM',
			from: 'crm',
			values: { address1_line1: null },
			becomes: { addressLine1: '' },
			expect: { works: 'the field is emptied, which is the same as null' },
		},
		{
			what: 'a text of blanks only',
			from: 'crm',
			values: { address1_line1: '   ' },
			becomes: { addressLine1: '' },
			expect: { works: 'it is blank' },
		},
		{
			what: 'the words "null" and "undefined"',
			from: 'crm',
			values: { address1_line1: 'null', address1_line2: 'undefined' },
			becomes: { addressLine1: 'null', addressLine2: 'undefined' },
			expect: { works: 'they are words' },
		},
		{
			what: 'digits that look like a number (00123, 1e5)',
			from: 'crm',
			values: { address1_line1: '00123', address1_line2: '1e5' },
			becomes: { addressLine1: '00123', addressLine2: '1e5' },
			expect: { works: 'texts stay texts' },
		},
		{
			what: 'an amount with all its decimals',
			from: 'businessCentral',
			values: { creditLimit: 12_345.67 },
			becomes: { creditlimit: 12_345.67 },
			expect: { works: 'it arrives to the cent' },
		},
		{
			what: 'an amount with more decimals than the currency has',
			from: 'businessCentral',
			values: { creditLimit: 10.005 },
			becomes: { creditlimit: 10.01 },
			expect: { works: 'it is rounded to the decimals of the currency once, and is no change afterwards' },
		},
		{
			what: 'an amount of 0.1 + 0.2',
			from: 'businessCentral',
			values: { creditLimit: 0.1 + 0.2 },
			becomes: { creditlimit: 0.3 },
			expect: { works: 'it is 0.30' },
		},
		{
			what: 'minus zero',
			from: 'businessCentral',
			values: { creditLimit: -0 },
			becomes: { creditlimit: 0 },
			expect: { works: 'it is zero, and no change' },
		},
		{
			what: 'the largest amount CRM holds',
			from: 'businessCentral',
			values: { creditLimit: 100_000_000_000 },
			becomes: { creditlimit: 100_000_000_000 },
			expect: { works: 'it arrives' },
		},
		...(
			[
				[1.005, 1.01],
				[2.675, 2.68],
				[8.345, 8.35],
				[1.115, 1.12],
				[0.005, 0.01],
				[99_999_999.995, 100_000_000],
			] as const
		).map(([creditLimit, creditlimit]): ValueCase => ({
			what: `half a cent (${creditLimit})`,
			from: 'businessCentral',
			values: { creditLimit },
			becomes: { creditlimit },
			expect: { works: 'it is rounded away from zero, as decimals and not as binary fractions' },
		})),
		...(
			[
				['a country by its code', 'GB', 'GB'],
				['a country by its code, in small letters', 'gb', 'GB'],
				['a country by its name', 'Great Britain', 'GB'],
				['a country by its name, in capitals and with blanks', '  GREAT BRITAIN ', 'GB'],
			] as const
		).map(([what, address1_country, country]): ValueCase => ({
			what,
			from: 'crm',
			values: { address1_country },
			becomes: { country },
			expect: { works: 'the code is entered, and the spelling of CRM stays' },
		})),
		...(['United Kingdom', 'Great Britain and Northern Ireland', "GB' or 1 eq 1", '大英帝国'] as const).map(
			(address1_country): ValueCase => ({
				what: `a country that Business Central knows neither by code nor by name (${address1_country})`,
				from: 'crm',
				values: { address1_country },
				expect: { errorClass: 'data', code: 'COUNTRY_UNKNOWN', message: address1_country },
			}),
		),
		{
			what: 'a post code in small letters',
			from: 'crm',
			values: { address1_postalcode: 'n1 1aa' },
			becomes: { postalCode: 'N1 1AA' },
			expect: { works: 'it is a code: capitals in Business Central, and never taken for a change' },
		},
		...same('a name of one letter', 'x'),
		...same('a name of digits only', '0042'),
		...same('a name that looks like a formula', '=HYPERLINK("http://x.example")'),
		...same('a name that looks like JSON', '{"a":[1,2]}'),
		...same('a name with a zero-width joiner and a soft hyphen', 'Ze\u200dro\u00adwidth'),
		{
			what: 'an amount larger than CRM holds',
			from: 'businessCentral',
			values: { creditLimit: 922_337_203_685_478 },
			expect: { errorClass: 'data', code: 'CRM_REFUSED', message: 'Dataverse answered 400' },
		},
	],
};
