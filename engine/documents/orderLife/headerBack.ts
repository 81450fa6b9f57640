import { cutText } from '../../model/cutText';
import { Decimal } from '../../model/decimal';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import { spelledCode } from '../../model/upperCase';
import type { DocumentAddress, SalesDocument } from '../kernel/salesDocument';
import type { RunLookups } from '../orderImport/loadLookups';
import { AGENT } from './tables';

type Values = Record<FieldName, FieldValue>;
type Lookups = Pick<RunLookups, 'countries' | 'paymentTerms' | 'shipmentMethods' | 'shippingAgents'>;

/** Columns of CRM, properties of Business Central, and the lengths of the latter (table Sales Header). */
const PARTS: ReadonlyArray<readonly [part: keyof DocumentAddress, column: string, property: string, length: number]> = [
	['name', 'name', 'Name', 100],
	['line1', 'line1', 'AddressLine1', 100],
	['line2', 'line2', 'AddressLine2', 50],
	['postalCode', 'postalcode', 'PostCode', 20],
	['city', 'city', 'City', 30],
	['country', 'country', 'Country', 10],
	['state', 'stateorprovince', 'State', 30],
];

/**
 * What the header of a released order says in Business Central and not in CRM: the columns to be written, none where both say the same. Released means
 * that Business Central decides. Pure.
 * @param shippedOn day of the last shipment; null for none
 */
export function headerBack(order: SalesDocument, { values }: SystemRecord, lookups: Lookups, shippedOn: string | null): Values {
	const delivery = dayOf(values['requestedDeliveryDate']);
	const fulfilled = typeof order.values['datefulfilled'] === 'string' ? order.values['datefulfilled'].slice(0, 10) : null;
	return {
		...address('shipto', 'shipTo', order.shipTo, values, lookups),
		...address('billto', 'billTo', order.billTo, values, lookups),
		...choice('paymenttermscode', order.paymentTerms, values['paymentTermsId'], lookups.paymentTerms),
		...choice('freighttermscode', order.freightTerms, values['shipmentMethodId'], lookups.shipmentMethods),
		...choice('shippingmethodcode', order.shippingMethod, values[AGENT], lookups.shippingAgents),
		...(delivery === order.requestedDelivery ? {} : { requestdeliveryby: delivery }),
		...(shippedOn === null || shippedOn === fulfilled ? {} : { datefulfilled: shippedOn }),
		...discount(order, values['discountAmount']),
	};
}

function dayOf(value: FieldValue | undefined): string | null {
	return typeof value === 'string' && value !== '' && !value.startsWith('0001-01-01') ? value.slice(0, 10) : null;
}

/** Where Business Central holds only the beginning of a text of CRM, CRM keeps the whole; and a country its name, where that means the code. */
function address(prefix: string, there: string, crm: DocumentAddress, values: SystemRecord['values'], { countries }: Lookups): Values {
	const says = (property: string): string => {
		const value = values[`${there}${property}`];
		return typeof value === 'string' ? value.trim() : '';
	};
	const written: Values = {};
	for (const [part, column, property, length] of PARTS) {
		const [own, other] = [crm[part], says(property)];
		const same =
			part === 'country'
				? spelledCode(countries?.codeOf(own) ?? cutText(own, length)) === spelledCode(other)
				: spelledCode(cutText(own, length)) === spelledCode(other);
		if (!same) written[`${prefix}_${column}`] = other === '' ? null : other;
	}
	return written;
}

/** The choice that stands for what Business Central says; where none does, the column stays. */
function choice(column: FieldName, current: FieldValue, says: FieldValue | undefined, known: ReadonlyMap<string, string>): Values {
	if (typeof says !== 'string' || says === '') return {};
	const fits = [...known].filter(([, other]) => other.toLowerCase() === says.toLowerCase()).map(([value]) => Number(value));
	return fits.length === 0 || fits.includes(Number(current ?? Number.NaN)) ? {} : { [column]: fits[0]! };
}

/** The percentage of CRM stays, and the amount takes the rest: otherwise the percentage would come off twice. */
function discount({ money }: SalesDocument, says: FieldValue | undefined): Values {
	if (typeof says !== 'number' || money.detail === null || money.lessFreight === null) return {};
	const detail = Decimal.orZero(money.detail);
	const now = detail.minus(Decimal.orZero(money.lessFreight)).rounded(2);
	if (now.minus(Decimal.orZero(says)).sign === 0) return {};
	const share = detail.times(Decimal.orZero(money.discountPercent)).times(Decimal.orZero(0.01)).rounded(2);
	return { discountamount: Decimal.orZero(says).minus(share).toNumber() };
}
