import type { World } from '../kit/world';
import { FIELDS, idOf, keyOf, MARK, markOf, NAME, otherSide, Tables, tokenOf, type EditableField, type Row, type Side } from './fields';
import type { Ledger } from './ledger';
import type { Random } from './random';

/** Letters, signs and spaces that have broken programs before. */
const PIECES = ['é', 'ß', 'İ', '漢字', '😀', "O'Neill", '50 %', 'a&b', '#1', '+49', '"x"', 'ﬁ', 'ñ', '\u200d', '٣', 'x y'];
const LONGEST_TRANSACTION_MS = 9 * 60_000;
const ACCOUNT_TYPES = { inside: 3, outside: 1 };

/** What users do on both sides; the ledger remembers it. */
export class People {
	readonly tables: Tables;
	private token = 0;
	private slow: { commit: () => void; done: () => void } | null = null;

	constructor(
		private readonly world: World,
		readonly ledger: Ledger,
		private readonly texts: boolean,
	) {
		this.tables = new Tables(world);
	}

	/** Records people work with: all but the outsiders. */
	rows(side: Side): Row[] {
		return this.tables.rows(side).filter((row) => !this.ledger.outsiders.has(keyOf(side, row)));
	}

	create(side: Side, mark = `#${++this.token}`, name = `r${++this.token}`): string {
		let row: Row;
		if (side === 'businessCentral') row = this.tables.company.insert('customers', { displayName: name, [MARK.bc]: mark });
		else
			row = {
				accountid: this.world.sandbox.crm.insert('account', { name, customertypecode: ACCOUNT_TYPES.inside, [MARK.crm]: mark }),
			};
		const key = keyOf(side, row);
		this.ledger.register(key, mark);
		this.ledger.enter({ key, side, field: NAME, value: name });
		return mark;
	}

	/** The same customer is entered in both systems by hand. */
	createTwice(): string {
		const [mark, name] = [`#${++this.token}`, `r${++this.token}`];
		this.create('businessCentral', mark, name);
		this.create('crm', mark, name);
		return mark;
	}

	/** Uncoupled records that the filters leave out: blocked, of another kind, of another company. */
	createOutsiders(): void {
		const { company } = this.tables;
		const { crm } = this.world.sandbox;
		const other = crm.seed('bcbi_company', [{ bcbi_externalid: '0000000f-0000-4000-8000-000000000001', bcbi_name: 'Other' }])[0]!;
		const blocked = company.insert('customers', { displayName: 'outside', blocked: 'All', [MARK.bc]: 'outside' });
		const accounts = [
			{ name: 'outside', customertypecode: ACCOUNT_TYPES.outside, [MARK.crm]: 'outside' },
			{ name: 'outside', customertypecode: ACCOUNT_TYPES.inside, bcbi_companyid: other, [MARK.crm]: 'outside' },
		].map((values) => crm.insert('account', values));
		for (const [side, row] of [['businessCentral', blocked], ...accounts.map((accountid) => ['crm', { accountid }] as const)] as Array<
			[Side, Row]
		>) {
			const now = this.tables.rows(side).find((each) => keyOf(side, each) === keyOf(side, row))!;
			this.ledger.marks.set(keyOf(side, row), 'outside');
			this.ledger.outsiders.set(keyOf(side, row), JSON.stringify(now));
		}
	}

	/** Changes one to three fields of a record. */
	edit(random: Random, side: Side): string {
		const rows = this.rows(side);
		if (rows.length === 0) return 'nothing';
		const row = random.pick(rows);
		const chosen = new Set(Array.from({ length: random.between(1, 3) }, () => random.pick(FIELDS)));
		const said: string[] = [];
		for (const field of chosen) {
			const value = (random.chance(0.1) ? this.partnersValue(side, row, field) : null) ?? this.newValue(random, field, side);
			this.tables.write(side, row, field, value);
			this.ledger.enter({ key: keyOf(side, row), side, field, value: tokenOf(value) });
			said.push(`${field.caption} = ${value}`);
		}
		return `${markOf(side, row)} ${said.join(', ')}`;
	}

