import type { SyncError } from '../../model/errors';
import type { RuleContext, WrittenPair } from '../../mapping/rules';
import { PRICE_LIST } from '../products/defaultPriceList';
import type { WriteOperation } from '../../ports/write';

/** Dataverse choice pricelevel.statecode, with the status that belongs to it. */
const ACTIVE = 0;
const INACTIVE = { statecode: 1, statuscode: 100002 };

/** A new price list is inactive in CRM unless it is active in Business Central. CRM creates them active. */
export async function deactivateNewLists({ session }: RuleContext, pairs: readonly WrittenPair[]): Promise<Map<string, SyncError>> {
	const wanted = pairs.filter(
		({ inserted, source, target }) => inserted && source.values['Status'] !== 'Active' && target.values['statecode'] === ACTIVE,
	);
	const outcomes = await session.crm.write(
		PRICE_LIST,
		wanted.map(({ target: { id, version } }): WriteOperation => ({ kind: 'update', id, version, number: '', values: INACTIVE })),
	);
	const errors = new Map<string, SyncError>();
	outcomes.forEach((outcome, index) => {
		const pair = wanted[index]!;
		if (outcome.status === 'written') pair.after = { ...outcome.record, values: { ...pair.target.values, ...outcome.record.values } };
		else if (outcome.status === 'failed' || outcome.status === 'unknown') errors.set(pair.source.id, outcome.error);
	});
	return errors;
}
