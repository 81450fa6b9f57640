import { COMPANY_COLUMN } from '../model/companyColumn';
import type { SyncError } from '../model/errors';
import { COMPANY } from '../mapping/filter';
import type { RuleContext } from '../mapping/rules';
import { A_DAY, common, type DefaultMapping, field } from './defaultMapping';
import { toCrmOnly } from './oneWay';
import { linesOfLists } from './prices/linesOf';
import { findLists } from './prices/listsInCrm';
import { refuseChangedCurrency } from './prices/listCurrency';
import { currenciesDiffer } from './prices/priceErrors';
import { codeOf } from './units/unitRows';
import type { SystemRecord } from '../model/record';

const PRICES = 'SALESPRC-PRODPRICE';
const OF_GROUPS = 'Customer Price Group';

/** Without extended price calculation a customer price group is a price list of CRM, in the currency of its sales prices. */
export const customerPriceGroup: DefaultMapping = {
	activeWhen: ({ extendedPrices }) => !extendedPrices,
	mapping: {
		...common,
		inactivitySleepMinutes: A_DAY,
		name: 'CUSTPRCGRP-PRICE',
		caption: 'Customer price groups – price lists',
		bc: { name: 'CustomerPriceGroups', numberField: 'Code', nameField: 'Description', page: { keys: ['Code'] } },
		crm: { name: 'pricelevel', numberField: null, nameField: 'name' },
		direction: 'toCrm',
		companyStamp: true,
		dependsOn: ['CURRENCY', 'ITEM-PRODUCT'],
		crmFilter: { conditions: [{ field: COMPANY_COLUMN, operator: 'in', value: [COMPANY, null], type: 'lookup' }] },
		fields: [
			field('Code', 'Code', 'name', 'code', 'toCrm', { bcLength: 10, crmLength: 100 }),
			field('Currency Code of the Sales Prices', '@currency', 'transactioncurrencyid', 'currency', 'toCrm', {
				insertOnly: true,
				mapping: 'CURRENCY',
				crmTable: 'transactioncurrency',
			}),
		],
	},
	rules: toCrmOnly({
		access: () => ({ businessCentral: { SalesPrices: ['Read'] } }),
		dependents: linesOfLists('SALESPRC-PRODPRICE'),
		extraFields: { crm: [COMPANY_COLUMN] },
		findPartner: (context, groups) => findLists(context, '@currency', groups),
		async derive(context, groups) {
			const currencies = await currenciesOf(context, groups);
			return new Map(groups.map(({ id, number }) => [id, { '@currency': [...(currencies.get(codeOf(number)) ?? [])][0] ?? '' }]));
		},
		async refuse(context, groups) {
			const currencies = await currenciesOf(context, groups);
			const refused = new Map<string, SyncError>(await refuseChangedCurrency(context, '@currency', groups));
			for (const { id, number } of groups) {
				const several = [...(currencies.get(codeOf(number)) ?? [])];
				if (several.length > 1)
					refused.set(
						id,
						currenciesDiffer(
							number,
							several.map((code) => code || 'local currency'),
						),
					);
			}
			return refused;
		},
	}),
};

/** Currencies of the sales prices of each group; none where a group has no price, which stands for the local currency. */
async function currenciesOf({ session, mappings }: RuleContext, groups: readonly SystemRecord[]): Promise<Map<string, Set<string>>> {
	const found = new Map<string, Set<string>>();
	const bc = mappings.get(PRICES)?.bc;
	if (!bc || groups.length === 0) return found;
	const codes = groups.map(({ number }) => codeOf(number));
	const prices = await session.businessCentral.readByValues(bc, 'Sales_Code', codes, ['Sales_Code', 'Sales_Type', 'Currency_Code']);
	for (const { values } of prices.filter((price) => price.values['Sales_Type'] === OF_GROUPS)) {
		const code = codeOf(values['Sales_Code']);
		found.set(code, (found.get(code) ?? new Set()).add(codeOf(values['Currency_Code'])));
	}
	return found;
}
