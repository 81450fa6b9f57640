import type { JobResult } from '../../../engine/jobs/jobResult';
import type { World } from '../../kit/world';
import { type Side, SIDES } from '../fields';
import { companyOf, text } from './kinds/kind';

/** Tables whose rows a run makes and takes away only as its counters say, with the mappings that write them. */
const TABLES: Readonly<Record<Side, Readonly<Record<string, readonly string[]>>>> = {
	crm: {
		account: ['CUSTOMER', 'VENDOR'],
		contact: ['CONTACT'],
		product: ['ITEM-PRODUCT', 'RESOURCE-PRODUCT'],
		pricelevel: ['PLHEADER-PRICE'],
		productpricelevel: ['PLLINE-PRODPRICE'],
		transactioncurrency: ['CURRENCY'],
	},
	businessCentral: {
		customers: ['CUSTOMER'],
		vendors: ['VENDOR'],
		contacts: ['CONTACT'],
		items: ['ITEM-PRODUCT'],
		ResourceCard: ['RESOURCE-PRODUCT'],
		salespeoplePurchasers: ['SALESPEOPLE'],
		paymentTerms: ['PAYMENT TERMS'],
	},
};

type Ids = Record<Side, Record<string, ReadonlySet<string>>>;

/** What is there before something is run, held against what is there afterwards and what the jobs say of it. */
export class Stock {
	private readonly before: Ids;

	constructor(private readonly world: World) {
		this.before = this.take();
	}

	/** What does not agree, in words; and the ids of what is gone, by side. */
	compare(jobs: readonly JobResult[]): { wrong: string[]; gone: Record<Side, string[]> } {
		const after = this.take();
		const wrong: string[] = [];
		const gone: Record<Side, string[]> = { businessCentral: [], crm: [] };
		for (const side of SIDES) {
			const direction = side === 'crm' ? 'toCrm' : 'fromCrm';
			for (const [table, mappings] of Object.entries(TABLES[side])) {
				const [then, now] = [this.before[side][table]!, after[side][table]!];
				const made = [...now].filter((id) => !then.has(id)).length;
				gone[side].push(...[...then].filter((id) => !now.has(id)));
				const own = jobs.filter(({ job }) => mappings.includes(job.mapping) && job.direction === direction);
				const told = own.reduce((sum, { job }) => sum + job.inserted, 0);
				if (made !== told) wrong.push(`${table}: ${made} rows are new, and ${mappings.join(', ')} counted ${told}`);
			}
		}
		for (const { job, changes } of jobs) {
			const counted = (...actions: string[]): number => changes.filter(({ action }) => actions.includes(action)).length;
			const pairs = [
				['inserted', job.inserted, counted('insert', 'restore')],
				['modified', job.modified, counted('modify')],
				['deleted', job.deleted, counted('delete')],
			] as const;
			for (const [name, told, named] of pairs)
				if (told !== named) wrong.push(`${job.mapping} ${job.direction}: ${name} ${told}, and ${named} of them named among the changes`);
		}
		return { wrong, gone };
	}

	private take(): Ids {
		const { crm } = this.world.sandbox;
		const company = companyOf(this.world);
		// Prices of the default list follow their product; they are no lines of anybody.
		const own = new Set(crm.rows('pricelevel').flatMap((row) => (/^#/.test(text(row['name'])) ? [text(row['pricelevelid'])] : [])));
		const rows = (table: string): Array<Record<string, unknown>> =>
			crm.rows(table).filter((row) => {
				if (table === 'productpricelevel') return own.has(text(row['pricelevelid']));
				return table !== 'pricelevel' || own.has(text(row['pricelevelid']));
			});
		const ids = <T>(tables: Readonly<Record<string, T>>, of: (table: string) => string[]): Record<string, ReadonlySet<string>> =>
			Object.fromEntries(Object.keys(tables).map((table) => [table, new Set(of(table))]));
		return {
			crm: ids(TABLES.crm, (table) => rows(table).map((row) => text(row[`${table}id`]))),
			businessCentral: ids(TABLES.businessCentral, (set) =>
				company.rows(set).flatMap((row) => (set === 'contacts' && row['type'] !== 'Person' ? [] : [text(row['id'] ?? row['No'])])),
			),
		};
	}
}
