import { throwIfKeptBack } from '../errors';
import type { Coupling } from '../store/store';
import type { SystemRecord } from '../systems/system';
import { canonical } from '../mapping/normalise';
import type { PassContext } from './passContext';

/** Rows of CRM that become the company's by being synchronised to it get its identity (default mappings §3). */
export const stampsSources = ({ direction, mapping, companyRowId, preview }: PassContext): boolean =>
	direction === 'fromCrm' && mapping.companyStamp && mapping.direction === 'bidirectional' && companyRowId !== null && !preview;

/**
 * Writes the identity of the company on CRM rows that have none, now that they have a partner. Answers the couplings with the rows' new versions;
 * a row that somebody changed meanwhile, or that cannot be written, keeps no identity until it is synchronised again.
 */
export async function stampSources(
	context: PassContext,
	sources: readonly SystemRecord[],
	couplingOf: (source: SystemRecord) => Coupling | undefined,
): Promise<Coupling[]> {
	const { source: crm, fields, companyRowId } = context;
	const open = sources.filter(({ values }) => values['bcbi_companyid'] === null);
	if (open.length === 0) return [];
	const outcomes = await crm.system.write(
		crm.table,
		open.map(({ id, version }) => ({
			kind: 'update',
			id,
			version,
			number: '',
			values: { bcbi_companyid: { table: 'bcbi_company', id: companyRowId! } },
		})),
		crm.fields,
	);
	throwIfKeptBack(outcomes);
	return open.flatMap((source, index) => {
		const outcome = outcomes[index]!;
		const coupling = couplingOf(source);
		if (outcome.status !== 'written' || coupling?.crmVersion !== source.version) return [];
		const { record } = outcome;
		// What the service changed along with it is still to be delivered: then the version proves nothing.
		const same = fields.every((field) => {
			const now = record.values[field.crmField!];
			return now === undefined || canonical(field, 'crm', now) === canonical(field, 'crm', source.values[field.crmField!]);
		});
		return [{ ...coupling, crmVersion: same ? record.version : null, crmStamp: record.stamp }];
	});
}
