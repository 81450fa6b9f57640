import { createSandbox, type Sandbox } from '../../../../sandbox';
import type { SandboxAddresses } from '../../../../sandbox/core/types';
import { seedBase } from '../../../kit/baseData';

type Row = Record<string, unknown>;

export interface Verdict {
	/** Names that were entered in one system and are not in the other, in words. */
	missing: string[];
	/** Names that a system holds more than once, in words. */
	doubled: string[];
	/** Values that were entered last and are not on both sides, in words. */
	stale: string[];
}

/** Both systems and the people who work in them, past the product. */
export class Office {
	private readonly entered: string[] = [];
	/** The phone number each customer was given last. */
	private readonly phones = new Map<string, string>();

	private constructor(
		readonly sandbox: Sandbox,
		readonly addresses: SandboxAddresses,
		readonly company: string,
		private readonly companyRow: string,
	) {}

	static async open(): Promise<Office> {
		const sandbox = createSandbox();
		const { companyName, companyRowId } = seedBase(sandbox);
		sandbox.log.keepBodies = false;
		return new Office(sandbox, await sandbox.listen(), companyName, companyRowId);
	}

	/** New records: as many customers in Business Central as accounts in CRM. */
	enter(count: number): void {
		const numbers = Array.from({ length: count }, (_, index) => this.entered.length / 2 + index + 1);
		const customers = numbers.map((number) => `Chandlery ${number} Ltd.`);
		const accounts = numbers.map((number) => `Sailmaker ${number} Ltd.`);
		this.business.seed(
			'customers',
			customers.map((displayName, index) => ({
				number: `C${String(numbers[index]).padStart(6, '0')}`,
				displayName,
				type: 'Company',
				city: 'Hull',
				blocked: '_x0020_',
			})),
		);
		this.sandbox.crm.seed(
			'account',
			accounts.map((name) => ({ name, customertypecode: 3, address1_city: 'Leith', bcbi_companyid: this.companyRow })),
		);
		this.entered.push(...customers, ...accounts);
	}

	/** Somebody gives every n-th customer a new phone number in Business Central. */
	edit(every: number): void {
		for (const [index, row] of this.customers().entries()) {
			if (index % every !== 0) continue;
			const phone = `+44 20 ${String(this.phones.size).padStart(3, '0')} ${String(index).padStart(4, '0')}`;
			this.business.update('customers', String(row['id']), { phoneNumber: phone });
			this.phones.set(String(row['displayName']), phone);
		}
	}

	/** How many records stand in both systems. */
	get coupled(): number {
		const accounts = new Set(this.accounts().map((row) => row['name']));
		return this.customers().filter((row) => accounts.has(row['displayName'])).length;
	}

	verdict(): Verdict {
		const [customers, accounts] = [countNames(this.customers(), 'displayName'), countNames(this.accounts(), 'name')];
		const phoneOf = (rows: Row[], name: string, phone: string) => new Map(rows.map((row) => [String(row[name]), String(row[phone] ?? '')]));
		const [here, there] = [phoneOf(this.customers(), 'displayName', 'phoneNumber'), phoneOf(this.accounts(), 'name', 'telephone1')];
		return {
			missing: [
				...this.entered.filter((name) => !customers.has(name)).map((name) => `no customer "${name}"`),
				...this.entered.filter((name) => !accounts.has(name)).map((name) => `no account "${name}"`),
			],
			doubled: [
				...[...customers].filter(([, count]) => count > 1).map(([name, count]) => `${count} customers "${name}"`),
				...[...accounts].filter(([, count]) => count > 1).map(([name, count]) => `${count} accounts "${name}"`),
			],
			stale: [...this.phones].flatMap(([name, phone]) =>
				here.get(name) === phone && there.get(name) === phone
					? []
					: [`${name}: "${here.get(name)}" and "${there.get(name)}", not "${phone}"`],
			),
		};
	}

	async close(): Promise<void> {
		await this.sandbox.close();
	}

	private get business() {
		return this.sandbox.businessCentral.company(this.company);
	}

	private customers = (): Row[] => this.business.rows('customers') as Row[];
	private accounts = (): Row[] => this.sandbox.crm.rows('account') as Row[];
}

function countNames(rows: readonly Row[], field: string): Map<string, number> {
	const counts = new Map<string, number>();
	for (const row of rows) counts.set(String(row[field]), (counts.get(String(row[field])) ?? 0) + 1);
	return counts;
}
