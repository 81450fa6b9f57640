import { COMPANY_COLUMN, companyStamp } from '../../model/companyColumn';
import { isNobodys } from '../../mapping/companyOfRow';
import { SyncError, throwIfKeptBack } from '../../model/errors';
import { canonical, fingerprint, fit } from '../../mapping/normalize';
import type { WriteValues } from '../../mapping/rules';
import type { TableMapping } from '../../model/tableMapping';
import type { PassContext } from '../contract/passContext';
import type { SystemRecord } from '../../model/record';
import type { FieldMapping } from '../../model/fieldMapping';
import type { Coupling } from '../../model/coupling';

/** Whether rows of CRM that have a partner get the identity of the company, whichever way a pass goes. */
export const tagsRows = ({ mapping, companyRowId }: Pick<PassContext, 'mapping' | 'companyRowId'>): boolean =>
	mapping.companyStamp && companyRowId !== null;

/** What became of rows that were to get the identity. Rows that are gone are in none of the lists. */
export interface Tagged {
	/** The couplings with the rows' new versions. */
	couplings: Coupling[];
	/** Ids of rows that carry it now, with their new versions. */
	versions: Map<string, string>;
	/** Why rows, by id, did not get it. */
	refused: Map<string, SyncError>;
}

/** How often a row that is being changed, mostly by what the mapping itself does to it, is read and stamped again. */
const TRIES = 3;

/**
 * Writes the identity of the company on CRM rows that have none, now that they have a partner: with another store, or with none, it tells that they
 * have one. Where runs write numbers to CRM, the partner's number goes along; then nothing else is needed to find it.
 */
export async function tagRows(
	context: PassContext,
	rows: readonly SystemRecord[],
	couplingOf: (row: SystemRecord) => Coupling | undefined,
): Promise<Tagged> {
	const crm = context.direction === 'fromCrm' ? context.source : context.target;
	const tagged: Tagged = { couplings: [], versions: new Map(), refused: new Map() };
	const first = new Map(rows.map((row) => [row.id, row]));
	let open = rows.filter(isNobodys);
	for (let attempt = 1; open.length > 0; attempt++) {
		const outcomes = await crm.system.write(
			crm.table,
			open.map((row) => ({ kind: 'update', id: row.id, version: row.version, number: '', values: stampOf(context, row, couplingOf(row)) })),
			crm.fields,
		);
		throwIfKeptBack(outcomes);
		const again: string[] = [];
		open.forEach((row, index) => {
			const outcome = outcomes[index]!;
			if (outcome.status === 'stale' || outcome.status === 'unknown') again.push(row.id);
			if (outcome.status === 'failed') tagged.refused.set(row.id, withoutCompany(row, outcome.error));
			if (outcome.status === 'written') take(context, tagged, first.get(row.id)!, outcome.record, couplingOf);
		});
		if (again.length === 0) break;
		const now = [...(await crm.system.readByIds(crm.table, again, crm.fields)).values()];
		open = now.filter(isNobodys);
		if (attempt < TRIES) continue;
		for (const row of open) tagged.refused.set(row.id, withoutCompany(row));
		break;
	}
	return tagged;
}

function take(
	context: PassContext,
	{ couplings, versions }: Tagged,
	before: SystemRecord,
	record: SystemRecord,
	couplingOf: (row: SystemRecord) => Coupling | undefined,
): void {
	versions.set(record.id, record.version);
	const coupling = couplingOf(before);
	if (coupling?.crmVersion === before.version) couplings.push(afterStamp(context, coupling, before, record));
}

/** Another company would take the row for nobody's: the record counts as failed and is tried again. Without a reason others kept changing the row. */
const withoutCompany = ({ id, name }: SystemRecord, reason?: SyncError): SyncError =>
	new SyncError({
		code: 'COMPANY_NOT_WRITTEN',
		errorClass: reason && reason.errorClass !== 'transient' ? 'data' : 'transient',
		system: 'crm',
		recordId: id,
		...(reason?.httpStatus === undefined ? {} : { httpStatus: reason.httpStatus }),
		message: `The CRM record ${name || id} has a partner here, but its company (${COMPANY_COLUMN}) could not be written: ${reason?.message ?? 'others kept changing the record.'} Until it carries the company, another company may take it.`,
		hint: `${reason ? `${reason.hint} ` : ''}The values of the record are synchronized; every try writes the company once more. Where rows are not to carry one, switch Carry the Company off in Table Mappings.`,
		...(reason ? { cause: reason } : {}),
	});

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
