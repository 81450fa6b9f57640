import { ITEMS, VAT } from './assortment';
import type { OrderContent, OrderLine } from './office';

/** Whole cents, half a cent up: what binary fractions lose is far behind the fifth place. */
const cents = (amount: number): number => Math.sign(amount) * Math.round(Number((Math.abs(amount) * 100).toFixed(6)));

const holdsVat = (product: string | null): boolean => ITEMS.some(({ number, priceIncludesTax }) => number === product && priceIncludesTax);

/** Price of a line without VAT, to five places: as a line of Business Central shows it. */
export const netPrice = ({ product, price }: OrderLine): number =>
	holdsVat(product) ? Math.round((price / (1 + VAT)) * 100_000) / 100_000 : price;

/** What an order comes to in Business Central: without VAT, freight included, discounts taken off. */
export function netOf({ lines, discount, freight }: OrderContent): number {
	const sum = lines.reduce((total, line) => total + cents(line.quantity * netPrice(line)) - cents(line.discount), 0);
	return (sum + cents(freight) - cents(discount)) / 100;
}

/** The same amount of money. */
export const isSame = (one: unknown, other: unknown): boolean => cents(Number(one ?? 0)) === cents(Number(other ?? 0));
