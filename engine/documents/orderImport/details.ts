import { keyValues } from '../../model/compositeId';
import { cutText } from '../../model/cutText';
import type { FieldName, FieldValue } from '../../model/record';
import type { DocumentAddress, SalesDocument } from '../kernel/salesDocument';
import { isAddressFilled } from './header';
import type { OrderLookups } from './orderLookups';

/** Text[35], Text[2048] of table Sales Header. */
const REFERENCE_LENGTH = 35;
const DESCRIPTION_LENGTH = 2048;

type Details = Record<FieldName, FieldValue>;

/** What an order holds besides, under the names of the page. Pure. */
export function detailsOf(
	order: SalesDocument,
	{ shippingAgents, countries }: Pick<OrderLookups, 'shippingAgents' | 'countries'>,
): Details {
	const agent = order.shippingMethod === null ? undefined : shippingAgents.get(String(order.shippingMethod));
	const description = cutText(order.description.trim(), DESCRIPTION_LENGTH);
	return {
		yourReference: cutText(order.number, REFERENCE_LENGTH),
		...(agent === undefined ? {} : { shippingAgentCode: agent }),
		...(description === '' ? {} : { workDescription: description }),
		...(isAddressFilled(order.billTo) ? billTo(order.billTo, countries) : {}),
	};
}

/** The same lengths and the same order as those of the ship-to address. */
const billTo = (
	{ name, line1, line2, postalCode, city, country, state }: DocumentAddress,
	countries: OrderLookups['countries'],
): Details => ({
	...(name === '' ? {} : { billToName: cutText(name, 100) }),
	billToAddress: cutText(line1, 100),
	billToAddress2: cutText(line2, 50),
	billToPostCode: cutText(postalCode, 20),
	billToCity: cutText(city, 30),
	billToCountryRegionCode: countries?.codeOf(country) ?? cutText(country, 10),
	billToCounty: cutText(state, 30),
});

/** Code of the agent that a couple of SHIPPING AGENT stands for. */
export const agentOf = ({ bcId, bcNumber }: { bcId: string; bcNumber: string }): string => bcNumber || (keyValues(bcId)[0] ?? '');
