import { synchronizeAll } from '../../../engine';
import type { SyncSession } from '../../../engine/ports/session';
import { describeError } from './said';
import type { JobResult } from '../../../engine/jobs/jobResult';
import type { World } from '../../kit/world';
import { type Row, type Side, SIDES, otherSide } from '../fields';
import { NO_FIGURES, type StoryFigures } from '../outcome';
import { type Kind, type KindField, KINDS, markIn, nameOf } from './kinds';

/** What people entered last in a field, and where. */
interface Entered {
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
	/** Mark of the customer or vendor a person belongs to. */
	company?: string;
	/** Where somebody moved it to another company since both sides agreed. */
	movedIn?: Side;
	/** It was deleted on that side by people; what is to become of the other one is not decided yet. */
	gone?: Side;
	/** Whatever becomes of it is nobody's promise any more: its company left, for instance. */
	free?: boolean;
}

/** All tables together: what people did to their records, and what both systems must hold when they agree. */
export class Town {
	readonly figures: StoryFigures = { ...NO_FIGURES };
	readonly plot: string[] = [];
	readonly found: string[] = [];
	readonly residents = new Map<string, Resident>();
	/** Failures that are no surprise now: mapping and code. */
	readonly expected = new Set<string>();
	private token = 0;

	constructor(readonly world: World) {}

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
		return kind.rows(this.world, side).find((row) => markIn(nameOf(this.world, kind, side, row)) === mark);
	}

	value(side: Side, field: KindField, row: Row): string {
		return side === 'crm' ? field.crm(this.world, row) : field.bc(this.world, row);
	}

	/** Somebody entered a value; the other side's entry must have come over before. */
	note(resident: Resident, field: KindField, side: Side, value: string): void {
		resident.values.set(field.caption, { value, side, settled: false });
	}

	/** Whether somebody on that side may edit the field without contradicting somebody on the other. */
	isFree(resident: Resident, field: KindField, side: Side): boolean {
		if (field.way !== 'bidirectional' && (field.way === 'toCrm') !== (side === 'businessCentral')) return false;
		const last = resident.values.get(field.caption);
		return !last || last.settled || last.side === side;
	}

	async use<T>(work: (session: SyncSession) => Promise<T>): Promise<T> {
		const session = await this.world.open();
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	}

	/** All mappings one after another. `expected` failures may stand. */
	async runAll(preview = false): Promise<JobResult[]> {
		this.figures.runs++;
		const results = await this.use((session) => synchronizeAll(session, { createUncoupled: true, preview, findDeleted: 'now' }));
		this.report(preview ? 'preview' : 'run', results);
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

	/** Runs until all must agree, and looks whether they do. */
	async agreed(): Promise<void> {
		for (let round = 0; round < 3 && this.found.length === 0; round++) {
			this.world.minutes(15);
			await this.runAll();
		}
		if (this.found.length > 0) return;
		for (const resident of this.residents.values()) this.look(resident);
		this.lookForStrangers();
	}

	private look(resident: Resident): void {
		if (resident.free) return;
		const [bc, crm] = [this.row('businessCentral', resident), this.row('crm', resident)];
		const who = `${resident.kind.name} ${resident.mark}`;
		if (resident.gone) {
			const there = this.row(otherSide(resident.gone), resident);
			if (!there) this.broken(`${who}: was deleted in ${resident.gone} by people, and on the other side by nobody who was asked`);
			return;
		}
		if (!bc || !crm) return this.broken(`${who}: is missing in ${bc ? 'CRM' : 'Business Central'}`);
		for (const field of resident.kind.fields) {
			const now = { businessCentral: field.bc(this.world, bc), crm: field.crm(this.world, crm) };
			const entered = resident.values.get(field.caption);
			if (!same(field, now.businessCentral, now.crm)) {
				this.broken(`${who} ${field.caption}: "${now.businessCentral}" in Business Central, "${now.crm}" in CRM`);
			} else if (entered && SIDES.some((side) => !same(field, now[side], entered.value))) {
				this.broken(`${who} ${field.caption}: "${entered.value}" was entered in ${entered.side}, "${now.crm}" stands`);
			}
			if (entered) entered.settled = true;
		}
		if (resident.kind.stamped && crm['bcbi_companyid'] !== this.world.base.companyRowId)
			this.broken(`${who}: the row in CRM does not name its company`);
		if (resident.company) this.lookAtCompany(resident, bc, crm);
		delete resident.movedIn;
	}

	private lookAtCompany(resident: Resident, bc: Row, crm: Row): void {
		const company = this.residents.get(resident.company!)!;
		if (company.free || company.gone) return;
		const [owner, account] = [this.row('businessCentral', company), this.row('crm', company)];
		if (account && crm['parentcustomerid'] !== account['accountid'])
			this.broken(`${resident.kind.name} ${resident.mark}: does not belong to ${company.mark} in CRM`);
		const relation = this.world.sandbox.businessCentral
			.company(this.world.base.companyName)
			.data.table('Contact Business Relation')
			.withField('No.', String(owner?.['number']))
			.find(({ fields }) => fields['Link to Table'] === (company.kind.name === 'customer' ? 'Customer' : 'Vendor'));
		if (owner && relation?.fields['Contact No.'] !== bc['companyNumber'])
			this.broken(`${resident.kind.name} ${resident.mark}: does not belong to ${company.mark} in Business Central`);
	}

	/** No record is there twice, and none that nobody entered. */
	private lookForStrangers(): void {
		for (const kind of KINDS)
			for (const side of SIDES) {
				const marks = kind.rows(this.world, side).map((row) => markIn(nameOf(this.world, kind, side, row)));
				for (const mark of new Set(marks)) {
					const count = marks.filter((each) => each === mark).length;
					if (!this.residents.has(mark)) this.broken(`${kind.name} "${mark}" in ${side}: entered by nobody`);
					else if (count > 1) this.broken(`${kind.name} ${mark} is ${count} times in ${side}`);
				}
			}
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

const same = ({ values }: KindField, one: string, other: string): boolean =>
	one === other || (values === 'amount' && Number(one) === Number(other));
