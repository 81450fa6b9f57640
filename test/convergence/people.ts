import type { World } from '../kit/world';
import type { Random } from './random';

export type Side = 'businessCentral' | 'crm';

/** A field people edit, under its name on each side. */
export interface EditableField {
	caption: string;
	/** Property of customers, or of the page workflowCustomers. */
	bc: string;
	page?: true;
	crm: string;
	oneWay?: true;
}

export const FIELDS: readonly EditableField[] = [
	{ caption: 'Phone No.', bc: 'phoneNumber', crm: 'telephone1' },
	{ caption: 'E-Mail', bc: 'email', crm: 'emailaddress1' },
	{ caption: 'Address', bc: 'addressLine1', crm: 'address1_line1' },
	{ caption: 'Name', bc: 'displayName', crm: 'name' },
	{ caption: 'Fax No.', bc: 'faxNumber', page: true, crm: 'fax' },
	{ caption: 'Contact', bc: 'contact', page: true, crm: 'address1_primarycontactname' },
];

/** The field nobody edits: it tells which record is which on both sides. */
export const MARK = { bc: 'addressLine2', crm: 'address1_line2' };

export interface Edit {
	mark: string;
	field: EditableField;
	side: Side;
	value: string;
}

type Row = Record<string, unknown>;

/** What users do on both sides, and the memory of what they did. */
export class People {
	readonly edits: Edit[] = [];
	/** Marks of records a user deleted, with the side. */
	readonly deleted = new Map<string, Set<Side>>();
	private token = 0;
	private slow: { commit: () => void; edit: Edit } | null = null;

	constructor(
		private readonly world: World,
		private readonly random: Random,
	) {}

	get company() {
		return this.world.sandbox.businessCentral.company(this.world.base.companyName);
	}

	customers(): Row[] {
		return this.company.rows('customers');
	}

	accounts(): Row[] {
		return this.world.sandbox.crm.rows('account');
	}

	value(side: Side, row: Row, field: EditableField): string {
		if (side === 'crm') return String(row[field.crm] ?? '');
		if (!field.page) return String(row[field.bc] ?? '');
		const page = this.company.get('workflowCustomers', String(row['number']));
		return String(page?.[field.bc] ?? '');
	}

	create(side: Side): string {
		const mark = `#${++this.token}`;
		const name = `Record ${mark}`;
		if (side === 'businessCentral') this.company.insert('customers', { displayName: name, [MARK.bc]: mark });
		else this.world.sandbox.crm.insert('account', { name, customertypecode: 3, [MARK.crm]: mark });
		this.edits.push({ mark, field: FIELDS.find((each) => each.bc === 'displayName')!, side, value: name });
		return mark;
	}

	/**
	 * A long transaction in Business Central: its rows are stamped when they are written and seen when it ends, so they turn up late (BC OData
	 * facts §9). Answers what was edited; `endTransaction` makes it visible.
	 */
	editSlowly(): string | null {
		const rows = this.customers();
		if (rows.length === 0 || this.slow) return null;
		const row = this.random.pick(rows);
		const mark = String(row[MARK.bc] ?? '');
		const field = this.random.pick(FIELDS.filter((each) => !each.page));
		const value = `v${++this.token}`;
		const transaction = this.world.sandbox.businessCentral.beginTransaction();
		transaction.update(this.company, 'customers', String(row['id']), { [field.bc]: value });
		this.slow = { commit: () => transaction.commit(), edit: { mark, field, side: 'businessCentral', value } };
		return `${mark} ${field.caption}`;
	}

	endTransaction(): void {
		if (!this.slow) return;
		const { commit, edit } = this.slow;
		this.slow = null;
		try {
			commit();
			this.edits.push(edit);
		} catch {
			// Somebody else changed the row meanwhile: the database ends the transaction, and its edit never was.
		}
	}

	/** Changes one to three fields of a record. */
	edit(side: Side): string | null {
		const rows = side === 'crm' ? this.accounts() : this.customers();
		if (rows.length === 0) return null;
		const row = this.random.pick(rows);
		const mark = String(row[side === 'crm' ? MARK.crm : MARK.bc] ?? '');
		const chosen = new Set(Array.from({ length: this.random.between(1, 3) }, () => this.random.pick(FIELDS)));
		for (const field of chosen) {
			// Now and then both sides come to the same value by themselves.
			const value = this.random.chance(0.1) ? 'the same' : `v${++this.token}`;
			const before = this.value(side, row, field);
			this.write(side, row, field, value);
			// Entering what is there already is no edit: nothing tells it from not having touched the field.
			if (before !== value) this.edits.push({ mark, field, side, value });
		}
		return `${mark} ${[...chosen].map(({ caption }) => caption).join(', ')}`;
	}

	remove(side: Side): string | null {
		const rows = side === 'crm' ? this.accounts() : this.customers();
		if (rows.length === 0) return null;
		const row = this.random.pick(rows);
		const mark = String(row[side === 'crm' ? MARK.crm : MARK.bc] ?? '');
		if (side === 'crm') this.world.sandbox.crm.remove('account', String(row['accountid']));
		else this.company.remove('customers', String(row['id']));
		this.deleted.set(mark, (this.deleted.get(mark) ?? new Set()).add(side));
		return mark;
	}

	private write(side: Side, row: Row, field: EditableField, value: string): void {
		if (side === 'crm') this.world.sandbox.crm.update('account', String(row['accountid']), { [field.crm]: value });
		else if (field.page) this.company.update('workflowCustomers', String(row['number']), { [field.bc]: value });
		else this.company.update('customers', String(row['id']), { [field.bc]: value });
	}
}
