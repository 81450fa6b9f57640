import type { TableMapping } from '../model/tableMapping';
import { keyTableOf } from '../model/recordIdentity';
import type { SyncSession } from '../ports/session';
import { eachRow } from './pages';
import { isGuid } from '../model/guid';
import type { Coupling } from '../model/coupling';
import type { Failure } from '../model/failure';
import type { LogEntry, LogRecordRef } from '../model/logEntry';

/** A record somebody asks about, with its partner where there is one. */
export interface Subject {
	mapping: string;
	coupling: Coupling | null;
	/** Newest failure of the couple. */
	failure: Failure | null;
	businessCentral: LogRecordRef | null;
	crm: LogRecordRef | null;
}

/** More records of one name than this are cut off: nobody reads on. */
const MOST = 200;

/**
 * Records that a text names, by either id, by number, or by name (exactly, ignoring case): coupled ones, and those only the log knows because
 * they could not be delivered yet.
 */
export async function findSubjects(session: SyncSession, mappings: readonly TableMapping[], text: string): Promise<Subject[]> {
	const wanted = text.trim();
	if (wanted === '') return [];
	const id = wanted.toLowerCase();
	const named = isGuid(wanted);
	// Elsewhere than in entity sets and tables of their own, any text may be an id.
	const byId = mappings.filter((mapping) => named || hasOtherIds(mapping));
	const coupled = [
		...(await coupledById(session, byId, id)),
		...(await coupledByKey(session, mappings, id)),
		...(named ? [] : await coupledByText(session, mappings, wanted)),
	];
	const known = new Set<string>();
	const subjects = coupled.filter((subject) => isNew(subject, known));
	if (byId.length > 0) await addLogged(session, byId, { recordId: id }, subjects, known);
	if (!named) await addLogged(session, mappings, { recordText: wanted }, subjects, known);
	return subjects;
}

/** Records that only the log knows. */
async function addLogged(
	session: SyncSession,
	mappings: readonly TableMapping[],
	query: { recordId: string } | { recordText: string },
	subjects: Subject[],
	known: Set<string>,
): Promise<void> {
	const names = new Set(mappings.map((mapping) => mapping.name));
	const only = mappings.length === 1 ? { mapping: mappings[0]!.name } : {};
	for await (const entry of eachRow<LogEntry>((limit, next) =>
		session.store.log({ ...query, ...only, limit, ...(next ? { next } : {}) }),
	)) {
		if (subjects.length >= MOST) break;
		if (!names.has(entry.mapping)) continue;
		const { mapping, businessCentral, crm } = entry;
		const subject: Subject = { mapping, coupling: null, failure: null, businessCentral, crm };
		if (isNew(subject, known)) subjects.push(subject);
	}
}

const hasOtherIds = ({ bc, crm }: TableMapping): boolean => bc.page !== undefined || crm.choice !== undefined;

function isNew(subject: Subject, known: Set<string>): boolean {
	const keys = keysOf(subject);
	if (keys.some((key) => known.has(key))) return false;
	for (const key of keys) known.add(key);
	return true;
}

const keysOf = ({ mapping, businessCentral, crm }: Subject): string[] => [
	...(businessCentral ? [`${mapping} businessCentral ${businessCentral.id}`] : []),
	...(crm ? [`${mapping} crm ${crm.id}`] : []),
];

async function coupledById(session: SyncSession, mappings: readonly TableMapping[], id: string): Promise<Subject[]> {
	const subjects: Subject[] = [];
	for (const mapping of mappings) {
		for (const side of ['businessCentral', 'crm'] as const) {
			const coupling = (await session.store.couplingsOf(mapping.name, side, [id])).get(id);
			if (coupling) subjects.push(await subjectOf(session, mapping, coupling));
		}
	}
	return subjects;
}

/** Records that are known by their SystemIds have keys besides, by which people copied them from items and lists once. */
async function coupledByKey(session: SyncSession, mappings: readonly TableMapping[], key: string): Promise<Subject[]> {
	const subjects: Subject[] = [];
	for (const mapping of mappings.filter(({ bc }) => bc.extension !== undefined)) {
		const id = await session.store.idOfKey(keyTableOf(mapping.bc), key);
		const coupling = id === null ? undefined : (await session.store.couplingsOf(mapping.name, 'businessCentral', [id])).get(id);
		if (coupling) subjects.push(await subjectOf(session, mapping, coupling));
	}
	return subjects;
}

async function coupledByText(session: SyncSession, mappings: readonly TableMapping[], text: string): Promise<Subject[]> {
	const same = (value: string): boolean => value.toLowerCase() === text.toLowerCase();
	const subjects: Subject[] = [];
	const only = mappings.length === 1 ? { mapping: mappings[0]!.name } : {};
	const rows = eachRow((limit, next) => session.store.findCouplings({ ...only, text, limit, ...(next ? { next } : {}) }));
	for await (const coupling of rows) {
		if (subjects.length >= MOST) break;
		const mapping = mappings.find((each) => each.name === coupling.mapping);
		if (!mapping || ![coupling.bcNumber, coupling.bcName, coupling.crmName].some(same)) continue;
		subjects.push(await subjectOf(session, mapping, coupling));
	}
	return subjects;
}

async function subjectOf(session: SyncSession, mapping: TableMapping, coupling: Coupling): Promise<Subject> {
	const { bcId, crmId, bcNumber, bcName, crmName } = coupling;
	const to = (await session.store.failuresOf(mapping.name, 'toCrm', [bcId])).get(bcId);
	const from = (await session.store.failuresOf(mapping.name, 'fromCrm', [crmId])).get(crmId);
	const newest = to && from ? (Date.parse(to.failedAt) >= Date.parse(from.failedAt) ? to : from) : (to ?? from ?? null);
	return {
		mapping: mapping.name,
		coupling,
		failure: newest,
		businessCentral: {
			id: bcId,
			number: bcNumber,
			name: bcName,
			url: session.businessCentral.link(mapping.bc, bcId, bcNumber || undefined, bcName),
		},
		crm: { id: crmId, number: '', name: crmName, url: session.crm.link(mapping.crm, crmId) },
	};
}
