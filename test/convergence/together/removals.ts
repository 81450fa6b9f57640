import { deleteOther, restoreRecords, uncouple } from '../../../engine';
import type { JobResult } from '../../../engine/jobs/jobResult';
import { dieAt, Killed } from '../../kit/killing';
import { otherSide, type Side, SIDES } from '../fields';
import type { Random } from '../random';
import { text, type KindName } from './kinds/kind';
import { dieAtCreation } from './interrupted';
import { pick } from './people';
import { Stock } from './stock';
import type { Resident, Town } from './town';

/** Mappings of what goes with a product; nothing is created from CRM in two of them. */
const PARTS = ['UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM', 'PLLINE-PRODPRICE'];
const REMOVABLE: readonly KindName[] = ['salesperson', 'currency', 'terms', 'customer', 'vendor', 'person', 'item', 'resource', 'unit', 'list', 'line']; // prettier-ignore

/** One restore in so many is interrupted, at one of its first so many steps. */
const INTERRUPTED = 3;
const STEPS = 60;

type Decision = 'restore' | 'deleteOther' | 'uncouple';

/** Somebody deletes a record, a run finds it, and somebody else decides what becomes of the other side. */
export async function removeAndDecide(town: Town, random: Random): Promise<void> {
	await town.agreed();
	if (town.found.length > 0) return;
	const resident = pick(town, random, REMOVABLE);
	const side = random.pick(SIDES);
	const row = resident && town.row(side, resident);
	if (!row || !town.row(otherSide(side), resident) || isNamed(town, resident)) return;
	const id = await idOn(town, resident, otherSide(side));
	if (id === null) return;
	town.world.minutes(1);
	const candidates = [resident, ...hangingOn(town, resident)];
	const there = candidates.filter((each) => town.row(side, each));
	const ids = new Map<Resident, string | null>();
	for (const each of there) ids.set(each, await idOn(town, each, otherSide(side)));
	try {
		resident.kind.remove(town.world, side, row);
	} catch (error) {
		// The service does not let it go: published products, currencies in use, users.
		return town.tell(`${resident.kind.name} ${resident.mark} cannot be deleted in ${side}: ${String(error)}`);
	}
	town.tell(`${resident.kind.name} ${resident.mark} is deleted in ${side}`);
	// CRM takes the contacts of an account along, also where a person deletes it; Business Central the units and prices of an item.
	const with_ = there.filter((each) => !town.row(side, each));
	for (const each of with_) each.gone = side;
	// Business Central keeps the persons of a customer, who belong to no customer any more.
	if (side === 'businessCentral') for (const each of candidates) if (!each.gone && each.kind.name === 'person') each.free = true;
	const parts = resident.kind.name === 'item' || resident.kind.name === 'resource' ? PARTS : [];
	// Those of whom nobody promises anything any more go along like the others.
	const alsoFree = [...town.residents.values()].filter((each) => each.owner === resident.mark && each.free);
	const told = [...new Set([...[...with_, ...alsoFree].map(({ kind }) => kind.mapping), ...parts])];
	for (const mapping of told) town.expected.add(`${mapping} PARTNER_DELETED`);
	for (const each of with_) town.touch(each.kind);
	town.world.minutes(15);
	await town.run({ findDeleted: true });
	if (town.found.length > 0) return;
	const decision = random.pick(decisionsFor(resident, side));
	// Those that hang on it come after it.
	for (const each of with_) if (each.gone) await decide(town, each, ids.get(each) ?? null, decision);
	// Of what nobody decided about, such as the units of an item that is gone, runs go on saying that its partner is gone.
	const left = [...town.residents.values()].some((each) => each.gone || each.free);
	if (!left) for (const mapping of told) if (!parts.includes(mapping)) town.expected.delete(`${mapping} PARTNER_DELETED`);
}

/** Others refer to it: people do not delete such records. */
const isNamed = (town: Town, { kind, mark }: Resident): boolean =>
	(['salesperson', 'currency', 'terms'] as readonly KindName[]).includes(kind.name) &&
	[...town.residents.values()].some((each) => [...each.values.values()].some(({ value }) => value === mark));

const hangingOn = (town: Town, { mark }: Resident, alsoGone = false): Resident[] =>
	[...town.residents.values()].filter((each) => (each.owner === mark || each.product === mark) && !(each.gone && !alsoGone) && !each.free);

/** What the mapping does on that side: it creates again where it writes, and deletes where it writes, too. */
function decisionsFor({ kind: { way } }: Resident, gone: Side): Decision[] {
	const writes = (side: Side): boolean => way === 'bidirectional' || (way === 'toCrm') === (side === 'crm');
	return [...(writes(gone) ? (['restore', 'restore'] as const) : []), ...(writes(otherSide(gone)) ? (['deleteOther'] as const) : []), 'uncouple']; // prettier-ignore
}

/** The id by which the engine knows the record on a side, through its couple. */
async function idOn(town: Town, resident: Resident, side: Side): Promise<string | null> {
	const crm = town.row('crm', resident);
	if (!crm) return null;
	const crmId = resident.kind.id('crm', crm);
	if (side === 'crm') return crmId;
	const couples = await town.use(({ store }) => store.couplingsOf(resident.kind.mapping, 'crm', [crmId]));
	return couples.get(crmId)?.bcId ?? null;
}

