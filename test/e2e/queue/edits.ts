import type { Sandbox } from '../../../sandbox';
import type { Person, Row } from '../person';

/** People at work in one company. */
export interface Office {
	company: string;
	/** Row of the company in the CRM. */
	companyRow: string;
	/** Edits in Business Central. */
	anna: Person;
	/** Edits in the CRM. */
	ben: Person;
	/** The currency this company looks after: the CRM's currencies are one for all. */
	currency: string;
}

/** Query for the accounts of a company that are customers there; its vendors are accounts, too. */
export const customersOf = (companyRow: string): string => `$filter=_bcbi_companyid_value eq ${companyRow} and customertypecode eq 3`;

/** A value somebody entered, and the field it has to arrive in. */
export interface Edit {
	company: string;
	/** Name (customers), e-mail (salespeople) or code (currencies) of the record. */
	record: string;
	kind: 'customer' | 'salesperson' | 'currency';
	/** Field by its name in Business Central and in the CRM. */
	fields: readonly [businessCentral: string, crm: string];
	value: string;
}

type FieldEdit = readonly [fields: Edit['fields'], valueOf: (turn: number) => string];

const inBusinessCentral: readonly FieldEdit[] = [
	[['phoneNumber', 'telephone1'], (turn) => `+44 20 7${String(turn).padStart(6, '0')}`],
	[['addressLine1', 'address1_line1'], (turn) => `${turn} Quay Road`],
	[['website', 'websiteurl'], (turn) => `https://www.quay${turn}.example`],
	[['state', 'address1_stateorprovince'], (turn) => `County ${turn}`],
];

const inCrm: readonly FieldEdit[] = [
	[['city', 'address1_city'], (turn) => `Harbour ${turn}`],
	[['email', 'emailaddress1'], (turn) => `office${turn}@quay.example`],
	[['addressLine2', 'address1_line2'], (turn) => `Pier ${turn}`],
	[['postalCode', 'address1_postalcode'], (turn) => `Q${turn}`],
];

interface Known {
	id: string;
	name: string;
}

/**
 * Edits on both sides, two a turn, each with a value of its own, and new records on both sides. A field is edited on one side only, so that there
 * is no conflict and every value has to arrive. Nor is the field of a record edited a second time before some minutes have passed: a value that a
 * killed run delivered and did not record looks like somebody's edit to the next run, and is a conflict with the newer one.
 */
export class Edits {
	/** The last value of each field that was edited. */
	readonly last = new Map<string, Edit>();
	/** Names of the customers that were entered in one of the systems while the workers ran. */
	readonly created: Array<{ company: string; name: string }> = [];
	/** Edits and new records together. */
	count = 0;
	private turn = 0;
	private readonly customers = new Map<string, Known[]>();
	private readonly accounts = new Map<string, Known[]>();

	constructor(
		private readonly sandbox: Sandbox,
		private readonly offices: readonly Office[],
	) {}

	/** Learns which records there are to edit: those that both systems have. */
	async begin(): Promise<void> {
		for (const { company, companyRow, anna, ben } of this.offices) {
			const accounts = (await ben.crm('accounts', customersOf(companyRow))).map(known('accountid', 'name'));
			const names = new Set(accounts.map(({ name }) => name));
			const customers = (await anna.businessCentral('customers')).map(known('id', 'displayName'));
			this.accounts.set(company, accounts);
			this.customers.set(
				company,
				customers.filter(({ name }) => names.has(name)),
			);
		}
	}

	/** One turn of edits in the company whose turn it is. */
	async next(): Promise<void> {
		const turn = this.turn++;
		const office = this.offices[turn % this.offices.length]!;
		const round = Math.floor(turn / this.offices.length);
		await Promise.all([this.inBusinessCentral(office, round, turn), this.inCrm(office, round, turn)]);
		if (turn % 3 === 0) await this.create(office, turn);
		if (turn % 7 === 0) await this.ofCurrency(office, turn);
		if (turn % 11 === 0) this.ofSalesperson(turn);
	}

	private async inBusinessCentral({ company, anna }: Office, round: number, turn: number): Promise<void> {
		const customers = this.customers.get(company)!;
		const { id, name } = customers[round % customers.length]!;
		const [fields, valueOf] = inBusinessCentral[Math.floor(round / customers.length) % inBusinessCentral.length]!;
		const value = valueOf(turn);
		await anna.changeInBusinessCentral('customers', id, { [fields[0]]: value });
		this.note({ company, record: name, kind: 'customer', fields, value });
	}

	private async inCrm({ company, ben }: Office, round: number, turn: number): Promise<void> {
		const accounts = this.accounts.get(company)!;
		// Some records away from the other side, so that edits of both meet in one record while a run of it is on its way or waits for a lease.
		const { id, name } = accounts[(round + 3) % accounts.length]!;
		const [fields, valueOf] = inCrm[Math.floor(round / accounts.length) % inCrm.length]!;
		const value = valueOf(turn);
		await ben.changeInCrm('accounts', id, { [fields[1]]: value });
		this.note({ company, record: name, kind: 'customer', fields, value });
	}

	/** A customer on one side and an account on the other: both have to appear once in the other system. */
	private async create({ company, companyRow, anna, ben }: Office, turn: number): Promise<void> {
		const names = { customer: `Chandlery ${turn} Ltd.`, account: `Sailmaker ${turn} Ltd.` };
		await anna.createInBusinessCentral('customers', { displayName: names.customer, city: 'Hull' });
		await ben.createInCrm('accounts', {
			name: names.account,
			customertypecode: 3,
			address1_city: 'Leith',
			'bcbi_CompanyId@odata.bind': `/bcbi_companies(${companyRow})`,
		});
		this.created.push({ company, name: names.customer }, { company, name: names.account });
		this.count += 2;
	}

	private async ofCurrency({ company, anna, currency }: Office, turn: number): Promise<void> {
		const [row] = await anna.businessCentral('currencies', `code eq '${currency}'`);
		const value = `S${turn}`;
		await anna.changeInBusinessCentral('currencies', String(row!['id']), { symbol: value });
		this.note({ company, record: currency, kind: 'currency', fields: ['symbol', 'currencysymbol'], value });
	}

	/** A user of the CRM is a salesperson in every company. */
	private ofSalesperson(turn: number): void {
		const users = this.sandbox.crm
			.rows('systemuser')
			.filter((row) => row['islicensed'] === true && row['isdisabled'] !== true && Boolean(row['internalemailaddress']))
			.filter((row) => row['isintegrationuser'] !== true);
		const user = users[turn % users.length]!;
		const value = `+44 7700 ${String(turn).padStart(6, '0')}`;
		this.sandbox.crm.update('systemuser', String(user['systemuserid']), { mobilephone: value });
		for (const { company } of this.offices) {
			const record = String(user['internalemailaddress']);
			this.note({ company, record, kind: 'salesperson', fields: ['phoneNo', 'mobilephone'], value });
		}
	}

	private note(edit: Edit): void {
		this.last.set([edit.company, edit.kind, edit.record, edit.fields[0]].join('|'), edit);
		this.count++;
	}
}

const known =
	(id: string, name: string) =>
	(row: Row): Known => ({ id: String(row[id]), name: String(row[name]) });
