import { COMPANY_COLUMN } from '../../model/companyColumn';
import { SyncError } from '../../model/errors';
import { currency } from '../../defaults/currency';
import type { SystemRecord } from '../../model/record';
import { spelledCode } from '../../model/upperCase';
import type { Coupling } from '../../model/coupling';
import type { CompanySettings } from '../../model/companySettings';
import type { SyncSession } from '../../ports/session';
import { countriesOf } from '../../sync/references/countries';
import type { SalesDocument, SalesLine } from '../kernel/salesDocument';
import { agentOf } from './details';
import type { OrderLookups } from './orderLookups';
import { partiesOf } from './parties';
import { productsOf } from './products';
import { unitsOf } from './units';

/** What holds for all orders of a run; read once. */
export type RunLookups = Omit<OrderLookups, 'currencies' | 'parties' | 'products' | 'units'>;

/** Reads what every order of a run may refer to: currencies, countries, terms, the organization's ways. Some ten requests, however many orders there are. */
export async function loadRunLookups(session: SyncSession, settings: CompanySettings, companyRowId: string | null): Promise<RunLookups> {
	const { businessCentral, crm } = session;
	const [organization] = await crm.readAll('organization', ['discountcalculationmethod']);
	const [information] = await businessCentral.readAll('companyInformation', ['currencyCode']);
	const foreign = await businessCentral.readAll('currencies', ['code']);
	const companies = companyRowId === null ? [] : await crm.readAll('bcbi_company', [COMPANY_COLUMN]);
	return {
		settings,
		discounts: organization?.['discountcalculationmethod'] === 1 ? 'perUnit' : 'lineItem',
		localCurrency: String(information?.['currencyCode'] ?? ''),
		foreignCurrencies: new Set(foreign.map(({ code }) => spelledCode(code))),
		countries: await countriesOf(session),
		paymentTerms: await optionsOf(session, 'PAYMENT TERMS'),
		shipmentMethods: await optionsOf(session, 'SHIPMENT METHOD'),
		shippingAgents: await optionsOf(session, 'SHIPPING AGENT', agentOf),
		companyRowId,
		severalCompanies: companies.length > 1,
		freightProblem: settings.freightAccount === '' ? null : await freightProblem(session, settings.freightAccount),
		writeIn: writeInOf(settings),
	};
}

/** What the orders of a page refer to. Some six requests a page. */
export async function loadLookups(
	session: SyncSession,
	run: RunLookups,
	orders: readonly SalesDocument[],
	lines: readonly SalesLine[],
): Promise<OrderLookups> {
	const { settings } = run;
	const payers = settings.billTo === 'column' ? orders.flatMap(({ values }) => texts(values[settings.billToColumn])) : [];
	const parties = await partiesOf(
		session,
		[...orders.flatMap(({ customerId }) => texts(customerId)), ...payers],
		run.companyRowId !== null,
	);
	return {
		...run,
		currencies: await currenciesOf(
			session,
			orders.flatMap(({ currencyId }) => texts(currencyId)),
		),
		parties,
		products: await productsOf(
			session,
			lines.flatMap(({ productId }) => texts(productId)),
		),
		units: await unitsOf(
			session,
			lines.flatMap(({ unitId }) => texts(unitId)),
			settings.unitGroups,
		),
	};
}

const texts = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? [value] : []);

/** Currencies of CRM by id: their ISO codes, and the digits they have behind the decimal sign. */
async function currenciesOf({ crm }: SyncSession, ids: readonly string[]): Promise<OrderLookups['currencies']> {
	const rows =
		ids.length > 0 ? await crm.readByIds(currency.mapping.crm, [...new Set(ids)], ['currencyprecision']) : new Map<string, SystemRecord>();
	return new Map(
		[...rows].map(([id, { number, values }]) => {
			const places = values['currencyprecision'];
			return [id, { code: number, places: typeof places === 'number' ? places : 2 }];
		}),
	);
}

/** Ids of Business Central by the value of the choice they are coupled with. There are few. */
async function optionsOf(
	{ store }: SyncSession,
	mapping: string,
	valueOf: (coupling: Coupling) => string = ({ bcId }) => bcId,
): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	let next: string | undefined;
	do {
		const page = await store.findCouplings({ mapping, limit: 1000, ...(next ? { next } : {}) });
		for (const coupling of page.rows) found.set(coupling.crmId, valueOf(coupling));
		next = page.next;
	} while (next);
	return found;
}

/** An item comes before a resource where both are set: Business Central itself has only one of them. */
const writeInOf = ({ writeInItem, writeInResource }: CompanySettings): OrderLookups['writeIn'] =>
	writeInItem !== ''
		? { lineType: 'Item', number: writeInItem }
		: writeInResource !== ''
			? { lineType: 'Resource', number: writeInResource }
			: null;

/** Null where nothing is wrong, and where the user may not read accounts: then Business Central judges. */
async function freightProblem({ businessCentral }: SyncSession, account: string): Promise<string | null> {
	try {
		const escaped = account.replaceAll("'", "''");
		const [found] = await businessCentral.readAll('accounts', ['number', 'blocked', 'directPosting'], `number eq '${escaped}'`);
		if (!found) return 'does not exist in Business Central';
		if (found['blocked'] === true) return 'is blocked';
		return found['directPosting'] === false ? 'does not allow direct posting' : null;
	} catch (error) {
		if (error instanceof SyncError && error.errorClass !== 'transient') return null;
		throw error;
	}
}
