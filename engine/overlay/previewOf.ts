import { shareCompanyRow } from '../mapping/companyIdentity';
import { OverlayStore } from './overlayStore';
import { OverlaySystem } from './overlaySystem';
import type { SyncSession } from '../ports/session';

/**
 * The session of a preview: all that runs in it is carried out in memory, over what the store and both systems hold, and nothing is written anywhere.
 * What one step does is there for the next one, as in the real run. A session that is a preview already is answered as it is, so that all steps of
 * an operation share one.
 */
export const previewOf = (session: SyncSession): SyncSession => (session.preview ? session : overlayOf(session));

/** As `previewOf`, always with a memory of its own: what is tried in it leaves no trace in a preview either. */
export function overlayOf(session: SyncSession): SyncSession {
	const below = { ...session };
	const overlay: SyncSession = {
		...session,
		preview: true,
		store: new OverlayStore(session.store, session.clock),
		businessCentral: new OverlaySystem(session.businessCentral, below),
		crm: new OverlaySystem(session.crm, below),
	};
	shareCompanyRow(session, overlay);
	return overlay;
}

/** The session itself, or a preview of it. */
export const sessionFor = (session: SyncSession, preview: boolean | undefined): SyncSession => (preview ? previewOf(session) : session);
