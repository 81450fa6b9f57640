import type { LogEntry } from '../../../engine/model/logEntry';
import { agree, type EditableField, markOf, otherSide, type Side, SIDES } from '../fields';
import type { Chronicle } from './chronicle';

type Values = Partial<Record<Side, string>>;

interface Field {
	/** What each side held when both agreed last. */
	held: Values;
	/** What people entered last on each side since then. */
	entered: Values;
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
		this.of(mark, field.caption).entered[side] = value;
	}

	/** Somebody who is about to enter something sees what stands there: what was entered on the other side and has come over is replaced knowingly. */
	see(mark: string, field: EditableField, side: Side, value: string): void {
		const { entered } = this.of(mark, field.caption);
		if (entered[otherSide(side)] === value) delete entered[otherSide(side)];
	}

	entered(mark: string, field: EditableField, side: Side): string | undefined {
		return this.of(mark, field.caption).entered[side];
	}

	held(mark: string, field: EditableField, side: Side): string | undefined {
		return this.of(mark, field.caption).held[side];
	}

	/** What has come over until now is what the other side holds from now on. */
	arrived(field: EditableField): void {
		for (const mark of this.chronicle.marks()) {
			const { held, entered } = this.of(mark, field.caption);
			for (const side of SIDES) {
				const row = this.chronicle.row(side, mark);
				const there = row && this.chronicle.tables.value(side, row, field);
				if (there !== undefined && there === entered[otherSide(side)]) held[side] = there;
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
		this.disputed.clear();
		const log = await chronicle.log();
		for (const mark of chronicle.marks()) {
			for (const field of chronicle.fields) {
				const rows = SIDES.map((side) => chronicle.row(side, mark));
				if (rows.some((row) => !row)) {
					chronicle.broken(`${mark} has no partner`);
					break;
				}
				const [bc, crm] = SIDES.map((side, index) => chronicle.tables.value(side, rows[index]!, field)) as [string, string];
				this.checkField(mark, field, { businessCentral: bc, crm }, log);
			}
		}
		for (const side of SIDES) {
			const marks = chronicle.tables.rows(side).map((row) => markOf(side, row));
			for (const mark of new Set(marks))
				if (marks.filter((each) => each === mark).length > 1) chronicle.broken(`${mark} is twice in ${side}`);
		}
	}

	private checkField(mark: string, field: EditableField, now: Record<Side, string>, log: readonly LogEntry[]): void {
		const { chronicle } = this;
		const known = this.of(mark, field.caption);
		const said = `${mark} ${field.caption}: "${now.businessCentral}" in Business Central, "${now.crm}" in CRM`;
		if (chronicle.closed.has(field.caption)) {
			for (const side of SIDES) {
				const own = known.entered[side] ?? known.held[side] ?? '';
				if (now[side] !== own) chronicle.broken(`${said}; the field is closed, and ${side} held "${own}"`);
			}
			return;
		}
		const relation = this.relations.get(field.caption) ?? ((bc: string, crm: string) => agree(field, bc, crm));
		if (!relation(now.businessCentral, now.crm)) {
			const both = SIDES.every((side) => known.entered[side] !== undefined) || known.anew;
			const stands = SIDES.every((side) => now[side] === (known.entered[side] ?? known.held[side] ?? ''));
			const isTold = log.some(({ code, fields }) => code === 'CONFLICT' && fields.some((each) => each.name === field.caption && each.businessCentral === now.businessCentral && each.crm === now.crm)); // prettier-ignore
			if (both && stands && isTold) return void this.disputed.add(`${mark} ${field.caption}`);
			return chronicle.broken(`${said}, and nobody says why${both ? '' : ' (nobody disputes it)'}`);
		}
		const made = this.rewritten.get(field.caption) ?? [];
		if (!made.includes(now.businessCentral)) for (const side of SIDES) this.checkSide(field, { known, now, side, said }, log);
		this.fields.set(`${mark} ${field.caption}`, { held: { ...now }, entered: {}, anew: false });
	}

	/** What a person entered on that side stands, or had to give way. */
	private checkSide(
		field: EditableField,
		{ known, now, side, said }: { known: Field; now: Record<Side, string>; side: Side; said: string },
		log: readonly LogEntry[],
	): void {
		const { chronicle } = this;
		const other = otherSide(side);
		const own = known.entered[side] ?? (known.anew ? known.held[side] : undefined);
		const rival = known.entered[other] ?? (known.anew ? known.held[other] : undefined);
		if (own === undefined) {
			const allowed = [known.entered[other], known.held[side], known.anew ? known.held[other] : undefined];
			const isKnown = SIDES.some((each) => allowed.includes(now[each]));
			const mayBeStood = known.entered[other] === undefined || chronicle.oneWay.has(other);
			const stood = now[side] === (known.held[side] ?? '');
			if (stood ? !mayBeStood && now[other] !== known.entered[other] && !told(log, field, other, known.entered[other]!) : !isKnown)
				chronicle.broken(`${said}; nobody entered that (${side} held "${known.held[side] ?? ''}")`);
			return;
		}
		if (now[side] === own || own === known.held[other]) return;
		// It gave way.
		const isRivalled = rival !== undefined || chronicle.oneWay.has(side);
		if (!isRivalled) return chronicle.broken(`${said}; "${own}", entered in ${side}, is lost`);
		if (known.anew && own === '') return;
		if (!told(log, field, side, own)) chronicle.broken(`${said}; "${own}", entered in ${side}, gave way, and nobody says so`);
	}

	private of(mark: string, caption: string): Field {
		const name = `${mark} ${caption}`;
		const known = this.fields.get(name);
		if (known) return known;
		const fresh: Field = { held: {}, entered: {}, anew: false };
		this.fields.set(name, fresh);
		return fresh;
	}
}

/** The log names the value. */
const told = (log: readonly LogEntry[], field: EditableField, side: Side, value: string): boolean =>
	log.some(
		({ kind, code, fields }) =>
			(kind === 'overwritten' || code === 'CONFLICT') &&
			fields.some((each) => each.name === field.caption && String(each[side] ?? '') === value),
	);
