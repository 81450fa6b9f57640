import type { LogEntry } from '../../../engine/model/logEntry';
import { agree, type EditableField, markOf, otherSide, type Side, SIDES } from '../fields';
import type { Chronicle } from './chronicle';

type Values = Partial<Record<Side, string>>;

interface Field {
	/** What each side held when both agreed last. */
	held: Values;
	/** What people entered last on each side since then. */
	entered: Values;
	/** All that was entered on each side since then: a run that died may have carried any of it over. */
	tried: Record<Side, Set<string>>;
	/** Its values are to be compared as if for the first time: it was not exchanged for a while, or crosses otherwise now. */
	anew: boolean;
}

/**
 * What every field of every record must come to, told from what people entered and from nothing else: a value that somebody entered since both sides
 * agreed, else the one that stood; where both sides have one, the log names the one that gave way, or the record says that it is disputed.
 */
export class Standing {
	private readonly fields = new Map<string, Field>();
	/** Fields that are disputed, as the log says; somebody settles them. */
	readonly disputed = new Set<string>();
	/** Whether the values of both sides are what they should be to each other; default: equal as far as they fit. */
	readonly relations = new Map<string, (bc: string, crm: string) => boolean>();

	/** Values a system may make of what it is given, by caption. */
	readonly rewritten = new Map<string, readonly string[]>();

	constructor(private readonly chronicle: Chronicle) {}

	enter(mark: string, field: EditableField, side: Side, value: string): void {
		const { entered, tried } = this.of(mark, field.caption);
		entered[side] = value;
		tried[side].add(value);
	}

	/** Somebody who is about to enter something sees what stands there: what was entered on the other side and has come over is replaced knowingly. */
	see(mark: string, field: EditableField, side: Side, value: string): void {
		const { entered, held } = this.of(mark, field.caption);
		if (entered[otherSide(side)] !== value) return;
		delete entered[otherSide(side)];
		for (const each of SIDES) held[each] = value;
	}

	entered(mark: string, field: EditableField, side: Side): string | undefined {
		return this.of(mark, field.caption).entered[side];
	}

	held(mark: string, field: EditableField, side: Side): string | undefined {
		return this.of(mark, field.caption).held[side];
	}

	/** What has come over until now is what the other side holds from now on, and what a mapping of one way has taken back is no entry any more. */
	arrived(field: EditableField): void {
		for (const mark of this.chronicle.marks()) {
			const { held, tried, entered } = this.of(mark, field.caption);
			for (const side of SIDES) {
				const row = this.chronicle.row(side, mark);
				const there = row && this.chronicle.tables.value(side, row, field);
				if (there === undefined) continue;
				const isThere = (value: string | undefined): boolean =>
					value !== undefined && this.spelled(field, value) === this.spelled(field, there);
				// It may have been entered anew since then. A run may have spelled it in the way of that side.
				if ([...tried[otherSide(side)]].some(isThere) || isThere(held[side])) held[side] = there;
				if (isThere(entered[side])) entered[side] = there;
				if (this.chronicle.oneWay.has(side) && entered[side] !== there && held[side] === there) delete entered[side];
			}
		}
	}

	/** All records' values of the field are compared anew. */
	anew(caption: string): void {
		for (const [name, field] of this.fields) if (name.endsWith(` ${caption}`)) field.anew = true;
	}

	/** To be called when both sides had time to agree. */
	async check(): Promise<void> {
		const { chronicle } = this;
		const log = await chronicle.log();
		this.disputed.clear();
		for (const side of SIDES) {
			const marks = chronicle.tables.rows(side).map((row) => markOf(side, row));
			for (const mark of new Set(marks))
				if (marks.filter((each) => each === mark).length > 1) chronicle.broken(`${mark} is twice in ${side}`);
		}
		for (const mark of chronicle.marks()) {
			const [bc, crm] = SIDES.map((side) => chronicle.row(side, mark));
			if (!bc || !crm) {
				// Nothing is created the way that the mapping does not go for now.
				if (chronicle.oneWay.has(bc ? 'businessCentral' : 'crm')) continue;
				chronicle.broken(`${mark} has no partner`);
				continue;
			}
			const values = chronicle.fields.map((field) => ({
				field,
				now: { businessCentral: chronicle.tables.value('businessCentral', bc, field), crm: chronicle.tables.value('crm', crm, field) },
			}));
			// While two people dispute one field, nothing of the record is written.
			const isHeld = values.some(({ field, now }) => this.isDisputed(mark, field, now, log) && this.isContested(mark, field));
			for (const { field, now } of values) this.checkField(mark, field, now, { log, isHeld });
		}
	}

	/**
	 * Both sides were edited since they agreed; or one was edited, went back, and the other holds what it had meanwhile: nobody can tell whether a run
	 * that died brought that there, or a person.
	 */
	private isContested(mark: string, field: EditableField): boolean {
		const known = this.of(mark, field.caption);
		const isOurs = (side: Side): boolean => {
			const row = this.chronicle.row(side, mark);
			return row !== undefined && this.mayBeOurs(known, side, this.chronicle.tables.value(side, row, field));
		};
		return SIDES.every((side) => known.tried[side].size > 0) || SIDES.some(isOurs);
	}

	/** A run that died may have brought the value there from the other side. */
	private mayBeOurs({ tried }: Field, side: Side, value: string): boolean {
		return this.chronicle.figures.kills > 0 && tried[otherSide(side)].has(value);
	}

