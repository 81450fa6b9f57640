import type { Random } from '../../../convergence/random';
import type { BaseData } from '../../../kit/baseData';
import type { Sandbox } from '../../../../sandbox';

type Row = Record<string, unknown>;
export type Side = 'businessCentral' | 'crm';

/** Fields that people edit, each on one side only: a value that is there on neither side was lost, not in conflict. */
const FIELDS: ReadonlyArray<{ side: Side; bc: string; crm: string }> = [
	{ side: 'businessCentral', bc: 'addressLine1', crm: 'address1_line1' },
	{ side: 'businessCentral', bc: 'phoneNumber', crm: 'telephone1' },
	{ side: 'crm', bc: 'city', crm: 'address1_city' },
	{ side: 'crm', bc: 'postalCode', crm: 'address1_postalcode' },
];

interface Edit {
	key: string;
	field: (typeof FIELDS)[number];
	value: string;
}

/** What both systems must come to, counted by hand. */
export interface Verdict {
	/** Records beyond one, on both sides. */
	doubled: string[];
	/** Records that are gone from the side where somebody made them. */
	lost: string[];
	/** Records that are not on the other side, and of which the runs told nothing. */
	undelivered: string[];
	/** Edits whose value is not on both sides, and of which the runs told nothing. */
	lostEdits: string[];
	/** Records or edits that the runs told about instead: left to people. */
	told: number;
}

/** People who make and edit customers and accounts. Each record has a web site of its own, by which it is known on both sides. */
export class People {
	private readonly born = new Map<string, Side>();
	private edits = new Map<string, Edit>();
	private count = 0;

	constructor(
		private readonly sandbox: Sandbox,
		private readonly base: BaseData,
		private readonly random: Random,
	) {}

	/** So many customers before anything is synchronized. */
	seed(count: number): void {
		for (let n = 0; n < count; n++) this.make('businessCentral');
	}

	/** One thing somebody does: mostly an edit. */
	act(): void {
		if (this.random.chance(0.35)) this.make(this.random.pick(['businessCentral', 'crm']));
		else this.edit();
	}

	/** Edits from now on are of a new round: each field of a record once, so that no value is older than the last synchronization and edited again. */
	newRound(): void {
		this.edits = new Map();
	}

	/** Records that no person made: the runs did. */
	partners(): number {
		return this.customers().length + this.accounts().length - this.born.size;
	}

	/** @param told failures that wait for people, each with the id of its record */
	verdict(told: readonly string[]): Verdict {
		const customers = byKey(this.customers(), 'website');
		const accounts = byKey(this.accounts(), 'websiteurl');
		const extra = (rows: Map<string, Row[]>, where: string): string[] =>
			[...rows].flatMap(([key, found]) => found.slice(1).map(() => `${where} ${key}`));
		const idsOf = (key: string): string[] =>
			[...(customers.get(key) ?? []).map((row) => row['id']), ...(accounts.get(key) ?? []).map((row) => row['accountid'])].map((id) =>
				String(id).toLowerCase(),
			);
		const isTold = (key: string): boolean => idsOf(key).some((id) => told.some((text) => text.includes(id)));
		const lost: string[] = [];
		const missing: string[] = [];
		for (const [key, side] of this.born) {
			const [own, other] = side === 'crm' ? [accounts, customers] : [customers, accounts];
			if (!own.has(key)) lost.push(key);
			else if (!other.has(key)) missing.push(key);
		}
		const apart = [...this.edits.values()].filter(
			({ key, field, value }) =>
				!missing.includes(key) &&
				![customers.get(key)?.map((row) => row[field.bc]), accounts.get(key)?.map((row) => row[field.crm])].every((values) =>
					values?.every((found) => found === value),
				),
		);
		const [undelivered, lostEdits] = [missing.filter((key) => !isTold(key)), apart.filter(({ key }) => !isTold(key))];
		return {
			doubled: [...extra(customers, 'customer'), ...extra(accounts, 'account')],
			lost,
			undelivered,
			lostEdits: lostEdits.map(({ key, field, value }) => {
				const there = [
					...(customers.get(key) ?? []).map((row) => row[field.bc]),
					...(accounts.get(key) ?? []).map((row) => row[field.crm]),
				];
				return `${key} ${field.side} ${field.bc} "${value}" (born in ${this.born.get(key)}), found ${JSON.stringify(there)}`;
			}),
			told: missing.length + apart.length - undelivered.length - lostEdits.length,
		};
	}

	private make(side: Side): void {
		const number = ++this.count;
		const key = `https://www.r${number}.example`;
		this.born.set(key, side);
		if (side === 'businessCentral') {
			const row = {
				number: `C${String(number).padStart(6, '0')}`,
				displayName: nameOf(key),
				website: key,
				type: 'Company',
				blocked: '_x0020_',
			};
			this.company().seed('customers', [{ ...row, email: `office@r${number}.example`, addressLine1: `Street ${number}`, city: 'London' }]);
		} else {
			this.sandbox.crm.seed('account', [
				{ name: nameOf(key), websiteurl: key, emailaddress1: `office@r${number}.example`, address1_city: 'Hull', ...this.asCustomer() },
			]);
		}
	}

	private asCustomer(): Row {
		return { customertypecode: 3, bcbi_companyid: this.base.companyRowId, statecode: 0 };
	}

	private edit(): void {
		const field = this.random.pick(FIELDS);
		const rows = field.side === 'crm' ? this.accounts() : this.customers();
		if (rows.length === 0) return;
		const row = this.random.pick(rows);
		const key = String(row[field.side === 'crm' ? 'websiteurl' : 'website']);
		const id = `${key} ${field.bc}`;
		if (this.edits.has(id)) return;
		// Business Central writes post codes in capitals.
		const value = `${{ phoneNumber: '+44 ', postalCode: 'Q' }[field.bc] ?? 'Quay '}${++this.count}`;
		if (field.side === 'crm') this.sandbox.crm.update('account', String(row['accountid']), { [field.crm]: value });
		else this.company().update('customers', String(row['id']), { [field.bc]: value });
		this.edits.set(id, { key, field, value });
	}

	private company() {
		return this.sandbox.businessCentral.company(this.base.companyName);
	}

	private customers(): Row[] {
		return this.company().rows('customers');
	}

	private accounts(): Row[] {
		return this.sandbox.crm.rows('account');
	}
}

const nameOf = (key: string): string => `Company ${/r(\d+)/.exec(key)?.[1]} Ltd.`;

function byKey(rows: readonly Row[], field: string): Map<string, Row[]> {
	const result = new Map<string, Row[]>();
	for (const row of rows) result.set(String(row[field]), [...(result.get(String(row[field])) ?? []), row]);
	return result;
}
