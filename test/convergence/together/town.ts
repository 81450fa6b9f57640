import { previewOf, synchronizeAll, synchronizeMapping } from '../../../engine';
import type { JobResult } from '../../../engine/jobs/jobResult';
import type { SyncSession } from '../../../engine/ports/session';
import type { SessionOptions, World } from '../../kit/world';
import type { Row, Side } from '../fields';
import { NO_FIGURES, type StoryFigures } from '../outcome';
import type { Kind, KindField } from './kinds/kind';
import { KINDS } from './kinds';
import { notEntered } from './echoes';
import { lookAtAll } from './look';
import { describeError } from './said';
import { Stock } from './stock';

/** What people entered last in a field, and where. */
export interface Entered {
	value: string;
	side: Side;
	/** Both sides had time to agree since then. */
	settled: boolean;
}

/** A record that people keep, on one side or on both. */
export interface Resident {
	mark: string;
	kind: Kind;
	values: Map<string, Entered>;
	/** Mark of the customer or vendor a person belongs to, of the item of a unit, of the list of a line. */
	owner?: string;
	/** Of a line: mark of its item or resource. */
	product?: string;
	/** Where somebody moved it to another company since both sides agreed. */
	movedIn?: Side;
	/** Marks of the companies it belonged to since then. */
	formerOwners?: string[];
	/** It was deleted on that side by people; what is to become of the other one is not decided yet. */
	gone?: Side;
	/** Blocked in Business Central, and so outside of what is synchronized, until somebody takes that back. */
	blocked?: boolean;
	/** Whatever becomes of it is nobody's promise any more: its company left, for instance. */
	free?: boolean;
}

/** Marks of the companies whose values the service may have given a person since both sides agreed: one that was moved in CRM stays where it was until a run. */
export const companiesOf = ({ owner, formerOwners = [] }: Pick<Resident, 'owner' | 'formerOwners'>): string[] =>
	owner === undefined ? formerOwners : [owner, ...formerOwners];

export interface RunOptions {
	/** All mappings, and a look for what was deleted; otherwise those that people's doings concern. */
	everything?: boolean;
	preview?: boolean;
	findDeleted?: boolean;
	/** A process died before: what it left is done now, and no counter of it is held against anything. */
	loose?: boolean;
}

/** In the order in which records refer to each other. */
const ORDER = ['SALESPEOPLE', 'CURRENCY', 'PAYMENT TERMS', 'CUSTOMER', 'VENDOR', 'CONTACT', 'UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT', 'PLHEADER-PRICE', 'PLLINE-PRODPRICE']; // prettier-ignore
/** Rounds after which nothing may be left to do. */
const ROUNDS = 5;

/** All tables together: what people did to their records, and what both systems must hold when they agree. */
export class Town {
	readonly figures: StoryFigures = { ...NO_FIGURES };
	readonly plot: string[] = [];
	readonly found: string[] = [];
	readonly residents = new Map<string, Resident>();
	/** Failures that are no surprise now: mapping and code. */
	readonly expected = new Set<string>();
	/** Mappings that people's doings concern. */
	private touched = new Set<string>();

	constructor(
		readonly world: World,
		private token: number,
	) {}

	next(): number {
		return ++this.token;
	}

	tell(what: string): void {
		this.plot.push(`${new Date(this.world.clock.now()).toISOString().slice(5, 19)} ${what}`);
	}

	broken(what: string): void {
		this.found.push(what);
		this.tell(`BROKEN: ${what}`);
	}

	row(side: Side, { kind, mark }: Resident): Row | undefined {
		return kind.rows(this.world, side).find((row) => kind.mark(this.world, side, row) === mark);
	}

	value(side: Side, field: KindField, row: Row): string {
		return side === 'crm' ? field.crm(this.world, row) : field.bc(this.world, row);
	}

	/** Somebody did something to a record of the kind: its mapping has something to do, and those of what hangs on it. */
	touch(kind: Kind): void {
		for (const name of [kind.mapping, ...kind.follows]) this.touched.add(name);
	}

	/** Somebody entered a value; the other side's entry must have come over before. */
	note(resident: Resident, field: KindField, side: Side, value: string): void {
		resident.values.set(field.caption, { value, side, settled: false });
		this.touch(resident.kind);
	}

	/** Whether somebody on that side may edit the field without contradicting somebody on the other. */
	isFree(resident: Resident, field: KindField, side: Side): boolean {
		if (field.way !== 'bidirectional' && (field.way === 'toCrm') !== (side === 'businessCentral')) return false;
		if (!(side === 'crm' ? field.enterCrm : field.enterBc)) return false;
		const last = resident.values.get(field.caption);
		return (!last || last.settled || last.side === side) && !this.handsDown(resident, field, side);
	}

