import { SyncError } from '../../model/errors';
import { recognizesPartners } from '../../defaults/catalog';
import { COMPANY_COLUMN } from '../../model/companyColumn';
import { companyRowOf } from '../../mapping/companyIdentity';
import { sideFilter } from '../../mapping/filter';
import { anyInside } from '../../mapping/filters/reading';
import type { TableMapping } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import type { RunRequest } from '../contract/runRequest';
import type { EarlierStore, Origin, StoreIdentity } from '../../model/storeIdentity';

/** What the question asked before a run's first write goes by. */
export type CouplesQuestion = Pick<RunRequest, 'nothingCoupled'>;

/**
 * Before a run writes anything: a mapping without a single coupling, while both systems hold records of it, has lost its state far more often than
 * it is new. Going on would deliver nothing for ever, or create every record a second time. A store that knows the mapping is asked for one row;
 * only one that does not costs up to three requests. Mappings that recognize partners by a key of their own while they create are left to that.
 * @returns warnings for the job
 * @throws SyncError `NOTHING_COUPLED`, `STORE_IS_NEW` (setup), with the ways on
 */
export async function requireCouples(session: SyncSession, mapping: TableMapping, question: CouplesQuestion): Promise<string[]> {
	const { store } = session;
	if (await store.knowsCouples(mapping.name)) return await usedMeanwhile(session);
	const earlier = await earlierStoreOf(session);
	if (question.nothingCoupled === 'isNew') {
		await accept(session, mapping, earlier !== null);
		return [];
	}
	if (question.nothingCoupled === 'allowed') return earlier ? [`${newStore(session, earlier)} Nothing of that state is known here.`] : [];
	const origin = await store.origin(mapping.name);
	if (origin?.kind === 'new') return [];
	// Records that a full synchronization here came to its end with, and could neither couple nor create, go on being tried.
	if (origin === null && (await store.fullSyncLines()).get(mapping.name)?.status === 'finished') return [];
	if (!recognizesPartners(mapping) && (await bothHold(session, mapping))) {
		const stamped = await isStamped(session, mapping);
		const unwanted = question.nothingCoupled !== 'createAll' || earlier !== null || origin !== null || stamped;
		if (unwanted) throw nothingCoupled(session, mapping, { origin, earlier, stamped });
	}
	if (earlier) throw storeIsNew(session, mapping, earlier);
	return [];
}

/**
 * The store that was used for the connection before this one. Null where none is known, where the one at hand has couples, and where a person said
 * that it is meant to begin anew.
 */
export async function earlierStoreOf({ storeMemory, store }: SyncSession): Promise<EarlierStore | null> {
	if (!storeMemory || (await store.knowsCouples())) return null;
	return (await store.origin(''))?.kind === 'new' ? null : await storeMemory.earlier();
}

/** A store with couples of its own, while another one was used last: of a move that one node did not take part in, for instance. */
async function usedMeanwhile({ storeMemory, store }: SyncSession): Promise<string[]> {
	const other = (await storeMemory?.lastUsed()) ?? null;
	if (!other) return [];
	return [
		`This run uses the state store ${placeInWords(store.identity)}, but the one used last for this connection is ${inWords(other)}. What either of them coupled the other does not know: use one store in all nodes.`,
	];
}

/** In words: which store this is, and which one was used before. */
export function newStore({ store }: SyncSession, earlier: EarlierStore): string {
	return `This state store is new: ${placeInWords(store.identity)}, made ${minute(store.identity.createdAt)}. Another one was used before: ${inWords(earlier)}.`;
}

function inWords(known: EarlierStore): string {
	const { couplings, lastUsed } = known;
	const count = `${couplings.toLocaleString('en')} ${couplings === 1 ? 'coupling' : 'couplings'}`;
	const when = lastUsed === null ? '' : `, last used ${minute(lastUsed)}`;
	return `${placeInWords(known)} (${count}${when})`;
}