	/** The two sides differ, each holds what its people entered, and the log says so. */
	private isDisputed(mark: string, field: EditableField, now: Record<Side, string>, log: readonly LogEntry[]): boolean {
		const known = this.of(mark, field.caption);
		const { anew, entered, held } = known;
		if (this.isRelated(field, now) || !(anew || this.isContested(mark, field))) return false;
		const stands = SIDES.every((side) => now[side] === (entered[side] ?? held[side] ?? '') || this.mayBeOurs(known, side, now[side]));
		const isNamed = ({ code, fields }: LogEntry): boolean =>
			code === 'CONFLICT' && fields.some((each) => each.name === field.caption && SIDES.every((side) => (each[side] ?? '') === now[side]));
		return stands && log.some(isNamed);
	}

	private isRelated(field: EditableField, now: Record<Side, string>): boolean {
		const relation = this.relations.get(field.caption) ?? ((bc: string, crm: string) => agree(field, bc, crm));
		return relation(now.businessCentral, now.crm);
	}

	private checkField(
		mark: string,
		field: EditableField,
		now: Record<Side, string>,
		{ log, isHeld }: { log: readonly LogEntry[]; isHeld: boolean },
	): void {
		const { chronicle } = this;
		const known = this.of(mark, field.caption);
		const said = `${mark} ${field.caption}: "${now.businessCentral}" in Business Central, "${now.crm}" in CRM`;
		const stands = SIDES.every((side) => now[side] === (known.entered[side] ?? known.held[side] ?? ''));
		if (chronicle.closed.has(field.caption)) {
			if (!stands) chronicle.broken(`${said}; the field is closed, and they held "${known.held.businessCentral}" and "${known.held.crm}"`);
			return;
		}
		if (!this.isRelated(field, now)) {
			if (this.isDisputed(mark, field, now, log)) return void this.disputed.add(`${mark} ${field.caption}`);
			const mayStand = SIDES.every(
				(side) => now[side] === (known.entered[side] ?? known.held[side] ?? '') || this.mayBeOurs(known, side, now[side]),
			);
			if (isHeld && mayStand) return;
			// The way to the other side is closed for what was entered there.
			if (stands && [...chronicle.oneWay].some((side) => known.entered[side] !== undefined)) return;
			return chronicle.broken(`${said}, and nobody says why${this.isContested(mark, field) || known.anew ? '' : ' (nobody disputes it)'}`);
		}
		const made = this.rewritten.get(field.caption) ?? [];
		if (!made.includes(now.businessCentral)) for (const side of SIDES) this.checkSide(field, { known, now, side, said }, log);
		this.fields.set(`${mark} ${field.caption}`, { held: { ...now }, entered: {}, tried: nothing(), anew: false });
	}

	/** What a person entered on that side stands, or had to give way. */
	private checkSide(
		field: EditableField,
		{ known, now, side, said }: { known: Field; now: Record<Side, string>; side: Side; said: string },
		log: readonly LogEntry[],
	): void {
		const { chronicle } = this;
		const other = otherSide(side);
		const own = known.entered[side];
		const rival = known.entered[other] ?? (known.anew ? known.held[other] : undefined);
		const isSame = (one: string | undefined, value: string): boolean =>
			one !== undefined && this.spelled(field, one) === this.spelled(field, value);
		if (own === undefined) {
			const allowed = [known.entered[other], known.held[side] ?? '', known.anew ? known.held[other] : undefined];
			const isKnown = allowed.some((value) => SIDES.some((each) => isSame(value, now[each]))) || this.mayBeOurs(known, side, now[side]);
			if (!isKnown) chronicle.broken(`${said}; nobody entered that (${side} held "${known.held[side] ?? ''}")`);
			return;
		}
		// Back at what both held, it is no edit.
		if (isSame(own, now[side]) || isSame(known.held[other], own)) return;
		// It gave way.
		const isRivalled =
			rival !== undefined || chronicle.oneWay.has(side) || known.tried[other].size > 0 || this.mayBeOurs(known, other, now[other]);
		if (!isRivalled) return chronicle.broken(`${said}; "${own}", entered in ${side}, is lost`);
		if (known.anew && own === '') return;
		if (!told(log, field, side, own)) chronicle.broken(`${said}; "${own}", entered in ${side}, gave way, and nobody says so`);
	}

	/** Where both sides spell a value in their own way, capitals do not count. */
	private spelled(field: EditableField, value: string): string {
		return this.relations.has(field.caption) ? value.toUpperCase() : value;
	}

	private of(mark: string, caption: string): Field {
		const name = `${mark} ${caption}`;
		const known = this.fields.get(name);
		if (known) return known;
		const fresh: Field = { held: {}, entered: {}, tried: nothing(), anew: false };
		this.fields.set(name, fresh);
		return fresh;
	}
}

const nothing = (): Record<Side, Set<string>> => ({ businessCentral: new Set(), crm: new Set() });

/** The log names the value. */
const told = (log: readonly LogEntry[], field: EditableField, side: Side, value: string): boolean =>
	log.some(
		({ kind, code, fields }) =>
			(kind === 'overwritten' || code === 'CONFLICT') &&
			fields.some((each) => each.name === field.caption && String(each[side] ?? '') === value),
	);
