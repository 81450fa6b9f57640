import { NEVER_COMPARED } from '../model/comparison';
import { SIDES } from '../model/side';
import { SyncError } from '../model/errors';
import { takeTurn } from '../jobs/turn';
import type { SyncSession } from '../ports/session';
import { findMapping, loadMappings } from '../defaults/catalog';
import type { TableMapping } from '../model/tableMapping';
import type { Lease } from '../model/lease';

const LEASE_MS = 120_000;
const PAGE = 1_000;
const DIRECTIONS = ['toCrm', 'fromCrm'] as const;

export interface Removed {
	mapping: string;
	/** Couplings forgotten, or still there when they were kept. */
	couplings: number;
	kept: boolean;
}

/**
 * Deletes a mapping of the user's own with its field mappings and templates and, if asked, what runs remember of it:
 * couplings, failures, requeued records, open inserts, watermarks. No record of either system is touched.
 * @throws SyncError `MAPPING_UNKNOWN`, `MAPPING_NOT_OWN`, `MAPPING_NEEDED` (setup), `MAPPING_BUSY` (transient)
 */
export async function deleteMapping(session: SyncSession, name: string, options: { couplings: boolean }): Promise<Removed> {
	const mappings = await loadMappings(session);
	const mapping = findMapping(mappings, name);
	if (!mapping.own) throw notOwn(name);
	requireUnused(mapping, mappings);
	const couplings = await session.store.countCouplings(name);
	await alone(session, name, async (lease) => {
		if (options.couplings) await forget(session, name, lease);
		await session.store.saveSettings(name, null);
	});
	return { mapping: name, couplings, kept: !options.couplings };
}

/** Does the work while nobody runs the mapping. */
export async function alone<T>(session: SyncSession, name: string, work: (lease: Lease) => Promise<T>): Promise<T> {
	const held = await takeTurn(session, name);
	try {
		return await work(held.lease);
	} finally {
		await held.release();
	}
}

/** Everything runs remember of a mapping, in parts. */
async function forget({ store }: SyncSession, mapping: string, lease: Lease): Promise<void> {
	for (;;) {
		const pairs = await store.couplingPairs(mapping, '', PAGE);
		if (pairs.length === 0) break;
		await store.commit({ uncouple: pairs.map((pair) => ({ mapping, ...pair })) }, lease);
		await store.renewLease(lease, LEASE_MS);
	}
	for (const direction of DIRECTIONS) {
		for (;;) {
			const failures = await store.failures(mapping, direction, { includeSkipped: true, limit: PAGE });
			const requeued = await store.requeued(mapping, direction, { limit: PAGE });
			const intents = await store.intents(mapping, direction, PAGE);
			if (failures.length === 0 && requeued.length === 0 && intents.length === 0) break;
			const keys = (rows: ReadonlyArray<{ sourceId: string }>) => rows.map(({ sourceId }) => ({ mapping, direction, sourceId }));
			await store.commit({ failuresDone: keys(failures), requeuedDone: keys(requeued), intentsDone: keys(intents) }, lease);
		}
	}
	for (const side of SIDES) {
		const compared = await store.comparison(mapping, side);
		await store.commit(
			{
				watermark: { mapping, side, stamp: null },
				changeToken: { mapping, side, link: null },
				// A mapping that begins anew has overlooked nothing.
				...(compared ? { comparison: { mapping, side, ...NEVER_COMPARED, knowsUncoupled: true } } : {}),
			},
			lease,
		);
		await store.forgetCompared(mapping, side, '');
	}
	await store.commit({ forgetTombstones: mapping, forgetIdentity: mapping }, lease);
	await store.deleteFullSyncLines([mapping]);
}

function requireUnused({ name }: TableMapping, mappings: readonly TableMapping[]): void {
	const users = mappings.filter(
		(mapping) => mapping.name !== name && mapping.fields.some((field) => field.enabled && field.mapping === name),
	);
	if (users.length === 0) return;
	throw new SyncError({
		code: 'MAPPING_NEEDED',
		errorClass: 'setup',
		system: 'engine',
		message: `Fields of ${users.map((mapping) => mapping.name).join(', ')} refer to records of the table mapping ${name}.`,
		hint: 'Disable or remove these field mappings first.',
	});
}

const notOwn = (name: string): SyncError =>
	new SyncError({
		code: 'MAPPING_NOT_OWN',
		errorClass: 'setup',
		system: 'engine',
		message: `${name} is a default table mapping and cannot be deleted.`,
		hint: 'Disable it, or reset it to its defaults.',
	});
