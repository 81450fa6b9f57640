import { deleteOther, restoreRecords, uncouple } from '../../../engine';
import { otherSide, SIDES } from '../fields';
import type { Random } from '../random';
import { pick } from './people';
import type { Resident, Town } from './town';

const UNITS = ['UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM'];

/** Somebody deletes a record, a run finds it, and somebody else decides what becomes of the other side. */
export async function removeAndDecide(town: Town, random: Random): Promise<void> {
	await town.agreed();
	if (town.found.length > 0) return;
	const resident = pick(town, random, ['person', 'customer', 'vendor', 'item', 'resource']);
	const side = random.pick(SIDES);
	const row = resident && town.row(side, resident);
	if (!row) return;
	town.world.minutes(1);
	const with_ = [resident, ...(side === 'crm' ? personsOf(town, resident) : [])];
	try {
		resident.kind.remove(town.world, side, row);
	} catch (error) {
		// The service does not let it go: published products, items with entries.
		return town.tell(`${resident.kind.name} ${resident.mark} cannot be deleted in ${side}: ${String(error)}`);
	}
	town.tell(`${resident.kind.name} ${resident.mark} is deleted in ${side}`);
	// CRM takes the contacts of an account along, also where a person deletes it.
	for (const each of with_) if (!town.row(side, each)) each.gone = side;
	// Business Central keeps the persons of a customer, who belong to no customer any more.
	if (side === 'businessCentral') for (const each of personsOf(town, resident)) each.free = true;
	const tables = [...new Set(with_.map(({ kind }) => kind.mapping)), ...UNITS].map((mapping) => `${mapping} PARTNER_DELETED`);
	for (const each of tables) town.expected.add(each);
	town.world.minutes(15);
	await town.runAll();
	if (town.found.length > 0) return;
	const way = random.pick(['restore', 'deleteOther', 'uncouple'] as const);
	const left = with_.filter((each) => each.gone);
	for (const each of left) await decide(town, each, way);
	// Units of an item that is gone stay until somebody decides about them.
	for (const each of tables) if (way === 'restore' || !UNITS.some((name) => each.startsWith(name))) town.expected.delete(each);
}

const personsOf = (town: Town, company: Resident): Resident[] =>
	[...town.residents.values()].filter((each) => each.company === company.mark && !each.gone && !each.free);

async function decide(town: Town, resident: Resident, way: 'restore' | 'deleteOther' | 'uncouple'): Promise<void> {
	const side = otherSide(resident.gone!);
	const row = town.row(side, resident);
	const { kind } = resident;
	// It went along with another one that was deleted just now.
	if (!row) return void town.residents.delete(resident.mark);
	// It was brought back together with what it belongs to.
	if (town.row(resident.gone!, resident)) return void delete resident.gone;
	const request = { mapping: kind.mapping, side, ids: [kind.id(side, row)] };
	const bystanders = [...town.residents.values()].filter((each) => each !== resident && !each.gone && !each.free);
	const present = bystanders.filter((each) => town.row(side, each));
	town.figures.runs++;
	if (way === 'restore') {
		const { records, jobs } = await town.use((session) => restoreRecords(session, request));
		town.report(`restore ${kind.name} ${resident.mark}`, jobs);
		for (const { outcome, error } of records)
			if (outcome !== 'restored') town.broken(`${kind.name} ${resident.mark} cannot be restored: ${outcome} ${error?.message ?? ''}`);
		delete resident.gone;
	} else if (way === 'deleteOther') {
		const { records, jobs } = await town.use((session) => deleteOther(session, request));
		town.report(`delete the other of ${kind.name} ${resident.mark}`, jobs);
		for (const { outcome, error } of records)
			if (outcome !== 'deleted' && outcome !== 'refused') town.broken(`${kind.name} ${resident.mark}: ${outcome} ${error?.message ?? ''}`);
		if (!town.row(side, resident)) town.residents.delete(resident.mark);
		else resident.free = true;
		for (const each of present) if (!town.row(side, each)) each.free = true;
	} else {
		town.report(`uncouple ${kind.name} ${resident.mark}`, await town.use((session) => uncouple(session, request)));
		// What is left gets a new partner when somebody edits it.
		resident.free = true;
		delete resident.gone;
	}
}
