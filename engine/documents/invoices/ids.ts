import { derivedId } from '../../model/derivedId';
import { INVOICE_MAPPING, LINE_MAPPING } from './tables';

const of =
	(mapping: string) =>
	(companyId: string, bcId: string): string =>
		derivedId({ companyId, mapping, bcId, generation: 0 });

/**
 * Ids of the rows an invoice has in CRM, made of the company, the table and the record of Business Central: whoever creates them, after whatever crash,
 * meets the row that is there.
 */
export const invoiceId = of(INVOICE_MAPPING);
export const lineId = (companyId: string, bcId: string, sequence: number): string => of(LINE_MAPPING)(companyId, `${bcId} ${sequence}`);
/** Of the one line that takes what rounding leaves over. */
export const roundingId = (companyId: string, bcId: string): string => of(LINE_MAPPING)(companyId, `${bcId} rounding`);
export const pdfNoteId = of('INVOICE-PDF');
/** Of the post about a credit memo. */
export const creditPostId = of('INVOICE-CREDIT-POST');
