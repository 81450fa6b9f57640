import type { SyncError } from '../../model/errors';
import { shortCode, wholeCode } from '../../mapping/optionLabels';
import type { FieldTranslation } from '../../mapping/rules';
import { allOptions } from './allOptions';
import { codeShared, codeTaken, codeWithComma } from './optionErrors';
import type { SystemRecord } from '../../model/record';
import type { Coupling } from '../../model/coupling';

/**
 * The code that a choice becomes in Business Central: its label cut to ten characters, in upper case. Codes that would
 * collide or hold a comma are refused before anything is written.
 */
export const codeForLabel: FieldTranslation = async (context, field, records) => {
	const { session, mapping } = context;
	if (records.length === 0) return () => ({ kind: 'leave' });
	const { pairs } = await allOptions(session, mapping.crm);
	const codes = [...new Set(records.map(({ name }) => shortCode(name)))];
	const found = await session.businessCentral.readByValues(mapping.bc, mapping.bc.numberField!, codes, []);
	const holders = new Map<string, SystemRecord>(found.map((record) => [wholeCode(record.number), record]));
	const own = await session.store.couplingsOf(
		mapping.name,
		'crm',
		records.map(({ id }) => id),
	);
	const taken = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		found.map(({ id }) => id),
	);
	const trouble = (id: string, name: string, coupling: Coupling | undefined): SyncError | null => {
		const code = shortCode(name);
		const holder = holders.get(code);
		const others = pairs.sharing.get(Number(id));
		if (others && pairs.byCode.get(code) !== Number(id)) return codeShared(name, code, others);
		if (code.includes(',')) return codeWithComma(name, code);
		// An uncoupled record of that code is the partner of an uncoupled choice; a coupled choice cannot take its code.
		return holder && (coupling || taken.has(holder.id)) ? codeTaken(name, code) : null;
	};
	return ({ id, name }) => {
		const coupling = own.get(id);
		const value = shortCode(name);
		if (coupling && holders.get(value)?.id === coupling.bcId) return { kind: 'value', value };
		const error = trouble(id, name, coupling);
		if (!error) return { kind: 'value', value };
		// Somebody coupled the two because their names do not tell: the code stays as it is.
		return coupling && !coupling.baseline?.[field.key] ? { kind: 'leave' } : { kind: 'error', error };
	};
};
