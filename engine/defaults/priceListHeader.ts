import { COMPANY_COLUMN } from '../model/companyColumn';
import { COMPANY } from '../mapping/filter';
import { A_DAY, common, field, type DefaultMapping } from './defaultMapping';
import { toCrmOnly } from './oneWay';
import { asDay } from './prices/days';
import { refuseChangedCurrency } from './prices/listCurrency';
import { linesOfLists } from './prices/linesOf';
import { findLists } from './prices/listsInCrm';
import { isForCrm, listsNotForCrm } from './prices/listsNotForCrm';
import { deactivateNewLists } from './prices/newLists';
import { listNotForCrm } from './prices/priceErrors';

/** Price lists of customers, with extended price calculation. */
export const priceListHeader: DefaultMapping = {
	activeWhen: ({ extendedPrices }) => extendedPrices,
	// Lists that may set the prices of items are those to synchronize only where one of them is the default.
	variant: (mapping, { defaultPriceListCode }) => ({
		...mapping,
		bcFilter: {
			conditions: [{ field: 'AllowUpdatingDefaults', operator: 'eq', value: defaultPriceListCode !== '', type: 'boolean' }],
		},
	}),
	mapping: {
		...common,
		inactivitySleepMinutes: A_DAY,
		name: 'PLHEADER-PRICE',
		caption: 'Price lists – price lists',
		bc: { name: 'SalesPriceList', numberField: 'Code', nameField: 'Description', page: { keys: ['Code'] } },
		crm: { name: 'pricelevel', numberField: null, nameField: 'name' },
		direction: 'toCrm',
		companyStamp: true,
		dependsOn: ['CURRENCY', 'ITEM-PRODUCT'],
		bcFilter: { conditions: [{ field: 'AllowUpdatingDefaults', operator: 'eq', value: false, type: 'boolean' }] },
		crmFilter: { conditions: [{ field: COMPANY_COLUMN, operator: 'in', value: [COMPANY, null], type: 'lookup' }] },
		fields: [
			field('Code', 'Code', 'name', 'code', 'toCrm', { bcLength: 20, crmLength: 100 }),
			field('Description', 'Description', 'description', 'text', 'toCrm', { bcLength: 250, crmLength: 2000 }),
			field('Currency Code', 'CurrencyCode', 'transactioncurrencyid', 'currency', 'toCrm', {
				insertOnly: true,
				mapping: 'CURRENCY',
				crmTable: 'transactioncurrency',
			}),
			field('Starting Date', 'StartingDate', 'begindate', 'date', 'toCrm'),
			field('Ending Date', 'EndingDate', 'enddate', 'date', 'toCrm'),
		],
	},
	rules: toCrmOnly({
		dependents: linesOfLists('PLLINE-PRODPRICE'),
		extraFields: { bc: ['Status', 'AmountType', 'AllowUpdatingDefaults'], crm: [COMPANY_COLUMN, 'statecode'] },
		translations: { begindate: asDay, enddate: asDay },
		findPartner: (context, lists) => findLists(context, 'CurrencyCode', lists),
		refuseCoupling: (settings, list) => (isForCrm(list, settings) ? null : listNotForCrm(list.number)),
		ignore: listsNotForCrm,
		refuse: (context, lists) => refuseChangedCurrency(context, 'CurrencyCode', lists),
		afterWrite: deactivateNewLists,
	}),
};