	/** Now and then both sides come to the same value by themselves. Going back to a value the field had before is left out: that is no edit. */
	private partnersValue(side: Side, row: Row, field: EditableField): string | null {
		const there = otherSide(side);
		const partner = this.rows(there).find((each) => markOf(there, each) === markOf(side, row));
		const value = partner ? tokenOf(this.tables.value(there, partner, field)) : '';
		return value === '' || this.ledger.had.get(`${keyOf(side, row)} ${field.caption}`)?.has(value) ? null : value;
	}

	private newValue(random: Random, field: EditableField, side: Side): string {
		let value = `v${++this.token}`;
		if (!this.texts || random.chance(0.3)) return value;
		const length = random.between(1, side === 'crm' ? field.crmLength : field.bcLength);
		value += ' ';
		for (let piece = random.pick(PIECES); value.length + piece.length <= length; piece = random.pick(PIECES)) value += piece;
		return value.trim();
	}

	remove(random: Random, side: Side): string {
		const rows = this.rows(side);
		if (rows.length === 0) return 'nothing';
		const row = random.pick(rows);
		// Nobody deletes a row in the second it was created.
		if (side === 'crm') this.world.sandbox.clock.advance(2_000);
		if (side === 'crm') this.world.sandbox.crm.remove('account', idOf(side, row));
		else this.tables.company.remove('customers', idOf(side, row));
		this.ledger.lose(keyOf(side, row), 'people');
		return markOf(side, row);
	}

	/** The record leaves the filter of its side: a customer is blocked, an account is deactivated or becomes another kind of account. */
	leave(random: Random, side: Side): string {
		const rows = this.rows(side);
		if (rows.length === 0) return 'nothing';
		const row = random.pick(rows);
		if (side === 'businessCentral') this.tables.company.update('customers', idOf(side, row), { blocked: random.pick(['All', 'Ship']) });
		else if (random.chance(0.5)) this.world.sandbox.crm.update('account', idOf(side, row), { statecode: 1, statuscode: 2 });
		else this.world.sandbox.crm.update('account', idOf(side, row), { customertypecode: ACCOUNT_TYPES.outside });
		return markOf(side, row);
	}

	/** Everything that left the filters comes back. */
	enterAgain(): string {
		const back: string[] = [];
		for (const row of this.rows('businessCentral')) {
			if (row['blocked'] === '_x0020_') continue;
			this.tables.company.update('customers', idOf('businessCentral', row), { blocked: '_x0020_' });
			back.push(markOf('businessCentral', row));
		}
		for (const row of this.rows('crm')) {
			if (row['statecode'] === 0 && row['customertypecode'] === ACCOUNT_TYPES.inside) continue;
			this.world.sandbox.crm.update('account', idOf('crm', row), { statecode: 0, statuscode: 1, customertypecode: ACCOUNT_TYPES.inside });
			back.push(markOf('crm', row));
		}
		return back.join(', ') || 'nothing';
	}

	/**
	 * A long transaction in Business Central: its rows are stamped when they are written and seen when it ends, so they appear late.
	 * `endTransaction` makes them visible.
	 */
	editSlowly(random: Random): string {
		const rows = this.rows('businessCentral');
		if (rows.length === 0 || this.slow) return 'nothing';
		const row = random.pick(rows);
		const field = random.pick(FIELDS.filter((each) => !each.page));
		const value = `v${++this.token}`;
		const transaction = this.world.sandbox.businessCentral.beginTransaction();
		transaction.update(this.tables.company, 'customers', idOf('businessCentral', row), { [field.bc]: value });
		const key = keyOf('businessCentral', row);
		const done = (): void => this.ledger.enter({ key, side: 'businessCentral', field, value });
		const slow = { commit: () => transaction.commit(), done };
		this.slow = slow;
		// No transaction outlives the longest request of ten minutes, also when time passes within a run.
		this.world.sandbox.clock.after(LONGEST_TRANSACTION_MS, () => this.slow === slow && this.endTransaction());
		return `${markOf('businessCentral', row)} ${field.caption} = ${value}`;
	}

	endTransaction(): void {
		if (!this.slow) return;
		const { commit, done } = this.slow;
		this.slow = null;
		try {
			commit();
		} catch {
			return; // Somebody else changed the row meanwhile: the database ends the transaction, and its edit never was.
		}
		done();
	}
}
