import { companyStamp, COMPANY_COLUMN } from '../../model/companyColumn';
import type { SyncError } from '../../model/errors';
import type { SystemRecord, TableSource } from '../../model/record';
import { fixedId } from '../../defaults/fixedId';
import { PRICE_LIST } from '../../defaults/products/defaultPriceList';
import { isOursOrNobodys } from '../../mapping/companyOfRow';
import { refused } from './invoiceErrors';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork, PlannedInvoice } from './invoiceWork';

const PRICES: TableSource = { name: 'productpricelevel', numberField: null, nameField: 'productnumber' };
/** Dataverse choice productpricelevel.pricingmethodcode: the plain amount. */
const CURRENCY_AMOUNT = 1;
const OF_LOCAL_CURRENCY = 'Business Central Default Price List';

/**
 * Each invoice has a price list of its currency: that of its order, or the one of the currency, of which there is one. The list holds a price of every
 * product and unit that is sold; one that is missing is added with the price of the line. Answers the invoices with the lists they get.
 */
export async function withPriceLists(
	context: InvoiceContext,
	works: readonly InvoiceWork[],
): Promise<Array<InvoiceWork & { priceListId: string }>> {
	const lists = new Map<string, string | SyncError>();
	for (const { plan } of works) {
		const { currency, priceListId } = plan!;
		if (priceListId === null && !lists.has(currency.code)) lists.set(currency.code, await listOf(context, currency));
	}
	const ready: Array<InvoiceWork & { priceListId: string }> = [];
	for (const work of works) {
		const list = work.plan!.priceListId ?? lists.get(work.plan!.currency.code)!;
		if (typeof list === 'string') ready.push({ ...work, priceListId: list });
		else context.report.fail(work, refused(work.invoice, list));
	}
	const failed = await addPrices(context, ready);
	return ready.filter((work) => {
		const error = failed.get(work);
		if (error) context.report.fail(work, refused(work.invoice, error));
		return !error;
	});
}

/** The list of a currency, by an id made of the company's; one of its name that is there already is taken. */
async function listOf({ session, run }: InvoiceContext, { code, id }: PlannedInvoice['currency']): Promise<string | SyncError> {
	const local = code === run.localCurrency;
	const listId = local ? fixedId(session.companyId, 'default price list', code) : fixedId(session.companyId, 'price list', code);
	if ((await session.crm.existing(PRICE_LIST, [listId])).has(listId)) return listId;
	const name = local ? OF_LOCAL_CURRENCY : `Price List in ${code}`;
	const columns = ['transactioncurrencyid', ...(run.companyRowId === null ? [] : [COMPANY_COLUMN])];
	const named = await session.crm.readByValues(PRICE_LIST, 'name', [name], columns);
	const fits = named.find((list) => list.values['transactioncurrencyid'] === id && isOursOrNobodys(run.companyRowId, list));
	if (fits) return fits.id;
	const values = {
		name,
		transactioncurrencyid: { table: 'transactioncurrency', id },
		...(run.companyRowId === null ? {} : companyStamp(run.companyRowId)),
	};
	const [outcome] = await session.crm.write(PRICE_LIST, [{ kind: 'insert', id: listId, values }]);
	return outcome?.status === 'failed' || outcome?.status === 'unknown' ? outcome.error : listId;
}

/** Answers the invoices for which a price could not be added. */
async function addPrices(
	{ session }: InvoiceContext,
	works: ReadonlyArray<InvoiceWork & { priceListId: string }>,
): Promise<Map<InvoiceWork, SyncError>> {
	const wanted = new Map<string, { values: Record<string, string | number>; works: InvoiceWork[] }>();
	for (const work of works) {
		for (const { productId, unitId, amount } of work.plan!.prices) {
			const id = fixedId(work.priceListId, productId, unitId);
			const known = wanted.get(id);
			if (known) known.works.push(work);
			else wanted.set(id, { values: { list: work.priceListId, product: productId, unit: unitId, amount }, works: [work] });
		}
	}
	if (wanted.size === 0) return new Map();
	const products = [...new Set([...wanted.values()].map(({ values }) => values['product']!))];
	const there = new Set((await session.crm.readByValues(PRICES, 'productid', products, ['pricelevelid', 'productid', 'uomid'])).map(keyOf));
	const open = [...wanted].filter(([, { values }]) => !there.has([values['list'], values['product'], values['unit']].join(' ')));
	if (open.length === 0) return new Map();
	const outcomes = await session.crm.write(
		PRICES,
		open.map(([id, { values }]) => ({
			kind: 'insert' as const,
			id,
			values: {
				pricelevelid: { table: 'pricelevel', id: String(values['list']) },
				productid: { table: 'product', id: String(values['product']) },
				uomid: { table: 'uom', id: String(values['unit']) },
				pricingmethodcode: CURRENCY_AMOUNT,
				amount: values['amount']!,
			},
		})),
	);
	return new Map(
		outcomes.flatMap((outcome, index) =>
			outcome.status === 'failed' || outcome.status === 'unknown'
				? open[index]![1].works.map((work): [InvoiceWork, SyncError] => [work, outcome.error])
				: [],
		),
	);
}

const keyOf = ({ values }: SystemRecord): string => [values['pricelevelid'], values['productid'], values['uomid']].join(' ');