async function decide(town: Town, resident: Resident, id: string | null, way: Decision): Promise<void> {
	const side = otherSide(resident.gone!);
	const { kind, mark } = resident;
	// It went along with another one that was deleted just now.
	if (!town.row(side, resident)) return void town.residents.delete(mark);
	// It was brought back together with what it belongs to.
	if (town.row(resident.gone!, resident)) return void delete resident.gone;
	const serves = decisionsFor(resident, resident.gone!).includes(way);
	if (id === null || !serves) return free(town, resident);
	const request = { mapping: kind.mapping, side, ids: [id] };
	town.figures.runs++;
	if (way === 'restore') {
		await restore(town, resident, request);
	} else if (way === 'deleteOther') await deleteTheOther(town, resident, request);
	else {
		town.report(`uncouple ${kind.name} ${mark}`, await town.use((session) => uncouple(session, request)));
		free(town, resident);
	}
}

/** The record comes back, and with it what went with it, as far as that can be created there. One who is interrupted leaves the rest to runs. */
async function restore(town: Town, resident: Resident, request: { mapping: string; side: Side; ids: string[] }): Promise<void> {
	const { kind, mark } = resident;
	const gone = resident.gone!;
	const along = hangingOn(town, resident, true).filter(
		(each) => each.gone === gone && town.row(request.side, each) && decisionsFor(each, gone).includes('restore'),
	);
	if (town.next() % (along.length > 0 ? 2 : INTERRUPTED) === 0) {
		const step = town.next();
		// Anywhere, or between the record and what comes back with it.
		const death = step % 3 === 0 ? dieAt(1 + (step % STEPS), 'after') : dieAtCreation(step % 3 === 1 ? 'before' : 'after');
		const work = town.use((session) => restoreRecords(session, request), death.options);
		await Promise.race([work, death.happened]).catch((error: unknown) => {
			if (!(error instanceof Killed)) throw error;
		});
		town.figures.kills++;
		town.tell(`restore ${kind.name} ${mark}: the process dies`);
		town.touch(kind);
		// Its lease ends, and what it sent last is settled.
		for (let round = 0; round < 2; round++) {
			town.world.minutes(30);
			await town.run({ loose: true });
		}
		if (!town.row(gone, resident)) return await restore(town, resident, request);
	} else {
		const outcomes: string[] = [];
		await town.watched(`restore ${kind.name} ${mark}`, false, async (session) => {
			const { records, jobs } = await restoreRecords(session, request);
			for (const { outcome, error } of records) if (outcome !== 'restored') outcomes.push(`${outcome} ${error?.message ?? ''}`);
			return jobs;
		});
		if (outcomes.length > 0) return town.broken(`${kind.name} ${mark} cannot be restored: ${outcomes.join()}`);
	}
	delete resident.gone;
	town.touch(kind);
	for (const each of along) {
		if (town.row(gone, each)) delete each.gone;
		else town.broken(`${each.kind.name} ${each.mark} did not come back with ${mark}`);
	}
}

/** What is left gets a new partner when somebody edits it, or is told in each run; nobody promised anything. */
function free(town: Town, resident: Resident): void {
	resident.free = true;
	delete resident.gone;
	// What belongs to something without a partner is told not to be delivered.
	for (const mapping of [resident.kind.mapping, ...resident.kind.follows]) town.expected.add(`${mapping} DEPENDENCY`);
	for (const each of hangingOn(town, resident)) each.free = true;
}

async function deleteTheOther(town: Town, resident: Resident, request: { mapping: string; side: Side; ids: string[] }): Promise<void> {
	const { kind, mark } = resident;
	const bystanders = [...town.residents.values()].filter((each) => each !== resident && !each.gone && !each.free);
	const present = bystanders.filter((each) => town.row(request.side, each));
	const outcomes: string[] = [];
	const refused: string[] = [];
	// What others refer to, CRM does not let go; a choice of a column is not deleted at all.
	for (const code of ['CRM_STILL_IN_USE', 'CRM_CHOICE_NO_DELETION']) town.expected.add(`${kind.mapping} ${code}`);
	const preview = await town.use((session) => deleteOther(session, { ...request, preview: true }));
	const stock = new Stock(town.world);
	const jobs: JobResult[] = await town.watched(`delete the other of ${kind.name} ${mark}`, false, async (session) => {
		const done = await deleteOther(session, request);
		for (const { outcome, error } of done.records) {
			if (outcome === 'refused') refused.push(error?.message ?? '');
			else if (outcome !== 'deleted') outcomes.push(`${outcome} ${error?.message ?? ''}`);
		}
		return done.jobs;
	});
	if (outcomes.length > 0) town.broken(`${kind.name} ${mark}: ${outcomes.join()}`);
	const deleted = (results: readonly JobResult[]): number => results.reduce((sum, { job }) => sum + job.deleted, 0);
	if (refused.length === 0 && deleted(preview.jobs) !== deleted(jobs))
		town.broken(`the preview of deleting ${mark} says ${deleted(preview.jobs)}, deleting ${deleted(jobs)}`);
	await lookAtDeleted(town, request, stock.compare(jobs).gone);
	if (!town.row(request.side, resident)) town.residents.delete(mark);
	else free(town, resident);
	for (const each of present) if (!town.row(request.side, each)) free(town, each);
}

/** Whatever else is gone now went with the record, and that is told. */
async function lookAtDeleted(town: Town, { side, ids }: { side: Side; ids: string[] }, gone: Record<Side, string[]>): Promise<void> {
	if (gone[otherSide(side)].length > 0)
		town.broken(`${gone[otherSide(side)].length} records of ${otherSide(side)} are gone, though nobody deleted them`);
	for (const id of gone[side].filter((each) => !ids.includes(each.toLowerCase()) && !ids.includes(text(each)))) {
		const { rows } = await town.use(({ store }) => store.log({ recordId: id.toLowerCase(), limit: 20 }));
		if (!rows.some(({ code }) => code === 'DELETED_ALONG' || code === 'DELETED_WITH_PARTNER'))
			town.broken(`${id} of ${side} is gone, and nothing tells why`);
	}
}
