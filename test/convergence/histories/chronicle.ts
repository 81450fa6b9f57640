import { synchronizeMapping } from '../../../engine';
import { RunStopped, SyncError } from '../../../engine/model/errors';
import type { JobResult } from '../../../engine/jobs/jobResult';
import type { LogEntry } from '../../../engine/model/logEntry';
import type { MappingSettings } from '../../../engine/model/tableMapping';
import type { SyncSession } from '../../../engine/ports/session';
import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { dieAt, Killed } from '../../kit/killing';
import type { SessionOptions, World } from '../../kit/world';
import { FIELDS, MARK, markOf, NAME, otherSide, SIDES, Tables, type EditableField, type Side } from '../fields';
import { NO_FIGURES, type StoryFigures } from '../outcome';
import type { Random } from '../random';
import type { Script } from '../script';
import { Standing } from './standing';

const MAPPING = 'CUSTOMER';

/** Two systems with a few records, what people did to them since both sides agreed last, and what must hold when they agree again. */
export class Chronicle {
	readonly figures: StoryFigures = { ...NO_FIGURES };
	readonly plot: string[] = [];
	readonly found: string[] = [];
	readonly tables: Tables;
	readonly standing: Standing;
	readonly fields: EditableField[] = [...FIELDS];
	/** Captions of fields that are not exchanged for now: each side keeps what it holds. */
	readonly closed = new Set<string>();
	/** Sides that runs may not write to for now, because the mapping goes one way: what people enter there may be taken back, if the log says so. */
	readonly oneWay = new Set<Side>();
	settings: MappingSettings;
	/** Marks of records that the filter leaves out. */
	readonly outside = new Set<string>();
	/** Failures that are no surprise, by code. */
	readonly expected = new Set<string>(['CONFLICT', 'INSERT_UNSETTLED']);
	/** What a person answers to a run that stops with this code. */
	readonly answers = new Map<string, (session: SyncSession) => Promise<unknown>>();
	/** Only the daily comparison finds what happened: a day passes before both sides are asked to agree. */
	needsDay = false;
	private token = 0;

	constructor(
		readonly script: Script,
		readonly world: World,
	) {
		this.tables = new Tables(world);
		this.standing = new Standing(this);
		const { conflict, deletion, creates, direction } = script.rules;
		this.settings = { conflict, deletion, direction, onlyCoupled: !creates };
	}

	tell(text: string): void {
		this.plot.push(`${new Date(this.world.clock.now()).toISOString().slice(5, 19)} ${text}`);
	}

	broken(text: string): void {
		this.found.push(text);
		this.tell(`BROKEN: ${text}`);
	}

	async use<T>(work: (session: SyncSession) => Promise<T>): Promise<T> {
		const session = await this.world.open();
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	}

	async configure(change: Partial<MappingSettings>, text: string): Promise<void> {
		this.settings = { ...this.settings, ...change };
		await this.use(({ store }) => store.saveSettings(MAPPING, this.settings));
		this.tell(`settings: ${text}`);
	}

	create(side: Side, more: Record<string, string> = {}): string {
		const [mark, name] = [`#${++this.token}`, `r${this.token}`];
		if (side === 'crm') this.world.sandbox.crm.insert('account', { name, customertypecode: 3, [MARK.crm]: mark, ...more });
		else this.tables.company.insert('customers', { displayName: name, [MARK.bc]: mark, ...more });
		this.standing.enter(mark, NAME, side, name);
		this.tell(`create in ${side}: ${mark}`);
		return mark;
	}

	newValue(): string {
		return `v${++this.token}`;
	}

	row(side: Side, mark: string) {
		return this.tables.rows(side).find((row) => markOf(side, row) === mark);
	}

	/** Records that are exchanged. */
	marks(): string[] {
		const marks = SIDES.flatMap((side) => this.tables.rows(side).map((row) => markOf(side, row)));
		return [...new Set(marks)].filter((mark) => !this.outside.has(mark));
	}

