import { Decimal } from '../../model/decimal';
import { spelledCode } from '../../model/upperCase';
import type { SyncError } from '../../model/errors';
import type { Setup } from '../../model/companySettings';
import type { TableMapping } from '../../model/tableMapping';
import type { RuleContext } from '../../mapping/rules';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import { rateMissing, ratesPerLocal } from '../exchangeRates';

/** Limit in local currency, and the currency of the customer, as API v2.0 has them. */
const LIMIT = 'creditLimit';
const CURRENCY = 'currencyCode';
/** The limit in the customer's currency. */
const CONVERTED = '@creditLimit';
const DECIMALS = 2;

/**
 * Business Central keeps credit limits in local currency, an account of CRM in its own. As the built-in integration has it the amount travels as it is; with
 * the company setting *converted* it is reckoned in the customer's currency.
 */
export const withCreditLimit = (mapping: TableMapping, { creditLimits }: Setup): TableMapping =>
	creditLimits !== 'converted'
		? mapping
		: {
				...mapping,
				fields: mapping.fields.map((field) =>
					field.bcField === LIMIT ? { ...field, caption: 'Credit Limit', bcField: CONVERTED } : field,
				),
			};

export const CREDIT_LIMIT_FIELDS: readonly FieldName[] = [LIMIT, CURRENCY];

const converts = ({ direction, settings }: RuleContext): boolean => direction === 'toCrm' && settings.creditLimits === 'converted';
const isForeign = ({ values }: SystemRecord): boolean => Number(values[LIMIT] ?? 0) !== 0 && spelledCode(values[CURRENCY]) !== '';

/** Limits in the currencies of the customers, by record id. A rate that is missing is told by `refuseWithoutRate`. */
export async function creditLimits(
	context: RuleContext,
	records: readonly SystemRecord[],
): Promise<Map<string, Record<FieldName, FieldValue>>> {
	if (!converts(context)) return new Map();
	const rates = records.some(isForeign) ? await ratesPerLocal(context) : null;
	return new Map(
		records.map((record): [string, Record<FieldName, FieldValue>] => {
			const limit = Decimal.of(Number(record.values[LIMIT] ?? 0));
			const rate = rates && isForeign(record) ? rates(spelledCode(record.values[CURRENCY])) : Decimal.of(1);
			return [record.id, limit && rate ? { [CONVERTED]: limit.times(rate).rounded(DECIMALS).toNumber() } : {}];
		}),
	);
}

/** A limit that cannot be converted must not arrive in another currency's clothes. */
export async function refuseWithoutRate(context: RuleContext, records: readonly SystemRecord[]): Promise<Map<string, SyncError>> {
	const foreign = converts(context) ? records.filter(isForeign) : [];
	if (foreign.length === 0) return new Map();
	const rates = await ratesPerLocal(context);
	return new Map(
		foreign.flatMap((record): Array<[string, SyncError]> => {
			const code = spelledCode(record.values[CURRENCY]);
			return rates(code) ? [] : [[record.id, rateMissing(code)]];
		}),
	);
}
