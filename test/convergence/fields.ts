import type { World } from '../kit/world';

export type Side = 'businessCentral' | 'crm';
export const SIDES: readonly Side[] = ['businessCentral', 'crm'];
export const otherSide = (side: Side): Side => (side === 'crm' ? 'businessCentral' : 'crm');

export type Row = Record<string, unknown>;

/** A field people edit, under its name on each side, with the characters that fit there. */
export interface EditableField {
	caption: string;
	/** Property of customers, or of the page workflowCustomers. */
	bc: string;
	page?: true;
	crm: string;
	bcLength: number;
	crmLength: number;
}

export const FIELDS: readonly EditableField[] = [
	{ caption: 'Phone No.', bc: 'phoneNumber', crm: 'telephone1', bcLength: 30, crmLength: 50 },
	{ caption: 'E-Mail', bc: 'email', crm: 'emailaddress1', bcLength: 80, crmLength: 100 },
	{ caption: 'Address', bc: 'addressLine1', crm: 'address1_line1', bcLength: 100, crmLength: 250 },
	{ caption: 'Name', bc: 'displayName', crm: 'name', bcLength: 100, crmLength: 160 },
	{ caption: 'Fax No.', bc: 'faxNumber', page: true, crm: 'fax', bcLength: 30, crmLength: 50 },
	{ caption: 'Contact', bc: 'contact', page: true, crm: 'address1_primarycontactname', bcLength: 100, crmLength: 100 },
];
export const NAME = FIELDS.find(({ caption }) => caption === 'Name')!;

/** The field nobody edits: it tells which record is which on both sides. */
export const MARK = { bc: 'addressLine2', crm: 'address1_line2' };

export const idOf = (side: Side, row: Row): string => String(row[side === 'crm' ? 'accountid' : 'id']).toLowerCase();
/** Names a record of either system. */
export const keyOf = (side: Side, row: Row): string => `${side} ${idOf(side, row)}`;
export const markOf = (side: Side, row: Row): string => String(row[side === 'crm' ? MARK.crm : MARK.bc] ?? '');

/** Every value people enter begins with a word of its own, which also survives where the rest is cut off. */
export const tokenOf = (value: unknown): string => String(value ?? '').split(' ')[0]!;

/** Both sides hold the same, as far as it fits. Written down by hand: it must not share the engine's code. */
export function agree(field: EditableField, bc: string, crm: string): boolean {
	const [left, right] = [bc.trim(), crm.trim()];
	return left === right || left === cut(right, field.bcLength) || cut(left, field.crmLength) === right;
}

function cut(text: string, length: number): string {
	if (text.length <= length) return text;
	const characters = [...text.slice(0, length + 1)];
	while (characters.join('').length > length) characters.pop();
	return characters.join('').trim();
}

/** Both systems' records as people see them. */
export class Tables {
	constructor(private readonly world: World) {}

	get company() {
		return this.world.sandbox.businessCentral.company(this.world.base.companyName);
	}

	rows(side: Side): Row[] {
		return side === 'crm' ? this.world.sandbox.crm.rows('account') : this.company.rows('customers');
	}

	value(side: Side, row: Row, field: EditableField): string {
		if (side === 'crm') return String(row[field.crm] ?? '');
		if (!field.page) return String(row[field.bc] ?? '');
		return String(this.company.get('workflowCustomers', String(row['number']))?.[field.bc] ?? '');
	}

	write(side: Side, row: Row, field: EditableField, value: string): void {
		if (side === 'crm') this.world.sandbox.crm.update('account', idOf(side, row), { [field.crm]: value });
		else if (field.page) this.company.update('workflowCustomers', String(row['number']), { [field.bc]: value });
		else this.company.update('customers', idOf(side, row), { [field.bc]: value });
	}
}
