import { SyncError } from '../model/errors';
import type { FieldMapping } from '../model/fieldMapping';
import type { ChoiceLookup } from './referenceLookup';

/** A code of Business Central for which the CRM column has no choice. */
export function codeWithoutChoice(field: FieldMapping, code: string, choices: ChoiceLookup): SyncError {
	const sharing = choices.sharing(field, code);
	if (sharing.length > 0) return cannotBeToldApart(field, code, sharing, choices);
	return missing(field, code, [
		...byMapping(field, code, choices),
		`add a choice labelled "${code}" to the column ${field.crmField} in Dataverse`,
		`enter the pair among the option values of the field in Table Mappings`,
	]);
}

/** A choice of the CRM column for which Business Central has no code; named by its label, and its value where that is not known. */
export function choiceWithoutCode(field: FieldMapping, value: number | string, choices: ChoiceLookup): SyncError {
	const label = choices.labelOf(field, value) ?? String(value);
	const sharing = choices.sharing(field, value);
	if (sharing.length > 0) return cannotBeToldApart(field, label, sharing, choices);
	return missing(field, label, [
		...byMapping(field, label, choices),
		`add a code of that name in Business Central`,
		`enter the pair among the option values of the field in Table Mappings`,
	]);
}

/** Codes have ten characters; one that two labels share stands for neither. */
function cannotBeToldApart(field: FieldMapping, value: string, sharing: readonly string[], choices: ChoiceLookup): SyncError {
	const labels = sharing.map((label) => `"${label}"`).join(', ');
	const coupling = field.mapping && !choices.isOff(field) ? `, or couple them with their codes in Couple Records (table mapping ${field.mapping})` : ''; // prettier-ignore
	return choiceMissing(
		field,
		`${field.caption} "${value}" cannot be told apart: the choices ${labels} of the CRM column ${field.crmField} begin with the same ten characters.`,
		`Rename these choices in Dataverse so that their first ten characters differ${coupling}, then run again.`,
	);
}

function missing(field: FieldMapping, value: string, ways: readonly string[]): SyncError {
	const text = ways.join('; or ');
	const off = field.mapping && ways.length < 3 ? ` (The table mapping ${field.mapping} is switched off; once it is enabled in Table Mappings it pairs codes and choices.)` : ''; // prettier-ignore
	return choiceMissing(
		field,
		`${field.caption} "${value}" has no counterpart among the ${field.mapping ? `codes and choices of` : 'choices of'} the CRM column ${field.crmField}.`,
		`${text.charAt(0).toUpperCase()}${text.slice(1)}; then run again.${off}`,
	);
}

/** A table mapping that is switched off synchronizes nothing, so nobody is sent there. */
const byMapping = (field: FieldMapping, value: string, choices: ChoiceLookup): string[] =>
	field.mapping && !choices.isOff(field) ? [`synchronize or couple "${value}" with the table mapping ${field.mapping}`] : [];

const choiceMissing = ({ caption }: FieldMapping, message: string, hint: string): SyncError =>
	new SyncError({ code: 'CHOICE_MISSING', errorClass: 'data', system: 'crm', field: caption, message, hint });
