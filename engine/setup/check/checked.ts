import { loadMappings, loadSetup } from '../../defaults/catalog';
import { SyncError } from '../../model/errors';
import type { Setup } from '../../model/companySettings';
import type { CompanyMapping } from '../../model/mappingStages';
import type { Side } from '../../model/side';
import type { SyncSession } from '../../ports/session';

/** What a check looks at: the enabled mappings, and which systems answer. */
export interface Checked {
	session: SyncSession;
	setup: Setup;
	/** Enabled, and chosen where a choice was made; in dependency order. */
	mappings: readonly CompanyMapping[];
	/** All of the connection. */
	all: readonly CompanyMapping[];
	/** Systems that can be asked something. */
	reachable: ReadonlySet<Side>;
}

export async function toBeChecked(
	session: SyncSession,
	names: readonly string[] | undefined,
	reachable: ReadonlySet<Side>,
): Promise<Checked> {
	const setup = await loadSetup(session);
	const all = await loadMappings(session, setup);
	const mappings = all.filter(({ name, enabled }) => enabled && (names?.includes(name) ?? true));
	return { session, setup, all, mappings, reachable };
}

/** An answer that a refusal or a missing table takes the place of is told elsewhere; null then. What is only out of reach now ends the check. */
export async function orNull<T>(work: Promise<T>): Promise<T | null> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof SyncError && error.errorClass !== 'transient') return null;
		throw error;
	}
}

/** `CUSTOMER (Fax No., Contact)`. */
export const named = (mapping: string, captions: readonly string[]): string =>
	captions.length === 0 ? mapping : `${mapping} (${[...new Set(captions)].join(', ')})`;
