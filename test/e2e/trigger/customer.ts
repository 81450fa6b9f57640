import { until } from './started';
import type { Person } from '../person';

const displayName = 'Harbour Trading of the trigger';

/** One customer that people edit on both sides, each time with another value. */
export class Customer {
	private account = '';
	private turn = 0;

	private constructor(
		private readonly anna: Person,
		private readonly ben: Person,
		private readonly id: string,
	) {}

	static async enter(anna: Person, ben: Person): Promise<Customer> {
		const { id } = await anna.createInBusinessCentral('customers', { displayName });
		return new Customer(anna, ben, String(id));
	}

	/** The account that a run made for it. */
	async findAccount(): Promise<void> {
		this.account = await until('the customer to arrive in CRM', async () => {
			const [row] = await this.ben.crm('accounts', `$select=accountid&$filter=name eq '${displayName}'`);
			return row && String(row['accountid']);
		});
	}

	async editInBusinessCentral(): Promise<string> {
		const phoneNumber = `+44 20 7946 ${1000 + ++this.turn}`;
		await this.anna.changeInBusinessCentral('customers', this.id, { phoneNumber });
		return phoneNumber;
	}

	async editInCrm(): Promise<string> {
		const address1_city = `Harbour ${++this.turn}`;
		await this.ben.changeInCrm('accounts', this.account, { address1_city });
		return address1_city;
	}

	async arrivedInCrm(phone: string): Promise<void> {
		await until(`${phone} to arrive in CRM`, async () => {
			const [row] = await this.ben.crm('accounts', `$select=telephone1&$filter=accountid eq ${this.account}`);
			return row?.['telephone1'] === phone;
		});
	}

	async arrivedInBusinessCentral(city: string): Promise<void> {
		await until(`${city} to arrive in Business Central`, async () => {
			const [row] = await this.anna.businessCentral('customers', `id eq ${this.id}`);
			return row?.['city'] === city;
		});
	}
}