const minute = (stamp: string): string => `${stamp.slice(0, 16).replace('T', ' ')} UTC`;

const placeInWords = ({ kind, place }: Pick<StoreIdentity, 'kind' | 'place'>): string =>
	kind === 'embedded' ? `embedded file ${place}` : `PostgreSQL ${place}`;

async function accept({ store, clock }: SyncSession, mapping: TableMapping, isNew: boolean): Promise<void> {
	const at = new Date(clock.now()).toISOString();
	const names = isNew ? [mapping.name, ''] : [mapping.name];
	await store.commit({ origins: names.map((name) => ({ mapping: name, kind: 'new', at })) });
}

async function bothHold(session: SyncSession, mapping: TableMapping): Promise<boolean> {
	const company = await companyRowOf(session, mapping);
	const bc = sideFilter(mapping.bcFilter, 'businessCentral', company, mapping.bc);
	if (!(await anyInside(session.businessCentral, mapping.bc, bc))) return false;
	return await anyInside(session.crm, mapping.crm, sideFilter(mapping.crmFilter, 'crm', company, mapping.crm));
}

/** CRM rows in the filter carry this company: runs give it to rows they create and couple, so somebody synchronized them. */
async function isStamped(session: SyncSession, mapping: TableMapping): Promise<boolean> {
	const company = await companyRowOf(session, mapping);
	if (company === null) return false;
	const own = { field: COMPANY_COLUMN, operator: 'eq', value: company, type: 'lookup' } as const;
	const filter = sideFilter({ conditions: [own], groups: [mapping.crmFilter] }, 'crm', company, mapping.crm);
	return await anyInside(session.crm, mapping.crm, filter);
}

const IT_IS_NEW = 'the option "When Nothing Is Coupled → It Is New"';
const ATTACH =
	'If the state still exists, attach that store (credential "Sync Store (PostgreSQL)", file, or user folder of n8n), restore it from a backup, or bring it here with Read Sync Log → Import State.';

function nothingCoupled(
	session: SyncSession,
	mapping: TableMapping,
	known: { origin: Origin | null; earlier: EarlierStore | null; stamped: boolean },
): SyncError {
	const { origin, earlier, stamped } = known;
	const parted = origin?.kind === 'uncoupled';
	const message = [
		`${mapping.name} has no coupling in this state store (${placeInWords(session.store.identity)}), although both systems hold records that its filters select.`,
		...(parted ? [`Its couplings were removed here, the last one ${minute(origin.at)}.`] : []),
		...(earlier ? [newStore(session, earlier)] : []),
		...(stamped ? ['CRM records carry this company, so they were synchronized before.'] : []),
		'Nothing was written.',
	];
	const hint = [
		...(parted ? [] : [ATTACH]),
		`${parted ? 'Couple' : 'If it is lost, or these records were never synchronized: couple'} what belongs together with Full Sync → Run, "When Both Sides Hold Data → Match First" and the option "Traces of Another State → Take Over", which also takes over what an earlier state had coupled.`,
		`If nothing belongs together: ${IT_IS_NEW}, once. A mapping that nobody needs can be disabled (Table Mappings).`,
	];
	return new SyncError({
		code: 'NOTHING_COUPLED',
		errorClass: 'setup',
		system: 'store',
		message: message.join(' '),
		hint: hint.join(' '),
	});
}

const storeIsNew = (session: SyncSession, mapping: TableMapping, earlier: EarlierStore): SyncError =>
	new SyncError({
		code: 'STORE_IS_NEW',
		errorClass: 'setup',
		system: 'store',
		message: `${newStore(session, earlier)} ${mapping.name} was not run, and nothing was written.`,
		hint: `${ATTACH} If the earlier state is gone or no longer wanted: Full Sync → Run with "Match First" and "Traces of Another State → Take Over", or ${IT_IS_NEW}, once.`,
	});
