import type { ColumnShape } from '../../model/shape';
import type { PassDirection } from '../../model/direction';
import type { FieldKind } from '../../model/fieldMapping';

/** Why two columns cannot meet, and the kind in which they do. */
export type Meeting = { kind: FieldKind; warning?: string } | { refused: string };

const WORDS: Readonly<Record<ColumnShape['type'], string>> = {
	text: 'a text',
	integer: 'a whole number',
	decimal: 'a number',
	money: 'an amount',
	boolean: 'yes or no',
	date: 'a date',
	dateTime: 'a date and time',
	guid: 'an id',
	enum: 'an option',
	choice: 'a choice',
	lookup: 'a reference',
};
export const typeInWords = ({ type }: Pick<ColumnShape, 'type'>): string => WORDS[type];

const NUMBERS: ReadonlyArray<ColumnShape['type']> = ['integer', 'decimal', 'money'];
const DATES: ReadonlyArray<ColumnShape['type']> = ['date', 'dateTime'];
const isText = ({ type }: ColumnShape): boolean => type === 'text' || type === 'guid';

/**
 * The kind in which values of two columns cross.
 * @param ways directions the field travels
 * @param toText per direction: a transformation rule makes text of whatever comes
 */
export function meet(
	bc: ColumnShape,
	crm: ColumnShape,
	ways: readonly PassDirection[],
	gives: Readonly<Partial<Record<PassDirection, 'text' | 'number'>>>,
): Meeting {
	if (crm.type === 'lookup')
		return isText(bc) ? { kind: 'lookup' } : refused(bc, crm, 'Business Central must name the record by its number, code or id');
	if (crm.type === 'choice') {
		return isText(bc) || bc.type === 'enum' ? { kind: 'choice' } : refused(bc, crm, 'a choice stands for a code or an option');
	}
	if (bc.type === 'boolean' || crm.type === 'boolean') {
		return bc.type === crm.type ? { kind: 'boolean' } : refused(bc, crm, 'yes or no meets only yes or no');
	}
	if (NUMBERS.includes(bc.type) && NUMBERS.includes(crm.type)) {
		const loses = (bc.type === 'integer') !== (crm.type === 'integer');
		return {
			kind: bc.type === 'money' || crm.type === 'money' ? 'money' : 'number',
			...(loses ? { warning: 'one side holds whole numbers only, so decimals are rounded away' } : {}),
		};
	}
	if (DATES.includes(bc.type) && DATES.includes(crm.type)) {
		return {
			kind: 'date',
			...(bc.type === 'dateTime' || crm.type === 'dateTime' ? { warning: 'only the date travels, the time does not' } : {}),
		};
	}
	if (isText(bc) && isText(crm)) return { kind: 'text' };
	return oneWayToText(bc, crm, ways, gives);
}

/** Anything can become text, and text that a rule makes a number can become a number; neither can travel back. */
function oneWayToText(
	bc: ColumnShape,
	crm: ColumnShape,
	ways: readonly PassDirection[],
	gives: Readonly<Partial<Record<PassDirection, 'text' | 'number'>>>,
): Meeting {
	const [way] = ways;
	if (ways.length === 1 && way) {
		const [from, to] = way === 'toCrm' ? [bc, crm] : [crm, bc];
		if (isText(to) && (NUMBERS.includes(from.type) || DATES.includes(from.type) || from.type === 'enum')) return { kind: 'text' };
		if (NUMBERS.includes(to.type) && isText(from) && gives[way] === 'number') return { kind: 'number' };
		if (isText(from)) return refused(bc, crm, `a text cannot become ${typeInWords(to)}`);
		return refused(bc, crm, `${typeInWords(from)} cannot become ${typeInWords(to)}`);
	}
	if (isText(bc) || isText(crm)) {
		const other = isText(bc) ? crm : bc;
		return refused(bc, crm, `a text cannot become ${typeInWords(other)} on the way back; let the field travel one way only`);
	}
	return refused(bc, crm, 'these two kinds of values have nothing in common');
}

const refused = (bc: ColumnShape, crm: ColumnShape, why: string): Meeting => ({
	refused: `${bc.name} of Business Central holds ${typeInWords(bc)}, ${crm.name} of CRM ${typeInWords(crm)}: ${why}`,
});