	/** Enters a value, unless it stands there already. */
	enter(side: Side, mark: string, field: EditableField, value: string): boolean {
		const row = this.row(side, mark);
		const before = row && this.tables.value(side, row, field);
		if (!row || before === undefined || before === value) return false;
		this.standing.see(mark, field, side, before);
		this.tables.write(side, row, field, value);
		this.standing.enter(mark, field, side, value);
		this.figures.edits++;
		this.tell(`edit in ${side}: ${mark} ${field.caption} = ${value === '' ? '(blank)' : value}`);
		return true;
	}

	/** Somebody changes a field. Nobody edits one on both sides before they agree, unless it is closed: what conflicts come to is other families' matter. */
	edit(random: Random, { side = random.pick(SIDES), value = this.newValue(), fields = this.fields }: EditChoice = {}): boolean {
		const marks = this.marks();
		if (marks.length === 0) return false;
		const [mark, field] = [random.pick(marks), random.pick(fields)];
		const isFree = this.closed.has(field.caption) || this.standing.entered(mark, field, otherSide(side)) === undefined;
		return isFree && this.enter(side, mark, field, value);
	}

	/** One run. Errors that the engine explains are told, and are no end of the story; `allowed`: codes that may end it here, `*` for any. */
	async run(request: Partial<RunRequest> = {}, options: SessionOptions = {}, allowed: readonly string[] = []): Promise<JobResult[]> {
		this.figures.runs++;
		const session = await this.world.open(options);
		try {
			const jobs = await synchronizeMapping(session, { mapping: MAPPING, ...request });
			this.tell(`run ${JSON.stringify(request)}: ${jobs.map(inWords).join(' ')}`);
			for (const { job, failed } of jobs) {
				const codes = failed.map(({ errorCode }) => errorCode);
				const isMeant = (code: string): boolean => allowed.includes(code) || allowed.includes('*') || this.answers.has(code);
				const unexpected = codes.filter((code) => !this.expected.has(code) && !isMeant(code));
				const ended = job.status !== 'finished' && !codes.some(isMeant);
				if (ended || unexpected.length > 0) this.broken(`a run ended as ${job.status} without a reason: ${job.message} ${codes.join()}`);
				for (const code of codes) await this.answers.get(code)?.(session);
			}
			return jobs;
		} catch (error) {
			if (!(error instanceof SyncError || error instanceof RunStopped)) throw error;
			this.tell(`run ${JSON.stringify(request)}: ${error.message}`);
			return [];
		} finally {
			await session.store.close();
		}
	}

	/** A run whose process dies at its n-th request or commit. */
	async crash(step: number, when: 'before' | 'after'): Promise<void> {
		this.figures.kills++;
		const death = dieAt(step, when);
		await Promise.race([this.run({}, death.options), death.happened]).catch((error: unknown) => {
			if (!(error instanceof Killed)) throw error;
			this.tell(`run killed ${when} step ${step}`);
		});
		// Its lease ends.
		this.world.minutes(3);
	}

	/** Runs until both sides must agree, and looks whether they do. */
	async agreed(request: Partial<RunRequest> = {}): Promise<void> {
		// A day after the last comparison of versions, which may have been noted under a clock of n8n that was six hours ahead.
		if (this.needsDay) this.world.minutes((25 + 6) * 60);
		this.needsDay = false;
		for (let round = 0; round < 3; round++) {
			this.world.minutes(15);
			await this.run(request);
		}
		await this.standing.check();
		this.world.minutes(15);
	}

	async log(): Promise<LogEntry[]> {
		return (await this.use(({ store }) => store.log({ limit: 10_000 }))).rows;
	}

	writes(): number {
		return this.world.sandbox.log.requests.reduce((sum, { writes }) => sum + writes, 0);
	}
}

interface EditChoice {
	side?: Side;
	value?: string;
	fields?: readonly EditableField[];
}

const inWords = ({ job, failed }: JobResult): string =>
	`[${job.direction} ${job.status} I${job.inserted} M${job.modified} ${failed.map(({ errorCode, message }) => `${errorCode} ${message}`).join('; ')}]`;
