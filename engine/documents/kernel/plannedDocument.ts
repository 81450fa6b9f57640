import type { DocumentAmounts } from '../../model/documentAmounts';
import type { CoupledLine } from '../../model/document';
import type { FieldName, FieldValue } from '../../model/record';

/** Properties in the order in which they are sent: Business Central validates them in that order, and a later validation overwrites an earlier value. */
export type Properties = Readonly<Record<FieldName, FieldValue>>;

/** A line as it is created in Business Central. */
export interface PlannedLine {
	sequence: number;
	kind: CoupledLine['kind'];
	/** CRM line it stands for; null for freight. */
	crmId: string | null;
	properties: Properties;
	/** The CRM price includes VAT: the price is put right once the line tells its VAT. */
	grossPrice?: number;
	/** The item is assembled to order: the line is to get its assembly order. */
	assembles?: true;
}

/** What a document is to be in Business Central. */
export interface PlannedDocument {
	header: Properties;
	lines: readonly PlannedLine[];
	/** Invoice discount; written after all lines, never with the creation. */
	discount: number;
	/** External document number once the document is coupled. */
	externalNumber: string;
	/** What it carries until then; see `markerOf`. */
	marker: string;
	/** What both sides are to come to, by CRM. */
	amounts: DocumentAmounts;
	/** What the planned lines come to without VAT, discount and freight included: what a preview knows of Business Central. */
	planned: DocumentAmounts;
	/** CRM's totals were calculated. */
	calculated: boolean;
	/** ISO code. */
	currency: string;
	/** Likely causes, if the amounts will differ. */
	causes: readonly string[];
	/** Told with the document, in words. */
	warnings: readonly string[];
}
