import type { ColumnShape } from '../../model/shape';
import type { PassDirection } from '../../model/direction';
import type { FieldKind, FieldMapping } from '../../model/fieldMapping';

/** Why two columns cannot meet, and the kind in which they do. */
export type Meeting = { kind: FieldKind; dayOf?: FieldMapping['dayOf']; country?: true; warning?: string } | { refused: string };

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
	multiChoice: 'several choices',
	duration: 'a duration or a time of day',
};
export const typeInWords = ({ type }: Pick<ColumnShape, 'type'>): string => WORDS[type];

const NUMBERS: ReadonlyArray<ColumnShape['type']> = ['integer', 'decimal', 'money'];
const DATES: ReadonlyArray<ColumnShape['type']> = ['date', 'dateTime'];
/** What crosses as the text it is on the wire. */
const TEXTS: ReadonlyArray<ColumnShape['type']> = ['text', 'guid', 'multiChoice', 'duration'];
const isText = ({ type }: ColumnShape): boolean => TEXTS.includes(type);

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
		if (bc.type === 'dateTime' && crm.type === 'dateTime' && !crm.daysOnly) return { kind: 'dateTime' };
		if (bc.type === 'date' && crm.type === 'date') return { kind: 'date' };
		const dayOf: FieldMapping['dayOf'] = {
			...(bc.type === 'dateTime' ? { businessCentral: 'utc' as const } : {}),
			...(crm.type === 'dateTime' ? { crm: crm.daysOnly ? ('midnight' as const) : ('utc' as const) } : {}),
		};
		return { kind: 'date', dayOf, warning: daysInto(bc, crm) };
	}
	if (isText(bc) && isText(crm)) {
		if (ways.some((way) => gives[way] !== undefined)) return { kind: 'text' };
		if (bc.type === 'guid' || crm.type === 'guid') return { kind: 'guid' };
		return { kind: bc.code ? 'code' : 'text', ...(bc.country ? { country: true as const } : {}) };
	}
	return oneWayToText(bc, crm, ways, gives);
}

const daysInto = (bc: ColumnShape, crm: ColumnShape): string =>
	crm.type === 'date'
		? `only the day of ${bc.name} travels, as it is in UTC, and comes back as noon UTC`
		: `${crm.name} holds a date and time, so days are written there as noon UTC, which is the same day from 12 hours behind UTC to 11 ahead of it, and are read back as days${crm.daysOnly ? '' : ' of UTC'}`;

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
