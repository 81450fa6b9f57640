import { COMPANY_COLUMN, companyStamp } from '../../model/companyColumn';
import { isOursOrNobodys } from '../../mapping/companyOfRow';
import type { SyncError } from '../../model/errors';
import type { SyncSession } from '../../ports/session';
import type { RuleContext, WriteValues } from '../../mapping/rules';
import { fixedId } from '../fixedId';
import { isOff, notCoupled } from '../../mapping/notCoupled';
import type { SystemRecord, TableSource } from '../../model/record';

export const PRICE_LIST: TableSource = { name: 'pricelevel', numberField: null, nameField: 'name' };
const CURRENCY: TableSource = { name: 'transactioncurrency', numberField: 'isocurrencycode', nameField: 'currencyname' };

/** The short name of the product, and "Default Price List". */
const NAME = 'Business Central Default Price List';

/** The company's local currency as CRM knows it; null while CRM has no such currency. */
export async function localCurrency({ session, references }: RuleContext): Promise<{ id: string; code: string } | null> {
	const known = currencies.get(session);
	if (known) return known;
	const code = await references.localCurrencyCode();
	const [row] = await session.crm.readByValues(CURRENCY, 'isocurrencycode', [code], []);
	if (!row) return null;
	currencies.set(session, { id: row.id, code });
	return { id: row.id, code };
}

const currencies = new WeakMap<SyncSession, { id: string; code: string }>();

export const localCurrencyMissing = ({ mappings }: Pick<RuleContext, 'mappings'>): SyncError =>
	notCoupled({ caption: 'Currency Code', value: 'local currency', mapping: 'CURRENCY', off: isOff(mappings, 'CURRENCY') });

/**
 * Id of the price list that holds the prices of items and resources, in local currency. It is known by an id made of the company's, so that
 * neither a crash nor a second worker nor a new name makes a second list; before it is made, a list of that name in local currency is taken.
 * @throws SyncError when CRM has no local currency, or the list cannot be made
 */
export async function defaultPriceList(context: RuleContext): Promise<string> {
	const { session } = context;
	const known = lists.get(session);
	if (known) return known;
	const currency = await localCurrency(context);
	if (!currency) throw localCurrencyMissing(context);
	const id = fixedId(session.companyId, 'default price list', currency.code);
	const own = await session.crm.readByIds(PRICE_LIST, [id], []);
	const list = own.has(id) ? id : ((await findByName(context, currency)) ?? (await create(context, id, currency)));
	lists.set(session, list);
	return list;
}

const lists = new WeakMap<SyncSession, string>();

/** Lists in local currency that are ours or nobody's. */
async function findByName(context: RuleContext, currency: { id: string; code: string }): Promise<string | null> {
	const candidates = await listsNamed(context, currency.code);
	const fits = (list: SystemRecord): boolean =>
		list.values['transactioncurrencyid'] === currency.id && isOursOrNobodys(context.companyRowId, list);
	return candidates.find((list) => list.name === NAME && fits(list))?.id ?? candidates.find(fits)?.id ?? null;
}

const listsNamed = ({ session, companyRowId }: RuleContext, code: string): Promise<SystemRecord[]> =>
	session.crm.readByValues(
		PRICE_LIST,
		'name',
		[NAME, `${NAME} ${code}`],
		['transactioncurrencyid', ...(companyRowId === null ? [] : [COMPANY_COLUMN])],
	);

async function create(context: RuleContext, id: string, currency: { id: string; code: string }): Promise<string> {
	const { session, companyRowId } = context;
	const taken = (await listsNamed(context, currency.code)).some(({ name }) => name === NAME);
	const values: WriteValues = {
		name: taken ? `${NAME} ${currency.code}` : NAME,
		transactioncurrencyid: { table: 'transactioncurrency', id: currency.id },
		...(companyRowId === null ? {} : companyStamp(companyRowId)),
	};
	const [outcome] = await session.crm.write(PRICE_LIST, [{ kind: 'insert', id, values }]);
	if (outcome?.status === 'failed' || outcome?.status === 'unknown') throw outcome.error;
	return id;
}
