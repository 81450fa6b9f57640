import { type Coupling, versionOn } from '../model/coupling';
import type { Side } from '../model/side';
import type { Touched } from './survey';

const withoutInFlight = ({ inFlight: _sent, ...coupling }: Coupling): Coupling => coupling;

/** The stamps of now: what was seen before the restore is no measure any more. */
const stampsOf = ({ stamps }: Touched, coupling: Coupling): Pick<Coupling, 'bcStamp' | 'crmStamp'> => ({
	bcStamp: stamps.businessCentral ?? coupling.bcStamp,
	crmStamp: stamps.crm ?? coupling.crmStamp,
});

/** The couple begins again: the fields are compared as at a first synchronization, and `winner` says whose values count. */
export const firstAgain =
	(touched: Touched, winner: Side | null) =>
	(coupling: Coupling): Coupling => ({
		...withoutInFlight(coupling),
		...stampsOf(touched, coupling),
		bcVersion: null,
		crmVersion: null,
		baseline: null,
		initial: winner === null ? 'none' : winner === 'businessCentral' ? 'send' : 'get',
	});

/** What could not be delivered, or travels no further, is not taken for put back again; null where the couple was settled. */
export const forgotten =
	(touched: Touched) =>
	(coupling: Coupling): Coupling | null => {
		const open = touched.putBack.filter((side) => versionOn(coupling, side) === versionOn(touched.coupling, side));
		if (open.length === 0) return null;
		return {
			...coupling,
			...stampsOf(touched, coupling),
			...(open.includes('businessCentral') ? { bcVersion: null } : {}),
			...(open.includes('crm') ? { crmVersion: null } : {}),
		};
	};

/** Records that are missing were deleted by somebody: that they were seen once says nothing about the system. */
export const deletedByHand =
	({ gone }: Touched) =>
	(coupling: Coupling): Coupling => ({
		...coupling,
		...(gone.includes('businessCentral') ? { bcStamp: null } : {}),
		...(gone.includes('crm') ? { crmStamp: null } : {}),
	});
