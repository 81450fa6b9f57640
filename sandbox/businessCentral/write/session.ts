import type { CompanyData } from '../data/companyData';
import type { Row, Value } from '../data/row';
import type { View } from '../model/view';

/** A user at work in a company. */
export interface Session {
	company: CompanyData;
	user: string;
}

/** The record being written, before it is stored: AL's `Rec`. Absent fields are blank. */
export class Draft {
	readonly fields: Record<string, Value>;
	/** Fields the caller gave a value: a template does not touch them. */
	readonly sent = new Set<string>();
	readonly flow: Record<string, Value> = {};

	constructor(
		readonly session: Session,
		readonly table: string,
		/** The row as it was; undefined on insert. */
		readonly before: Row | undefined,
		/** The page the caller writes through; null for code of our own. */
		readonly view: View | null,
	) {
		this.fields = { ...before?.fields };
	}

	get(field: string): Value {
		return this.fields[field] ?? '';
	}

	text(field: string): string {
		return String(this.fields[field] ?? '');
	}

	number(field: string): number {
		return Number(this.fields[field] ?? 0);
	}

	set(field: string, value: Value): void {
		this.fields[field] = value;
	}

	changed(field: string): boolean {
		return (this.before?.fields[field] ?? '') !== (this.fields[field] ?? '');
	}
}

/** What a table does beside storing: AL triggers and page code. All methods may throw BcError, which undoes the whole write. */
export interface TableRules {
	/** After a field was given a value by a caller (OnValidate), in the order of the body. */
	validate?: Readonly<Record<string, (draft: Draft, before: Value) => void>>;
	/** Writes to properties bound to page variables, by property name. */
	setProperty?: Readonly<Record<string, (draft: Draft, value: Value) => void>>;
	/** Before the row is stored: numbers, defaults, checks. */
	beforeInsert?(draft: Draft): void;
	afterInsert?(draft: Draft, row: Row): void;
	beforeModify?(draft: Draft): void;
	afterModify?(draft: Draft, row: Row, before: Row): void;
	beforeDelete?(session: Session, row: Row): void;
	afterDelete?(session: Session, row: Row): void;
	/** Deep insert: one entity of a nested collection of the body. */
	insertChild?(session: Session, view: View, parent: Row, collection: string, body: Readonly<Record<string, unknown>>): void;
	/** Bound actions by name, without namespace. */
	actions?: Readonly<Record<string, (session: Session, row: Row) => void>>;
	/** What an action does after a COMMIT of its own: when it fails, the first half stands. */
	afterCommit?: Readonly<Record<string, (session: Session, row: Row) => void>>;
}
