import type { SystemRecord } from '../../../systems/system';
import { shortCode, wholeCode } from '../../optionLabels';
import type { FieldTranslation } from '../../rules';
import { allOptions } from './allOptions';
import { codeShared, codeTaken, codeWithComma } from './optionErrors';

/**
 * The code that a choice becomes in Business Central: its label cut to ten characters, in upper case (default mappings §7). Codes that would
 * collide or hold a comma are refused before anything is written (sync-semantics 22.22).
 */
export const codeForLabel: FieldTranslation = async (context, _field, records) => {
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
	return ({ id, name }) => {
		const code = shortCode(name);
		const coupling = own.get(id);
		const holder = holders.get(code);
		if (coupling && holder?.id === coupling.bcId) return { kind: 'value', value: code };
		const others = pairs.sharing.get(Number(id));
		if (others && pairs.byCode.get(code) !== Number(id)) return { kind: 'error', error: codeShared(name, code, others) };
		if (code.includes(',')) return { kind: 'error', error: codeWithComma(name, code) };
		// An uncoupled record of that code is the partner of an uncoupled choice; a coupled choice cannot take its code.
		if (holder && (coupling || taken.has(holder.id))) return { kind: 'error', error: codeTaken(name, code) };
		return { kind: 'value', value: code };
	};
};
