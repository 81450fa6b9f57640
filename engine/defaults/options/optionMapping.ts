import { cutText } from '../../model/cutText';
import { shortCode, wholeCode } from '../../mapping/optionLabels';
import type { MappingRules, RuleContext } from '../../mapping/rules';
import { A_DAY, common, type DefaultMapping, field } from '../defaultMapping';
import { allOptions } from './allOptions';
import { codeForLabel } from './codeForLabel';
import { labelForCode } from './labelForCode';
import type { ChoiceSource, SystemRecord, TableSource } from '../../model/record';

/** Characters of a description in Business Central. */
const DESCRIPTION_LENGTH = 50;

/**
 * Codes of Business Central against the values of a CRM choice: one field, one direction. The mapping
 * decides the direction; the field goes along.
 */
export function optionMapping(
	name: string,
	caption: string,
	bc: TableSource & { numberField: string },
	choice: ChoiceSource,
): DefaultMapping {
	const code = bc.numberField;
	return {
		mapping: {
			...common,
			inactivitySleepMinutes: A_DAY,
			name,
			caption,
			bc,
			crm: { name: `${choice.table}.${choice.column}`, numberField: 'label', nameField: 'label', choice },
			direction: 'toCrm',
			fields: [field('Code', code, 'label', 'code', 'bidirectional', { bcLength: 10, match: { caseSensitive: false, priority: 0 } })],
		},
		rules: optionRules(code, bc.nameField),
	};
}

const optionRules = (code: string, description: string): MappingRules => ({
	translations: {
		label: (context, ...rest) => (context.direction === 'toCrm' ? labelForCode : codeForLabel)(context, ...rest),
	},
	findPartner: (context, records) => (context.direction === 'toCrm' ? optionsOf(context, records) : codesOf(context, records)),
	// A code belongs to one record: an insert that went unanswered is found by it.
	naturalKey: code,
	beforeInsert: ({ direction }, inserts) => {
		// The code may have lost the end of the label; the description keeps it.
		if (direction === 'fromCrm') for (const { source, values } of inserts) values[description] ??= cutText(source.name, DESCRIPTION_LENGTH);
		return Promise.resolve();
	},
});

/** The choice a code stands for: by its whole label, else by its first ten characters. */
async function optionsOf({ session, mapping }: RuleContext, records: readonly SystemRecord[]): Promise<Map<string, SystemRecord>> {
	const { pairs, byValue } = await allOptions(session, mapping.crm);
	return new Map(
		records.flatMap(({ id, number }): Array<[string, SystemRecord]> => {
			const value = pairs.byCode.get(wholeCode(number));
			return value === undefined ? [] : [[id, byValue.get(value)!]];
		}),
	);
}

/** The record whose code a choice would become. */
async function codesOf({ session, mapping }: RuleContext, records: readonly SystemRecord[]): Promise<Map<string, SystemRecord>> {
	const { pairs } = await allOptions(session, mapping.crm);
	const codes = records.map(({ name }) => shortCode(name));
	const code = mapping.bc.numberField!;
	const found = await session.businessCentral.readByValues(mapping.bc, code, [...new Set(codes)], [code]);
	const byCode = new Map(found.map((record) => [wholeCode(record.number), record]));
	return new Map(
		records.flatMap(({ id }, index): Array<[string, SystemRecord]> => {
			const record = byCode.get(codes[index]!);
			return record && pairs.byCode.get(codes[index]!) === Number(id) ? [[id, record]] : [];
		}),
	);
}
