import type { Sandbox } from '../../sandbox';
import type { BaseData } from '../kit/baseData';
import type { OneByOneOrder, Partner } from './messages';

type Row = Record<string, unknown>;

/** A customer with everything filled in that travels; every fifth has a foreign currency. */
export const customerRow = (index: number): Row => ({
	number: `C${String(index + 1).padStart(6, '0')}`,
	displayName: `Customer ${index + 1} & Söhne`,
	type: 'Company',
	addressLine1: `Main Street ${index + 1}`,
	addressLine2: index % 3 === 0 ? 'Back yard' : '',
	city: ['London', 'Zürich', 'Kraków'][index % 3],
	state: 'Greater Area',
	country: 'GB',
	postalCode: `N${index % 90} 1AA`,
	phoneNumber: `+44 20 ${index + 1}`,
	email: `office${index + 1}@example.com`,
	website: `https://www.example.com/${index + 1}`,
	creditLimit: (index % 7) * 1000,
	currencyCode: index % 5 === 0 ? 'EUR' : '',
	blocked: '_x0020_',
});

/** People edit 500 customers of each 1,000 in Business Central and 300 other accounts in CRM; answers who is whose partner. */
export function edit(sandbox: Sandbox, base: BaseData, round: number, since: string): OneByOneOrder {
	const company = sandbox.businessCentral.company(base.companyName);
	const accounts = new Map((sandbox.crm.rows('account') as Row[]).map((row) => [row['name'], String(row['accountid']).toLowerCase()]));
	const toCrm: Partner[] = [];
	const fromCrm: Partner[] = [];
	(company.rows('customers') as Row[]).forEach((customer, index) => {
		const customerId = String(customer['id']).toLowerCase();
		const accountId = accounts.get(customer['displayName'])!;
		const place = index % 1000;
		if (place < 500) {
			company.update(
				'customers',
				customerId,
				place % 2 === 0 ? { phoneNumber: `+44 ${round} ${index}` } : { addressLine1: `${round} Moved ${index}`, city: 'Bath' },
			);
			toCrm.push({ sourceId: customerId, targetId: accountId });
		} else if (place < 800) {
			sandbox.crm.update(
				'account',
				accountId,
				place % 2 === 0 ? { telephone1: `+44 ${round} ${index}` } : { emailaddress1: `new${round}-${index}@example.com` },
			);
			fromCrm.push({ sourceId: accountId, targetId: customerId });
		}
	});
	return { since, toCrm, fromCrm };
}