	/** What is entered for a company in Business Central, and whose person somebody makes another one there, is as good as entered for the person. */
	private handsDown({ kind, mark, movedIn, ...person }: Resident, { caption }: KindField, side: Side): boolean {
		const isOpen = (values: Resident['values'], on: Side): boolean => {
			const entered = values.get(caption);
			return entered !== undefined && !entered.settled && entered.side === on;
		};
		if (kind.name === 'person') {
			const companies = companiesOf(person).map((each) => this.residents.get(each));
			return side === 'crm' && (movedIn === 'businessCentral' || companies.some((each) => each && isOpen(each.values, 'businessCentral')));
		}
		const persons = [...this.residents.values()].filter((each) => each.kind.name === 'person' && companiesOf(each).includes(mark));
		return side === 'businessCentral' && persons.some(({ values }) => isOpen(values, 'crm'));
	}

	async use<T>(work: (session: SyncSession) => Promise<T>, options?: SessionOptions): Promise<T> {
		const session = await this.world.open(options);
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	}

	/** Runs mappings one after another, and holds what they say against what they did. `expected` failures may stand. */
	async run({ everything = false, preview = false, findDeleted = everything, loose = false }: RunOptions = {}): Promise<JobResult[]> {
		this.figures.runs++;
		const request = { createUncoupled: true, preview, findDeleted: findDeleted ? ('now' as const) : ('off' as const), returnChanges: 1000 };
		const names = ORDER.filter((name) => this.touched.has(name));
		const name = everything ? 'all' : 'run';
		return await (loose ? this.unwatched : this.watched).call(this, name, preview, async (given) => {
			if (everything) return await synchronizeAll(given, request);
			// What the preview of a mapping would do, those after it find done.
			const session = preview ? previewOf(given) : given;
			const results: JobResult[] = [];
			for (const mapping of names) results.push(...(await synchronizeMapping(session, { ...request, mapping })));
			return results;
		});
	}

	/** Whatever is run: its jobs say what became of both systems, and take nothing for an edit that nobody made. */
	async watched(name: string, preview: boolean, work: (session: SyncSession) => Promise<JobResult[]>): Promise<JobResult[]> {
		const stock = new Stock(this.world);
		const written = this.writes();
		const results = await this.use(work);
		this.report(preview ? `${name}, as a preview` : name, results);
		if (preview) {
			if (this.writes() !== written) this.broken(`a preview wrote ${this.writes() - written} rows`);
			return results;
		}
		for (const wrong of stock.compare(results).wrong) this.broken(`${name}: ${wrong}`);
		for (const wrong of await this.use((session) => notEntered(this, session, results))) this.broken(`${name}: ${wrong}`);
		return results;
	}

	private async unwatched(name: string, _preview: boolean, work: (session: SyncSession) => Promise<JobResult[]>): Promise<JobResult[]> {
		const results = await this.use(work);
		this.report(name, results);
		return results;
	}

	report(name: string, results: readonly JobResult[]): void {
		const told = results.flatMap((result) => {
			const { job, failed } = result;
			const counted = counters(result);
			return counted === '' && job.status === 'finished' && failed.length === 0
				? []
				: [`[${job.mapping} ${job.direction} ${job.status} ${counted} ${failed.map(describeError).join('; ')}]`];
		});
		this.tell(`${name}: ${told.join(' ') || 'nothing'}`);
		for (const { job, failed } of results) {
			if (job.status !== 'finished') this.broken(`${job.mapping} ended as ${job.status}: ${job.message}`);
			for (const failure of failed)
				if (!this.expected.has(`${job.mapping} ${failure.errorCode}`))
					this.broken(`${job.mapping} ${job.direction} fails without a reason: ${describeError(failure)}`);
		}
	}

	writes(): number {
		return this.world.sandbox.log.requests.reduce((sum, { writes }) => sum + writes, 0);
	}

	/** Runs until nothing is left to write, and looks whether both sides agree. */
	async agreed(): Promise<void> {
		for (let round = 1; this.found.length === 0; round++) {
			this.world.minutes(15);
			const before = this.writes();
			await this.run();
			if (this.writes() === before) break;
			if (round === ROUNDS) return this.broken(`the ${ROUNDS}th run in a row still writes`);
		}
		if (this.found.length > 0) return;
		lookAtAll(this, KINDS);
		if (this.found.length === 0) this.touched.clear();
	}

	/** Everything is looked at once more, also what was deleted; nothing is left to do. */
	async quiet(): Promise<void> {
		this.world.minutes(15);
		const before = this.writes();
		await this.run({ everything: true });
		if (this.writes() !== before) this.broken(`a further run of everything, without an edit, wrote ${this.writes() - before} rows`);
	}
}

const LETTERS = [
	['inserted', 'I'],
	['modified', 'M'],
	['skipped', 'S'],
	['failed', 'F'],
	['coupled', 'C'],
	['uncoupled', 'X'],
	['deleted', 'D'],
] as const;

/** Counters that are not zero, without the unchanged. */
export const counters = ({ job }: JobResult): string =>
	LETTERS.filter(([name]) => job[name] > 0)
		.map(([name, letter]) => `${letter}${job[name]}`)
		.join(' ');
