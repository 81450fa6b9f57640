import { companyStamp } from '../../model/companyColumn';
import { isNobodys } from '../../mapping/companyOfRow';
import { throwIfKeptBack } from '../../model/errors';
import { canonical, fingerprint, fit } from '../../mapping/normalize';
import type { WriteValues } from '../../mapping/rules';
import type { TableMapping } from '../../model/tableMapping';
import type { PassContext } from '../contract/passContext';
import type { SystemRecord } from '../../model/record';
import type { FieldMapping } from '../../model/fieldMapping';
import type { Coupling } from '../../model/coupling';

/** Rows of CRM that become the company's by being synchronized to it get its identity. */
export const tagsCompany = ({ direction, mapping, companyRowId }: PassContext): boolean =>
	direction === 'fromCrm' && mapping.companyStamp && mapping.direction === 'bidirectional' && companyRowId !== null;

/**
 * Whether rows that were found to have a partner get the identity here: those of CRM's own pass, and those that a pass to CRM meets without having
 * anything to write.
 */
export const tagsRows = (context: PassContext): boolean => tagsCompany(context) || tagsTargets(context);

const tagsTargets = ({ direction, mapping, companyRowId }: PassContext): boolean =>
	direction === 'toCrm' && mapping.companyStamp && companyRowId !== null;

/** How often a row that is being changed, mostly by what the mapping itself does to it, is read and stamped again. */
const TRIES = 3;

/**
 * Writes the identity of the company on CRM rows that have none, now that they have a partner: with another store, or with none, it tells that they
 * have one. Where runs write numbers to CRM, the partner's number goes along; then nothing else is needed to find it. Answers the couplings with
 * the rows' new versions; a row that cannot be written keeps no identity until it is synchronized again.
 */
export async function tagRows(
	context: PassContext,
	rows: readonly SystemRecord[],
	couplingOf: (row: SystemRecord) => Coupling | undefined,
): Promise<Coupling[]> {
	const crm = context.direction === 'fromCrm' ? context.source : context.target;
	const stamped: Coupling[] = [];
	const first = new Map(rows.map((row) => [row.id, row]));
	let open = rows.filter(isNobodys);
	for (let attempt = 1; open.length > 0; attempt++) {
		const outcomes = await crm.system.write(
			crm.table,
			open.map((row) => ({ kind: 'update', id: row.id, version: row.version, number: '', values: stampOf(context, row, couplingOf(row)) })),
			crm.fields,
		);
		throwIfKeptBack(outcomes);
		const stale: string[] = [];
		open.forEach(({ id }, index) => {
			const outcome = outcomes[index]!;
			const before = first.get(id)!;
			const coupling = couplingOf(before);
			if (outcome.status === 'stale') stale.push(id);
			if (outcome.status === 'written' && coupling?.crmVersion === before.version)
				stamped.push(afterStamp(context, coupling, before, outcome.record));
		});
		if (stale.length === 0 || attempt === TRIES) break;
		open = [...(await crm.system.readByIds(crm.table, stale, crm.fields)).values()].filter(isNobodys);
	}
	return stamped;
}

function stampOf({ companyRowId, mapping, direction }: PassContext, row: SystemRecord, coupling: Coupling | undefined): WriteValues {
	const stamp = companyStamp(companyRowId!);
	const field = numberField(mapping);
	if (direction === 'toCrm' || !field || !coupling?.bcNumber || row.number !== '') return stamp;
	return { ...stamp, [field.crmField!]: fit(field, 'crm', coupling.bcNumber) };
}

/** What the service changed along with it is still to be delivered: then the version proves nothing. */
function afterStamp({ fields, mapping }: PassContext, coupling: Coupling, before: SystemRecord, record: SystemRecord): Coupling {
	const number = numberField(mapping);
	const numbered = number && before.number === '' && record.number !== '' ? number : null;
	const same = fields.every((field) => {
		const now = record.values[field.crmField!];
		if (now === undefined || field.key === numbered?.key) return true;
		return canonical(field, 'crm', now) === canonical(field, 'crm', before.values[field.crmField!]);
	});
	const base = numbered && coupling.baseline?.[numbered.key];
	return {
		...coupling,
		crmVersion: same ? record.version : null,
		crmStamp: record.modifiedAt,
		...(base
			? { baseline: { ...coupling.baseline, [numbered.key]: [base[0], fingerprint(numbered, 'crm', record.number)] as const } }
			: {}),
	};
}

/** The field by which runs write numbers of Business Central to CRM. */
const numberField = ({ bc, crm, fields }: TableMapping): FieldMapping | undefined =>
	fields.find(
		({ bcField, crmField, enabled, direction }) =>
			enabled && direction !== 'fromCrm' && bcField !== null && bcField === bc.numberField && crmField === crm.numberField,
	);
