import type { JobResult, RecordChange } from '../../../engine/jobs/jobResult';
import type { SyncSession } from '../../../engine/ports/session';
import { type Side, otherSide } from '../fields';
import { markIn } from './kinds/kind';
import { companiesOf, type Resident, type Town } from './town';

/**
 * Values that a run carried over although nobody entered them there: what a service did to a record because of a run's write is nobody's edit. It
 * may come over, but then it is told (`INHERITED`).
 */
export async function notEntered(town: Town, { store }: SyncSession, results: readonly JobResult[]): Promise<string[]> {
	const wrong: string[] = [];
	for (const { job, changes } of results) {
		for (const change of changes) {
			if (change.action !== 'modify') continue;
			const resident = residentOf(town, job.mapping, change);
			if (!resident || resident.free || resident.gone) continue;
			const from = otherSide(change.written);
			const echoes = change.fields
				.filter(({ caption }) => isEcho(resident, caption, from) && !handedDown(town, resident, caption, from))
				.map(({ caption }) => caption);
			if (echoes.length === 0) continue;
			const id = (change[from] ?? change[change.written])!.id;
			const { rows } = await store.log({ recordId: id, limit: 50 });
			const told = rows
				.filter(({ code }) => code === 'INHERITED')
				.flatMap(({ fields, message }) => [message, ...fields.map(({ name }) => name)]);
			const untold = echoes.filter((caption) => !told.some((words) => words.includes(caption)));
			if (untold.length > 0)
				wrong.push(
					`${resident.kind.name} ${resident.mark}: ${untold.join(', ')} came from ${from}, where nobody entered it, and nothing tells why`,
				);
		}
	}
	return wrong;
}

/** Nobody entered anything there since the sides agreed last. */
function isEcho({ kind, values }: Resident, caption: string, from: Side): boolean {
	const field = kind.fields.find((each) => each.caption === caption);
	if (!field || field.way !== 'bidirectional' || !(field.enterBc && field.enterCrm)) return false;
	const entered = values.get(caption);
	return entered === undefined || entered.settled || entered.side !== from;
}

/** Somebody entered it for the company in Business Central, or gave the person another one there, and the service gave it to the person. */
function handedDown(town: Town, { kind, movedIn, ...person }: Resident, caption: string, from: Side): boolean {
	if (kind.name !== 'person' || from !== 'businessCentral') return false;
	// A person who was moved in CRM belonged to another company there until a run moved it.
	const entered = companiesOf(person).map((mark) => town.residents.get(mark)?.values.get(caption));
	return movedIn === from || entered.some((each) => each?.side === from && !each.settled);
}

function residentOf(town: Town, mapping: string, { businessCentral, crm }: RecordChange): Resident | undefined {
	const mark = markIn(businessCentral?.name) || markIn(crm?.name);
	const resident = town.residents.get(mark);
	return resident?.kind.mapping === mapping ? resident : undefined;
}
