import { shortCode, wholeCode } from '../../mapping/optionLabels';
import type { FieldTranslation } from '../../mapping/rules';
import { allOptions, type Options } from './allOptions';
import { codeAmbiguous, labelTaken } from './optionErrors';
import type { SystemRecord } from '../../model/record';
import type { Coupling } from '../../model/coupling';
import type { Desired } from '../../mapping/desired';

/**
 * The label of a code's choice is the code itself. A label that already stands for the code stays as somebody wrote it, however
 * long it is: "Postal Mail" is not renamed to "POSTAL MAI".
 */
export const labelForCode: FieldTranslation = async (context, _field, records) => {
	const { session, mapping } = context;
	if (records.length === 0) return () => ({ kind: 'leave' });
	const options = await allOptions(session, mapping.crm);
	const own = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		records.map(({ id }) => id),
	);
	const taken = await session.store.couplingsOf(
		mapping.name,
		'crm',
		options.records.map(({ id }) => id),
	);
	const column = mapping.crm.choice!.column;
	return (source) => wanted(source, own.get(source.id), taken, options, column);
};

function wanted(
	source: SystemRecord,
	coupling: Coupling | undefined,
	taken: ReadonlyMap<string, Coupling>,
	{ records, byValue, pairs }: Options,
	column: string,
): Desired {
	const code = wholeCode(source.number);
	const partner = coupling && byValue.get(Number(coupling.crmId));
	if (partner && standsFor(partner.name, code)) return { kind: 'value', value: partner.name };
	const candidate = pairs.byCode.get(code);
	if (!coupling) {
		const match = candidate === undefined ? undefined : byValue.get(candidate);
		if (match && !taken.has(match.id)) return { kind: 'value', value: match.name };
		if (candidate === undefined && pairs.sharing.has(code))
			return { kind: 'error', error: codeAmbiguous(code, pairs.sharing.get(code)!, column) };
	}
	if (records.some(({ id, name }) => id !== partner?.id && wholeCode(name) === code))
		return { kind: 'error', error: labelTaken(code, column) };
	// A choice that is created again is called as it was.
	if (coupling && !partner && standsFor(coupling.crmName, code)) return { kind: 'value', value: coupling.crmName };
	return { kind: 'value', value: source.number.trim() };
}

const standsFor = (label: string, code: string): boolean => wholeCode(label) === code || shortCode(label) === code;
