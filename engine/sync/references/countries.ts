import { spelledCode } from '../../model/upperCase';
import { SyncError } from '../../model/errors';
import type { Countries } from '../../mapping/referenceLookup';
import type { SyncSession } from '../../ports/session';

/** Read once per session: there are some two hundred. */
const known = new WeakMap<SyncSession, Promise<Countries | null>>();

/** The countries of the company; null where the user may not read them, or the service does not offer them: then Business Central itself judges codes. */
export function countriesOf(session: SyncSession): Promise<Countries | null> {
	const found = known.get(session) ?? read(session);
	known.set(session, found);
	found.catch(() => known.delete(session));
	return found;
}

/** A country may have been entered since. */
export const forgetCountries = (session: SyncSession): void => void known.delete(session);

async function read(session: SyncSession): Promise<Countries | null> {
	const codes = new Set<string>();
	const names = new Map<string, string>();
	const byName = new Map<string, string | null>();
	try {
		for (const row of await session.businessCentral.readAll('countriesRegions', ['code', 'displayName'])) {
			const [code, name] = [spelledCode(row['code']), spelledCode(row['displayName'])];
			codes.add(code);
			if (name === '') continue;
			names.set(code, name);
			byName.set(name, byName.has(name) ? null : code);
		}
	} catch (error) {
		if (error instanceof SyncError && error.errorClass !== 'transient') return null;
		throw error;
	}
	return {
		codeOf: (text) => {
			const spelled = spelledCode(text);
			return codes.has(spelled) ? spelled : (byName.get(spelled) ?? null);
		},
		nameOf: (code) => names.get(spelledCode(code)),
	};
}
