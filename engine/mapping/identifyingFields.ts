import type { FieldMapping } from '../model/fieldMapping';
import type { TableMapping } from '../model/tableMapping';

/** Names of columns whose value belongs to one record only: addresses and numbers that somebody registered. */
const IDENTIFYING = /e-?mail|vat|taxreg|taxid|registrationn|gtin|duns|iban|ssn|passport|externalid/i;

type Paired = FieldMapping & { bcField: string; crmField: string };

/** Whether two records that hold different values in the field are two: its number, or what is registered for one only. */
export const identifies = ({ bc, crm }: TableMapping, { bcField, crmField, kind }: FieldMapping): boolean =>
	bcField !== null &&
	crmField !== null &&
	(kind === 'text' || kind === 'code') &&
	!bcField.startsWith('@') &&
	((bcField === bc.numberField && crmField === crm.numberField) || IDENTIFYING.test(bcField) || IDENTIFYING.test(crmField));

/** Fields that tell namesakes apart. The number does so also where runs do not write it. */
export const identifyingFields = (mapping: TableMapping): Paired[] =>
	mapping.fields.filter(
		(field): field is Paired =>
			identifies(mapping, field) &&
			(field.enabled || (field.bcField === mapping.bc.numberField && field.crmField === mapping.crm.numberField)),
	);
