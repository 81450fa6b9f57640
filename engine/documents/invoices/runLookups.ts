import type { CompanySettings } from '../../model/companySettings';
import { spelledCode } from '../../model/upperCase';
import type { SyncSession } from '../../ports/session';
import type { CommentLines, RunLookups } from './invoiceLookups';
import { COMPANY_COLUMN } from '../../model/companyColumn';

const DEFAULT_PRICE_PLACES = 2;

/** Reads what every invoice of a run may refer to. Some three requests, however many invoices there are. */
export async function loadRunLookups(
	session: SyncSession,
	settings: CompanySettings,
	companyRowId: string | null,
	comments: CommentLines,
): Promise<RunLookups> {
	const { businessCentral, crm } = session;
	const [organization] = await crm.readAll('organization', ['discountcalculationmethod', 'pricingdecimalprecision']);
	const [information] = await businessCentral.readAll('companyInformation', ['currencyCode']);
	const companies = companyRowId === null ? [] : await crm.readAll('bcbi_company', [COMPANY_COLUMN, 'bcbi_defaultowningteam']);
	const own = companies.find((row) => row[COMPANY_COLUMN] === companyRowId);
	const places = organization?.['pricingdecimalprecision'];
	const team = own?.['bcbi_defaultowningteam'];
	const persons = session.ownershipModel === 'person';
	return {
		settings,
		comments,
		discounts: organization?.['discountcalculationmethod'] === 1 ? 'perUnit' : 'lineItem',
		pricePlaces: typeof places === 'number' ? places : DEFAULT_PRICE_PLACES,
		localCurrency: spelledCode(information?.['currencyCode']),
		paymentTerms: new Map([...(await choices(session, 'PAYMENT TERMS'))].map(([id, { value }]) => [id, value])),
		shipmentMethods: new Map([...(await choices(session, 'SHIPMENT METHOD'))].map(([id, { name }]) => [id, name])),
		companyRowId,
		severalCompanies: companies.length > 1,
		team: !persons && typeof team === 'string' ? team : null,
		ownedByPersons: persons,
	};
}

/** Choices by the record they are coupled with. There are few. */
async function choices({ store }: SyncSession, mapping: string): Promise<Map<string, { value: number; name: string }>> {
	const found = new Map<string, { value: number; name: string }>();
	let next: string | undefined;
	do {
		const page = await store.findCouplings({ mapping, limit: 1_000, ...(next ? { next } : {}) });
		for (const { bcId, crmId, bcName, bcNumber } of page.rows) found.set(bcId, { value: Number(crmId), name: bcName || bcNumber });
		next = page.next;
	} while (next);
	return found;
}
