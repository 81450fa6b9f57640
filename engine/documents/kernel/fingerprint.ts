import { createHash } from 'node:crypto';
import type { CoupledDocument } from '../../model/document';
import type { SalesDocument, SalesLine } from './salesDocument';

/**
 * Fingerprint of what a document holds: what people enter, not what the service calculates or notes by itself. Equal contents have equal fingerprints
 * whatever their versions are: a changed etag alone is no edit.
 */
export function contentOf(document: SalesDocument, lines: readonly SalesLine[]): string {
	const { customerId, currencyId, name, description, requestedDelivery, shipTo, billTo, money } = document;
	const header = [customerId, currencyId, name, description, requestedDelivery, shipTo, billTo];
	const terms = [document.paymentTerms, document.freightTerms, document.shippingMethod];
	const discounts = [money.discountAmount, money.discountPercent, money.freight];
	const entered = lines.map(({ id, productId, unitId, text, isWriteIn, sequence, money: amounts }) => {
		const { quantity, price, volumeDiscount, manualDiscount } = amounts;
		return [id, productId, unitId, text, isWriteIn, sequence, quantity, price, volumeDiscount, manualDiscount];
	});
	return createHash('sha256')
		.update(JSON.stringify([header, terms, discounts, entered]))
		.digest('hex')
		.slice(0, 32);
}

/** Whether the document holds what was brought to its partner, or what was told to it since. */
export const isUnchanged = ({ content, life }: CoupledDocument, now: string): boolean => now === content || now === life?.telling;
