import { COMPANY_COLUMN } from '../../model/companyColumn';
import { SyncError } from '../../model/errors';
import type { LogRecordRef } from '../../model/logEntry';
import type { SystemRecord } from '../../model/record';
import { companyRowOf } from '../../mapping/companyIdentity';
import { takeTurn } from '../../jobs/turn';
import type { WriteOperation } from '../../ports/write';
import type { SyncSession } from '../../ports/session';
import { editLocked } from '../kernel/changeSet';
import { ACTIVE_PENDING, ORDER_STATES, SUBMITTED } from './states';
import { readOrders, type ReadOrder } from './readOrders';
import { CRM_ORDERS, ORDER_IMPORT, ORDER_MAPPING } from './tables';

/**
 * `released`: the order belongs to no company any more. `notClaimed`: it did not belong to this one. `imported`: Business Central has an order of it, or CRM
 * says that it was handed over, so that it stays this company's. `notFound`: CRM does not have it.
 */
export interface ReleasedClaim {
	outcome: 'released' | 'notClaimed' | 'imported' | 'notFound';
	crm: LogRecordRef | null;
	id: string;
	/** Why it could not be written. */
	error?: SyncError;
}

/**
 * Orders that this company has claimed and not imported belong to no company again, so that another one may take them. Nothing of Business Central is
 * looked at or written.
 * @throws SyncError `MAPPING_BUSY` (transient) while an import runs
 */
export async function releaseClaims(session: SyncSession, ids: readonly string[]): Promise<ReleasedClaim[]> {
	const held = await takeTurn(session, ORDER_MAPPING);
	try {
		const asked = [...new Set(ids.map((id) => id.toLowerCase()))];
		const companyRowId = await companyRowOf(session, ORDER_IMPORT);
		const found = await readOrders(session, asked, { companies: companyRowId !== null, more: [] });
		const known = await session.store.documentsOf(ORDER_MAPPING, 'crm', asked);
		const claims = asked.map((id): ReleasedClaim => {
			const read = found.get(id);
			if (!read) return { id, outcome: 'notFound', crm: null };
			const crm = refOf(session, read.row);
			if (known.has(id) || read.order.handedOver !== null) return { id, crm, outcome: 'imported' };
			const own = companyRowId !== null && read.order.companyId === companyRowId;
			return { id, crm, outcome: own ? 'released' : 'notClaimed' };
		});
		const own = claims.filter(({ outcome }) => outcome === 'released');
		const outcomes = own.length === 0 ? [] : await session.crm.write(CRM_ORDERS, own.map(({ id }) => release(found.get(id)!))); // prettier-ignore
		own.forEach((each, index) => {
			const outcome = outcomes[index]!;
			if (outcome.status !== 'written') each.error = 'error' in outcome && outcome.error ? outcome.error : busy(each);
		});
		return claims;
	} finally {
		await held.release();
	}
}

function release({ row, order }: ReadOrder): WriteOperation {
	const values = { [COMPANY_COLUMN]: null };
	if (order.state === ORDER_STATES.active) return { kind: 'update', id: row.id, version: row.version, number: '', values };
	return editLocked({ table: CRM_ORDERS, id: row.id, version: row.version, editable: ACTIVE_PENDING, ends: SUBMITTED, values });
}

const refOf = ({ crm }: SyncSession, { id, number, name }: SystemRecord): LogRecordRef => ({
	id,
	number,
	name,
	url: crm.link(CRM_ORDERS, id),
});

const busy = ({ id, crm }: ReleasedClaim): SyncError =>
	new SyncError({
		code: 'CRM_ORDER_BUSY',
		errorClass: 'transient',
		system: 'crm',
		table: 'salesorder',
		recordId: id,
		message: `Order ${crm?.number ?? id}: somebody changed it while its claim was being released.`,
		hint: 'Try again.',
	});
